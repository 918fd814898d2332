import { describe, expect, it } from 'vitest'
import { AdapterError } from '../../../src/errors.js'
import { Breaker } from '../../../src/store/breaker.js'
import { DEADLINE_MS, setUp } from './fallback-set-up.js'
import { fail, hang, manualClock, settle } from './scripted-adapter.js'

const failure = new AdapterError('ADAPTER_UNAVAILABLE', 'redis: no route', { adapter: 'redis', operation: 'get' })

function newBreaker(random = 1) {
  const clock = manualClock()
  const probes: ((well: boolean) => void)[] = []
  const recoveries: number[] = []
  const breaker = new Breaker({
    name: 'redis',
    now: clock.now,
    random: () => random,
    probe: () => new Promise((resolve) => probes.push(resolve)),
    onRecovered: () => recoveries.push(clock.now()),
  })
  return { clock, breaker, probes, recoveries }
}

describe('a breaker', () => {
  it('lets pass until something fails, then refuses at once and says why', async () => {
    const { breaker, probes } = newBreaker()
    breaker.fail(failure, await breaker.admit('get', undefined))
    expect(breaker.open).toBe(true)
    const refusal = await breaker.admit('put', undefined).catch((error: unknown) => error)
    expect(refusal).toMatchObject({
      code: 'ADAPTER_UNAVAILABLE',
      adapter: 'redis',
      operation: 'put',
      message:
        'redis: put was not tried, because it could not be reached a moment ago (redis: no route); it is asked again within 250 ms',
      cause: failure,
    })
    expect(probes).toEqual([])
  })

  it('is probed after 250 ms, then after twice as long each time, at most 10 s', async () => {
    const { breaker, clock, probes } = newBreaker()
    breaker.fail(failure, 0)
    const waits: number[] = []
    for (let i = 0; i < 8; i++) {
      waits.push(breaker.dueInMs)
      clock.jump(breaker.dueInMs)
      const call = breaker.admit('get', undefined).catch((error: unknown) => error)
      probes.pop()?.(false)
      expect(await call).toMatchObject({ code: 'ADAPTER_UNAVAILABLE' })
    }
    expect(waits).toEqual([250, 500, 1000, 2000, 4000, 8000, 10_000, 10_000])
  })

  it('waits between half of that and the whole, at random', () => {
    for (const [random, wait] of [
      [0, 125],
      [0.5, 187.5],
      [1, 250],
    ] as const) {
      const { breaker } = newBreaker(random)
      breaker.fail(failure, 0)
      expect(breaker.dueInMs).toBe(wait)
    }
  })

  it('lets those wait who come while a call probes, and nobody else', async () => {
    const { breaker, clock, probes, recoveries } = newBreaker()
    breaker.fail(failure, 0)
    const byTimer = breaker.probe('timer')
    await expect(breaker.admit('get', undefined)).rejects.toMatchObject({ code: 'ADAPTER_UNAVAILABLE' })
    clock.jump(250)
    await expect(breaker.admit('get', undefined)).rejects.toMatchObject({ code: 'ADAPTER_UNAVAILABLE' })
    probes.pop()?.(false)
    expect(await byTimer).toBe(false)
    clock.jump(500)
    const calls = [1, 2, 3].map(() => breaker.admit('get', undefined))
    expect(probes).toHaveLength(1)
    probes.pop()?.(true)
    expect(await Promise.all(calls)).toEqual([1, 1, 1])
    expect([breaker.open, recoveries.length]).toEqual([false, 1])
  })

  it('a caller who goes does not wait for the probe', async () => {
    const { breaker, clock } = newBreaker()
    breaker.fail(failure, 0)
    clock.jump(250)
    const controller = new AbortController()
    const call = breaker.admit('get', controller.signal)
    controller.abort('gone')
    await expect(call).rejects.toBe('gone')
  })

  it('is not opened by the end of a call from before a recovery', async () => {
    const { breaker, probes } = newBreaker()
    const slow = await breaker.admit('put', undefined)
    breaker.fail(failure, await breaker.admit('get', undefined))
    const probing = breaker.probe('call')
    probes.pop()?.(true)
    await probing
    breaker.fail(failure, slow)
    expect(breaker.open).toBe(false)
  })

  it('goes on where it was when all fails again right after a recovery', async () => {
    const { breaker, clock, probes } = newBreaker()
    const waits: number[] = []
    for (const wellMs of [0, 10, 10, 5000]) {
      clock.jump(wellMs)
      breaker.fail(failure, await breaker.admit('put', undefined))
      waits.push(breaker.dueInMs)
      const probing = breaker.probe('call')
      probes.pop()?.(true)
      await probing
    }
    expect(waits).toEqual([250, 500, 1000, 250])
  })

  it('is due at once when the clock has gone back an hour', async () => {
    const { breaker, clock } = newBreaker()
    breaker.fail(failure, 0)
    clock.jump(-3_600_000)
    expect(breaker.dueInMs).toBe(0)
  })
})

