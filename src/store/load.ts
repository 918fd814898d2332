/**
 * Reading single sessions: by timestamp, the latest, the nearest.
 * @module
 */
import type { ListEntry, SessionAdapter } from '../adapters/adapter.js'
import { decodeSession } from '../codec.js'
import { AdapterError, SessionInvalidError } from '../errors.js'
import { incomplete } from './failure.js'
import type { PageQuery } from './pages.js'
import { type SessionRecord, type SkippedSession, withRevision } from './record.js'

/** @internal */
export async function loadRecord(
  adapter: SessionAdapter,
  timestamp: number,
  signal: AbortSignal | undefined,
): Promise<SessionRecord | null> {
  const stored = await adapter.get(timestamp, { signal })
  if (stored === null) return null
  const session = decodeSession(stored.raw, `session ${timestamp}`)
  const savedAt = new Date(timestamp).toISOString()
  const { storage = adapter.name, degraded = false } = stored
  return withRevision({ timestamp, savedAt, storage, degraded, session }, stored.raw)
}

/** Whether this one document is at fault, so that another one may still be readable. @internal */
export function isUnreadable(error: unknown): error is SessionInvalidError | AdapterError {
  return error instanceof SessionInvalidError || (error instanceof AdapterError && error.code === 'ADAPTER_FAILED')
}

/** Reads a version; one that cannot be had is noted in `skipped` and gives `null`. @internal */
export async function loadOrSkip(
  adapter: SessionAdapter,
  timestamp: number,
  skipped: (skip: SkippedSession) => void,
  signal: AbortSignal | undefined,
): Promise<SessionRecord | null> {
  try {
    const record = await loadRecord(adapter, timestamp, signal)
    if (record === null) skipped({ timestamp, reason: 'expired' })
    return record
  } catch (error) {
    if (!isUnreadable(error)) throw error
    skipped({ timestamp, reason: 'unreadable', message: error.message })
    return null
  }
}

/**
 * The first readable session of a walk through the index; `null` only if all of the index was seen.
 *
 * @internal
 */
export async function loadFirst(
  walk: AsyncIterable<WalkStep>,
  coverage: Coverage,
  adapter: SessionAdapter,
  signal: AbortSignal | undefined,
): Promise<SessionRecord | null> {
  const skipped: SkippedSession[] = []
  for await (const step of walk) {
    if (step.reason === 'expired') {
      skipped.push({ timestamp: step.timestamp, reason: 'expired' })
      continue
    }
    const record = await loadOrSkip(adapter, step.timestamp, (skip) => skipped.push(skip), signal)
    if (record) return Object.assign(record, { skipped, degraded: record.degraded || coverage.partial })
  }
  if (coverage.partial) throw incomplete(adapter.name)
  return null
}

/** Reads all versions of a range, newest first; throws at the end, and not before, if something had to be left out. @internal */
export async function* eachRecord(
  adapter: SessionAdapter,
  { before, from, signal }: PageQuery,
  onSkipped: (skipped: SkippedSession) => void,
): AsyncGenerator<SessionRecord, void, undefined> {
  const range = { ...(before !== undefined && { before }), ...(from !== undefined && { from }) }
  const coverage = { partial: false }
  for await (const step of walkIndex(adapter, range, 'newest', coverage, signal)) {
    if (step.reason === 'expired') {
      onSkipped({ timestamp: step.timestamp, reason: 'expired' })
      continue
    }
    const record = await loadOrSkip(adapter, step.timestamp, onSkipped, signal)
    if (record) yield Object.assign(record, { degraded: record.degraded || coverage.partial })
  }
  if (coverage.partial) throw incomplete(adapter.name)
}

/** Whether a walk has had to leave out what a backend holds that cannot be reached. @internal */
export interface Coverage {
  partial: boolean
}

/** One version met on a walk: a live one, or what is left of an expired one. @internal */
export interface WalkStep {
  timestamp: number
  reason: 'live' | 'expired'
}

/** All versions of a range in order, a growing page at a time: most walks end at their first step. @internal */
export async function* walkIndex(
  adapter: SessionAdapter,
  start: { before?: number; from?: number },
  order: 'newest' | 'oldest',
  coverage: Coverage,
  signal: AbortSignal | undefined,
): AsyncGenerator<WalkStep, void, undefined> {
  let { before, from } = start
  for (let limit = 1; ; limit = Math.min(limit * 4, 64)) {
    const page = await adapter.list({ limit, before, from, order, details: false }, { signal })
    if (page.degraded) coverage.partial = true
    yield* stepsOf(page.entries, page.expired ?? [], order)
    if (page.next === undefined) return
    if (order === 'newest') before = page.next
    else from = page.next
  }
}

function stepsOf(entries: ListEntry[], expired: number[], order: 'newest' | 'oldest'): WalkStep[] {
  const live = entries.map((entry): WalkStep => ({ timestamp: entry.id, reason: 'live' }))
  const dead = expired.map((timestamp): WalkStep => ({ timestamp, reason: 'expired' }))
  const sign = order === 'newest' ? -1 : 1
  return [...live, ...dead].sort((a, b) => sign * (a.timestamp - b.timestamp))
}
