/**
 * Sessions in a browser's IndexedDB.
 * @module
 */

import { abortable } from '../abort.js'
import { AdapterError, isStoryArtError, StoryArtError } from '../errors.js'
import { revisionOf } from '../revision.js'
import type { CallOptions, Expectation, ListEntry, ListPage, PutResult, SessionAdapter } from './adapter.js'
import { requirePositive, requireQuery } from './arguments.js'
import { connectionTo, DOCUMENTS, EXPIRES_AT, SESSIONS } from './indexeddb-connection.js'
import { DAMAGED, databaseFailure, NAME } from './indexeddb-failure.js'
import { isSessionRow, type SessionRow } from './indexeddb-row.js'
import { answer, complete } from './indexeddb-transaction.js'
import { changesOf } from './indexeddb-watch.js'

/** Where and how an {@link indexedDbAdapter} keeps sessions. */
export interface IndexedDbAdapterOptions {
  /** The name of the database, made when it is first needed. Default: `storyart-sdk`. */
  databaseName?: string | undefined
  /** What opens databases. Default: `globalThis.indexedDB`. */
  indexedDB?: Pick<IDBFactory, 'open'> | undefined
  /** The clock that ends lives, in ms since the epoch. Default: `Date.now`. */
  now?: (() => number) | undefined
  /**
   * When a write counts as done. `'strict'`: when it is on the disk. `'relaxed'`: when the operating system has it,
   * which loses it with the power. Default: `'strict'`.
   */
  durability?: 'strict' | 'relaxed' | undefined
}

/**
 * Keeps sessions in a browser's IndexedDB, which has room for gigabytes where localStorage has room for megabytes.
 *
 * Documents, and what is known about them, lie in separate object stores, so that a list never reads a document; both
 * are written in one transaction. Transactions are atomic across tabs and workers, and so is every call: of many
 * that put with `expect`, exactly one stores. Expired sessions are never returned; `prune` and puts that need their
 * room remove them.
 *
 * The database is opened by the first call. It is given up when another page upgrades or deletes it, and opened again
 * by the next call, also when the browser closed it.
 *
 * @param options - Where and how.
 * @returns An adapter. Its calls reject with code `ADAPTER_QUOTA` when the storage is full (what was stored stays),
 * `ADAPTER_DENIED` when the browser forbids storage, `ADAPTER_UNAVAILABLE` when the database does not answer, and
 * `ADAPTER_FAILED` when a document is lost, or the database belongs to a newer version of this library or to others.
 * @throws {StoryArtError} INVALID_ARGUMENT when there is no IndexedDB here and no `indexedDB` was given.
 * @example
 * ```ts
 * import { isStoryArtError, SessionStore } from 'storyart-sdk'
 * import { indexedDbAdapter } from 'storyart-sdk/indexeddb'
 *
 * try {
 *   await using store = new SessionStore({ adapter: indexedDbAdapter() })
 *   await store.save({ scriptText: 'INT. LAB' })
 * } catch (error) {
 *   console.log(isStoryArtError(error) && error.message) // indexeddb: none here, or blocked; pass `indexedDB`, or use another adapter.
 * }
 * ```
 */
