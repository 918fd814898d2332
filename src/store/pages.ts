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
    const asOf = now()
    const facts = await factsOfAll(adapter, page.entries, signal)
    for (const [at, entry] of page.entries.entries()) {
      const known = facts[at]
      if (!known) continue // there is one for each
      if ('reason' in known) skipped.push(known)
      else sessions.push(summaryOf(entry, known, adapter.name, asOf))
    }
    if (page.next === undefined) return { sessions, skipped, degraded }
    before = page.next
  }
  return { sessions, skipped, degraded, ...(before !== undefined && { next: before }) }
}

/** What there is to tell of each entry, in order. As a rule all have summaries, and then nothing is waited for. */
async function factsOfAll(
  adapter: SessionAdapter,
  entries: readonly ListEntry[],
  signal: AbortSignal | undefined,
): Promise<(SessionFacts | SkippedSession)[]> {
  const facts: (SessionFacts | SkippedSession | null)[] = entries.map(({ summary }) => decodeFacts(summary))
  const unknown = entries.flatMap(({ id }, at) => (facts[at] ? [] : [{ id, at }]))
  for (let start = 0; start < unknown.length; start += READS_AT_ONCE) {
    const group = unknown.slice(start, start + READS_AT_ONCE)
    await Promise.all(
      group.map(async ({ id, at }) => {
        facts[at] = await readFacts(adapter, id, signal)
      }),
    )
  }
  return facts.filter((known) => known !== null)
}

async function readFacts(
  adapter: SessionAdapter,
  timestamp: number,
  signal: AbortSignal | undefined,
): Promise<SessionFacts | SkippedSession> {
  try {
    const stored = await adapter.get(timestamp, { signal })
    if (stored === null) return { timestamp, reason: 'expired' }
    const facts = factsOf(decodeSession(stored.raw, `session ${timestamp}`))
    await remember(adapter, timestamp, stored.raw, facts, signal)
    return facts
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
