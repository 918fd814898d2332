/**
 * Removing index entries whose session has expired, and never one that is live: mark, look again, remove what still
 * carries the mark. `docs/decisions/008-prune.md` says why this holds whatever runs at the same time.
 * @module
 */

import type { RedisKeys } from './redis-keys.js'
import { type RedisLink, type RedisRequest, replyOf } from './redis-link.js'
import { integerOf } from './redis-reply.js'
import { EXISTS, REMOVE_MARKED, scriptRequest } from './redis-scripts.js'
import { type IndexEntry, MAX_BATCH, walkIndex } from './redis-walk.js'

/** From here on a double has no room for a fraction beside the id, so entries cannot be marked. */
const FIRST_UNMARKABLE = 2 ** 51

/** The most entries one script removes: nobody else is served while it runs. */
const MAX_REMOVED = 100

/** A number from 0 to below 1. @internal */
export type Random = () => number

/** Goes through the whole index; returns how many entries it removed. @internal */
export async function pruneIndex(
  link: RedisLink,
  keys: RedisKeys,
  random: Random,
  signal: AbortSignal | undefined,
): Promise<number> {
  let removed = 0
  for await (const batch of walkIndex(link, keys, { order: 'oldest' }, MAX_BATCH)) {
    signal?.throwIfAborted()
    const lives = await integers(
      link,
      batch.map(({ member }) => ['pttl', member]),
    )
    // Marked by a pruner that crashed, or listed wrongly by somebody.
    const misplaced = batch.filter(({ id, score }, i) => lives[i] !== -2 && score !== id)
    await integers(
      link,
      misplaced.map(({ id, member }) => ['zadd', keys.index, 'XX', id, member]),
    )
    const dead = batch.filter((_, i) => lives[i] === -2)
    removed += await removeExpired(link, keys, dead, random)
  }
  return removed
}

/** Removes those of the entries whose session is gone; returns how many. @internal */
export async function removeExpired(
  link: RedisLink,
  keys: RedisKeys,
  entries: readonly IndexEntry[],
  random: Random,
): Promise<number> {
  const wanted = entries
    .filter(({ id }) => id < FIRST_UNMARKABLE)
    .map(({ id, member }) => ({ id, member, mark: markFor(id, random) }))
  const marked = await integers(
    link,
    wanted.map(({ mark, member }) => ['zadd', keys.index, 'XX', 'CH', mark, member]),
  )
  const mine = wanted.filter((_, i) => marked[i] === 1)

  // From here on a save, ours or StoryArt's, takes the mark away: it puts the id back as the score.
  const found = await Promise.all(mine.map(({ member }) => link.send(scriptRequest(EXISTS, member))))
  // Not only if it is listed: should another pruner have drawn the same mark and removed it, this brings it back.
  const live = mine.filter((_, i) => integerOf(found[i]) === 1)
  await integers(
    link,
    live.map(({ id, member }) => ['zadd', keys.index, id, member]),
  )
  const dead = mine.filter((_, i) => integerOf(found[i]) === 0)
  const removals: RedisRequest[] = []
  for (let start = 0; start < dead.length; start += MAX_REMOVED) {
    const words = dead.slice(start, start + MAX_REMOVED).flatMap(({ member, mark }) => [member, String(mark)])
    removals.push(scriptRequest(REMOVE_MARKED, keys.index, ...words))
  }
  return (await integers(link, removals)).reduce((sum, removed) => sum + removed, 0)
}

/** Removes the index entry of a deleted session. @internal */
export async function unlist(link: RedisLink, keys: RedisKeys, id: number, random: Random): Promise<void> {
  const member = keys.document(id)
  if (id < FIRST_UNMARKABLE) await removeExpired(link, keys, [{ id, member, score: id }], random)
  else await link.send(['zrem', keys.index, member])
}

/** The replies to commands sent at once; the first error of any is thrown. */
async function integers(link: RedisLink, requests: readonly RedisRequest[]): Promise<number[]> {
  return (await link.sendAll(requests)).map((outcome) => integerOf(replyOf(outcome)))
}

/** The id and a random fraction that a double can hold beside it, at most 20 bits: 12 in our days. */
function markFor(id: number, random: Random): number {
  const steps = 2 ** Math.min(20, 52 - Math.floor(Math.log2(id)))
  return id + (1 + Math.floor(random() * (steps - 1))) / steps
}
