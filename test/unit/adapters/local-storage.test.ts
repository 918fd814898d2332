import { afterEach, describe, expect, it, vi } from 'vitest'
import { type LocalStorageAdapterOptions, localStorageAdapter } from '../../../src/adapters/local-storage.js'
import { revisionOf } from '../../../src/revision.js'
import { type ConformanceHarness, runConformance } from '../../../src/testing/index.js'
import { brokenStorage, FakeLocks, FakeStorage, textOf } from './local-storage-fakes.js'

const KEY = 'storyart:session:'

function harness(options: LocalStorageAdapterOptions): ConformanceHarness {
  let now = 1_770_000_000_000
  const storage = new FakeStorage()
  const open = async () => localStorageAdapter({ storage, now: () => now, ...options })
  return {
    open,
    reopen: open,
    unreachable: async () =>
      localStorageAdapter({ storage: brokenStorage(new DOMException('gone', 'InvalidStateError')) }),
    elapse: async (ms) => {
      now += ms
    },
  }
}

describe('conformance', () => {
  const ways: [string, () => LocalStorageAdapterOptions][] = [
    ['as it comes', () => ({})],
    ['with locks and a prefix', () => ({ locks: new FakeLocks(), keyPrefix: 'app:' })],
    ['without compression', () => ({ compress: false, legacy: false, evict: 'oldest' })],
  ]
  for (const [name, options] of ways) {
    describe(name, () => {
      const shared = options()
      runConformance(it, () => harness(shared))
    })
  }
})

function opened(options: LocalStorageAdapterOptions = {}) {
  const storage = new FakeStorage()
  return { storage, adapter: localStorageAdapter({ storage, now: () => 0, ...options }) }
}

afterEach(() => {
  vi.unstubAllGlobals()
})

