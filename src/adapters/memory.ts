/**
 * Sessions in this process: for tests, for previews, and as the last tier of a fallback.
 * @module
 */

import { StoryArtError } from '../errors.js'
import { revisionOf } from '../revision.js'
import type { AdapterChange, CallOptions, ListEntry, ListPage, PutOptions, SessionAdapter } from './adapter.js'
import { requirePositive, requireQuery } from './arguments.js'
import { WatchListeners } from './watch-listeners.js'

/** How a {@link memoryAdapter} tells the time. */
export interface MemoryAdapterOptions {
  /** The clock that ends lives, in ms. Default: `Date.now`. */
  now?: (() => number) | undefined
}

const NAME = 'memory'

interface Stored {
  readonly raw: string
  readonly sizeBytes: number
  summary: string | undefined
  /** `Infinity`: no end. Dead from this very ms on. */
  expiresAt: number
  /** How many documents were written before this one. */
  readonly mark: number
}

/**
 * Keeps sessions in memory: an ordered map that forgets everything with the adapter.
 *
 * Every call is atomic, since nothing in it waits. A page of `list` costs the length of the page and one binary
 * search, however many sessions there are. Expired sessions are dropped when they are met, or by `prune`; no timer
 * runs, so nothing keeps a process alive. Two adapters never share sessions.
 *
 * @param options - The clock.
 * @returns An adapter whose calls reject only for what the caller did.
 * @throws {StoryArtError} INVALID_ARGUMENT when a call gets an id, life, limit or bound that is no such number.
 * @throws {StoryArtError} CLOSED when a call comes after `close`.
 * @example
 * ```ts
 * import { memoryAdapter } from 'storyart-sdk'
 *
 * const adapter = memoryAdapter()
 * await adapter.put(1770000000000, '{"scriptText":"INT. LAB"}', { ttlMs: 60_000, summary: 'a lab' })
 * console.log((await adapter.get(1770000000000))?.raw) // {"scriptText":"INT. LAB"}
 * console.log((await adapter.list({ limit: 10 })).entries[0]?.summary) // a lab
 * console.log(await adapter.get(1770000000001)) // null
 * ```
 */
export function memoryAdapter(options: MemoryAdapterOptions = {}): SessionAdapter {
  const { now = () => Date.now() } = options
  const sessions = new Map<number, Stored>()
  let ids: number[] = [] // the keys of `sessions`, ascending
  const listeners = new WatchListeners<AdapterChange>()
  let writes = 0
  let closed = false

  /** How every call begins: nothing is read or written for a closed adapter or an aborted caller. */
  function begin(call: CallOptions | undefined): void {
    if (closed) throw new StoryArtError('CLOSED', 'memory: the adapter is closed; make a new one.')
    call?.signal?.throwIfAborted()
  }

  function live(id: number): Stored | undefined {
    const found = sessions.get(id)
    if (!found || found.expiresAt > now()) return found
    remove(id)
    return undefined
  }

  function remove(id: number): void {
    sessions.delete(id)
    ids.splice(firstAtLeast(ids, id), 1)
  }

  return {
    name: NAME,
    durable: false,

    async put(id, raw, call: PutOptions = {}) {
      begin(call)
      requirePositive(NAME, 'id', id)
      if (call.ttlMs !== undefined && call.ttlMs !== 'keep') requirePositive(NAME, 'ttlMs', call.ttlMs)
      const old = live(id)
      if (call.expect === 'absent') {
        if (old) return { stored: false, reason: 'exists' }
      } else if (call.expect !== undefined) {
        if (!old) return { stored: false, reason: 'missing' }
        if (revisionOf(old.raw) !== call.expect) return { stored: false, reason: 'changed' }
      }
      const { ttlMs = Number.POSITIVE_INFINITY, summary } = call
      const expiresAt = ttlMs === 'keep' ? (old?.expiresAt ?? Number.POSITIVE_INFINITY) : now() + ttlMs
      if (!old) ids.splice(firstAtLeast(ids, id), 0, id)
      const sizeBytes = new TextEncoder().encode(raw).length
      sessions.set(id, { raw, sizeBytes, summary, expiresAt, mark: writes++ })
      listeners.tell({ id, written: true })
      return { stored: true }
    },

    async get(id, call) {
      begin(call)
      requirePositive(NAME, 'id', id)
      const found = live(id)
      return found ? { raw: found.raw } : null
    },

    async list(query, call) {
      begin(call)
      requireQuery(NAME, query)
      const { limit, order = 'newest', details = true, marks } = query
      const start = query.from === undefined ? 0 : firstAtLeast(ids, query.from)
      const end = query.before === undefined ? ids.length : firstAtLeast(ids, query.before)
      const step = order === 'newest' ? -1 : 1
      const time = now()
      const page: ListPage = { entries: [] }
      const dead: number[] = []
      for (let at = step < 0 ? end - 1 : start; at >= start && at < end; at += step) {
        const id = ids[at] as number // `start <= at < end` lies within the array
        const found = sessions.get(id)
        if (!found || found.expiresAt <= time) {
          dead.push(id)
          continue
        }
        const last = page.entries.at(-1)
        if (last && page.entries.length === limit) {
          page.next = step < 0 ? last.id : last.id + 1
          break
        }
        const entry = details || marks ? entryOf(id, found, time) : { id }
        page.entries.push(marks ? { ...entry, mark: String(found.mark) } : entry)
      }
      if (dead.length > 0) {
        for (const id of dead) sessions.delete(id)
        ids = ids.filter((id) => sessions.has(id))
        page.expired = dead
      }
      return page
    },

    async delete(id, call) {
      begin(call)
      requirePositive(NAME, 'id', id)
      if (!live(id)) return false
      remove(id)
      listeners.tell({ id })
      return true
    },

    async touch(id, ttlMs, call) {
      begin(call)
      requirePositive(NAME, 'id', id)
      requirePositive(NAME, 'ttlMs', ttlMs)
      const found = live(id)
      if (!found) return false
      found.expiresAt = now() + ttlMs
      return true
    },

    async health(call) {
      begin(call)
      return { ok: true, latencyMs: 0 }
    },

    async close() {
      closed = true
      listeners.clear()
      sessions.clear()
      ids = []
    },

    async describe(id, raw, summary, call) {
      begin(call)
      requirePositive(NAME, 'id', id)
      const found = live(id)
      if (found?.raw === raw) found.summary = summary
    },

    async prune(call) {
      begin(call)
      const time = now()
      const before = ids.length
      ids = ids.filter((id) => {
        const found = sessions.get(id)
        if (found && found.expiresAt > time) return true
        sessions.delete(id)
        return false
      })
      return before - ids.length
    },

    watch(listener) {
      begin(undefined)
      return listeners.add(listener)
    },
  }
}

function entryOf(id: number, { summary, sizeBytes, expiresAt }: Stored, time: number): ListEntry {
  const ttlMs = expiresAt === Number.POSITIVE_INFINITY ? null : expiresAt - time
  return summary === undefined ? { id, sizeBytes, ttlMs } : { id, summary, sizeBytes, ttlMs }
}

/** The index of the first id that is not below `bound`; the length when there is none. */
function firstAtLeast(ids: readonly number[], bound: number): number {
  let low = 0
  let high = ids.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((ids[middle] as number) < bound)
      low = middle + 1 // `middle < high <= length`
    else high = middle
  }
  return low
}
