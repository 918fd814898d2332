import { describe, expect, it } from 'vitest'
import { localStorageAdapter } from '../../../src/adapters/local-storage.js'
import { isQuotaError, storageFailure } from '../../../src/adapters/local-storage-failure.js'
import { FakeStorage, textOf } from './local-storage-fakes.js'

const KEY = 'storyart:session:'
/** What an entry of the adapter takes beside the document, with ids of one digit and documents of 100 to 999 characters. */
const HEAD = 'storyart1|0000000000000000|500|0|500||'.length + KEY.length + 1
const document = (seed: number, length = 500): string => textOf(length, seed)
const full = { name: 'AdapterError', code: 'ADAPTER_QUOTA', adapter: 'localStorage', operation: 'put' }

/** A storage with room for exactly `sessions` documents of 500 characters, filled with ids 1, 2, ... */
async function filled(sessions: number, evict: 'never' | 'oldest', now = () => 0) {
  const storage = new FakeStorage(sessions * (HEAD + 500))
  const adapter = localStorageAdapter({ storage, evict, now, compress: false })
  for (let id = 1; id <= sessions; id++) await adapter.put(id, document(id))
  const ids = async () => (await adapter.list({ limit: 100 })).entries.map((entry) => entry.id)
  const state = () => new Map(storage.items)
  return { storage, adapter, ids, state }
}

describe('isQuotaError', () => {
  it('knows the quota errors of all browsers', () => {
    expect(isQuotaError(new DOMException('', 'QuotaExceededError'))).toBe(true)
    expect(isQuotaError({ name: 'NS_ERROR_DOM_QUOTA_REACHED', code: 1014 })).toBe(true)
    expect(isQuotaError({ code: 22 })).toBe(true)
    expect(isQuotaError({ code: 1014 })).toBe(true)
    for (const other of [
      undefined,
      null,
      'QuotaExceededError',
      new Error('x'),
      new DOMException('', 'SecurityError'),
    ]) {
      expect(isQuotaError(other)).toBe(false)
    }
  })
})

describe('storageFailure', () => {
  it('says which is which', () => {
    const codes = [
      new DOMException('', 'QuotaExceededError'),
      new DOMException('', 'SecurityError'),
      new DOMException('', 'InvalidStateError'),
      undefined,
    ].map((cause) => storageFailure('get', cause).code)
    expect(codes).toEqual(['ADAPTER_QUOTA', 'ADAPTER_DENIED', 'ADAPTER_UNAVAILABLE', 'ADAPTER_UNAVAILABLE'])
  })
})

describe('a full storage', () => {
  it('refuses the save and keeps all there was', async () => {
    const { storage, adapter, state } = await filled(3, 'never')
    const before = state()
    const error = await adapter.put(4, document(4)).catch((thrown: unknown) => thrown)
    expect(error).toMatchObject(full)
    expect(String(error)).toContain("no session was changed; delete old sessions or pass evict: 'oldest'.")
    expect(String(error)).toContain(`${KEY}4`)
    expect((error as Error).cause).toBeInstanceOf(DOMException)
    await expect(adapter.put(2, document(9, 501))).rejects.toMatchObject(full)
    expect(storage.items).toEqual(before)
    expect((await adapter.get(2))?.raw).toBe(document(2))
  })

  it('still takes a document of the same size, a new life, and a delete', async () => {
    const { adapter } = await filled(3, 'never')
    expect(await adapter.put(2, document(9))).toEqual({ stored: true })
    expect(await adapter.touch(2, 1000)).toBe(true)
    expect(await adapter.delete(1)).toBe(true)
    expect(await adapter.put(4, document(4))).toEqual({ stored: true })
  })

  it('makes room of expired sessions without being asked', async () => {
    let now = 0
    const { adapter, ids } = await filled(3, 'never', () => now)
    await adapter.touch(2, 10)
    await adapter.touch(3, 20)
    now = 10
    await adapter.put(4, document(4))
    expect(await ids()).toEqual([4, 3, 1])
    await expect(adapter.put(5, document(5))).rejects.toMatchObject(full)
    now = 20
    await adapter.put(5, document(5))
    expect(await ids()).toEqual([5, 4, 1])
  })

  it('is told by health', async () => {
    const { adapter } = await filled(1, 'never')
    const health = await adapter.health()
    expect(health).toEqual({ ok: false, latencyMs: 0, error: expect.stringContaining('the storage is full') })
  })
})

