import { describe, expect, it } from 'vitest'
import type { SessionStore } from '../../../src/store/index.js'
import { type FallbackSetUp, setUp } from './fallback-set-up.js'
import { answer, fail, hold, settle, torn } from './scripted-adapter.js'

const raw = (timestamp: number, text: string): string => `{"scriptText":"${text}","timestamp":${timestamp}}`

/** The primary is away, and these wait. */
async function waiting(...timestamps: number[]): Promise<FallbackSetUp> {
  const all = setUp()
  all.primary.always = fail()
  for (const timestamp of timestamps) await all.store.save({ scriptText: `v${timestamp}` }, { timestamp })
  all.told.length = 0
  return all
}

describe('sync', () => {
  it('happens by itself, oldest first, byte for byte, with life and summary', async () => {
    const { store, primary, second, clock, told } = await waiting(3000, 1000, 2000)
    const texts = await second.texts()
    const { ttlMs, summary } = (await second.inner.list({ limit: 1 })).entries[0] ?? {}
    primary.always = undefined
    await clock.advance(250)
    expect(told).toEqual(['recovered', 'synced 1000', 'synced 2000', 'synced 3000'])
    expect(await primary.texts()).toEqual(texts)
    expect(await second.texts()).toEqual({})
    expect((await primary.inner.list({ limit: 1 })).entries[0]).toMatchObject({ ttlMs: Number(ttlMs) - 250, summary })
    expect(await store.get(1000)).toMatchObject({ storage: 'primary', degraded: false })
  })

  it('happens on demand, without waiting for the interval', async () => {
    const { store, primary, second } = await waiting(1000, 2000)
    second.calls.length = 0
    expect(await store.sync()).toEqual({ synced: 0, conflicts: 0, waiting: 2 })
    expect(second.calls.filter((call) => call !== 'list')).toEqual([])
    primary.always = undefined
    expect(await store.sync()).toEqual({ synced: 2, conflicts: 0, waiting: 0 })
    expect(await store.sync()).toEqual({ synced: 0, conflicts: 0, waiting: 0 })
  })

  it('reports what a pass that runs already carries', async () => {
    const { store, primary, clock } = await waiting(1000, 2000)
    primary.always = undefined
    const gate = hold()
    primary.script('put', gate.step)
    await clock.advance(250)
    await gate.reached
    const syncing = store.sync()
    gate.release()
    expect(await syncing).toEqual({ synced: 2, conflicts: 0, waiting: 0 })
  })

  it('takes the oldest first, wherever it waits', async () => {
    const { store, primary, second, told } = await waiting(2000)
    second.script('put', fail())
    await store.save({ scriptText: 'v1000' }, { timestamp: 1000 })
    told.length = 0
    primary.always = undefined
    await store.sync()
    expect(told).toEqual(expect.arrayContaining(['synced 1000', 'synced 2000']))
    expect(told.indexOf('synced 1000')).toBeLessThan(told.indexOf('synced 2000'))
  })

  it('leaves the timer alone that was set before somebody else asked', async () => {
    const { store, primary, clock } = await waiting(1000)
    await clock.advance(100)
    await store.sync() // asks, in vain: the next interval is 500 ms from here
    await clock.advance(499)
    expect(primary.calls.filter((call) => call === 'health')).toHaveLength(1)
    await clock.advance(1)
    expect(primary.calls.filter((call) => call === 'health')).toHaveLength(2)
  })

  it('has nothing to do without a fallback', async () => {
    const { SessionStore } = await import('../../../src/store/index.js')
    const { memoryAdapter } = await import('../../../src/adapters/memory.js')
    const store = new SessionStore({ adapter: memoryAdapter() })
    expect(await store.sync()).toEqual({ synced: 0, conflicts: 0, waiting: 0 })
    expect(await store.health()).toMatchObject({ tiers: [{ storage: 'memory', durable: false, ok: true }], waiting: 0 })
  })

  it('gives up when the primary goes away again, and goes on from there', async () => {
    const { primary, second, clock, told } = await waiting(1000, 2000, 3000)
    primary.always = undefined
    primary.script('put', (work) => work(), fail())
    await clock.advance(250)
    expect(told).toEqual(['recovered', 'synced 1000'])
    expect(Object.keys(await second.texts())).toEqual(['2000', '3000'])
    await clock.advance(500)
    expect(told).toEqual(['recovered', 'synced 1000', 'recovered', 'synced 2000', 'synced 3000'])
  })

  it('tells what the primary refuses, carries the others, and tries again ever less often', async () => {
    const { primary, second, clock, told, events } = await waiting(1000, 2000)
    primary.always = undefined
    primary.script('put', fail('ADAPTER_QUOTA', 'primary: full'))
    await clock.advance(250)
    expect(told).toEqual(['recovered', 'error 1000', 'synced 2000'])
    expect(events.at(-2)?.event).toMatchObject({ error: { code: 'ADAPTER_QUOTA', message: 'primary: full' } })
    primary.script('put', ...Array.from({ length: 1000 }, () => fail('ADAPTER_DENIED')))
    await clock.advance(60_000)
    const errors = told.filter((name) => name === 'error 1000').length
    expect(errors).toBeGreaterThan(5)
    expect(errors).toBeLessThan(15)
    expect(Object.keys(await second.texts())).toEqual(['1000'])
    expect(clock.timers).toBe(1)
  })

  it('rejects with the reason of an aborted signal and drops nothing', async () => {
    const { store, primary, second } = await waiting(1000, 2000)
    primary.always = undefined
    const gate = hold()
    primary.script('put', gate.step)
    const controller = new AbortController()
    const syncing = store.sync({ signal: controller.signal })
    await gate.reached
    controller.abort('enough')
    await expect(syncing).rejects.toBe('enough')
    expect(Object.keys(await second.texts())).toEqual(['1000', '2000'])
  })

  it('rejects when a fallback tier cannot say what waits in it', async () => {
    const { store, third } = await waiting(1000)
    third.always = fail()
    await expect(store.sync()).rejects.toMatchObject({ code: 'ADAPTER_UNAVAILABLE' })
  })

  it('a session that expires while it waits is gone like any other', async () => {
    const { store, primary, clock, told } = await waiting()
    await store.save({ scriptText: 'brief' }, { timestamp: 1000, ttlMs: 100 })
    told.length = 0
    clock.jump(100)
    primary.always = undefined
    expect(await store.sync()).toEqual({ synced: 0, conflicts: 0, waiting: 0 })
    expect([await primary.texts(), told]).toEqual([{}, ['recovered']])
  })

  it('gives a session whose tier cannot tell its life that of the store', async () => {
    const { store, primary, second } = setUp()
    await second.inner.put(1000, '{}')
    second.script('list', async (work) => work(), answer({ entries: [{ id: 1000 }] }))
    await store.sync()
    expect((await primary.inner.list({ limit: 1 })).entries[0]?.ttlMs).toBe(604_800_000)
  })
})