export function indexedDbAdapter(options: IndexedDbAdapterOptions = {}): SessionAdapter {
  const { databaseName = 'storyart-sdk', now = Date.now, durability = 'strict' } = options
  const connection = connectionTo(options.indexedDB ?? realFactory(), databaseName)
  const changes = changesOf(databaseName)
  let closed = false

  /** How every call begins: nothing is read or written for a closed adapter, an aborted caller or a wrong argument. */
  function begin(call: CallOptions | undefined, id = 1, ttlMs: number | 'keep' = 1): void {
    if (closed) throw new StoryArtError('CLOSED', `${NAME}: the adapter is closed; make a new one.`)
    call?.signal?.throwIfAborted()
    requirePositive(NAME, 'id', id)
    if (ttlMs !== 'keep') requirePositive(NAME, 'ttlMs', ttlMs)
  }

  /**
   * A new transaction. A connection that turns out to be closed is replaced, twice at most: where the user clears the
   * site's data, Chromium closes first the one that is open, and then often the one that is just being opened.
   */
  async function transaction(mode: IDBTransactionMode, call: CallOptions | undefined): Promise<IDBTransaction> {
    for (let left = 2; ; left--) {
      const opened = connection.open()
      try {
        const database = await abortable(opened, call?.signal)
        begin(call) // that took time
        return database.transaction([SESSIONS, DOCUMENTS], mode, { durability })
      } catch (error) {
        if (!left || call?.signal?.aborted || !/^(InvalidState|Abort)Error$/.test(Object(error).name)) throw error
        connection.forget(opened)
      }
    }
  }

  /** Does the work of a call in one transaction: whatever goes wrong ends it as the interface says. */
  async function run<T>(
    operation: string,
    call: CallOptions | undefined,
    mode: IDBTransactionMode,
    work: (sessions: IDBObjectStore, documents: IDBObjectStore) => Promise<T>,
  ): Promise<T> {
    const signal = call?.signal
    try {
      return await complete(
        await transaction(mode, call),
        (begun) => work(begun.objectStore(SESSIONS), begun.objectStore(DOCUMENTS)),
        signal,
      )
    } catch (error) {
      if (isStoryArtError(error) || (signal?.aborted && error === signal.reason)) throw error
      throw databaseFailure(operation, error)
    }
  }

  /** What is known about a living session; `undefined` where none is. */
  async function live(sessions: IDBObjectStore, id: number): Promise<SessionRow | undefined> {
    const row: unknown = await answer(sessions.get(id))
    return isSessionRow(row) && row.expiresAt > now() ? row : undefined
  }

  function removeExpired(operation: string, call: CallOptions | undefined): Promise<number> {
    return run(operation, call, 'readwrite', async (sessions, documents) => {
      const expired = await answer(sessions.index(EXPIRES_AT).getAllKeys(IDBKeyRange.upperBound(now())))
      for (const id of expired) {
        sessions.delete(id)
        documents.delete(id)
      }
      return expired.length
    })
  }

  return {
    name: NAME,

    async put(id, raw, call = {}) {
      const { ttlMs, expect, summary } = call
      begin(call, id, ttlMs)
      const sizeBytes = new TextEncoder().encode(raw).length
      const write = (): Promise<PutResult> =>
        run('put', call, 'readwrite', async (sessions, documents) => {
          const old = await live(sessions, id)
          const reason = await conflict(old, expect, () => answer(documents.get(id)))
          if (reason) return { stored: false, reason }
          const expiresAt = ttlMs === 'keep' ? old?.expiresAt : ttlMs && now() + ttlMs
          // Later than the one before, also where the clock stands still.
          const stamp = Math.max(now(), (old?.stamp ?? 0) + 1)
          const row: SessionRow = { expiresAt: expiresAt ?? Infinity, sizeBytes, length: raw.length, summary, stamp }
          sessions.put(row, id)
          documents.put(raw, id)
          return { stored: true }
        })
      const told = async (): Promise<PutResult> => {
        const result = await write()
        if (result.stored) changes.tell({ id, written: true })
        return result
      }
      try {
        return await told()
      } catch (error) {
        const full = error instanceof AdapterError && error.code === 'ADAPTER_QUOTA'
        if (full && (await removeExpired('put', call)) > 0) return told()
        throw error
      }
    },

    async get(id, call) {
      begin(call, id)
      return run('get', call, 'readonly', async (sessions, documents) => {
        const requests: IDBRequest<unknown>[] = [sessions.get(id), documents.get(id)]
        const [row, raw] = await Promise.all(requests.map(answer))
        const known = isSessionRow(row)
        if (known ? row.expiresAt <= now() : (row ?? raw) === undefined) return null
        if (known && typeof raw === 'string') return { raw }
        throw new DOMException(`session ${id}`, DAMAGED)
      })
    },

    async list(query, call) {
      begin(call)
      requireQuery(NAME, query)
      const { limit, before = Infinity, from = 1, order, marks } = query
      const page: ListPage & { expired: number[] } = { entries: [], expired: [] }
      if (from >= before) return page
      const oldestFirst = order === 'oldest'
      return run('list', call, 'readonly', async (sessions) => {
        const range = IDBKeyRange.bound(from, before, false, true)
        const request = sessions.openCursor(range, oldestFirst ? 'next' : 'prev')
        for (;;) {
          const cursor = await answer(request)
          if (!cursor) return page
          const id = Number(cursor.key)
          const entry = entryOf(id, cursor.value, now(), marks)
          const last = page.entries.at(-1)
          if (!entry) {
            page.expired.push(id)
          } else if (last && page.entries.length === limit) {
            page.next = oldestFirst ? last.id + 1 : last.id
            return page
          } else {
            page.entries.push(entry)
          }
          cursor.continue()
        }
      })
    },

    async delete(id, call) {
      begin(call, id)
      const wasThere = await run('delete', call, 'readwrite', async (sessions, documents) => {
        const found = await live(sessions, id)
        sessions.delete(id)
        documents.delete(id)
        return found !== undefined
      })
      if (wasThere) changes.tell({ id })
      return wasThere
    },

    async touch(id, ttlMs, call) {
      begin(call, id, ttlMs)
      return run('touch', call, 'readwrite', async (sessions) => {
        const found = await live(sessions, id)
        if (found) sessions.put({ ...found, expiresAt: now() + ttlMs }, id)
        return found !== undefined
      })
    },

    async health(call) {
      begin(call)
      const start = now()
      try {
        await run('health', call, 'readonly', (sessions) => answer(sessions.count(0)))
        return { ok: true, latencyMs: now() - start }
      } catch (error) {
        if (!(error instanceof AdapterError)) throw error
        return { ok: false, latencyMs: now() - start, error: error.message }
      }
    },

    async close() {
      closed = true
      changes.close()
      connection.close()
    },

    async describe(id, raw, summary, call) {
      begin(call, id)
      return run('describe', call, 'readwrite', async (sessions, documents) => {
        const found = await live(sessions, id)
        // Most other documents have another length, and need not be read.
        if (found?.length !== raw.length || (await answer(documents.get(id))) !== raw) return
        sessions.put({ ...found, summary }, id)
      })
    },

    async prune(call) {
      begin(call)
      return removeExpired('prune', call)
    },

    watch(listener) {
      begin(undefined)
      return changes.listen(listener)
    },
  }
}

