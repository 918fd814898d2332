/**
 * Sessions in a browser's localStorage.
 * @module
 */

import { abortable } from '../abort.js'
import { isStoryArtError, StoryArtError } from '../errors.js'
import { revisionOf } from '../revision.js'
import type { CallOptions, Expectation, ListPage, PutResult, SessionAdapter } from './adapter.js'
import { requirePositive, requireQuery } from './arguments.js'
import { originalDocument, storedDocument } from './local-storage-document.js'
import { entryToList, formatEntry, type StorageEntry } from './local-storage-entry.js'
import { NAME, storageFailure } from './local-storage-failure.js'
import { LEGACY_KEY } from './local-storage-legacy.js'
import type { StorageLike, StorageLocks } from './local-storage-like.js'
import { writeMakingRoom } from './local-storage-quota.js'
import { type Found, StoredSessions } from './local-storage-sessions.js'
import { WriteTurns } from './local-storage-turns.js'
import { StorageChanges } from './local-storage-watch.js'

export type { StorageLike, StorageLocks } from './local-storage-like.js'

/** Where and how a {@link localStorageAdapter} keeps sessions. */
export interface LocalStorageAdapterOptions {
  /** Any `Storage`. Default: `globalThis.localStorage`. */
  storage?: StorageLike | undefined
  /** The clock that ends lives, in ms since the epoch. Default: `Date.now`. */
  now?: (() => number) | undefined
  /** What stands before `storyart:session:` in the keys. Default: nothing. */
  keyPrefix?: string | undefined
  /**
   * What a full storage means. `'never'`: the save is refused with code `ADAPTER_QUOTA`. `'oldest'`: as many of the
   * oldest sessions as needed are removed, unless even all of them would not suffice. Default: `'never'`.
   */
  evict?: 'never' | 'oldest' | undefined
  /** Compress documents of 1,024 characters and more, where the browser can. Both kinds are always read. Default: `true`. */
  compress?: boolean | undefined
  /** Show the session in StoryArt's own slot `storyart-latest-session`, read-only. Default: `true`. */
  legacy?: boolean | undefined
  /**
   * Keeps tabs from writing at the same time; `false`: nothing does. Default: `navigator.locks` for the real
   * localStorage, where the browser has them (https and localhost only), and `false` for any other storage.
   */
  locks?: StorageLocks | false | undefined
}

/**
 * Keeps sessions in a browser's localStorage, several versions, compressed so that real sessions fit.
 *
 * One key a session, `storyart:session:{timestamp}`, so that every write happens whole or not at all. Lists are found
 * by the keys themselves and read only the head of a value. Expired sessions are never returned; `prune` and writes that
 * need their room remove them. Other keys are never touched.
 *
 * The session in StoryArt's slot is read under its own timestamp while there is no other of that timestamp; without a
 * timestamp at its end it cannot be addressed and is not shown. Only `delete` of exactly that session changes the slot;
 * `touch` makes a copy with that life.
 *
 * @param options - Where and how.
 * @returns An adapter. Its calls reject with code `ADAPTER_QUOTA` when the storage is full (what was stored stays),
 * `ADAPTER_FAILED` when an entry is damaged, `ADAPTER_DENIED` when the browser forbids storage, `ADAPTER_UNAVAILABLE`
 * when the storage fails otherwise.
 * @throws {StoryArtError} INVALID_ARGUMENT when there is no localStorage here and no `storage` was given.
 * @example
 * ```ts
 * import { localStorageAdapter } from 'storyart-sdk'
 *
 * const items = new Map<string, string>()
 * const storage = {
 *   get length() {
 *     return items.size
 *   },
 *   key: (index: number) => [...items.keys()][index] ?? null,
 *   getItem: (key: string) => items.get(key) ?? null,
 *   setItem: (key: string, value: string) => void items.set(key, value),
 *   removeItem: (key: string) => void items.delete(key),
 * }
 * const adapter = localStorageAdapter({ storage }) // in a browser: localStorageAdapter()
 * await adapter.put(1770000000000, '{"scriptText":"INT. LAB"}', { ttlMs: 60_000, summary: 'a lab' })
 * console.log((await adapter.get(1770000000000))?.raw) // {"scriptText":"INT. LAB"}
 * console.log([...items.keys()].join()) // storyart:session:1770000000000
 * ```
 */
