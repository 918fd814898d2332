/**
 * Going through the index, batch by batch.
 * @module
 */

import type { ListQuery } from './adapter.js'
import type { RedisKeys } from './redis-keys.js'
import type { RedisLink } from './redis-link.js'
import { scoredMembersOf } from './redis-reply.js'

/** An index entry of a session, live or not. @internal */
export interface IndexEntry {
  readonly id: number
  readonly member: string
  /** Where it stands. The id, but for a mark of a pruner (a fraction more) or a mistake of somebody (anything). */
  readonly score: number
}

/** Which part of the index, and in which order. @internal */
export type WalkRange = Pick<ListQuery, 'from' | 'before' | 'order'>

/** The most entries of a batch, and so the most commands sent at once for one purpose. @internal */
export const MAX_BATCH = 500

/**
 * The session entries of a range by score, in batches that double from `firstSize` on. Members that are no document
 * keys are passed over.
 *
 * @internal
 */
export async function* walkIndex(
  link: RedisLink,
  keys: RedisKeys,
  { from, before, order = 'newest' }: WalkRange,
  firstSize: number,
): AsyncGenerator<IndexEntry[], void, undefined> {
  const low = from === undefined ? '-inf' : String(from)
  const high = before === undefined ? '+inf' : `(${before}`
  let [start, end] = order === 'newest' ? [high, low] : [low, high]
  const command = order === 'newest' ? 'zrevrangebyscore' : 'zrangebyscore'
  // Members of one score may lie on both sides of a border between batches. So the next batch begins with the last
  // score again, and those already seen are left out: an offset would lose one as soon as another is removed.
  let border: number | undefined
  let seen = new Set<string>()
  for (let size = Math.min(firstSize, MAX_BATCH); ; size = Math.min(size * 2, MAX_BATCH)) {
    const count = Math.min(size + seen.size, Math.max(MAX_BATCH, seen.size * 2))
    const reply = await link.send([command, keys.index, start, end, 'WITHSCORES', 'LIMIT', 0, count])
    const found = scoredMembersOf(reply)
    const fresh = found.filter(({ member }) => !seen.has(member))
    const last = found.at(-1)?.score
    if (last !== border) seen = new Set()
    border = last
    start = String(last).replace('Infinity', 'inf')
    for (const { member, score } of found) if (score === border) seen.add(member)
    yield fresh.flatMap(({ member, score }) => {
      const id = keys.idOf(member)
      return id === null ? [] : [{ id, member, score }]
    })
    if (found.length < count) return
  }
}