describe('a write that arrives late', () => {
  it('is met by the sync, which only drops the copy', async () => {
    const { store, primary, second, clock, told } = setUp()
    const gate = hold()
    primary.script('put', gate.step)
    const saving = store.save({ scriptText: 'a' }, { timestamp: 1000 })
    await clock.advance(1000)
    expect((await saving).degraded).toBe(true)
    gate.release()
    await settle()
    expect(await primary.texts()).toEqual({ 1000: raw(1000, 'a') })
    await clock.advance(250)
    expect(told).toEqual(['fallback 1000', 'recovered', 'synced 1000'])
    expect([await primary.texts(), await second.texts()]).toEqual([{ 1000: raw(1000, 'a') }, {}])
  })

  it('is replaced by what was saved after it', async () => {
    const { store, primary, clock, told } = setUp()
    const gate = hold()
    primary.script('put', gate.step)
    const saving = store.save({ scriptText: 'a' }, { timestamp: 1000 })
    await clock.advance(1000)
    await saving
    await store.save({ scriptText: 'b' }, { timestamp: 1000 })
    gate.release()
    await clock.advance(250)
    expect(told.filter((name) => /conflict|error/.test(name))).toEqual([])
    expect(await primary.texts()).toEqual({ 1000: raw(1000, 'b') })
  })

  it('that comes after the sync changes nothing', async () => {
    const { store, primary, second, clock } = setUp()
    const gate = hold()
    primary.script('put', gate.step)
    const saving = store.save({ scriptText: 'a' })
    await clock.advance(1000)
    const { timestamp } = await saving
    await clock.advance(250)
    expect(await second.texts()).toEqual({})
    await store.update(timestamp, () => ({ scriptText: 'b' }))
    gate.release() // a new version is written with `expect: 'absent'`
    await settle()
    expect((await store.get(timestamp))?.session.scriptText).toBe('b')
  })

  it('that was cut short is written whole', async () => {
    const { primary, second, clock, store } = setUp()
    // Stored and not listed, as Redis has it between two commands; the next put of the text lists it.
    primary.script('put', async (work) => {
      await work()
      return fail()(work)
    })
    await store.save({ scriptText: 'a' }, { timestamp: 1000 })
    await primary.inner.describe?.(1000, raw(1000, 'a'), 'half a summary')
    await clock.advance(250)
    expect((await primary.inner.list({ limit: 1 })).entries[0]?.summary).toContain('"scriptPreview":"a"')
    expect(await second.texts()).toEqual({})
  })
})

