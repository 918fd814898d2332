/**
 * Removing index entries whose session has expired, and never one that is live: mark, look again, remove what still
 * carries the mark. `docs/decisions/008-prune.md` says why this holds whatever runs at the same time.
 * @module
 */

import { type RedisLink, type RedisRequest, replyOf } from './redis-client.js'
import type { RedisKeys } from './redis-keys.js'
import { integerOf, textOf } from './redis-reply.js'
import { EXISTS, MARK, REMOVE_MARKED, runScript } from './redis-scripts.js'
import { type IndexEntry, MAX_BATCH, walkIndex } from './redis-walk.js'

/** From here on a double has no room for a fraction beside the id, so entries cannot be marked. */
const FIRST_UNMARKABLE = 2 ** 51

/** A number from 0 to below 1. @internal */
export type Random = () => number

/** An entry and the score that marks it. */
interface Mark {
  readonly entry: IndexEntry
  readonly score: number
}

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
    const lives = await link.sendAll(batch.map((entry) => lifeOf(keys, entry)))
    const isDead = lives.map((outcome) => integerOf(replyOf(outcome)) === -2)
    const [dead, live] = [batch.filter((_, i) => isDead[i]), batch.filter((_, i) => !isDead[i])]
    await putRight(link, keys, live)
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
    .map((entry) => ({ entry, score: markFor(entry.id, random) }))
  if (wanted.length === 0) return 0
  const marked = textOf(await runScript(link, MARK, { key: keys.index, args: wanted.flatMap(wordsOf) }))
  const mine = wanted.filter((_, i) => marked?.[i] === '1')
  if (mine.length === 0) return 0

  // From here on a save, ours or StoryArt's, takes the mark away: it puts the id back as the score.
  const found = await Promise.all(
    mine.map(({ entry }) => runScript(link, EXISTS, { key: keys.document(entry.id), args: [] })),
  )
  const isLive = found.map((reply) => integerOf(reply) === 1)
  // Not only if it is there: should another pruner have drawn the same mark and removed it, this brings it back.
  const back = mine.filter((_, i) => isLive[i]).map(({ entry }) => relist(keys, entry))
  for (const outcome of await link.sendAll(back)) replyOf(outcome)

  const dead = mine.filter((_, i) => !isLive[i])
  if (dead.length === 0) return 0
  return integerOf(await runScript(link, REMOVE_MARKED, { key: keys.index, args: dead.flatMap(wordsOf) }))
}

/** Removes the index entry of a deleted session. @internal */
export async function unlist(link: RedisLink, keys: RedisKeys, id: number, random: Random): Promise<void> {
  const member = keys.document(id)
  if (id < FIRST_UNMARKABLE) await removeExpired(link, keys, [{ id, member, score: id }], random)
  else await link.send((to) => to.zrem(keys.index, member))
}

/** A live session with another score than its id: marked by a pruner that crashed, or listed wrongly by somebody. */
async function putRight(link: RedisLink, keys: RedisKeys, live: readonly IndexEntry[]): Promise<void> {
  const wrong = live.filter(({ id, score }) => score !== id)
  const requests = wrong.map((entry) => relist(keys, entry, 'XX'))
  for (const outcome of await link.sendAll(requests)) replyOf(outcome)
}

function lifeOf(keys: RedisKeys, { id }: IndexEntry): RedisRequest {
  return (to) => to.pttl(keys.document(id))
}

/** Gives an entry its id as its score again; `XX`: unless it is not there. */
function relist(keys: RedisKeys, { id, member }: IndexEntry, condition?: 'XX'): RedisRequest {
  return (to) => (condition ? to.zadd(keys.index, condition, id, member) : to.zadd(keys.index, id, member))
}

/** The id and a random fraction that a double can hold beside it, at most 20 bits: 12 in our days. */
function markFor(id: number, random: Random): number {
  const steps = 2 ** Math.min(20, 52 - Math.floor(Math.log2(id)))
  return id + (1 + Math.floor(random() * (steps - 1))) / steps
}

function wordsOf({ entry, score }: Mark): string[] {
  return [entry.member, String(score)]
}
