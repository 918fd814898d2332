/**
 * A page of the index: what is live, without reading a document.
 * @module
 */

import type { ListEntry, ListPage, ListQuery } from './adapter.js'
import { type RedisLink, type RedisOutcome, type RedisRequest, replyOf } from './redis-client.js'
import type { RedisKeys } from './redis-keys.js'
import { integerOf, textOf } from './redis-reply.js'
import { summaryFor } from './redis-summary.js'
import { type IndexEntry, MAX_BATCH, walkIndex } from './redis-walk.js'

/** @internal */
export async function listSessions(
  link: RedisLink,
  keys: RedisKeys,
  query: ListQuery,
  signal: AbortSignal | undefined,
): Promise<ListPage> {
  const { limit, order = 'newest', details = true } = query
  const listed: ListEntry[] = []
  const expired: number[] = []
  let place = Number.NaN // of the last entry on the page
  let deadBeyond: number[] = []
  const seen = new Set<number>()
  const page = (): ListPage => (expired.length > 0 ? { entries: listed, expired } : { entries: listed })
  const pageWithNext = (): ListPage => ({ ...page(), next: order === 'newest' ? place : place + 1 })

  for await (const batch of walkIndex(link, keys, query, limit + 1)) {
    signal?.throwIfAborted()
    // A pruner may have moved an entry by a fraction meanwhile, so that it is met twice.
    const entries = batch.filter(({ id, score }) => !seen.has(id) && Number.isSafeInteger(Math.floor(score)))
    const states = await inspect(link, keys, entries, details)
    for (const [i, { id, score }] of entries.entries()) {
      const state = states[i]
      seen.add(id)
      if (!state) {
        deadBeyond.push(id)
        continue
      }
      // Entries of one place cannot be parted by a border between pages; only a wrong score puts two into one.
      if (listed.length >= limit && Math.floor(score) !== place) return pageWithNext()
      place = Math.floor(score)
      listed.push(state)
      expired.push(...deadBeyond)
      deadBeyond = []
    }
    // The page is full. Whether anything live follows is not worth a walk through all that has ever expired.
    if (listed.length >= limit && deadBeyond.length >= MAX_BATCH) return pageWithNext()
  }
  expired.push(...deadBeyond)
  return page()
}

/** The live ones with what the server says of them, `null` for the expired, in the order of the entries. */
async function inspect(
  link: RedisLink,
  keys: RedisKeys,
  entries: readonly IndexEntry[],
  details: boolean,
): Promise<(ListEntry | null)[]> {
  const perEntry = details ? 4 : 1
  const outcomes = await link.sendAll(entries.flatMap(({ id }) => questionsAbout(keys, id).slice(0, perEntry)))
  return entries.map(({ id }, i) => stateOf(id, outcomes.slice(i * perEntry, (i + 1) * perEntry), details))
}

/** Is it there, how long is it, what is its summary, and has that the same life? */
function questionsAbout(keys: RedisKeys, id: number): RedisRequest[] {
  const [document, summary] = [keys.document(id), keys.summary(id)]
  return [(to) => to.pttl(document), (to) => to.strlen(document), (to) => to.get(summary), (to) => to.pttl(summary)]
}

function stateOf(id: number, [pttl, strlen, text, beside]: RedisOutcome[], details: boolean): ListEntry | null {
  const life = integerOf(replyOf(pttl))
  if (life === -2) return null
  if (!details) return { id }
  const entry: ListEntry = { id, ttlMs: life < 0 ? null : life }
  // A key of another type has no length. Reading it will say what is wrong; the page must not fail over it.
  if (strlen?.status === 'rejected' && isWrongType(strlen.reason)) return entry
  entry.sizeBytes = integerOf(replyOf(strlen))
  if (text?.status !== 'fulfilled' || beside?.status !== 'fulfilled') return entry
  const summary = summaryFor({ sizeBytes: entry.sizeBytes, life }, textOf(text.value), integerOf(beside.value))
  return summary === undefined ? entry : { ...entry, summary }
}

function isWrongType(error: unknown): boolean {
  return error instanceof Error && error.message.startsWith('WRONGTYPE')
}
