import { type IndexedDbAdapterOptions, indexedDbAdapter } from 'storyart-sdk/indexeddb'
import { afterEach, describe, expect, it } from 'vitest'
import { cdp } from 'vitest/browser'
import { answerOf, freshName, isClosed, removeDatabases, watchedFactory } from './indexeddb-raw.js'

afterEach(removeDatabases)

function opened(options: IndexedDbAdapterOptions = {}) {
  const databaseName = freshName()
  const factory = watchedFactory()
  const adapter = indexedDbAdapter({ databaseName, indexedDB: factory, now: () => 0, ...options })
  return { databaseName, factory, adapter }
}

describe('the connection', () => {
  it('is opened once, by the first of many calls, and closed with the adapter', async () => {
    const { adapter, factory } = opened()
    expect(factory.opens()).toBe(0)
    await Promise.all([1, 2, 3, 4, 5].map((id) => adapter.put(id, '{}')))
    await adapter.list({ limit: 1 })
    expect(factory.opens()).toBe(1)
    await adapter.close()
    expect(factory.databases.map(isClosed)).toEqual([true])
  })

  it('is closed also when the adapter is closed before it is open', async () => {
    const { adapter, factory, databaseName } = opened()
    const pending = adapter.put(7, '{}')
    await adapter.close()
    await expect(pending).rejects.toMatchObject({ code: 'CLOSED' })
    await answerOf(indexedDB.deleteDatabase(databaseName))
    expect(factory.databases.map(isClosed)).toEqual([true])
  })

  it('lets a write that has begun finish when the adapter is closed', async () => {
    let closing: Promise<void> | undefined
    const { adapter, databaseName } = opened({
      now: () => {
        closing ??= adapter.close()
        return 0
      },
    })
    expect(await adapter.put(7, '{"a":1}', { ttlMs: 1000 })).toEqual({ stored: true })
    await closing
    const other = indexedDbAdapter({ databaseName, now: () => 0 })
    expect((await other.get(7))?.raw).toBe('{"a":1}')
    await other.close()
  })

  it('gives way to who deletes the database, and is opened again', async () => {
    const { adapter, factory, databaseName } = opened()
    await adapter.put(7, '{}')
    await answerOf(indexedDB.deleteDatabase(databaseName)) // never resolves when it is blocked
    expect(await adapter.get(7)).toBe(null)
    expect(await adapter.put(8, '{}')).toEqual({ stored: true })
    expect(factory.databases.map(isClosed)).toEqual([true, false])
    await adapter.close()
  })

  it('gives way to a newer version, says so, and works again when that has gone', async () => {
    const { adapter, databaseName } = opened()
    await adapter.put(7, '{}')
    const newer = await answerOf(indexedDB.open(databaseName, 2))
    const wanted = {
      code: 'ADAPTER_FAILED',
      operation: 'get',
      message: 'indexeddb get: the database is of a newer version of storyart-sdk; reload the page.',
      cause: expect.objectContaining({ name: 'VersionError' }),
    }
    await expect(adapter.get(7)).rejects.toMatchObject(wanted)
    expect(await adapter.health()).toMatchObject({ ok: false, error: expect.stringContaining('reload the page') })
    newer.close()
    await answerOf(indexedDB.deleteDatabase(databaseName))
    expect(await adapter.health()).toMatchObject({ ok: true })
    await adapter.close()
  })

  it('finishes what has begun before it gives way', async () => {
    let deletion: Promise<unknown> | undefined
    const { adapter, databaseName } = opened({
      now: () => {
        deletion ??= answerOf(indexedDB.deleteDatabase(databaseName))
        return 0
      },
    })
    const writes = [1, 2, 3].map((id) => adapter.put(id, '{"a":1}'.repeat(100_000), { ttlMs: 1000 }))
    expect(await Promise.all(writes)).toEqual([{ stored: true }, { stored: true }, { stored: true }])
    await deletion
    expect((await adapter.list({ limit: 9 })).entries).toEqual([])
    await adapter.close()
  })

  it('is replaced, once for all, when it turns out to be closed', async () => {
    const { adapter, factory } = opened()
    await adapter.put(7, '{}')
    factory.databases[0]?.close()
    const calls = [adapter.get(7), adapter.get(7), adapter.get(7)]
    expect(await Promise.all(calls)).toEqual([{ raw: '{}' }, { raw: '{}' }, { raw: '{}' }])
    expect(factory.opens()).toBe(2)
    await adapter.close()
    expect(factory.databases.map(isClosed)).toEqual([true, true])
  })

  it('is not replaced again and again', async () => {
    let opens = 0
    const closing: IndexedDbAdapterOptions['indexedDB'] = {
      open(name, version) {
        opens++
        const request = indexedDB.open(name, version)
        request.addEventListener('success', () => request.result.close())
        return request
      },
    }
    const { adapter } = opened({ indexedDB: closing })
    await expect(adapter.put(7, '{}')).rejects.toMatchObject({ code: 'ADAPTER_UNAVAILABLE', operation: 'put' })
    expect(opens).toBe(3)
    await adapter.close()
  })

  it('is not replaced because a caller aborts', async () => {
    const { adapter, factory } = opened()
    const controller = new AbortController()
    const pending = adapter.get(7, { signal: controller.signal })
    controller.abort() // with an AbortError, which is also what a browser gives for a connection it closes
    await expect(pending).rejects.toBe(controller.signal.reason)
    expect(await adapter.get(7)).toBe(null)
    expect(factory.opens()).toBe(1)
    await adapter.close()
  })

  it('is replaced when the browser has closed it, because its data were cleared', async () => {
    const { adapter, factory } = opened()
    await adapter.put(7, '{}')
    const [database] = factory.databases
    const closed = new Promise((resolve) => database?.addEventListener('close', resolve))
    await cdp().send('Storage.clearDataForOrigin', { origin: location.origin, storageTypes: 'indexeddb' })
    await closed
    expect(await adapter.get(7)).toBe(null)
    expect(await adapter.put(7, '{"a":1}')).toEqual({ stored: true })
    expect(factory.opens()).toBe(2)
    await adapter.close()
  })

  it('rejects a write whose transaction the browser aborts, and nothing of it stays', async () => {
    const { adapter } = opened({
      now: () => {
        transactions.at(-1)?.abort()
        return 0
      },
    })
    const transactions: IDBTransaction[] = []
    const real = IDBDatabase.prototype.transaction
    IDBDatabase.prototype.transaction = function (...args) {
      const transaction = real.apply(this, args)
      transactions.push(transaction)
      return transaction
    }
    try {
      const failed = { code: 'ADAPTER_UNAVAILABLE', operation: 'put', message: expect.stringContaining('try again') }
      await expect(adapter.put(7, '{}', { ttlMs: 1000 })).rejects.toMatchObject(failed)
    } finally {
      IDBDatabase.prototype.transaction = real
    }
    transactions.length = 0
    expect(await adapter.get(7)).toBe(null)
    await adapter.close()
  })
})