describe("evict: 'oldest'", () => {
  it('removes the oldest, and no more than needed', async () => {
    const { adapter, ids } = await filled(4, 'oldest')
    await adapter.put(5, document(5))
    expect(await ids()).toEqual([5, 4, 3, 2])
    await adapter.put(6, document(6, 900))
    expect(await ids()).toEqual([6, 5, 4])
    expect((await adapter.get(6))?.raw).toBe(document(6, 900))
    expect((await adapter.get(4))?.raw).toBe(document(4))
  })

  it('never removes the one that is written', async () => {
    const { adapter, ids } = await filled(3, 'oldest')
    await adapter.put(1, document(9, 900))
    expect(await ids()).toEqual([3, 1])
    expect((await adapter.get(1))?.raw).toBe(document(9, 900))
    // All there is: its two lengths have one digit more each.
    const largest = document(9, 500 + 2 * (HEAD + 500) - 2)
    expect(await adapter.put(1, largest)).toEqual({ stored: true })
    expect(await ids()).toEqual([1])
    await expect(adapter.put(1, `${largest}x`)).rejects.toMatchObject(full)
    expect((await adapter.get(1))?.raw).toBe(largest)
  })

  it('removes expired ones before living ones that are older', async () => {
    let now = 0
    const { adapter, ids } = await filled(3, 'oldest', () => now)
    await adapter.touch(3, 10)
    now = 10
    await adapter.put(4, document(4))
    expect(await ids()).toEqual([4, 2, 1])
  })

  it('removes nothing, not even for a moment, for what would not fit into an emptied storage', async () => {
    const { storage, adapter, state } = await filled(3, 'oldest')
    const before = state()
    storage.changes.length = 0
    await expect(adapter.put(4, document(4, 3 * (HEAD + 500)))).rejects.toMatchObject(full)
    expect(storage.items).toEqual(before)
    expect(storage.changes).toEqual([])
  })

  it('knows that what is replaced makes room only once', async () => {
    const { storage, adapter, state } = await filled(3, 'oldest')
    const before = state()
    storage.changes.length = 0
    await expect(adapter.put(2, document(9, 3 * (HEAD + 500)))).rejects.toMatchObject(full)
    expect(storage.items).toEqual(before)
    expect(storage.changes).toEqual([])
  })

  it('takes all there is, free room included, and leaves nothing of its trial', async () => {
    const { storage, adapter } = await filled(4, 'oldest')
    await adapter.delete(4)
    const raw = document(9, 3 * (HEAD + 500) + 300)
    expect(await adapter.put(4, raw)).toEqual({ stored: true })
    expect([...storage.items.keys()]).toEqual([`${KEY}4`])
    expect(storage.changes.filter((change) => change.endsWith('probe'))).toEqual(['+storyart:probe', '-storyart:probe'])
    expect((await adapter.get(4))?.raw).toBe(raw)
  })

  it('goes by the age of sessions, not by the order of keys', async () => {
    const storage = new FakeStorage(3 * (HEAD + 500))
    const adapter = localStorageAdapter({ storage, evict: 'oldest', compress: false })
    for (const id of [3, 1, 2]) await adapter.put(id, document(id))
    await adapter.put(4, document(4))
    expect((await adapter.list({ limit: 9 })).entries.map(({ id }) => id)).toEqual([4, 3, 2])
  })

  it('does not touch other keys, StoryArt\u2019s slot and damaged entries', async () => {
    const { storage, adapter, ids } = await filled(3, 'oldest')
    storage.items.set(`${KEY}2`, 'x'.repeat(storage.items.get(`${KEY}2`)?.length ?? 0))
    storage.items.delete(`${KEY}3`)
    const foreign = ['storyart-latest-session', 'storyart_prompt_mode', `${KEY}007`, `other:${KEY}1`]
    for (const key of foreign) storage.items.set(key, 'y'.repeat(100))
    await adapter.put(4, document(4))
    expect(await ids()).toEqual([4, 2])
    for (const key of foreign) expect(storage.items.get(key)).toBe('y'.repeat(100))
  })

  it('puts back what it removed when the browser counts otherwise than by length', async () => {
    let now = 0
    const { storage, adapter, state } = await filled(4, 'oldest', () => now)
    await adapter.touch(3, 10)
    now = 10
    const before = state()
    before.delete(`${KEY}3`) // expired, and not worth its room
    const set = storage.setItem.bind(storage)
    storage.setItem = (key, value) => {
      if (key === `${KEY}5`) throw new DOMException('', 'QuotaExceededError')
      set(key, value)
    }
    await expect(adapter.put(5, document(5))).rejects.toMatchObject(full)
    expect(storage.items).toEqual(before)
    expect(storage.changes.filter((change) => change.startsWith('-')).length).toBe(4)
  })

  it('says so when it cannot put back', async () => {
    const { storage, adapter } = await filled(2, 'oldest')
    storage.setItem = () => {
      throw new DOMException('', 'QuotaExceededError')
    }
    await expect(adapter.put(5, document(5))).rejects.toThrow(`${KEY}2,${KEY}1 could not be put back after making room`)
  })
})

