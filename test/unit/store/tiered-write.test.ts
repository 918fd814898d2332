import { describe, expect, it } from 'vitest'
import { AdapterError } from '../../../src/errors.js'
import { revisionOf } from '../../../src/revision.js'
import { DEADLINE_MS, setUp } from './fallback-set-up.js'
import { answer, fail, hang, hold, settle } from './scripted-adapter.js'

const NOON = Date.UTC(2026, 2, 1, 12)
const refused = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => expect.unreachable(),
    (error: unknown) => error,
  )

describe('save with a fallback', () => {
  it('goes to the primary alone while that answers', async () => {
    const { store, primary, second, third, told } = setUp()
    expect(await store.save({ scriptText: 'a' })).toMatchObject({
      storage: 'primary',
      degraded: false,
      timestamp: NOON,
    })
    expect(Object.keys(await primary.texts())).toEqual([String(NOON)])
    expect([await second.texts(), await third.texts(), told]).toEqual([{}, {}, []])
  })

  it('says who took it and why, byte for byte what the primary would have', async () => {
    const { store, primary, second, events } = setUp()
    const healthy = setUp()
    const good = await healthy.store.save({ scriptText: 'a' })
    primary.script('put', fail())
    const saved = await store.save({ scriptText: 'a' })
    expect(saved).toEqual({ ...good, storage: 'second', degraded: true })
    expect(await second.texts()).toEqual(await healthy.primary.texts())
    expect(events).toEqual([
      { name: 'fallback', event: { timestamp: NOON, storage: 'second', error: expect.any(AdapterError) } },
    ])
    expect(events[0]?.event).toMatchObject({
      error: { code: 'ADAPTER_UNAVAILABLE', message: 'scripted: ADAPTER_UNAVAILABLE' },
    })
  })

  it('keeps life and summary in the fallback tier', async () => {
    const { store, primary, second, clock } = setUp()
    primary.always = fail()
    await store.save({ scriptText: 'SCENE 1' }, { ttlMs: 60_000 })
    clock.jump(1000)
    const [entry] = (await second.inner.list({ limit: 1 })).entries
    expect(entry?.ttlMs).toBe(59_000)
    expect(entry?.summary).toContain('SCENE 1')
  })

  it.each(['ADAPTER_UNAVAILABLE', 'ADAPTER_QUOTA', 'ADAPTER_FAILED', 'ADAPTER_DENIED'] as const)(
    'goes on to the next tier when a fallback tier answers %s',
    async (code) => {
      const { store, primary, second, third } = setUp()
      primary.script('put', fail())
      second.script('put', fail(code))
      expect(await store.save({ scriptText: 'a' })).toMatchObject({ storage: 'third', degraded: true })
      expect(Object.keys(await third.texts())).toEqual([String(NOON)])
    },
  )

  it('rejects and names every tier when none takes it, and claims nothing', async () => {
    const { store, primary, second, third, told } = setUp()
    const first = fail('ADAPTER_UNAVAILABLE', 'primary: no route')
    primary.script('put', first)
    second.script('put', fail('ADAPTER_QUOTA', 'second: the disk is full'))
    third.script('put', answer({ stored: 'yes' }))
    const error = await refused(store.save({ scriptText: 'the plot' }))
    expect(error).toMatchObject({ code: 'ADAPTER_UNAVAILABLE', adapter: 'primary', operation: 'put' })
    const { message, cause } = error as AdapterError
    expect(message).toBe(
      `session ${NOON} was not saved, because no tier could take it. primary: no route | second: the disk is full | third: put of session ${NOON} gave an answer that is none; see that the adapter passes the cases of storyart-sdk/testing`,
    )
    expect(cause).toMatchObject({ message: 'primary: no route' })
    expect([await primary.texts(), await second.texts(), await third.texts(), told]).toEqual([{}, {}, {}, []])
  })

  it('waits for a primary that hangs no longer than the deadline, and then not at all', async () => {
    const { store, primary, clock } = setUp()
    primary.always = hang()
    let saved = 0
    void store.save({ scriptText: 'a' }).then(() => saved++)
    await clock.advance(DEADLINE_MS - 1)
    expect(saved).toBe(0)
    await clock.advance(1)
    expect(saved).toBe(1)
    await store.save({ scriptText: 'b' })
    expect(primary.calls.filter((call) => call.startsWith('put'))).toHaveLength(1)
  })

  it('does not fall back for a caller who has gone', async () => {
    const { store, primary, second } = setUp()
    primary.script('put', hang())
    const controller = new AbortController()
    const saving = store.save({ scriptText: 'a' }, { signal: controller.signal })
    await settle()
    controller.abort('gone')
    await expect(saving).rejects.toBe('gone')
    expect(await second.texts()).toEqual({})
  })
})