export function localStorageAdapter(options: LocalStorageAdapterOptions = {}): SessionAdapter {
  const { now = Date.now, keyPrefix = '', evict, compress = true, legacy = true } = options
  const storage = options.storage ?? realStorage()
  const locks = options.locks ?? (isReal(storage) && globalThis.navigator?.locks)
  const turns = new WriteTurns(storage, locks || undefined, `${keyPrefix}storyart:writes`)
  const sessions = new StoredSessions(storage, keyPrefix, legacy, now)
  const changes = new StorageChanges(storage, sessions, isReal(storage))
  const { probeKey } = sessions
  let closed = false

  /** How every call begins: nothing is read or written for a closed adapter, an aborted caller or a wrong argument. */
  function begin(call: CallOptions | undefined, id = 1, ttlMs: number | 'keep' = 1): void {
    if (closed) throw new StoryArtError('CLOSED', `${NAME}: the adapter is closed; make a new one.`)
    call?.signal?.throwIfAborted()
    requirePositive(NAME, 'id', id)
    if (ttlMs !== 'keep') requirePositive(NAME, 'ttlMs', ttlMs)
  }

  /** Runs a call: a storage that throws, and an abort, end it as the interface says. */
  async function attempt<T>(operation: string, call: CallOptions | undefined, work: () => Promise<T>): Promise<T> {
    const signal = call?.signal
    try {
      return await abortable(work(), signal)
    } catch (error) {
      throw isStoryArtError(error) || (signal?.aborted && error === signal.reason)
        ? error
        : storageFailure(operation, error)
    }
  }

  /** Runs a call that writes, when it is its turn. */
  function write<T>(operation: string, call: CallOptions | undefined, work: () => Promise<T>): Promise<T> {
    return attempt(operation, call, () => turns.take(work, call?.signal))
  }

  /** Decides, from what is there, a result and perhaps a new entry; writes it only if that is still there. */
  async function change<T>(
    id: number,
    call: CallOptions | undefined,
    decide: (found: Found | undefined) => Promise<[result: T, entry?: StorageEntry]>,
  ): Promise<T> {
    for (;;) {
      const found = sessions.find(id)
      const [result, entry] = await decide(found)
      // Deciding took time; from here to the write nothing waits.
      call?.signal?.throwIfAborted()
      if (sessions.find(id)?.value !== found?.value) continue
      if (entry) {
        const victims = () => sessions.removable(evict === 'oldest')
        writeMakingRoom({ storage, key: sessions.keyOf(id), value: formatEntry(entry), victims, probeKey })
      }
      return result
    }
  }

  /** Why a conditional write must not happen, if so. */
  async function conflict(id: number, found: Found | undefined, expect: Expectation | undefined): Promise<Conflict> {
    if (expect === undefined) return undefined
    if (expect === 'absent') return found && 'exists'
    if (!found) return 'missing'
    return revisionOf(await originalDocument(id, found.entry)) === expect ? undefined : 'changed'
  }

  function endOf(ttlMs: number): number {
    return Math.min(now() + ttlMs, Number.MAX_SAFE_INTEGER)
  }

  return {
    name: NAME,
    keyPrefix,

    async put(id, raw, call = {}) {
      const { ttlMs, expect, summary } = call
      begin(call, id, ttlMs)
      const document = await attempt('put', call, () => storedDocument(raw, compress))
      const result = await write('put', call, () =>
        change<PutResult>(id, call, async (found) => {
          const reason = await conflict(id, found, expect)
          if (reason) return [{ stored: false, reason }]
          const kept = ttlMs === 'keep' ? found?.entry?.expiresAt : ttlMs && endOf(ttlMs)
          return [{ stored: true }, { ...document, expiresAt: kept ?? 0, summary }]
        }),
      )
      if (result.stored) changes.tell(id, true)
      return result
    },

    async get(id, call) {
      begin(call, id)
      return attempt('get', call, async () => {
        const found = sessions.find(id)
        return found ? { raw: await originalDocument(id, found.entry) } : null
      })
    },

    async list(query, call) {
      begin(call)
      requireQuery(NAME, query)
      return attempt('list', call, async () => {
        const { limit, before = Number.POSITIVE_INFINITY, from = 0, order, details, marks } = query
        const sign = order === 'oldest' ? 1 : -1
        const old = sessions.legacy()
        const all = new Set(sessions.ids())
        if (old) all.add(old.id)
        const page: ListPage & { expired: number[] } = { entries: [], expired: [] }
        for (const id of [...all].sort((a, b) => sign * (a - b))) {
          if (id < from || id >= before) continue
          const found = sessions.find(id, () => old)
          const last = page.entries.at(-1)
          if (!found) {
            page.expired.push(id)
          } else if (last && page.entries.length === limit) {
            page.next = sign < 0 ? last.id : last.id + 1
            break
          } else {
            page.entries.push(details === false && !marks ? { id } : entryToList(id, found.entry, now(), marks))
          }
        }
        return page
      })
    },

    async delete(id, call) {
      begin(call, id)
      const wasThere = await write('delete', call, async () => {
        call?.signal?.throwIfAborted()
        const found = sessions.find(id)
        storage.removeItem(sessions.keyOf(id))
        if (sessions.legacy()?.id === id) storage.removeItem(LEGACY_KEY)
        return found !== undefined
      })
      if (wasThere) changes.tell(id, false)
      return wasThere
    },

    async touch(id, ttlMs, call) {
      begin(call, id, ttlMs)
      return write('touch', call, () =>
        change(id, call, async (found) => {
          if (!found) return [false]
          const { entry, legacy } = found
          // StoryArt's slot is not ours to change, and may be replaced any time: a copy gets the life.
          const document = legacy || !entry ? await storedDocument(await originalDocument(id, entry), compress) : entry
          return [true, { ...document, expiresAt: endOf(ttlMs), summary: entry?.summary }]
        }),
      )
    },

    async health(call) {
      begin(call)
      const start = now()
      try {
        storage.setItem(probeKey, probeKey)
        storage.removeItem(probeKey)
        return { ok: true, latencyMs: now() - start }
      } catch (error) {
        return { ok: false, latencyMs: now() - start, error: storageFailure('health', error).message }
      }
    },

    async close() {
      closed = true
      changes.close()
      turns.close()
    },

    async describe(id, raw, summary, call) {
      begin(call, id)
      return write('describe', call, () =>
        change(id, call, async (found) => {
          const entry = found?.legacy ? undefined : found?.entry
          const same = entry && (await originalDocument(id, entry)) === raw
          return same ? [undefined, { ...entry, summary }] : [undefined]
        }),
      )
    },

    async prune(call) {
      begin(call)
      return write('prune', call, async () => {
        call?.signal?.throwIfAborted()
        const expired = sessions.removable(false)
        for (const { key } of expired) storage.removeItem(key)
        return expired.length
      })
    },

    watch(listener) {
      begin(undefined)
      return changes.listen(listener)
    },
  }
}

type Conflict = 'exists' | 'changed' | 'missing' | undefined

function realStorage(): StorageLike {
  let cause: unknown
  try {
    const { localStorage } = globalThis
    if (typeof localStorage?.getItem === 'function') return localStorage
  } catch (error) {
    cause = error // a browser that blocks storage throws at the mere name
  }
  const what = `${NAME}: none here, or blocked; pass \`storage\`, or use memoryAdapter().`
  throw new StoryArtError('INVALID_ARGUMENT', what, cause ? { cause } : {})
}

/** Whether tabs share this storage. The first question spares other runtimes the second, which may warn or throw. */
function isReal(storage: StorageLike): boolean {
  return typeof Storage === 'function' && storage instanceof Storage && storage === globalThis.localStorage
}
