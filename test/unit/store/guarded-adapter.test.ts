import { describe, expect, it } from 'vitest'
import type { SessionAdapter } from '../../../src/adapters/adapter.js'
import { GuardedAdapter } from '../../../src/store/guarded-adapter.js'
import { SessionStore } from '../../../src/store/index.js'
import { answer, hang, manualClock, type Operation, scriptedAdapter, settle } from './scripted-adapter.js'

function guarded() {
  const clock = manualClock()
  const inner = scriptedAdapter({ name: 'redis', now: clock.now })
  return { clock, inner, adapter: new GuardedAdapter(inner, { deadlineMs: 2000, schedule: clock.schedule }) }
}

const CALLS: Record<
  Exclude<Operation, 'close' | 'health'>,
  (adapter: SessionAdapter, signal?: AbortSignal) => Promise<unknown>
> = {
  put: (adapter, signal) => adapter.put(5, '{}', { signal }),
  get: (adapter, signal) => adapter.get(5, { signal }),
  list: (adapter, signal) => adapter.list({ limit: 5 }, { signal }),
  delete: (adapter, signal) => adapter.delete(5, { signal }),
  touch: (adapter, signal) => adapter.touch(5, 5, { signal }),
  describe: async (adapter, signal) => adapter.describe?.(5, '{}', '', { signal }),
  prune: async (adapter, signal) => adapter.prune?.({ signal }),
}
const NAMES = Object.keys(CALLS) as (keyof typeof CALLS)[]

describe('the deadline', () => {
  it.each(NAMES)('ends %s, tells the adapter, and leaves no timer', async (name) => {
    const { clock, inner, adapter } = guarded()
    const limit = name === 'prune' ? 60_000 : 2000
    inner.script(name, hang())
    let failure: unknown
    void CALLS[name](adapter).catch((error: unknown) => {
      failure = error
    })
    await clock.advance(limit - 1)
    expect(failure).toBeUndefined()
    await clock.advance(1)
    expect(failure).toMatchObject({ code: 'ADAPTER_UNAVAILABLE', adapter: 'redis', operation: name })
    expect((failure as Error).message).toContain(`did not answer within ${limit} ms`)
    expect((failure as Error).message.endsWith('may still happen')).toBe(/put|delete|touch|prune/.test(name))
    await CALLS[name](adapter)
    expect(clock.timers).toBe(0)
  })

  it('aborts the signal it has given, with its own error', async () => {
    const { clock, inner } = guarded()
    let given: AbortSignal | undefined
    inner.get = (_id, options) => {
      given = options?.signal
      return new Promise(() => undefined)
    }
    const store = new SessionStore({ adapter: inner, deadlineMs: 10, schedule: clock.schedule })
    const reading = store.get(5).catch((error: unknown) => error)
    await clock.advance(9)
    expect(given?.aborted).toBe(false)
    await clock.advance(1)
    expect(given?.reason).toBe(await reading)
  })

  it("is the caller's own abort too, and listens no longer than the call", async () => {
    const { inner, adapter, clock } = guarded()
    for (const name of NAMES) {
      inner.script(name, hang())
      const controller = new AbortController()
      const call = CALLS[name](adapter, controller.signal)
      await settle()
      controller.abort(name)
      await expect(call).rejects.toBe(name)
      const done = new AbortController()
      let listeners = 0
      const { addEventListener, removeEventListener } = done.signal
      Object.assign(done.signal, {
        addEventListener: (...all: Parameters<typeof addEventListener>) => {
          listeners++
          addEventListener.apply(done.signal, all)
        },
        removeEventListener: (...all: Parameters<typeof removeEventListener>) => {
          listeners--
          removeEventListener.apply(done.signal, all)
        },
      })
      await CALLS[name](adapter, done.signal)
      expect(listeners).toBe(0)
    }
    expect(clock.timers).toBe(0)
  })

  it('makes health say no', async () => {
    const { clock, inner, adapter } = guarded()
    inner.script('health', hang())
    const asking = adapter.health()
    await clock.advance(2000)
    expect(await asking).toMatchObject({ ok: false, error: expect.stringContaining('did not answer within 2000 ms') })
    inner.script('health', async () => {
      throw new TypeError('a mistake')
    })
    expect(await adapter.health()).toMatchObject({ ok: false, error: 'TypeError' })
  })

  it.each([0, -1, 1.5, Number.NaN, 2 ** 31, '5'])('cannot be %s', (deadlineMs) => {
    const options = { adapter: scriptedAdapter(), deadlineMs: deadlineMs as number }
    expect(() => new SessionStore(options)).toThrow('deadlineMs must be a whole number of ms from 1 to 2147483647')
  })
})

