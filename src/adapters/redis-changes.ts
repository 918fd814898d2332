/**
 * The stream in which every change made by this library is told: short, bounded, and worth nothing but speed. StoryArt's
 * own server tells nothing there, so whoever must not miss anything also looks at marks.
 * @module
 */

import type { AdapterChange } from './adapter.js'
import type { RedisKeys } from './redis-keys.js'
import type { RedisRequest } from './redis-link.js'

/** About how many changes are kept: what a reader that was cut off may catch up with. The server trims in whole blocks. */
const KEPT = 1000

/** Where a stream begins. @internal */
export const STREAM_START = '0-0'

/** Tells of a change, to be sent after the change itself. @internal */
export function changeRequest(keys: RedisKeys, id: number, written: boolean): RedisRequest {
  return ['xadd', keys.changes, 'MAXLEN', '~', KEPT, '*', written ? 'written' : 'removed', id]
}

/** Waits up to `blockMs` for what comes after a place in the stream. @internal */
export function readRequest(keys: RedisKeys, after: string, blockMs: number): RedisRequest {
  return ['xread', 'BLOCK', blockMs, 'STREAMS', keys.changes, after]
}

/** Asks for the last entry. @internal */
export function lastRequest(keys: RedisKeys): RedisRequest {
  return ['xrevrange', keys.changes, '+', '-', 'COUNT', 1]
}

/** What some entries tell. @internal */
export interface ToldChanges {
  /** The place of the last entry; `undefined` if there was none. */
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
  const changes: AdapterChange[] = []
  let last: string | undefined
  for (const [at, word] of words.entries()) {
    if (/^\d+-\d+$/.test(word)) last = word
    const id = Number(words[at + 1])
    if (last === undefined || !Number.isSafeInteger(id) || id < 1) continue
    if (word === 'written') changes.push({ id, written: true })
    if (word === 'removed') changes.push({ id })
  }
  return { last, changes }
}

function flat(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(flat)
  if (value instanceof Map) return [...value].flatMap(flat)
  if (typeof value === 'object' && value !== null && !Buffer.isBuffer(value)) return Object.entries(value).flatMap(flat)
  return value === null || value === undefined ? [] : [String(value)]
}
