import { describe, expect, it } from 'vitest'
import { memoryAdapter } from '../../../src/adapters/memory.js'
import { SessionReader, SessionStore } from '../../../src/store/index.js'
import { DEADLINE_MS, setUp } from './fallback-set-up.js'
import { fail, hang, hold, manualClock, scriptedAdapter, settle } from './scripted-adapter.js'

const CLOSED = { code: 'CLOSED' }

describe('close without a fallback', () => {
  it('waits for a save in flight, which finishes', async () => {
    const adapter = scriptedAdapter()
    const store = new SessionStore({ adapter })
    const gate = hold()
    adapter.script('put', gate.step)
    const saving = store.save({ scriptText: 'a' }, { timestamp: 1000 })
    await gate.reached
    const closing = store.close()
    await expect(store.get(1000)).rejects.toMatchObject(CLOSED)
    await settle()
    expect(adapter.calls).toEqual(['put 1000'])
    gate.release()
    expect(await saving).toMatchObject({ timestamp: 1000, degraded: false })
    await closing
    expect(adapter.calls).toEqual(['put 1000', 'close'])
  })

  it('waits for a save that needs several attempts', async () => {
    const { now, schedule } = manualClock()
    const adapter = scriptedAdapter({ now })
    const store = new SessionStore({ adapter, now, schedule })
    for (let i = 0; i < 20; i++) await adapter.inner.put(now() + i, '{}')
    const saving = store.save({ scriptText: 'a' })
    await store.close()
    expect((await saving).timestamp).toBeGreaterThanOrEqual(now() + 20)
  })

  it('does not wait for ever, and what still runs says so', async () => {
    const clock = manualClock()
    const adapter = scriptedAdapter({ now: clock.now })
    const store = new SessionStore({ adapter, deadlineMs: DEADLINE_MS, now: clock.now, schedule: clock.schedule })
    await store.save({ scriptText: 'a' }, { timestamp: 1000 })
    const change = hold()
    const updating = store.update(1000, async (session) => {
      await change.step(async () => undefined)
      return { ...session, scriptText: 'b' }
    })
    await change.reached
    const closing = store.close()
    await clock.advance(3 * DEADLINE_MS)
    await closing
    change.release()
    await expect(updating).rejects.toMatchObject(CLOSED)
    expect(clock.timers).toBe(0)
  })

  it('rejects when the adapter cannot be closed in time', async () => {
    const clock = manualClock()
    const adapter = scriptedAdapter()
    adapter.script('close', hang())
    const store = new SessionStore({ adapter, deadlineMs: DEADLINE_MS, schedule: clock.schedule })
    const closing = store.close().catch((error: unknown) => error)
    await clock.advance(DEADLINE_MS)
    expect(await closing).toMatchObject({ code: 'ADAPTER_UNAVAILABLE', operation: 'close' })
    await expect(store.close()).rejects.toMatchObject({ code: 'ADAPTER_UNAVAILABLE' })
  })
})

