import { describe, expect, it } from 'vitest'
import { GuardedAdapter } from '../../../src/store/guarded-adapter.js'
import { WaitingRoom } from '../../../src/store/waiting-room.js'
import { type FallbackSetUp, setUp } from './fallback-set-up.js'
import { fail, hold, manualClock, type ScriptedAdapter, scriptedAdapter, torn } from './scripted-adapter.js'

function roomOver(adapter: ScriptedAdapter): WaitingRoom {
  const { now, schedule } = manualClock()
  const guarded = new GuardedAdapter(adapter, { deadlineMs: 1000, schedule })
  const end = new AbortController().signal
  return new WaitingRoom(guarded, { now, random: () => 1, end, onRecovered: () => undefined })
}

describe('a room where sessions wait', () => {
  it('knows what was taken in while it was looking through', async () => {
    const adapter = scriptedAdapter()
    const room = roomOver(adapter)
    await room.take(1, '{}', {})
    await adapter.inner.delete(1)
    const gate = hold()
    adapter.script('list', async (work) => {
      const page = await work()
      await gate.step(async () => undefined)
      return page
    })
    const looking = room.ids(undefined)
    await gate.reached
    await room.take(2, '{}', {})
    gate.release()
    expect(await looking).toEqual([])
    expect([room.holds(1), room.holds(2), room.occupied]).toEqual([false, true, true])
  })

  it('may hold anything until it has been looked through once', async () => {
    const room = roomOver(scriptedAdapter())
    expect([room.mayHold(), room.mayHold(1)]).toEqual([true, true])
    await room.ids(undefined)
    expect([room.mayHold(), room.mayHold(1)]).toEqual([false, false])
    await room.take(1, '{}', {})
    expect([room.mayHold(), room.mayHold(1), room.mayHold(2)]).toEqual([true, true, false])
    await room.drop(1, 'another text')
    expect(room.holds(1)).toBe(true)
    await room.drop(1, '{}')
    expect(room.knownIds).toEqual([])
  })

  it('does not drop what another store of the process is just putting there', async () => {
    const adapter = scriptedAdapter()
    const [ours, theirs] = [roomOver(adapter), roomOver(adapter)]
    await ours.take(1, 'old', {})
    const gate = hold()
    adapter.script('get', async (work) => {
      const found = await work()
      await gate.step(async () => undefined)
      return found
    })
    const dropping = ours.drop(1, 'old')
    await gate.reached
    const taking = theirs.take(1, 'new', {})
    gate.release()
    await Promise.all([dropping, taking])
    expect(await adapter.texts()).toEqual({ 1: 'new' })
  })

  it('finds all, over many pages', async () => {
    const adapter = scriptedAdapter()
    const all = Array.from({ length: 2500 }, (_, i) => i + 1)
    for (const id of all) await adapter.inner.put(id, '{}')
    expect(await roomOver(adapter).ids(undefined)).toEqual(all)
  })
})

/** An older text lies in the second tier, which has gone; a newer one was acknowledged elsewhere. */
async function outdated(newer: 'primary' | 'third'): Promise<FallbackSetUp> {
  const all = setUp()
  const { store, primary, second, clock } = all
  primary.always = fail()
  await store.get(1).catch(() => undefined) // so that the primary is not even asked to take the old one
  await store.save({ scriptText: 'old' }, { timestamp: 1000 })
  second.always = fail()
  if (newer === 'primary') {
    primary.always = undefined
    clock.jump(250)
  }
  const saved = await store.save({ scriptText: 'new' }, { timestamp: 1000 })
  expect(saved.storage).toBe(newer)
  second.always = undefined
  clock.jump(500)
  return all
}

describe('a copy that is outdated', () => {
  it.each(['primary', 'third'] as const)('by a save to %s is never seen again', async (newer) => {
    const { store, primary, second, told } = await outdated(newer)
    expect((await store.get(1000))?.session.scriptText).toBe('new')
    expect((await store.list()).sessions.map(({ scriptPreview }) => scriptPreview)).toEqual(['new'])
    primary.always = undefined
    expect(await store.sync()).toMatchObject({ conflicts: 0, waiting: 0 })
    expect(await second.texts()).toEqual({})
    expect(await primary.texts()).toEqual({ 1000: '{"scriptText":"new","timestamp":1000}' })
    expect(told.filter((name) => /conflict|error/.test(name))).toEqual([])
  })

  it('does not keep anyone from the newer one while it cannot be dropped', async () => {
    const { store, second } = await outdated('primary')
    second.always = fail()
    expect((await store.get(1000))?.session.scriptText).toBe('new')
  })

  it('may be one that could be read and not be dropped', async () => {
    const { store, primary, second, clock } = setUp()
    primary.script('put', fail())
    await store.save({ scriptText: 'old' }, { timestamp: 1000 })
    clock.jump(250)
    second.script('delete', fail())
    await store.save({ scriptText: 'new' }, { timestamp: 1000 })
    expect(Object.keys(await second.texts())).toEqual(['1000'])
    clock.jump(250)
    expect((await store.get(1000))?.session.scriptText).toBe('new')
  })

  it('is not brought back when the newer one has been deleted', async () => {
    const { store, primary, second } = await outdated('primary')
    await primary.inner.delete(1000)
    await store.sync()
    expect([await primary.texts(), await second.texts()]).toEqual([{}, {}])
  })

  it('is kept beside the newer one if it is not the one that was outdated', async () => {
    const { store, primary, second } = await outdated('primary')
    await second.inner.put(1000, '{"scriptText":"of another store"}')
    expect(await store.sync()).toMatchObject({ conflicts: 1, waiting: 0 })
    expect(Object.values(await primary.texts())).toEqual([
      '{"scriptText":"new","timestamp":1000}',
      '{"scriptText":"of another store","timestamp":1001}',
    ])
  })

  it('makes room for a newer one in the same place', async () => {
    const { store, primary, third } = await outdated('third')
    primary.always = fail()
    const saved = await store.save({ scriptText: 'newest' }, { timestamp: 1000 })
    expect(saved.storage).toBe('second')
    expect((await store.get(1000))?.session.scriptText).toBe('newest')
    expect(await third.texts()).toEqual({})
  })

  it('may be one that a tier has taken and denied', async () => {
    const { store, primary, second, clock } = setUp()
    primary.always = fail()
    second.script('put', torn())
    expect((await store.save({ scriptText: 'old' }, { timestamp: 1000 })).storage).toBe('third')
    expect(Object.keys(await second.texts())).toEqual(['1000'])
    await store.save({ scriptText: 'new' }, { timestamp: 1000 })
    clock.jump(1000)
    expect((await store.get(1000))?.session.scriptText).toBe('new')
    primary.always = undefined
    expect(await store.sync()).toMatchObject({ conflicts: 0, waiting: 0 })
    expect(await primary.texts()).toEqual({ 1000: '{"scriptText":"new","timestamp":1000}' })
  })
})