describe('what the primary has got meanwhile', () => {
  it('from somebody else stays, and both are kept', async () => {
    const { store, primary, second, told, events } = await waiting(1000)
    await primary.inner.put(1000, '{"scriptText":"theirs"}')
    await primary.inner.put(1001, '{"scriptText":"next door"}')
    primary.always = undefined
    expect(await store.sync()).toEqual({ synced: 0, conflicts: 1, waiting: 0 })
    expect(told).toEqual(['recovered', 'conflict 1000'])
    expect(events.at(-1)?.event).toEqual({ timestamp: 1000, savedAs: 1002, storage: 'primary' })
    expect(await primary.texts()).toEqual({
      1000: '{"scriptText":"theirs"}',
      1001: '{"scriptText":"next door"}',
      1002: raw(1002, 'v1000'),
    })
    expect(await second.texts()).toEqual({})
    const { entries } = await primary.inner.list({ limit: 1 })
    expect(entries[0]).toMatchObject({ ttlMs: 604_800_000, summary: expect.stringContaining('v1000') })
  })

  it('from this store is older, and is replaced', async () => {
    const { store, primary, second, told } = setUp()
    await store.save({ scriptText: 'first' }, { timestamp: 1000 })
    primary.always = fail()
    await store.save({ scriptText: 'second' }, { timestamp: 1000 })
    await store.save({ scriptText: 'third' }, { timestamp: 1000 })
    primary.always = undefined
    expect(await store.sync()).toEqual({ synced: 1, conflicts: 0, waiting: 0 })
    expect(await primary.texts()).toEqual({ 1000: raw(1000, 'third') })
    expect(told.filter((name) => name.startsWith('conflict'))).toEqual([])
    expect(await second.texts()).toEqual({})
  })

  it('from a sync that was thought lost is older than what was saved since', async () => {
    const { store, primary, told } = setUp()
    primary.always = fail()
    await store.get(1).catch(() => undefined) // so that no save is tried on the primary
    await store.save({ scriptText: 'first' }, { timestamp: 1000 })
    primary.always = undefined
    primary.script('put', torn())
    expect(await store.sync()).toEqual({ synced: 0, conflicts: 0, waiting: 1 })
    primary.always = fail()
    await store.save({ scriptText: 'second' }, { timestamp: 1000 })
    primary.always = undefined
    expect(await store.sync()).toEqual({ synced: 1, conflicts: 0, waiting: 0 })
    expect(await primary.texts()).toEqual({ 1000: raw(1000, 'second') })
    expect(told.filter((name) => name.startsWith('conflict'))).toEqual([])
  })

  it('from a write of this store that was thought lost is newer, and stays', async () => {
    const { store, primary, second, third, clock } = setUp()
    primary.script('put', fail())
    await store.save({ scriptText: 'old' }, { timestamp: 1000 })
    clock.jump(250)
    primary.script('put', torn())
    for (const tier of [second, third]) tier.script('put', fail('ADAPTER_QUOTA'))
    await expect(store.save({ scriptText: 'new' }, { timestamp: 1000 })).rejects.toMatchObject({
      code: 'ADAPTER_UNAVAILABLE',
    })
    await store.sync()
    expect(await primary.texts()).toEqual({ 1000: raw(1000, 'new') })
    expect(await second.texts()).toEqual({})
  })

  it('is compared again when somebody writes between the look and the write', async () => {
    const { store, primary, told } = setUp()
    await store.save({ scriptText: 'first' }, { timestamp: 1000 })
    primary.always = fail()
    await store.save({ scriptText: 'second' }, { timestamp: 1000 })
    primary.always = undefined
    primary.script(
      'put',
      (work) => work(), // expects nothing there, and finds the first
      async (work) => {
        await primary.inner.put(1000, '{"scriptText":"theirs"}')
        return work()
      },
    )
    expect(await store.sync()).toMatchObject({ conflicts: 1, waiting: 0 })
    expect(Object.values(await primary.texts())).toEqual(['{"scriptText":"theirs"}', raw(1001, 'second')])
    expect(told).toContain('conflict 1000')
  })

  it('and loses again between two looks is written when it is gone', async () => {
    const { store, primary } = await waiting(1000)
    await primary.inner.put(1000, '{"scriptText":"theirs"}')
    primary.always = undefined
    primary.script('get', async (work) => {
      await primary.inner.delete(1000)
      return work()
    })
    expect(await store.sync()).toEqual({ synced: 1, conflicts: 0, waiting: 0 })
    expect(await primary.texts()).toEqual({ 1000: raw(1000, 'v1000') })
  })

  it('and keeps changing is left for another time', async () => {
    const { store, primary, told } = setUp()
    await store.save({ scriptText: 'first' }, { timestamp: 1000 })
    primary.always = fail()
    await store.save({ scriptText: 'second' }, { timestamp: 1000 })
    primary.always = undefined
    primary.script('put', ...Array.from({ length: 16 }, () => answer({ stored: false, reason: 'changed' })))
    expect(await store.sync()).toEqual({ synced: 0, conflicts: 0, waiting: 1 })
    expect(told).toContain('error 1000')
  })

  it('beside what is no session, which is kept as it is', async () => {
    const { store, primary, second } = setUp()
    await second.inner.put(1000, 'no session at all')
    await primary.inner.put(1000, '{"scriptText":"theirs"}')
    expect(await store.sync()).toMatchObject({ conflicts: 1 })
    expect(await primary.texts()).toEqual({ 1000: '{"scriptText":"theirs"}', 1001: 'no session at all' })
  })

  it('never under a version that waits itself', async () => {
    const { store, primary, events } = await waiting(1000, 1001)
    await primary.inner.put(1000, '{"scriptText":"theirs"}')
    primary.always = undefined
    expect(await store.sync()).toEqual({ synced: 1, conflicts: 1, waiting: 0 })
    expect(events.find(({ name }) => name === 'conflict')?.event).toMatchObject({ savedAs: 1002 })
    expect(Object.keys(await primary.texts())).toEqual(['1000', '1001', '1002'])
  })
})