describe('a write that fails at any point', () => {
  for (const evict of ['never', 'oldest'] as const) {
    it(`loses no session (evict: '${evict}')`, async () => {
      for (let point = 0; point < 6; point++) {
        for (const failure of [new DOMException('', 'InvalidStateError'), new DOMException('', 'QuotaExceededError')]) {
          const { storage, adapter, state } = await filled(4, evict)
          const before = state()
          storage.failure = failure
          storage.writesLeft = point
          // One failure and no more, so that what was removed can be put back.
          const set = storage.setItem.bind(storage)
          storage.setItem = (key, value) => {
            const fails = storage.writesLeft === 0
            try {
              set(key, value)
            } finally {
              if (fails) storage.writesLeft = Number.POSITIVE_INFINITY
            }
          }
          const outcome = await adapter.put(5, document(5, 1200)).then(
            () => 'stored',
            (error: { code: string }) => error.code,
          )
          const after = state()
          if (outcome === 'stored') {
            expect((await adapter.get(5))?.raw).toBe(document(5, 1200))
            expect(evict).toBe('oldest')
          } else {
            expect(after).toEqual(before)
            expect(['ADAPTER_QUOTA', 'ADAPTER_UNAVAILABLE']).toContain(outcome)
          }
        }
      }
    })
  }

  it('leaves the older document under the same id whole', async () => {
    const { storage, adapter } = await filled(2, 'never')
    storage.writesLeft = 0
    await expect(adapter.put(2, document(9))).rejects.toMatchObject({ code: 'ADAPTER_UNAVAILABLE', operation: 'put' })
    expect((await adapter.get(2))?.raw).toBe(document(2))
  })
})

describe('a trial that a crash left behind', () => {
  it('is removed by prune and by the next write that needs the room', async () => {
    const { storage, adapter } = await filled(2, 'never')
    await adapter.delete(1)
    const trial = 'x'.repeat(400)
    storage.items.set('storyart:probe', trial)
    expect(await adapter.put(3, document(3))).toEqual({ stored: true })
    expect(storage.items.has('storyart:probe')).toBe(false)
    storage.items.set('storyart:probe', trial)
    expect(await adapter.prune?.()).toBe(1)
    expect(storage.items.has('storyart:probe')).toBe(false)
    expect(await adapter.prune?.()).toBe(0)
  })
})