const GARBAGE: [Operation, unknown][] = [
  ...[undefined, null, true, {}, { stored: 'yes' }, { stored: false }, { stored: false, reason: 'tired' }].map(
    (value): [Operation, unknown] => ['put', value],
  ),
  ...[undefined, 'text', {}, { raw: 5 }, { raw: null }].map((value): [Operation, unknown] => ['get', value]),
  ...[
    undefined,
    [],
    {},
    { entries: 'none' },
    { entries: [{}] },
    { entries: [null] },
    { entries: [{ id: 1.5 }] },
    { entries: [{ id: 0 }] },
    { entries: [{ id: '5' }] },
    { entries: [{ id: 5, summary: 5 }] },
    { entries: [{ id: 5, ttlMs: Number.NaN }] },
    { entries: [{ id: 5, sizeBytes: 'large' }] },
    { entries: [], expired: 5 },
    { entries: [], expired: ['5'] },
    { entries: [], next: 5 },
    { entries: [{ id: 5 }], next: 'more' },
  ].map((value): [Operation, unknown] => ['list', value]),
  ['delete', undefined],
  ['delete', 1],
  ['touch', 'yes'],
  ['prune', -1],
  ['prune', 'many'],
]

describe('an answer that is none', () => {
  it.each(GARBAGE)('from %s: %o', async (name, value) => {
    const { inner, adapter } = guarded()
    inner.script(name, answer(value))
    const failure = await CALLS[name as keyof typeof CALLS](adapter).catch((error: unknown) => error)
    expect(failure).toMatchObject({ code: 'ADAPTER_FAILED', adapter: 'redis', operation: name })
    expect((failure as Error).message).toContain('gave an answer that is none')
  })

  it('from list: a page after which the walk would not go on', async () => {
    const { inner, adapter } = guarded()
    inner.script('list', answer({ entries: [{ id: 50 }], next: 60 }))
    await expect(adapter.list({ limit: 1, before: 60 })).rejects.toMatchObject({ code: 'ADAPTER_FAILED' })
    inner.script('list', answer({ entries: [{ id: 50 }], next: 50 }))
    await expect(adapter.list({ limit: 1, from: 50, order: 'oldest' })).rejects.toMatchObject({
      code: 'ADAPTER_FAILED',
    })
  })

  it('from list: disorder and repeats are put right', async () => {
    const { inner, adapter } = guarded()
    const entries = [{ id: 1 }, { id: 3 }, { id: 2 }, { id: 3 }]
    inner.script('list', answer({ entries }), answer({ entries }))
    expect(await adapter.list({ limit: 9 })).toEqual({ entries: [{ id: 3 }, { id: 2 }, { id: 1 }] })
    const oldest = await adapter.list({ limit: 9, order: 'oldest' })
    expect(oldest).toEqual({ entries: [{ id: 1 }, { id: 2 }, { id: 3 }] })
  })

  it('from health: it is not well', async () => {
    const { inner, adapter } = guarded()
    inner.script('health', answer('fine'))
    expect(await adapter.health()).toMatchObject({
      ok: false,
      error: expect.stringContaining('gave an answer that is none'),
    })
  })

  it('an adapter without describe and prune is whole', async () => {
    const { inner, clock } = guarded()
    const { describe: _, prune: __, ...plain } = inner
    const adapter = new GuardedAdapter(plain, { deadlineMs: 10, schedule: clock.schedule })
    expect(await adapter.prune()).toBe(0)
    expect(await adapter.describe(5, '{}', '')).toBeUndefined()
  })
})

describe('the adapters of a store', () => {
  it('are adapters, and each another one', () => {
    const adapter = scriptedAdapter()
    const make = (fallback: unknown) => () => new SessionStore({ adapter, fallback: fallback as SessionAdapter[] })
    expect(make([adapter])).toThrow('fallback names an adapter twice')
    const other = scriptedAdapter()
    expect(make([other, other])).toThrow('fallback names an adapter twice')
    expect(make(other)).toThrow('fallback must be an array of adapters')
    expect(make([undefined])).toThrow('fallback must be an array of adapters')
    expect(make([])()).toBeInstanceOf(SessionStore)
  })
})