describe('localStorageAdapter', () => {
  it('is called localStorage and tells its prefix', () => {
    expect(opened().adapter).toMatchObject({ name: 'localStorage', keyPrefix: '' })
    expect(opened({ keyPrefix: 'app:' }).adapter).toMatchObject({ name: 'localStorage', keyPrefix: 'app:' })
  })

  it('says what to do where there is no localStorage', () => {
    vi.stubGlobal('localStorage', undefined)
    const wanted = {
      code: 'INVALID_ARGUMENT',
      message: expect.stringContaining('pass `storage`, or use memoryAdapter()'),
    }
    expect(() => localStorageAdapter()).toThrow(expect.objectContaining(wanted))
    const denied = new DOMException('no', 'SecurityError')
    Object.defineProperty(globalThis, 'localStorage', {
      configurable: true,
      get() {
        throw denied
      },
    })
    expect(() => localStorageAdapter()).toThrow(expect.objectContaining({ ...wanted, cause: denied }))
    expect(localStorageAdapter({ storage: new FakeStorage() }).name).toBe('localStorage')
  })

  it('takes the global localStorage, and its locks', async () => {
    const storage = new FakeStorage()
    const locks = new FakeLocks()
    vi.stubGlobal('localStorage', storage)
    vi.stubGlobal('Storage', FakeStorage)
    vi.stubGlobal('navigator', { locks })
    for (const adapter of [localStorageAdapter(), localStorageAdapter({ storage })]) {
      await adapter.put(7, '{}')
      expect(locks.requests.length).toBeGreaterThan(0)
      locks.requests.length = 0
    }
    expect([...storage.items.keys()]).toEqual([`${KEY}7`, 'storyart:writes'])
    await localStorageAdapter({ storage: new FakeStorage() }).put(7, '{}')
    await localStorageAdapter({ locks: false }).put(7, '{}')
    expect(locks.requests).toEqual([])
  })

  it('keeps one key a session', async () => {
    const { storage, adapter } = opened({ keyPrefix: 'app:' })
    await adapter.put(7, '{"a":1}', { ttlMs: 5, summary: 'one' })
    await adapter.put(8, '{"a":2}')
    expect([...storage.items]).toEqual([
      ['app:storyart:session:7', 'storyart1|0000000000000005|7|0|7|3|one{"a":1}'],
      ['app:storyart:session:8', 'storyart1|0000000000000000|7|0|7||{"a":2}'],
    ])
  })

  it('takes no other keys for its own', async () => {
    const { storage, adapter } = opened()
    const names = [
      '',
      'abc',
      '007',
      '1e3',
      ' 7',
      '7 ',
      '+7',
      '-7',
      '0',
      '7.0',
      '0x7',
      '9007199254740992',
      '7:meta',
      'NaN',
    ]
    const others = [
      ...names.map((name) => KEY + name),
      `app:${KEY}7`,
      'storyart:session',
      'session:7',
      '7',
      'storyart_prompt_mode',
    ]
    for (const key of others) storage.items.set(key, 'storyart1|0000000000000001|2|0|2||{}')
    const before = new Map(storage.items)
    expect(await adapter.list({ limit: 100 })).toEqual({ entries: [], expired: [] })
    expect(await adapter.get(7)).toBeNull()
    expect(await adapter.prune?.()).toBe(0)
    expect(await adapter.delete(7)).toBe(false)
    expect(storage.items).toEqual(before)
  })

  it('lists without decompressing, and reads only the values of the page', async () => {
    const { storage, adapter } = opened()
    for (let id = 1; id <= 30; id++) await adapter.put(id, textOf(5000, id), { summary: `summary ${id}` })
    storage.reads = []
    vi.stubGlobal('DecompressionStream', undefined)
    const page = await adapter.list({ limit: 3 })
    expect(page.entries[0]).toEqual({ id: 30, summary: 'summary 30', sizeBytes: 5000, ttlMs: null })
    // One more than the page, to know whether there is another.
    expect(storage.reads.filter((key) => key.startsWith(KEY))).toEqual([30, 29, 28, 27].map((id) => KEY + id))
  })

  it('tells which ids it met whose session has expired', async () => {
    let now = 0
    const { adapter } = opened({ now: () => now })
    for (const id of [1, 2, 3, 4]) await adapter.put(id, '{}', id % 2 === 0 ? { ttlMs: 5 } : {})
    now = 5
    expect(await adapter.list({ limit: 9, details: false })).toEqual({
      entries: [{ id: 3 }, { id: 1 }],
      expired: [4, 2],
    })
  })

  it('reads what was stored compressed when it is told not to compress, and the other way round', async () => {
    const storage = new FakeStorage()
    const raw = textOf(5000)
    await localStorageAdapter({ storage }).put(7, raw)
    await localStorageAdapter({ storage, compress: false }).put(8, raw)
    for (const compress of [true, false]) {
      const adapter = localStorageAdapter({ storage, compress })
      for (const id of [7, 8]) expect((await adapter.get(id))?.raw).toBe(raw)
    }
    expect(storage.items.get(`${KEY}7`)?.length).toBeLessThan(3000)
    expect(storage.items.get(`${KEY}8`)?.length).toBeGreaterThan(5000)
  })

  it('cannot read compressed sessions without a DecompressionStream, and does not call them damaged', async () => {
    const { adapter } = opened()
    await adapter.put(7, textOf(5000))
    vi.stubGlobal('DecompressionStream', undefined)
    await expect(adapter.get(7)).rejects.toMatchObject({ code: 'ADAPTER_UNAVAILABLE' })
  })

  it('says which failure is which', async () => {
    for (const [name, code] of [
      ['SecurityError', 'ADAPTER_DENIED'] as const,
      ['Error', 'ADAPTER_UNAVAILABLE'] as const,
    ]) {
      const cause = new DOMException('what it says', name)
      const adapter = localStorageAdapter({ storage: brokenStorage(cause) })
      await expect(adapter.get(7)).rejects.toMatchObject({ code, operation: 'get', adapter: 'localStorage', cause })
      await expect(adapter.put(7, '{}')).rejects.toMatchObject({ code, operation: 'put', cause })
      expect((await adapter.health()).ok).toBe(false)
    }
  })

  it('takes the longest life there is', async () => {
    const now = 1_770_000_000_000
    const { adapter } = opened({ now: () => now })
    await adapter.put(7, '{}', { ttlMs: Number.MAX_SAFE_INTEGER })
    expect((await adapter.list({ limit: 1 })).entries[0]?.ttlMs).toBe(Number.MAX_SAFE_INTEGER - now)
    expect((await adapter.get(7))?.raw).toBe('{}')
  })

  it('leaves nothing of a health check', async () => {
    const { storage, adapter } = opened()
    expect(await adapter.health()).toEqual({ ok: true, latencyMs: 0 })
    expect(storage.items.size).toBe(0)
  })
})