describe('a condition with a fallback', () => {
  it("'absent' counts what waits, whether the primary answers or not", async () => {
    const { store, primary, clock } = setUp()
    primary.always = fail()
    await store.save({ scriptText: 'a' }, { timestamp: 1000, expect: 'absent' })
    const again = { timestamp: 1000, expect: 'absent' }
    await expect(store.save({ scriptText: 'b' }, again)).rejects.toMatchObject({ reason: 'exists' })
    primary.always = undefined
    clock.jump(250)
    await expect(store.save({ scriptText: 'b' }, again)).rejects.toMatchObject({ reason: 'exists' })
    expect((await store.get(1000))?.session.scriptText).toBe('a')
  })

  it('nothing is said to be missing, or replaced, where a tier that holds it cannot be asked', async () => {
    const { store, primary, second, clock } = setUp()
    primary.always = fail()
    await store.save({ scriptText: 'a' }, { timestamp: 1000 })
    primary.always = undefined
    second.always = fail()
    clock.jump(250)
    await expect(store.touch(1000, 5000)).rejects.toMatchObject({ code: 'ADAPTER_UNAVAILABLE' })
    const create = store.save({ scriptText: 'b' }, { timestamp: 1000, expect: 'absent' })
    await expect(create).rejects.toMatchObject({ code: 'ADAPTER_UNAVAILABLE' })
    second.always = undefined
    clock.jump(10_000)
    expect(await store.sync()).toEqual({ synced: 1, conflicts: 0, waiting: 0 })
    expect((await store.get(1000))?.session.scriptText).toBe('a')
  })

  it('what is created over a tier that has never been asked takes nothing from it', async () => {
    const { store, second } = setUp()
    await second.inner.put(1000, '{"scriptText":"left"}')
    second.always = fail()
    await store.save({ scriptText: 'b' }, { timestamp: 1000, expect: 'absent' })
    second.always = undefined
    await store.sync()
    expect((await store.get(1000))?.session.scriptText).toBe('b')
    expect((await store.get(1001))?.session.scriptText).toBe('left')
  })

  it("'absent' cannot be looked up in a primary that is away: what that turns out to hold is kept", async () => {
    const { store, primary, told } = setUp()
    await store.save({ scriptText: 'a' }, { timestamp: 1000 })
    primary.always = fail()
    await store.save({ scriptText: 'b' }, { timestamp: 1000, expect: 'absent' })
    await store.update(1000, () => ({ scriptText: 'c' }))
    primary.always = undefined
    expect(await store.sync()).toEqual({ synced: 0, conflicts: 1, waiting: 0 })
    expect(told.at(-1)).toBe('conflict 1000')
    expect((await store.get(1000))?.session.scriptText).toBe('a')
    expect((await store.get(1001))?.session.scriptText).toBe('c')
  })

  it('a revision is compared where the copy waits while the primary is away', async () => {
    const { store, primary, second, told } = setUp()
    primary.always = fail()
    const first = await store.save({ scriptText: 'a' }, { timestamp: 1000 })
    const second2 = await store.save({ scriptText: 'b' }, { timestamp: 1000, expect: first.revision })
    expect(second2).toMatchObject({ storage: 'second', degraded: true })
    await expect(store.save({ scriptText: 'c' }, { timestamp: 1000, expect: first.revision })).rejects.toMatchObject({
      reason: 'changed',
    })
    expect(await second.texts()).toEqual({ 1000: '{"scriptText":"b","timestamp":1000}' })
    expect(told).toEqual(['fallback 1000', 'fallback 1000'])
  })

  it('a revision of what does not wait needs the primary', async () => {
    const { store, primary, second, third } = setUp()
    const { revision } = await store.save({ scriptText: 'a' }, { timestamp: 1000 })
    primary.always = fail()
    const late = store.save({ scriptText: 'b' }, { timestamp: 1000, expect: revision })
    await expect(late).rejects.toMatchObject({ code: 'ADAPTER_UNAVAILABLE', message: 'scripted: ADAPTER_UNAVAILABLE' })
    expect([await second.texts(), await third.texts()]).toEqual([{}, {}])
  })

  it('a revision of what waits is compared in the primary once that answers, after a sync', async () => {
    const { store, primary, second, clock, told } = setUp()
    primary.always = fail()
    const { revision } = await store.save({ scriptText: 'a' }, { timestamp: 1000 })
    primary.always = undefined
    clock.jump(250)
    const saved = await store.save({ scriptText: 'b' }, { timestamp: 1000, expect: revision })
    expect(saved).toMatchObject({ storage: 'primary', degraded: false })
    expect(told).toEqual(['fallback 1000', 'recovered', 'synced 1000'])
    expect(await primary.texts()).toEqual({ 1000: '{"scriptText":"b","timestamp":1000}' })
    expect(await second.texts()).toEqual({})
  })

  it('a primary that answers the sync and not the write is told as it is', async () => {
    const { store, primary, clock } = setUp()
    primary.always = fail()
    const { revision } = await store.save({ scriptText: 'a' }, { timestamp: 1000 })
    primary.always = undefined
    clock.jump(250)
    primary.script('put', (work) => work(), fail())
    const late = store.save({ scriptText: 'b' }, { timestamp: 1000, expect: revision })
    await expect(late).rejects.toMatchObject({ code: 'ADAPTER_UNAVAILABLE' })
    expect(await primary.texts()).toEqual({ 1000: '{"scriptText":"a","timestamp":1000}' })
  })
})

