import type { SessionAdapter } from 'storyart-sdk'
import { type IndexedDbAdapterOptions, indexedDbAdapter } from 'storyart-sdk/indexeddb'
import { type ConformanceHarness, runConformance } from 'storyart-sdk/testing'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { answerOf, freshName, keysIn, removeDatabases, vandalise } from './indexeddb-raw.js'

afterEach(async () => {
  vi.restoreAllMocks()
  await removeDatabases()
})

function failing(name: string): IndexedDbAdapterOptions['indexedDB'] {
  return {
    open() {
      throw new DOMException('what must not be told', name)
    },
  }
}

function harness(options: IndexedDbAdapterOptions): ConformanceHarness {
  let now = 1_770_000_000_000
  const databaseName = freshName()
  const open = async () => indexedDbAdapter({ databaseName, now: () => now, ...options })
  return {
    open,
    reopen: open,
    unreachable: async () => indexedDbAdapter({ indexedDB: failing('UnknownError') }),
    elapse: async (ms) => {
      now += ms
    },
  }
}

describe('conformance', () => {
  runConformance(it, () => harness({}))

  describe('with relaxed durability', () => {
    runConformance(it, () => harness({ durability: 'relaxed' }))
  })
})

describe('indexedDbAdapter', () => {
  async function using(
    test: (adapter: SessionAdapter, databaseName: string) => Promise<void>,
    options: IndexedDbAdapterOptions = {},
  ): Promise<void> {
    const databaseName = freshName()
    const adapter = indexedDbAdapter({ databaseName, now: () => 0, ...options })
    await test(adapter, databaseName)
    await adapter.close()
  }

  it('is called indexeddb, and has no keys of which a prefix could be told', () =>
    using(async (adapter) => {
      expect(adapter.name).toBe('indexeddb')
      expect('keyPrefix' in adapter).toBe(false)
    }))

  it('keeps everything in a database called storyart-sdk, unless told otherwise', async () => {
    const adapter = indexedDbAdapter()
    await adapter.put(7, '{}')
    expect(await keysIn('storyart-sdk')).toEqual({ sessions: [7], documents: [7] })
    expect(await adapter.delete(7)).toBe(true)
    await adapter.close()
    expect(await keysIn('storyart-sdk')).toEqual({ sessions: [], documents: [] })
    await answerOf(indexedDB.deleteDatabase('storyart-sdk'))
  })

  it('says what to do where there is no IndexedDB', () => {
    const real = Object.getOwnPropertyDescriptor(globalThis, 'indexedDB')
    if (!real) throw new Error('a browser has indexedDB')
    const wanted = { code: 'INVALID_ARGUMENT', message: expect.stringContaining('pass `indexedDB`, or use another') }
    const denied = new DOMException('no', 'SecurityError')
    const deny = (): never => {
      throw denied
    }
    try {
      Object.defineProperty(globalThis, 'indexedDB', { ...real, get: () => undefined })
      expect(() => indexedDbAdapter()).toThrow(expect.objectContaining(wanted))
      expect(indexedDbAdapter({ indexedDB: failing('SecurityError') }).name).toBe('indexeddb')
      Object.defineProperty(globalThis, 'indexedDB', { ...real, get: deny })
      expect(() => indexedDbAdapter()).toThrow(expect.objectContaining({ ...wanted, cause: denied }))
    } finally {
      Object.defineProperty(globalThis, 'indexedDB', real)
    }
  })

  it('keeps a lone surrogate, which UTF-8 could not', () =>
    using(async (adapter) => {
      const raw = '{"a":"\ud800","b":"\udc00\u6f22"}'
      await adapter.put(7, raw, { summary: '\udfff' })
      expect((await adapter.get(7))?.raw === raw).toBe(true)
      expect((await adapter.list({ limit: 1 })).entries[0]?.summary === '\udfff').toBe(true)
    }))

  it('tells size and life exactly', () =>
    using(async (adapter) => {
      await adapter.put(7, '{"a":"\u6f22\u{1f3ac}"}', { ttlMs: 60_000 })
      await adapter.put(8, '{}')
      expect((await adapter.list({ limit: 9 })).entries).toEqual([
        { id: 8, sizeBytes: 2, ttlMs: null },
        { id: 7, sizeBytes: 15, ttlMs: 60_000 },
      ])
    }))

  it('writes to the disk unless told otherwise', async () => {
    const transactions = vi.spyOn(IDBDatabase.prototype, 'transaction')
    const durability = (): unknown => transactions.mock.results.at(-1)?.value.durability
    await using(async (adapter) => {
      await adapter.put(7, '{}')
      expect(durability()).toBe('strict')
    })
    await using(
      async (adapter) => {
        await adapter.put(7, '{}')
        expect(durability()).toBe('relaxed')
      },
      { durability: 'relaxed' },
    )
  })

  it('reads no document for a list, a touch, or a summary of a document of another length', () =>
    using(async (adapter) => {
      await adapter.put(7, '{"a":1}', { summary: 'first' })
      const read: string[] = []
      for (const name of ['get', 'getAll', 'getKey', 'getAllKeys', 'openCursor', 'openKeyCursor', 'count'] as const) {
        const real: (this: IDBObjectStore, ...args: never[]) => IDBRequest = IDBObjectStore.prototype[name]
        vi.spyOn(IDBObjectStore.prototype, name).mockImplementation(function (
          this: IDBObjectStore,
          ...args: unknown[]
        ) {
          read.push(this.name)
          return real.apply(this, args as never[])
        })
      }
      await adapter.list({ limit: 9 })
      await adapter.touch(7, 1000)
      await adapter.describe?.(7, '{"a":12}', 'second')
      expect([...new Set(read)]).toEqual(['sessions'])
      await adapter.describe?.(7, '{"a":1}', 'second')
      expect(read).toContain('documents')
      expect((await adapter.list({ limit: 9 })).entries[0]?.summary).toBe('second')
    }))

  it('removes the documents, too, of what it deletes and prunes', async () => {
    let now = 0
    await using(
      async (adapter, name) => {
        await adapter.put(6, '{}')
        await adapter.put(7, '{}')
        await adapter.put(8, '{}', { ttlMs: 10 })
        await adapter.put(9, '{}', { ttlMs: 11 })
        await adapter.delete(7)
        now = 10
        expect((await adapter.list({ limit: 9 })).expired).toEqual([8])
        expect(await adapter.prune?.()).toBe(1)
        expect(await keysIn(name)).toEqual({ sessions: [6, 9], documents: [6, 9] })
        now = 11
        expect(await adapter.delete(9)).toBe(false)
        expect(await keysIn(name)).toEqual({ sessions: [6], documents: [6] })
      },
      { now: () => now },
    )
  })

  it('says that a session is damaged, lists it, and lets it be saved again or deleted', () =>
    using(async (adapter, name) => {
      const row = { expiresAt: Number.POSITIVE_INFINITY, sizeBytes: 2, length: 2, summary: 'whole' }
      await adapter.put(7, '{}')
      await vandalise(name, 7, row)
      await vandalise(name, 8, undefined, '{}')
      await vandalise(name, 9, { ...row, summary: 5 }, '{}')
      await vandalise(name, 10, row, 5)
      await vandalise(name, 11, 'no row')
      for (const id of [7, 8, 9, 10, 11]) {
        await expect(adapter.get(id)).rejects.toMatchObject({
          code: 'ADAPTER_FAILED',
          operation: 'get',
          message: 'indexeddb get: a stored document is damaged; save that session again or delete it.',
          cause: expect.objectContaining({ message: `session ${id}` }),
        })
      }
      expect((await adapter.list({ limit: 9 })).entries).toEqual([
        { id: 11 },
        { id: 10, summary: 'whole', sizeBytes: 2, ttlMs: null },
        { id: 9 },
        { id: 7, summary: 'whole', sizeBytes: 2, ttlMs: null },
      ])
      for (const id of [7, 9]) await adapter.put(id, '{"a":1}')
      expect(await adapter.put(8, '{"a":1}', { expect: 'absent' })).toEqual({ stored: true })
      for (const id of [10, 11]) await adapter.delete(id)
      for (const id of [7, 8, 9]) expect((await adapter.get(id))?.raw).toBe('{"a":1}')
      expect(await keysIn(name)).toEqual({ sessions: [7, 8, 9], documents: [7, 8, 9] })
    }))

  it('undoes a write that is aborted in the middle of its transaction', async () => {
    const reason = new Error('enough')
    let controller = new AbortController()
    let aborting = false
    await using(
      async (adapter, name) => {
        await adapter.put(7, '{"a":1}', { ttlMs: 1000 })
        aborting = true
        const attempts: ((signal: AbortSignal) => Promise<unknown>)[] = [
          (signal) => adapter.put(7, '{"a":2}', { ttlMs: 5, signal }),
          (signal) => adapter.put(8, '{"a":2}', { ttlMs: 5, signal }),
          (signal) => adapter.touch(7, 5, { signal }),
          (signal) => adapter.delete(7, { signal }),
          (signal) => adapter.describe?.(7, '{"a":1}', 'new', { signal }) ?? Promise.resolve(),
          (signal) => adapter.prune?.({ signal }) ?? Promise.resolve(),
        ]
        for (const attempt of attempts) {
          controller = new AbortController()
          await expect(attempt(controller.signal)).rejects.toBe(reason)
          expect(controller.signal.aborted).toBe(true)
        }
        aborting = false
        expect((await adapter.get(7))?.raw).toBe('{"a":1}')
        expect((await adapter.list({ limit: 9 })).entries).toEqual([{ id: 7, sizeBytes: 7, ttlMs: 1000 }])
        expect(await keysIn(name)).toEqual({ sessions: [7], documents: [7] })
      },
      {
        // The clock is read within the transaction: there is no later moment at which nothing is written yet.
        now: () => {
          if (aborting) controller.abort(reason)
          return 0
        },
      },
    )
  })

  it('does not wait for a database that does not answer when the caller no longer does', async () => {
    const silent: IndexedDbAdapterOptions['indexedDB'] = { open: () => Object.create(null) }
    const adapter = indexedDbAdapter({ indexedDB: silent })
    const controller = new AbortController()
    const pending = adapter.get(7, { signal: controller.signal })
    controller.abort('enough')
    await expect(pending).rejects.toBe('enough')
    await adapter.close()
  })
})
