/**
 * Pages of summaries, and the iterators over all of them.
 * @module
 */
import type { ListEntry, SessionAdapter } from '../adapters/adapter.js'
import { decodeSession } from '../codec.js'
import { AdapterError } from '../errors.js'
import { incomplete } from './failure.js'
import { isUnreadable } from './load.js'
import type { SkippedSession } from './record.js'
import { decodeFacts, encodeFacts, factsOf, type SessionFacts, type SessionSummary, summaryOf } from './summary.js'

/** One page of a list. */
export interface SessionPage {
  /** Summaries, newest first. As many as asked for, unless the end is reached. */
  sessions: SessionSummary[]
  /** Pass it on to get the next page. Missing at the end. */
  cursor?: string
  /**
   * `true` if a tier that belongs to the answer could not be asked: versions may be missing, here and on later pages.
   */
  degraded: boolean
  /** Versions on this page that were passed over: unreadable ones, and expired ones if the adapter tells. */
  skipped: SkippedSession[]
}

/** A page before its cursor is wrapped up. @internal */
export interface RawPage {
  sessions: SessionSummary[]
  skipped: SkippedSession[]
  degraded: boolean
  /** Where the next page starts, exclusive; missing at the end. */
  next?: number
}

/** What a page is read with. @internal */
export interface PageQuery {
  limit: number
  before: number | undefined
  from: number | undefined
  signal: AbortSignal | undefined
}

/** Documents read at the same time where summaries are missing: enough to hide the way there, few enough for memory. */
const READS_AT_ONCE = 4

/** @internal */
export async function readPage(adapter: SessionAdapter, query: PageQuery, now: () => number): Promise<RawPage> {
  const { signal } = query
  const sessions: SessionSummary[] = []
  const skipped: SkippedSession[] = []
  let before = query.before
  let degraded = false
  while (sessions.length < query.limit) {
    const page = await adapter.list({ limit: query.limit - sessions.length, before, from: query.from }, { signal })
    degraded ||= page.degraded ?? false
    for (const timestamp of page.expired ?? []) skipped.push({ timestamp, reason: 'expired' })
    for (let start = 0; start < page.entries.length; start += READS_AT_ONCE) {
      const group = page.entries.slice(start, start + READS_AT_ONCE)
      for (const outcome of await Promise.all(group.map((entry) => summarize(adapter, entry, now, signal)))) {
        if ('reason' in outcome) skipped.push(outcome)
        else sessions.push(outcome)
      }
    }
    if (page.next === undefined) return { sessions, skipped, degraded }
    before = page.next
  }
  return { sessions, skipped, degraded, ...(before !== undefined && { next: before }) }
}

async function summarize(
  adapter: SessionAdapter,
  entry: ListEntry,
  now: () => number,
  signal: AbortSignal | undefined,
): Promise<SessionSummary | SkippedSession> {
  const known = decodeFacts(entry.summary)
  if (known) return summaryOf(entry, known, adapter.name, now())
  const timestamp = entry.id
  try {
    const stored = await adapter.get(timestamp, { signal })
    if (stored === null) return { timestamp, reason: 'expired' }
    const facts = factsOf(decodeSession(stored.raw, `session ${timestamp}`))
    await remember(adapter, timestamp, stored.raw, facts, signal)
    return summaryOf(entry, facts, adapter.name, now())
  } catch (error) {
    if (!isUnreadable(error)) throw error
    return { timestamp, reason: 'unreadable', message: error.message }
  }
}

/** Keeps a summary for the next reader. That it cannot be kept (a read-only replica) takes nothing from this page. */
async function remember(
  adapter: SessionAdapter,
  timestamp: number,
  raw: string,
  facts: SessionFacts,
  signal: AbortSignal | undefined,
): Promise<void> {
  try {
    await adapter.describe?.(timestamp, raw, encodeFacts(facts), { signal })
  } catch (error) {
    if (!(error instanceof AdapterError)) throw error
  }
}

/** Throws at the end, and not before, if something had to be left out. @internal */
export async function* eachSummary(
  adapter: SessionAdapter,
  query: PageQuery,
  now: () => number,
  onSkipped: (skipped: SkippedSession) => void,
): AsyncGenerator<SessionSummary, void, undefined> {
  let before = query.before
  let degraded = false
  for (;;) {
    const page = await readPage(adapter, { ...query, before }, now)
    page.skipped.forEach(onSkipped)
    yield* page.sessions
    degraded ||= page.degraded
    if (page.next === undefined) break
    before = page.next
  }
  if (degraded) throw incomplete(adapter.name)
}