describe('update with a fallback', () => {
  it('works on what waits, and on the primary afterwards', async () => {
    const { store, primary, second, clock } = setUp()
    primary.always = fail()
    const { timestamp } = await store.save({ scriptText: 'a' }, { ttlMs: 60_000 })
    clock.jump(100)
    const updated = await store.update(timestamp, (session) => ({ ...session, scriptText: 'b' }))
    expect(updated).toMatchObject({ storage: 'second', degraded: true })
    expect((await second.inner.list({ limit: 1 })).entries[0]?.ttlMs).toBe(59_900)
    primary.always = undefined
    clock.jump(200)
    const again = await store.update(timestamp, (session) => ({ ...session, scriptText: `${session.scriptText}c` }))
    expect(again).toMatchObject({ storage: 'primary', degraded: false })
    expect(await primary.texts()).toEqual({ [timestamp]: `{"scriptText":"bc","timestamp":${timestamp}}` })
    expect((await primary.inner.list({ limit: 1 })).entries[0]?.ttlMs).toBe(59_700)
  })

  it('tells where a session is that it had no reason to write', async () => {
    const { store, primary } = setUp()
    primary.always = fail()
    const { timestamp } = await store.save({ scriptText: 'a' })
    expect(await store.update(timestamp, () => undefined)).toMatchObject({ storage: 'second', degraded: true })
  })
})