describe('the breaker of a store', () => {
  it('keeps everybody from a dead primary, and lets one probe through at a time', async () => {
    const { store, primary, clock, told } = setUp()
    primary.always = fail()
    for (let i = 0; i < 50; i++) await store.save({ scriptText: `v${i}` })
    await Promise.allSettled([store.latest(), store.list(), store.count(), store.delete(1)])
    expect(primary.calls).toEqual([expect.stringMatching(/^put/)])
    await clock.advance(250)
    await clock.advance(500)
    for (let i = 0; i < 50; i++) await store.save({ scriptText: `w${i}` })
    expect(primary.calls.slice(1)).toEqual(['health', 'health'])
    expect(told.filter((name) => name.startsWith('fallback'))).toHaveLength(100)
    primary.always = undefined
    await clock.advance(1000)
    expect(told.filter((name) => name === 'recovered')).toHaveLength(1)
    expect(await store.sync()).toMatchObject({ waiting: 0 })
    expect(Object.keys(await primary.texts())).toHaveLength(100)
  })

  it('hanging probes never pile up, and cost no save anything', async () => {
    const { store, primary, clock } = setUp()
    primary.script('put', fail())
    primary.always = hang()
    await store.save({ scriptText: 'a' })
    await clock.advance(250 + DEADLINE_MS / 2)
    expect((await store.save({ scriptText: 'b' })).storage).toBe('second')
    await clock.advance(DEADLINE_MS / 2)
    await clock.advance(500)
    expect(primary.calls.filter((call) => call === 'health')).toHaveLength(2)
    expect(primary.calls.filter((call) => call.startsWith('put'))).toHaveLength(1)
  })

  it('without anything that waits there is no timer, and the next call after the interval probes', async () => {
    const { store, primary, clock, told } = setUp()
    primary.always = fail()
    await expect(store.latest()).rejects.toMatchObject({ code: 'ADAPTER_UNAVAILABLE' })
    await settle()
    expect(clock.timers).toBe(0)
    primary.always = undefined
    await clock.advance(249)
    await expect(store.latest()).rejects.toMatchObject({ code: 'ADAPTER_UNAVAILABLE' })
    await clock.advance(1)
    expect(await Promise.all([store.latest(), store.count(), store.get(1)])).toEqual([null, 0, null])
    expect(told).toEqual(['recovered'])
    expect(primary.calls.filter((call) => call === 'health')).toHaveLength(1)
  })

  it('a session that waits keeps exactly one timer, until it is home', async () => {
    const { store, primary, clock, told } = setUp()
    primary.always = fail()
    for (let i = 0; i < 5; i++) await store.save({ scriptText: `v${i}` })
    await settle()
    expect([clock.timers, clock.nextInMs]).toEqual([1, 250])
    await clock.advance(250)
    expect([clock.timers, clock.nextInMs]).toEqual([1, 500])
    primary.always = undefined
    await clock.advance(500)
    expect(clock.timers).toBe(0)
    expect(told.slice(5)).toEqual(['recovered', ...Array.from({ length: 5 }, () => expect.stringMatching(/^synced/))])
  })

  it('a primary that says it is well and takes nothing is asked ever less often', async () => {
    const { store, primary, clock } = setUp()
    primary.always = undefined
    primary.script('put', ...Array.from({ length: 1000 }, () => fail()))
    await store.save({ scriptText: 'a' })
    await clock.advance(60_000)
    const puts = primary.calls.filter((call) => call.startsWith('put')).length
    expect(puts).toBeGreaterThan(5)
    expect(puts).toBeLessThan(15)
  })

  it('a fallback tier that is away is left alone too', async () => {
    const { store, primary, second } = setUp()
    primary.always = fail()
    second.always = fail()
    for (let i = 0; i < 20; i++) expect((await store.save({ scriptText: `v${i}` })).storage).toBe('third')
    expect(second.calls.length).toBeLessThan(5)
  })

  it('a clock that jumps back an hour loses nothing and stops nothing', async () => {
    const { store, primary, clock, told } = setUp()
    primary.always = fail()
    const first = await store.save({ scriptText: 'before' })
    clock.jump(-3_600_000)
    const later = await store.save({ scriptText: 'after' })
    expect(later.timestamp).toBe(first.timestamp + 1)
    primary.always = undefined
    await clock.advance(500)
    expect(told).toEqual(
      ['fallback', 'fallback', 'recovered', 'synced', 'synced'].map((name) => expect.stringContaining(name)),
    )
    expect((await store.latest())?.session.scriptText).toBe('after')
  })
})
