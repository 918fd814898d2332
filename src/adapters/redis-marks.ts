/**
 * Looking for documents that were written by whomever, without reading one: one short command a document.
 * @module
 */

import type { ListEntry, ListPage, ListQuery } from './adapter.js'
import type { RedisKeys } from './redis-keys.js'
import { type RedisLink, replyOf } from './redis-link.js'
import { integerOf } from './redis-reply.js'
import { MARK, scriptRequest } from './redis-scripts.js'
import { type IndexEntry, MAX_BATCH, walkIndex } from './redis-walk.js'

/** A page ends after so many entries of the index, however few of them are live. */
const MAX_LOOKS = 2 * MAX_BATCH

/** @internal */
export async function listMarks(
  link: RedisLink,
  keys: RedisKeys,
  query: ListQuery,
  signal: AbortSignal | undefined,
): Promise<ListPage> {
  const { limit, from, before, order = 'newest' } = query
  const after = (place: number): number => (order === 'newest' ? place : place + 1)
  if (from !== undefined && before === from + 1) {
    const [entry] = await entriesOf(link, [{ id: from, member: keys.document(from), score: from }])
    return { entries: entry ? [entry] : [] }
  }
  const entries: ListEntry[] = []
  const seen = new Set<number>()
  let place = Number.NaN
  let looks = 0
  for await (const batch of walkIndex(link, keys, query, limit + 1)) {
    signal?.throwIfAborted()
    // An entry that somebody has listed with a wrong score is found by its own look alone.
    const fresh = batch.filter(({ id, score }) => !seen.has(id) && Math.floor(score) === id)
    const found = await entriesOf(link, fresh)
    for (const [at, { id }] of fresh.entries()) {
      const entry = found[at]
      if (entry && entries.length === limit) return { entries, next: after(place) }
      seen.add(id)
      place = id
      if (entry) entries.push(entry)
    }
    looks += batch.length
    if (looks >= MAX_LOOKS && !Number.isNaN(place)) return { entries, next: after(place) }
  }
  return { entries }
}

/** What is known of each, in their order; `undefined` where nothing is. */
async function entriesOf(link: RedisLink, asked: readonly IndexEntry[]): Promise<(ListEntry | undefined)[]> {
  const outcomes = await link.sendAll(asked.map(({ member }) => scriptRequest(MARK, member)))
  return outcomes.map((outcome, at) => {
    const [life, mark] = [replyOf(outcome)].flat()
    const id = asked[at]?.id
    if (id === undefined || integerOf(life) === -2) return undefined
    return { id, ttlMs: integerOf(life) < 0 ? null : integerOf(life), mark: String(mark) }
  })
}