describe('a newer save', () => {
  it('that reaches the primary replaces the one that waits', async () => {
    const { store, primary, second, told } = setUp()
    primary.script('put', fail())
    await store.save({ scriptText: 'a' }, { timestamp: 1000 })
    expect((await store.health()).waiting).toBe(1)
    primary.script('get', fail()) // so that nothing is synced before
    expect(await store.save({ scriptText: 'b' }, { timestamp: 1000 })).toMatchObject({ degraded: false })
    expect(await second.texts()).toEqual({})
    expect(await primary.texts()).toEqual({ 1000: '{"scriptText":"b","timestamp":1000}' })
    expect(told.filter((name) => name.startsWith('conflict'))).toEqual([])
  })

  it('keeps what another store put there while it was on its way', async () => {
    const { store, primary, second, clock } = setUp()
    primary.script('put', fail())
    await store.save({ scriptText: 'a' }, { timestamp: 1000 })
    clock.jump(250)
    const gate = hold()
    primary.script('put', gate.step)
    const saving = store.save({ scriptText: 'b' }, { timestamp: 1000 })
    await gate.reached
    await second.inner.put(1000, '{"scriptText":"of another"}')
    gate.release()
    await saving
    expect((await store.get(1000))?.session.scriptText).toBe('of another')
    await store.sync()
    expect(Object.values(await primary.texts())).toEqual([
      '{"scriptText":"b","timestamp":1000}',
      '{"scriptText":"of another","timestamp":1001}',
    ])
  })

  it('is what every read gives, also when the older one cannot be dropped', async () => {
    const { store, primary, third, second, clock, told } = setUp()
    primary.always = fail()
    second.script('put', fail())
    await store.save({ scriptText: 'old' }, { timestamp: 1000 })
    expect(Object.keys(await third.texts())).toEqual(['1000'])
    primary.always = undefined
    third.always = fail()
    clock.jump(250)
    await store.save({ scriptText: 'new' }, { timestamp: 1000 })
    third.always = undefined
    clock.jump(250)
    expect(Object.keys(await third.texts())).toEqual(['1000'])
    expect(await store.get(1000)).toMatchObject({ storage: 'primary', degraded: false, session: { scriptText: 'new' } })
    expect((await store.list()).sessions.map(({ storage }) => storage)).toEqual(['primary'])
    expect((await store.health()).waiting).toBe(0)
    expect(await store.sync()).toEqual({ synced: 0, conflicts: 0, waiting: 0 })
    expect(await third.texts()).toEqual({})
    expect(await primary.texts()).toEqual({ 1000: '{"scriptText":"new","timestamp":1000}' })
    expect(told.filter((name) => /^(conflict|error|synced)/.test(name))).toEqual([])
  })

  it('of the same text does not drop what may be the only one', async () => {
    const { store, primary, second, clock } = setUp()
    primary.script('put', fail())
    await store.save({ scriptText: 'a' }, { timestamp: 1000 })
    clock.jump(250)
    await store.save({ scriptText: 'a' }, { timestamp: 1000 })
    expect((await store.get(1000))?.session.scriptText).toBe('a')
    await store.sync()
    expect(await second.texts()).toEqual({})
    expect(await primary.texts()).toEqual({ 1000: '{"scriptText":"a","timestamp":1000}' })
  })
})