describe('an earlier run', () => {
  const restarted = (all: FallbackSetUp): SessionStore => {
    all.primary.always = undefined
    return all.another()
  }

  it('leaves what a durable tier holds, which is found at the first use', async () => {
    const all = await waiting()
    all.second.always = fail()
    await all.store.save({ scriptText: 'kept' }, { timestamp: 1000 })
    all.second.always = undefined
    const store = restarted(all)
    expect(await store.get(1000)).toMatchObject({ storage: 'third', degraded: true })
    await settle()
    expect(await all.primary.texts()).toEqual({ 1000: raw(1000, 'kept') })
    expect(await all.third.texts()).toEqual({})
  })

  it('is found while the primary is away too, and comes home by itself', async () => {
    const all = await waiting(1000)
    const store = all.another()
    await expect(store.get(5)).rejects.toMatchObject({ code: 'ADAPTER_UNAVAILABLE' })
    await settle()
    expect(all.clock.timers).toBe(2) // of the earlier run, and of this one
    all.primary.always = undefined
    await all.clock.advance(250)
    expect(await all.primary.texts()).toEqual({ 1000: raw(1000, 'v1000') })
  })

  it('that ended between writing and dropping does no harm', async () => {
    const all = await waiting(1000)
    await all.primary.inner.put(1000, raw(1000, 'v1000'))
    const store = restarted(all)
    expect(await store.sync()).toEqual({ synced: 1, conflicts: 0, waiting: 0 })
    expect([await all.primary.texts(), await all.second.texts()]).toEqual([{ 1000: raw(1000, 'v1000') }, {}])
  })

  it('that ended between saving beside and dropping does no harm', async () => {
    const all = await waiting(1000)
    await all.primary.inner.put(1000, '{"scriptText":"theirs"}')
    await all.primary.inner.put(1001, raw(1001, 'v1000'))
    const store = restarted(all)
    expect(await store.sync()).toEqual({ synced: 0, conflicts: 1, waiting: 0 })
    expect(Object.keys(await all.primary.texts())).toEqual(['1000', '1001'])
    expect(await all.second.texts()).toEqual({})
  })

  it.each(['conflict 1000', 'synced 1000'])(
    'is told also where the tier does not say that it has dropped it: %s',
    async (event) => {
      const { store, primary, second, clock, told } = await waiting(1000)
      if (event === 'conflict 1000') await primary.inner.put(1000, '{"scriptText":"theirs"}')
      primary.always = undefined
      second.script('delete', torn())
      await clock.advance(250)
      await clock.advance(1000)
      await store.sync()
      expect(told.filter((name) => name === event)).toHaveLength(1)
      expect(await second.texts()).toEqual({})
    },
  )

  it('that ended before what it saved beside was listed lists it', async () => {
    const all = await waiting(1000)
    await all.primary.inner.put(1000, '{"scriptText":"theirs"}')
    await all.primary.inner.put(1001, raw(1001, 'v1000'))
    expect(await restarted(all).sync()).toEqual({ synced: 0, conflicts: 1, waiting: 0 })
    // Refused, and then written again over exactly itself.
    expect(all.primary.calls.filter((call) => call === 'put 1001')).toHaveLength(2)
  })

  it('cannot tell its own older text from that of others, and keeps both', async () => {
    const all = setUp()
    await all.store.save({ scriptText: 'first' }, { timestamp: 1000 })
    all.primary.always = fail()
    await all.store.save({ scriptText: 'second' }, { timestamp: 1000 })
    const store = restarted(all)
    expect(await store.sync()).toEqual({ synced: 0, conflicts: 1, waiting: 0 })
    expect(Object.values(await all.primary.texts())).toEqual([raw(1000, 'first'), raw(1001, 'second')])
  })
})