describe('a damaged entry', () => {
  async function damagedAs(change: (value: string) => string) {
    const { storage, adapter } = opened()
    for (const id of [6, 7, 8]) await adapter.put(id, textOf(5000, id), { summary: `summary ${id}` })
    storage.items.set(`${KEY}7`, change(storage.items.get(`${KEY}7`) ?? ''))
    return { storage, adapter }
  }
  const ways: [string, (value: string) => string][] = [
    ['cut short', (value) => value.slice(0, -1)],
    ['cut in its head', (value) => value.slice(0, 20)],
    ['emptied', () => ''],
    ['garbage', () => 'garbage'],
    ['a document without a head', () => '{"scriptText":"x"}'],
    ['changed in its middle', (value) => `${value.slice(0, 900)}\u0100\u0200${value.slice(902)}`],
  ]
  for (const [name, change] of ways) {
    it(`fails to be read, is listed, and hides no other: ${name}`, async () => {
      const { adapter } = await damagedAs(change)
      await expect(adapter.get(7)).rejects.toMatchObject({
        code: 'ADAPTER_FAILED',
        message: 'localStorage get: session 7 is damaged; save it again or delete it.',
      })
      expect((await adapter.list({ limit: 9 })).entries.map(({ id }) => id)).toEqual([8, 7, 6])
      expect((await adapter.get(6))?.raw).toBe(textOf(5000, 6))
      const expected = revisionOf(textOf(5000, 7))
      await expect(adapter.put(7, '{}', { expect: expected })).rejects.toMatchObject({ code: 'ADAPTER_FAILED' })
      expect(await adapter.put(7, '{}', { expect: 'absent' })).toEqual({ stored: false, reason: 'exists' })
    })

    it(`can be saved again and deleted: ${name}`, async () => {
      const { adapter } = await damagedAs(change)
      expect(await adapter.put(7, '{"a":1}')).toEqual({ stored: true })
      expect((await adapter.get(7))?.raw).toBe('{"a":1}')
      const other = await damagedAs(change)
      expect(await other.adapter.delete(7)).toBe(true)
      expect(await other.adapter.get(7)).toBeNull()
    })
  }

  it('tells only its id', async () => {
    const { adapter } = await damagedAs((value) => value.slice(0, -1))
    expect((await adapter.list({ limit: 9 })).entries[1]).toEqual({ id: 7 })
    await expect(adapter.touch(7, 5)).rejects.toMatchObject({ code: 'ADAPTER_FAILED' })
  })

  it('is not removed by prune', async () => {
    const { storage, adapter } = await damagedAs(() => 'garbage')
    expect(await adapter.prune?.()).toBe(0)
    expect(storage.items.get(`${KEY}7`)).toBe('garbage')
  })
})

describe('a write', () => {
  it('compares again when somebody wrote while it compared', async () => {
    const { storage, adapter } = opened()
    const raw = textOf(5000)
    await adapter.put(7, raw)
    const pending = adapter.put(7, '{"a":"late"}', { expect: revisionOf(raw) })
    // Not through an adapter: as another tab does where there are no locks.
    const intruder = 'storyart1|0000000000000000|2|0|2||{}'
    const get = storage.getItem.bind(storage)
    let looks = 0
    storage.getItem = (key) => {
      if (key === `${KEY}7` && ++looks === 2) storage.items.set(key, intruder)
      return get(key)
    }
    expect(await pending).toEqual({ stored: false, reason: 'changed' })
    expect(storage.items.get(`${KEY}7`)).toBe(intruder)
  })

  it('aborted while it waits for its turn writes nothing, and leaves the turn to others', async () => {
    const locks = new FakeLocks()
    const { storage, adapter } = opened({ locks })
    let release = (): void => undefined
    const blocked = locks.request(
      'storyart:writes',
      {},
      () =>
        new Promise<void>((resolve) => {
          release = resolve
        }),
    )
    const controller = new AbortController()
    const reason = new Error('enough')
    const pending = adapter.put(7, '{}', { signal: controller.signal })
    await new Promise((resolve) => setImmediate(resolve))
    controller.abort(reason)
    await expect(pending).rejects.toBe(reason)
    release()
    await blocked
    expect(await adapter.put(8, '{}')).toEqual({ stored: true })
    expect([...storage.items.keys()]).toEqual([`${KEY}8`, 'storyart:writes'])
  })

  it('aborted while it compares writes nothing', async () => {
    const { storage, adapter } = opened()
    const raw = textOf(50_000)
    await adapter.put(7, raw)
    const controller = new AbortController()
    const get = storage.getItem.bind(storage)
    storage.getItem = (key) => {
      controller.abort('enough')
      return get(key)
    }
    const pending = adapter.put(7, '{}', { expect: revisionOf(raw), signal: controller.signal })
    await expect(pending).rejects.toBe('enough')
    // By the time this has been read twice, it has been compared as well.
    for (let round = 0; round < 2; round++) expect((await adapter.get(7))?.raw).toBe(raw)
  })

  it('aborted while it compresses writes nothing', async () => {
    const { storage, adapter } = opened()
    const controller = new AbortController()
    const pending = adapter.put(7, textOf(50_000), { signal: controller.signal })
    controller.abort('enough')
    await expect(pending).rejects.toBe('enough')
    await adapter.put(8, textOf(50_000))
    expect([...storage.items.keys()]).toEqual([`${KEY}8`])
  })

  it('gives back its locks at close', async () => {
    const locks = new FakeLocks()
    const { adapter } = opened({ locks })
    await adapter.put(7, '{}')
    expect([...locks.held.keys()]).toEqual(['storyart:writes@1'])
    await adapter.close()
    await adapter.close()
    await new Promise((resolve) => setImmediate(resolve))
    expect([...locks.held.keys()]).toEqual([])
  })
})