/** Why a conditional write must not happen, if so. The document is read only where its revision matters. */
async function conflict(
  old: SessionRow | undefined,
  expect: Expectation | undefined,
  read: () => Promise<unknown>,
): Promise<'exists' | 'changed' | 'missing' | undefined> {
  if (expect === undefined) return undefined
  if (expect === 'absent') return old && 'exists'
  if (!old) return 'missing'
  return revisionOf(String(await read())) === expect ? undefined : 'changed'
}

function realFactory(): IDBFactory {
  let cause: unknown
  try {
    const { indexedDB } = globalThis
    if (indexedDB) return indexedDB
  } catch (error) {
    cause = error // a browser that blocks storage may throw at the mere name
  }
  const what = `${NAME}: none here, or blocked; pass \`indexedDB\`, or use another adapter.`
  throw new StoryArtError('INVALID_ARGUMENT', what, cause ? { cause } : {})
}

/** Of a damaged row only the id is told, of an expired one nothing. */
function entryOf(id: number, row: unknown, time: number, marks: boolean | undefined): ListEntry | undefined {
  if (!isSessionRow(row)) return { id }
  const { summary, sizeBytes, expiresAt, stamp } = row
  if (expiresAt <= time) return undefined
  const ttlMs = expiresAt === Infinity ? null : expiresAt - time
  const mark = marks && { mark: `${stamp} ${sizeBytes}` }
  return { id, ...(summary !== undefined && { summary }), sizeBytes, ttlMs, ...mark }
}
