import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { localStorageAdapter } from '../../../src/adapters/local-storage.js'
import { LEGACY_KEY, readLegacySlot } from '../../../src/adapters/local-storage-legacy.js'
import { revisionOf } from '../../../src/revision.js'
import { FakeStorage, textOf } from './local-storage-fakes.js'

const ID = 1_770_370_006_877
const session = {
  scriptText: 'INT. LAB',
  episodeContext: '{"episode":{"timestamp":3}}',
  analyzedEpisode: { timestamp: 4 },
}
const text = JSON.stringify({ ...session, timestamp: ID })

function slotHolding(value: string) {
  const storage = new FakeStorage()
  storage.items.set(LEGACY_KEY, value)
  return storage
}

const idIn = (value: string): number | undefined => readLegacySlot(slotHolding(value))?.id

describe('readLegacySlot', () => {
  it('finds the timestamp that StoryArt appends, as number or text', () => {
    expect(idIn(text)).toBe(ID)
    expect(idIn(JSON.stringify({ ...session, timestamp: String(ID) }))).toBe(ID)
    expect(idIn(JSON.stringify({ ...session, timestamp: ID }, null, 2))).toBe(ID)
    expect(idIn(JSON.stringify({ timestamp: ID }))).toBe(ID)
  })

  it('finds it before simple members', () => {
    const after = { timestamp: ID, promptMode: 'storyart', selectedLLM: 'gemini', flag: true, none: null, n: -1.5e3 }
    expect(idIn(JSON.stringify({ ...session, ...after }))).toBe(ID)
  })

  it('finds it at the end of a real-size document', () => {
    expect(idIn(JSON.stringify({ scriptText: textOf(850_000), timestamp: ID }))).toBe(ID)
  })

  it('looks for it in the last 512 characters', () => {
    expect(idIn(JSON.stringify({ timestamp: ID, note: 'x'.repeat(400) }))).toBe(ID)
    expect(idIn(JSON.stringify({ timestamp: ID, note: 'x'.repeat(600) }))).toBeUndefined()
  })

  it('takes no other timestamp for it', () => {
    const others = [
      JSON.stringify(session),
      JSON.stringify({ a: { timestamp: ID } }),
      JSON.stringify({ a: [{ timestamp: ID }] }),
      JSON.stringify({ a: `,"timestamp":${ID}}` }),
      JSON.stringify({ a: `","timestamp":${ID}` }),
      JSON.stringify({ timestamp: ID, scenes: [] }),
      JSON.stringify({ timestamp: 0 }),
      JSON.stringify({ timestamp: -ID }),
      JSON.stringify({ timestamp: ID + 0.5 }),
      JSON.stringify({ timestamp: 'today' }),
      JSON.stringify({ timestamp: 2 ** 53 }),
      text.slice(0, -1),
      `${text}x`,
      '',
      'undefined',
      '[object Object]',
    ]
    for (const other of others) expect(idIn(other)).toBeUndefined()
  })

  it('agrees with JSON.parse on any session', () => {
    const anything = fc.record({
      a: fc.jsonValue(),
      b: fc.string({ unit: fc.constantFrom('"', ',', '{', '}', '\\', 't') }),
    })
    fc.assert(
      fc.property(anything, fc.maxSafeNat(), (rest, timestamp) => {
        expect(idIn(JSON.stringify({ ...rest, timestamp }))).toBe(timestamp === 0 ? undefined : timestamp)
        expect(idIn(JSON.stringify({ timestamp, rest }))).toBeUndefined()
      }),
    )
  })

  it('is quick whatever is in the slot', () => {
    const start = performance.now()
    for (const part of [',"a":', '{"timestamp":1', '"timestamp":1,"a":1 ', '{ ', '1 ']) idIn(part.repeat(200_000))
    expect(performance.now() - start).toBeLessThan(1000)
  })
})