describe('a copy', () => {
  it('is never dropped before the primary has acknowledged it', async () => {
    const { store, primary, second, clock } = await waiting(1000)
    primary.always = undefined
    const gate = hold()
    primary.script('put', gate.step)
    await clock.advance(250)
    await gate.reached
    expect(Object.keys(await second.texts())).toEqual(['1000'])
    gate.release()
    await settle()
    expect(await second.texts()).toEqual({})
    expect((await store.get(1000))?.storage).toBe('primary')
  })

  it('that changed while it was carried stays', async () => {
    const { store, primary, second } = await waiting(1000)
    primary.always = undefined
    primary.script('put', async (work) => {
      const done = await work()
      await second.inner.put(1000, '{"scriptText":"of another store"}')
      return done
    })
    expect(await store.sync()).toEqual({ synced: 1, conflicts: 0, waiting: 1 })
    expect((await store.get(1000))?.session.scriptText).toBe('of another store')
  })

  it('that cannot be dropped is dropped later', async () => {
    const { store, primary, second, clock, told } = await waiting(1000)
    primary.always = undefined
    second.script('delete', fail())
    await clock.advance(250)
    expect(Object.keys(await second.texts())).toEqual(['1000'])
    await clock.advance(1000)
    expect(await second.texts()).toEqual({})
    expect(told.filter((name) => name === 'synced 1000')).toHaveLength(1)
    expect(await store.count()).toBe(1)
  })

  it('in a tier that is the primary under another name is never dropped', async () => {
    const { SessionStore } = await import('../../../src/store/index.js')
    const { scriptedAdapter } = await import('./scripted-adapter.js')
    const primary = scriptedAdapter()
    const twin = scriptedAdapter({ name: 'twin', inner: primary.inner })
    await primary.inner.put(1000, '{"scriptText":"a"}', { summary: 'kept' })
    const store = new SessionStore({ adapter: primary, fallback: [twin] })
    const errors: unknown[] = []
    store.on('error', ({ error }) => errors.push(error))
    expect(await store.sync()).toEqual({ synced: 0, conflicts: 0, waiting: 1 })
    expect(errors).toMatchObject([
      { code: 'ADAPTER_FAILED', message: expect.stringContaining('is the primary primary itself') },
    ])
    await store.sync()
    expect(errors).toHaveLength(1)
    expect(twin.calls.filter((call) => call.startsWith('delete'))).toEqual([])
    expect((await primary.inner.list({ limit: 1 })).entries[0]?.summary).toBe('kept')
    await store.save({ scriptText: 'b' }, { timestamp: 2000 })
    await store.save({ scriptText: 'b' }, { timestamp: 2000 })
    expect(Object.keys(await primary.texts())).toEqual(['1000', '2000'])
    await store.close()
  })
})

describe('two stores on one fallback', () => {
  it('carry everything once, and see each other', async () => {
    const all = await waiting(1000, 2000)
    const other = all.another()
    await other.save({ scriptText: 'v3000' }, { timestamp: 3000 })
    expect((await all.store.list()).sessions.map(({ timestamp }) => timestamp)).toEqual([3000, 2000, 1000])
    all.primary.always = undefined
    const reports = await Promise.all([all.store.sync(), other.sync()])
    expect(reports.map((report) => report.waiting)).toEqual([0, 0])
    expect(reports.map((report) => report.conflicts)).toEqual([0, 0])
    expect(Object.keys(await all.primary.texts())).toEqual(['1000', '2000', '3000'])
  })

  it('what one deletes the other, on its way with it, does not bring back', async () => {
    const all = await waiting(1000)
    const other = all.another()
    all.primary.always = undefined
    const gate = hold()
    all.primary.script('put', gate.step)
    all.clock.jump(250)
    const syncing = other.sync()
    await gate.reached
    const deleting = all.store.delete(1000)
    await settle()
    gate.release()
    expect(await deleting).toBe(true)
    await syncing
    expect([await all.primary.texts(), await all.second.texts()]).toEqual([{}, {}])
  })
})