describe('a database that cannot be opened', () => {
  const failures = [
    ['SecurityError', 'ADAPTER_DENIED', 'the browser forbids this page its storage; allow it'],
    [
      'InvalidStateError',
      'ADAPTER_UNAVAILABLE',
      'the database did not answer, or was closed by the browser; try again',
    ],
    ['UnknownError', 'ADAPTER_UNAVAILABLE', 'the database did not answer, or was closed by the browser; try again'],
    ['QuotaExceededError', 'ADAPTER_QUOTA', 'the storage is full, and nothing was changed; delete old sessions'],
  ] as const
  for (const [name, code, what] of failures) {
    it(`is reported as ${code} for ${name}, and tried again by the next call`, async () => {
      const cause = new DOMException('what must not be told', name)
      let broken = true
      const { adapter } = opened({
        indexedDB: {
          open(database, version) {
            if (broken) throw cause
            return indexedDB.open(database, version)
          },
        },
      })
      const error = await adapter.put(7, '{}').catch((thrown: unknown) => thrown)
      expect(error).toMatchObject({ name: 'AdapterError', code, adapter: 'indexeddb', operation: 'put', cause })
      expect(error).toMatchObject({ message: `indexeddb put: ${what}.` })
      broken = false
      expect(await adapter.put(7, '{}')).toEqual({ stored: true })
      await adapter.close()
    })
  }

  it('is reported when it is one of something else', async () => {
    const { adapter, databaseName } = opened()
    ;(await answerOf(indexedDB.open(databaseName, 1))).close()
    await expect(adapter.get(7)).rejects.toMatchObject({
      code: 'ADAPTER_FAILED',
      message: 'indexeddb get: the database is not one of sessions; pass another databaseName.',
    })
    await adapter.close()
  })

  it('is reported when a page with an older version keeps it open, and tried again by the next call', async () => {
    const factory = watchedFactory()
    const next: IndexedDbAdapterOptions['indexedDB'] = { open: (name) => factory.open(name, 2) }
    const { adapter, databaseName } = opened({ indexedDB: next })
    const older = await answerOf(indexedDB.open(databaseName, 1))
    await expect(adapter.put(7, '{}')).rejects.toMatchObject({
      code: 'ADAPTER_UNAVAILABLE',
      message: 'indexeddb put: a page with an older version of storyart-sdk is open; close or reload it.',
    })
    older.close()
    expect(await adapter.put(7, '{}')).toEqual({ stored: true })
    await adapter.close()
    // The one that came too late was closed, too.
    expect(factory.databases.map(isClosed)).toEqual([true, true])
  })
})
