/**
 * The stream in which every change made by this library is told: short, bounded, and worth nothing but speed. StoryArt's
 * own server tells nothing there, so whoever must not miss anything also looks at marks.
 * @module
 */

import type { AdapterChange, ChangeLog } from './adapter.js'
import type { RedisKeys } from './redis-keys.js'
import type { RedisLink, RedisRequest } from './redis-link.js'

/** About how many changes are kept: what a reader that was cut off may catch up with. The server trims in whole blocks. */
const KEPT = 1000

const PLACE = /^\d+-\d+$/

/** Where a stream begins. @internal */
export const STREAM_START = '0-0'

/** Whether a text names a place in a stream. @internal */
export function isPlace(text: string): boolean {
  return PLACE.test(text)
}

/** Tells of a change, to be sent after the change itself. @internal */
export function changeRequest(keys: RedisKeys, id: number, written: boolean): RedisRequest {
  return ['xadd', keys.changes, 'MAXLEN', '~', KEPT, '*', written ? 'written' : 'removed', id]
}

/** Asks for what comes after a place in the stream, and waits up to `blockMs` for it; 0: does not wait. @internal */
export function readRequest(keys: RedisKeys, after: string, blockMs: number): RedisRequest {
  return ['xread', ...(blockMs > 0 ? ['BLOCK', blockMs] : []), 'STREAMS', keys.changes, after]
}

/** Where the stream ends now. @internal */
export async function endOfChanges(link: RedisLink, keys: RedisKeys): Promise<string> {
  return changesIn(await link.send(['xrevrange', keys.changes, '+', '-', 'COUNT', 1])).last ?? STREAM_START
}

/** All that was told after a place. @internal */
export async function readChanges(link: RedisLink, keys: RedisKeys, after: string): Promise<ChangeLog> {
  const changes: AdapterChange[] = []
  let complete: boolean | undefined
  for (let place = after; ; ) {
    // With the entry of the place itself: while that is there, nothing behind it was dropped.
    const page = changesIn(await link.send(['xrange', keys.changes, place, '+', 'COUNT', KEPT]))
    complete ??= page.first === after || (after === STREAM_START && page.entries < KEPT)
    changes.push(...(page.first === place ? page.changes.slice(1) : page.changes))
    if (page.entries < KEPT || page.last === undefined || page.last === place)
      return { changes, place: page.last ?? place, complete }
    place = page.last
  }
}

/** What some entries tell. @internal */
export interface ToldChanges {
  /** How many entries there were. */
  readonly entries: number
  /** The place of the first entry; `undefined` if there was none. */
  readonly first: string | undefined
  /** The place of the last one. */
  readonly last: string | undefined
  readonly changes: AdapterChange[]
}

/**
 * Reads entries out of a reply. Clients nest them differently, as lists or by the stream's name, so only their order
 * counts: a place in the stream, then the entry's words. What is none of ours is passed over.
 *
 * @internal
 */
export function changesIn(reply: unknown): ToldChanges {
  const words = flat(reply)
  const places = words.filter((word) => PLACE.test(word))
  const changes: AdapterChange[] = []
  for (const [at, word] of words.entries()) {
    const id = Number(words[at + 1])
    if (!PLACE.test(words[at - 1] ?? '') || !Number.isSafeInteger(id) || id < 1) continue
    if (word === 'written') changes.push({ id, written: true })
    if (word === 'removed') changes.push({ id })
  }
  return { entries: places.length, first: places[0], last: places.at(-1), changes }
}

function flat(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(flat)
  if (value instanceof Map) return [...value].flatMap(flat)
  if (typeof value === 'object' && value !== null && !Buffer.isBuffer(value)) return Object.entries(value).flatMap(flat)
  return value === null || value === undefined ? [] : [String(value)]
}