describe("StoryArt's slot in the adapter", () => {
  it('is shown under its own timestamp', async () => {
    const storage = slotHolding(text)
    const adapter = localStorageAdapter({ storage, keyPrefix: 'app:' })
    await adapter.put(ID + 1, '{"a":1}')
    await adapter.put(ID - 1, '{"a":2}')
    expect((await adapter.get(ID))?.raw).toBe(text)
    expect(await adapter.get(3)).toBeNull()
    const { entries } = await adapter.list({ limit: 10 })
    expect(entries.map(({ id }) => id)).toEqual([ID + 1, ID, ID - 1])
    expect(entries[1]).toEqual({ id: ID, sizeBytes: text.length, ttlMs: null })
    expect((await adapter.list({ limit: 10, before: ID })).entries.map(({ id }) => id)).toEqual([ID - 1])
    expect(storage.items.get(LEGACY_KEY)).toBe(text)
  })

  it('is not shown when turned off', async () => {
    const adapter = localStorageAdapter({ storage: slotHolding(text), legacy: false })
    expect(await adapter.get(ID)).toBeNull()
    expect((await adapter.list({ limit: 10 })).entries).toEqual([])
    expect(await adapter.delete(ID)).toBe(false)
  })

  it('gives way to a session of ours, and comes back when that has expired', async () => {
    let now = 0
    const storage = slotHolding(text)
    const adapter = localStorageAdapter({ storage, now: () => now })
    await adapter.put(ID, '{"ours":1}', { ttlMs: 10 })
    expect((await adapter.get(ID))?.raw).toBe('{"ours":1}')
    expect((await adapter.list({ limit: 10 })).entries.length).toBe(1)
    now = 10
    expect((await adapter.get(ID))?.raw).toBe(text)
    expect((await adapter.list({ limit: 10 })).entries).toEqual([{ id: ID, sizeBytes: text.length, ttlMs: null }])
    expect(await adapter.prune?.()).toBe(1)
    expect(storage.items.get(LEGACY_KEY)).toBe(text)
  })

  it('counts in conditions as any session', async () => {
    const storage = slotHolding(text)
    const adapter = localStorageAdapter({ storage })
    expect(await adapter.put(ID, '{}', { expect: 'absent' })).toEqual({ stored: false, reason: 'exists' })
    expect(await adapter.put(ID, '{}', { expect: revisionOf('{}') })).toEqual({ stored: false, reason: 'changed' })
    expect(await adapter.put(ID, '{}', { expect: revisionOf(text), ttlMs: 'keep' })).toEqual({ stored: true })
    expect((await adapter.get(ID))?.raw).toBe('{}')
    expect(storage.items.get(LEGACY_KEY)).toBe(text)
  })

  it('is read anew every time', async () => {
    const storage = slotHolding(text)
    const adapter = localStorageAdapter({ storage })
    await adapter.get(ID)
    storage.items.set(LEGACY_KEY, JSON.stringify({ ...session, timestamp: 7 }))
    expect(await adapter.get(ID)).toBeNull()
    expect((await adapter.list({ limit: 10 })).entries.map(({ id }) => id)).toEqual([7])
    storage.items.set(LEGACY_KEY, 'garbage')
    expect((await adapter.list({ limit: 10 })).entries).toEqual([])
  })

  it('gets no life and no summary: touch makes a copy, describe does nothing', async () => {
    let now = 0
    const long = JSON.stringify({ scriptText: 'x'.repeat(5000), timestamp: ID })
    const storage = slotHolding(long)
    const adapter = localStorageAdapter({ storage, now: () => now })
    await adapter.describe?.(ID, long, 'a summary')
    expect([...storage.items.keys()]).toEqual([LEGACY_KEY])
    expect(await adapter.touch(ID, 100)).toBe(true)
    expect(storage.items.get(LEGACY_KEY)).toBe(long)
    expect((await adapter.list({ limit: 1 })).entries).toEqual([{ id: ID, sizeBytes: long.length, ttlMs: 100 }])
    expect(storage.items.get(`storyart:session:${ID}`)?.length).toBeLessThan(200)
    storage.items.delete(LEGACY_KEY)
    now = 99
    expect((await adapter.get(ID))?.raw).toBe(long)
  })

  it('is removed by delete of exactly that session, whether or not ours hides it', async () => {
    const storage = slotHolding(text)
    const adapter = localStorageAdapter({ storage })
    expect(await adapter.delete(3)).toBe(false)
    expect(await adapter.delete(ID + 1)).toBe(false)
    expect(storage.items.get(LEGACY_KEY)).toBe(text)
    await adapter.put(ID, '{}')
    expect(await adapter.delete(ID)).toBe(true)
    expect(await adapter.get(ID)).toBeNull()
    expect(storage.items.size).toBe(0)
  })
})