describe('close with a fallback', () => {
  it('closes every tier, once, and ends every listener and timer', async () => {
    const { store, primary, second, third, clock, told } = setUp()
    primary.script('put', fail())
    await store.save({ scriptText: 'a' })
    primary.always = undefined
    await Promise.all([store.close(), store.close()])
    await store.close()
    for (const tier of [primary, second, third]) expect(tier.calls.filter((call) => call === 'close')).toHaveLength(1)
    expect(told.map((name) => name.split(' ')[0])).toEqual(['fallback', 'recovered', 'synced'])
    expect(clock.timers).toBe(0)
    for (const call of [store.save({}), store.get(1), store.sync(), store.health()]) {
      await expect(call).rejects.toMatchObject(CLOSED)
    }
    expect(() => store.on('synced', () => undefined)).toThrow('the store is closed')
  })

  it('brings home what waits', async () => {
    const { store, primary } = setUp()
    primary.always = fail()
    await store.save({ scriptText: 'a' }, { timestamp: 1000 })
    primary.always = undefined
    const inner = { ...primary.inner }
    let texts: unknown
    primary.script('close', async () => {
      texts = await inner.get(1000)
    })
    await store.close()
    expect(texts).toEqual({ raw: '{"scriptText":"a","timestamp":1000}' })
  })

  it('waits for a save in flight, which falls back and comes home', async () => {
    const { store, primary, clock } = setUp()
    primary.script('put', hang())
    const saving = store.save({ scriptText: 'a' }, { timestamp: 1000 })
    await settle()
    const closing = store.close()
    await clock.advance(DEADLINE_MS)
    expect(await saving).toMatchObject({ storage: 'second', degraded: true })
    await closing
    expect(primary.calls.filter((call) => call === 'put 1000')).toHaveLength(2)
    expect(clock.timers).toBe(0)
  })

  it('rejects when sessions would be lost, closes the others, and leaves theirs open', async () => {
    const { store, primary, second, third, clock } = setUp()
    primary.always = fail('ADAPTER_UNAVAILABLE', 'primary: no route')
    for (const timestamp of [1000, 2000]) await store.save({ scriptText: `v${timestamp}` }, { timestamp })
    const error = await store.close().catch((reason: unknown) => reason)
    expect(error).toMatchObject({ code: 'ADAPTER_UNAVAILABLE', operation: 'close', adapter: 'primary' })
    expect((error as Error).message).toBe(
      'primary: 2 saved sessions wait in second alone and would be lost with the process (primary: no route); the adapter second was left open: read it, or pass it on as fallback of another store',
    )
    expect([primary, second, third].map(({ calls }) => calls.includes('close'))).toEqual([true, false, true])
    expect(clock.timers).toBe(0)
    await expect(store.close()).rejects.toBe(error)
    const rescued = new SessionReader({ adapter: second })
    expect((await rescued.latest())?.session.scriptText).toBe('v2000')
    const next = new SessionStore({ adapter: memoryAdapter(), fallback: [second] })
    expect(await next.sync()).toEqual({ synced: 2, conflicts: 0, waiting: 0 })
    await next.close()
  })

  it('gives a primary that hangs one deadline', async () => {
    const { store, primary, second, clock } = setUp()
    primary.script('put', fail())
    await store.save({ scriptText: 'a' })
    primary.always = hang()
    let ended = false
    const closing = store.close().then(
      () => expect.unreachable(),
      (error: unknown) => {
        ended = true
        return error
      },
    )
    await clock.advance(DEADLINE_MS - 1)
    expect(ended).toBe(false)
    await clock.advance(1)
    expect(ended).toBe(true)
    expect(await closing).toMatchObject({ code: 'ADAPTER_UNAVAILABLE' })
    expect(Object.keys(await second.texts())).toHaveLength(1)
    expect(clock.timers).toBe(0)
  })

  it('says why the primary did not take them', async () => {
    const { store, primary } = setUp()
    primary.script('put', fail(), ...Array.from({ length: 20 }, () => fail('ADAPTER_QUOTA', 'primary: full')))
    await store.save({ scriptText: 'a' })
    await expect(store.close()).rejects.toMatchObject({
      message: expect.stringMatching(/^primary: 1 saved session waits in second alone .*\(primary: full\)/),
      cause: { code: 'ADAPTER_QUOTA' },
    })
  })

  it('is content with what waits in a durable tier', async () => {
    const { store, primary, second, third } = setUp()
    primary.always = fail()
    second.always = fail()
    await store.save({ scriptText: 'a' }, { timestamp: 1000 })
    expect(Object.keys(await third.texts())).toEqual(['1000'])
    await store.close()
    expect(third.calls).toContain('close')
  })

  it('of a store that was never used asks only the tiers that forget', async () => {
    const { store, primary, second, third } = setUp()
    await store.close()
    expect([primary.calls, second.calls, third.calls]).toEqual([['close'], ['list', 'list', 'close'], ['close']])
    const other = setUp()
    await other.second.inner.put(1000, '{}')
    other.primary.always = fail()
    await expect(other.store.close()).rejects.toMatchObject({ code: 'ADAPTER_UNAVAILABLE' })
  })

  it('counts what was given to a tier that does not answer', async () => {
    const { store, primary, second, third } = setUp()
    primary.always = fail()
    third.always = fail()
    await store.save({ scriptText: 'a' })
    second.always = fail()
    await expect(store.close()).rejects.toMatchObject({ message: expect.stringContaining('1 saved session waits') })
  })

  it('rejects with what a tier says at its end, after closing the others', async () => {
    const { store, primary, second, third } = setUp()
    primary.script('close', fail('ADAPTER_FAILED', 'primary: cannot close'))
    await expect(store.close()).rejects.toMatchObject({ message: 'primary: cannot close' })
    expect([second, third].map(({ calls }) => calls.includes('close'))).toEqual([true, true])
  })
})