describe('delete and touch with a fallback', () => {
  it('delete removes what waits and what is in the primary', async () => {
    const { store, primary, second, third, clock } = setUp()
    await store.save({ scriptText: 'a' }, { timestamp: 1000 })
    primary.script('put', fail())
    await store.save({ scriptText: 'b' }, { timestamp: 1000 })
    clock.jump(250)
    expect(await store.delete(1000)).toBe(true)
    expect([await primary.texts(), await second.texts(), await third.texts()]).toEqual([{}, {}, {}])
    expect(await store.delete(1000)).toBe(false)
  })

  it('delete is true for what only waits', async () => {
    const { store, primary, second, clock } = setUp()
    primary.script('put', fail(), fail('ADAPTER_QUOTA'))
    await store.save({ scriptText: 'a' }, { timestamp: 1000 })
    clock.jump(250)
    expect(await store.delete(1000)).toBe(true)
    expect([await primary.texts(), await second.texts()]).toEqual([{}, {}])
  })

  it("delete forgets what was written: the same text is somebody else's from then on", async () => {
    const { store, primary } = setUp()
    await store.save({ scriptText: 'a' }, { timestamp: 1000 })
    const [raw = ''] = Object.values(await primary.texts())
    await store.delete(1000)
    await primary.inner.put(1000, raw)
    primary.script('put', fail())
    await store.save({ scriptText: 'b' }, { timestamp: 1000 })
    expect(await store.sync()).toMatchObject({ conflicts: 1 })
  })

  it('delete rejects while the primary is away, and leaves what waits', async () => {
    const { store, primary, second } = setUp()
    primary.always = fail()
    await store.save({ scriptText: 'a' }, { timestamp: 1000 })
    await expect(store.delete(1000)).rejects.toMatchObject({ code: 'ADAPTER_UNAVAILABLE' })
    expect(Object.keys(await second.texts())).toEqual(['1000'])
  })

  it('delete rejects when a tier that may hold a copy cannot be asked, before anything is deleted', async () => {
    const { store, primary, third } = setUp()
    await primary.inner.put(1000, '{}')
    third.always = fail()
    await expect(store.delete(1000)).rejects.toMatchObject({ code: 'ADAPTER_UNAVAILABLE' })
    expect(Object.keys(await primary.texts())).toEqual(['1000'])
  })

  it('delete asks only for what may be there', async () => {
    const { store, primary, third } = setUp()
    await primary.inner.put(1000, '{}')
    await store.sync() // from here on it is known that nothing waits
    third.always = fail()
    expect(await store.delete(1000)).toBe(true)
  })

  it('touch reaches both, or what waits alone', async () => {
    const { store, primary, second, clock } = setUp()
    await store.save({ scriptText: 'a' }, { timestamp: 1000, ttlMs: 1000 })
    primary.always = fail()
    expect(await refused(store.touch(1000, 50))).toMatchObject({ code: 'ADAPTER_UNAVAILABLE' })
    await store.save({ scriptText: 'b' }, { timestamp: 1000, ttlMs: 2000 })
    expect(await store.touch(1000, 5000)).toBe(true)
    expect((await second.inner.list({ limit: 1 })).entries[0]?.ttlMs).toBe(5000)
    primary.always = undefined
    primary.script('put', fail('ADAPTER_QUOTA')) // the sync that comes with the recovery
    clock.jump(250)
    expect(await store.touch(1000, 7000)).toBe(true)
    expect((await primary.inner.list({ limit: 1 })).entries[0]?.ttlMs).toBe(7000)
    expect((await second.inner.list({ limit: 1 })).entries[0]?.ttlMs).toBe(7000)
    expect(await store.touch(2000, 7000)).toBe(false)
  })

  it('prune works in every tier that answers', async () => {
    const { store, primary, second, third, clock } = setUp()
    await store.sync()
    for (const { inner } of [primary, second, third]) await inner.put(1000, '{}', { ttlMs: 5 })
    clock.jump(5)
    second.script('prune', fail())
    expect(await store.prune()).toEqual({ removed: 2 })
    for (const tier of [primary, second, third]) tier.script('prune', fail())
    await expect(store.prune()).rejects.toMatchObject({ code: 'ADAPTER_UNAVAILABLE' })
  })
})

describe('operations on one session', () => {
  it('take their turns, and those on others do not wait', async () => {
    const { store, primary } = setUp()
    const gate = hold()
    primary.script('put', gate.step)
    const first = store.save({ scriptText: 'a' }, { timestamp: 1000 })
    await gate.reached
    const later = store.save({ scriptText: 'b' }, { timestamp: 1000 })
    await store.save({ scriptText: 'c' }, { timestamp: 2000 })
    expect(primary.calls.filter((call) => call === 'put 1000')).toHaveLength(1)
    gate.release()
    await Promise.all([first, later])
    expect((await store.get(1000))?.session.scriptText).toBe('b')
  })

  it('a caller who goes while waiting for a turn never has one', async () => {
    const { store, primary } = setUp()
    const gate = hold()
    primary.script('put', gate.step)
    const first = store.save({ scriptText: 'a' }, { timestamp: 1000 })
    await gate.reached
    const controller = new AbortController()
    const later = store.save({ scriptText: 'b' }, { timestamp: 1000, signal: controller.signal })
    controller.abort('gone')
    await expect(later).rejects.toBe('gone')
    gate.release()
    await first
    await settle()
    expect(revisionOf((await primary.texts())[1000] ?? '')).toBe((await first).revision)
  })
})
