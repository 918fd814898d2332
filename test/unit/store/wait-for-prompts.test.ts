import { describe, expect, it } from 'vitest'
import type { SessionAdapter } from '../../../src/adapters/adapter.js'
import { memoryAdapter } from '../../../src/adapters/memory.js'
import { SessionStore } from '../../../src/store/index.js'
import { fail, hold, manualClock, type ScriptedAdapter, scriptedAdapter, settle } from './scripted-adapter.js'

const POLL_MS = 500

/** A session of two beats, so many of which have a prompt. */
function episode(ready: number): string {
  const prompt = { prompts: { cinematic: 'a lighthouse' } }
  const beats = ['s1-b1', 's1-b2'].map((beatId, n) => ({ beatId, ...(n < ready && prompt) }))
  return JSON.stringify({ analyzedEpisode: { scenes: [{ sceneNumber: 1, beats }] } })
}

function setUp({ hears = true } = {}) {
  const clock = manualClock()
  const inner = memoryAdapter({ now: clock.now })
  const adapter: ScriptedAdapter = scriptedAdapter({ now: clock.now, inner })
  const { watch: _, ...deaf } = adapter
  const seen = hears ? adapter : (deaf as unknown as SessionAdapter)
  const store = new SessionStore({ adapter: seen, now: clock.now, schedule: clock.schedule })
  const reads = (): number => adapter.calls.filter((call) => call.startsWith('get')).length
  return { clock, inner, adapter, store, reads }
}

/** What became of a wait, if anything has. */
async function outcome(wait: Promise<unknown>): Promise<unknown> {
  return Promise.race([wait.catch((error: unknown) => error), settle().then(() => 'waits')])
}

describe('waitForPrompts', () => {
  it('resolves at once where all prompts are there', async () => {
    const { store, inner, clock } = setUp()
    await inner.put(7, episode(2))
    const record = await store.waitForPrompts(7)
    expect(record).toMatchObject({ timestamp: 7, storage: 'primary' })
    expect(record.session.analyzedEpisode?.scenes?.[0]?.beats?.length).toBe(2)
    expect(clock.timers).toBe(0)
    await store.close()
  })

  it('resolves with the write that completes them, when it is told', async () => {
    const { store, inner } = setUp()
    await inner.put(7, episode(0))
    const wait = store.waitForPrompts(7)
    expect(await outcome(wait)).toBe('waits')
    await inner.put(7, episode(1))
    await inner.put(8, episode(2))
    expect(await outcome(wait)).toBe('waits')
    await inner.put(7, episode(2))
    expect(await outcome(wait)).toMatchObject({ timestamp: 7 })
    await store.close()
  })

  it('sees by looking what is told by nobody, and reads only what has changed', async () => {
    const { store, inner, clock, reads } = setUp({ hears: false })
    await inner.put(7, episode(0))
    const wait = store.waitForPrompts(7)
    await clock.advance(10 * POLL_MS)
    expect(reads()).toBe(1)
    await inner.put(7, episode(1))
    await clock.advance(10 * POLL_MS)
    expect(reads()).toBe(2)
    await inner.put(7, episode(2))
    await clock.advance(POLL_MS)
    expect(await outcome(wait)).toMatchObject({ timestamp: 7 })
    expect(reads()).toBe(3)
    await store.close()
  })

  it('waits for a session that is not there yet', async () => {
    const { store, inner, clock } = setUp({ hears: false })
    const wait = store.waitForPrompts(7)
    await clock.advance(POLL_MS)
    expect(await outcome(wait)).toBe('waits')
    await inner.put(7, episode(2))
    await clock.advance(POLL_MS)
    expect(await outcome(wait)).toMatchObject({ timestamp: 7 })
    await store.close()
  })

  it.each([
    ['deleted', (inner: SessionAdapter) => inner.delete(7)],
    ['expired', async () => undefined],
  ])('rejects for one that was %s meanwhile', async (_how, end) => {
    const { store, inner, clock } = setUp({ hears: false })
    await inner.put(7, episode(1), { ttlMs: 3 * POLL_MS })
    const wait = store.waitForPrompts(7)
    expect(await outcome(wait)).toBe('waits')
    await end(inner)
    const rejected = expect(wait).rejects.toMatchObject({ code: 'SESSION_CONFLICT', reason: 'missing', timestamp: 7 })
    await clock.advance(3 * POLL_MS)
    await rejected
    await store.close()
  })

  it('misses no write between its first look and its first read, nor during a read', async () => {
    for (const call of ['list', 'get'] as const) {
      const { store, inner, adapter, clock } = setUp({ hears: false })
      await inner.put(7, episode(0))
      const gate = hold()
      adapter.script(call, gate.step)
      const wait = store.waitForPrompts(7)
      await gate.reached
      await inner.put(7, episode(2))
      gate.release()
      await clock.advance(POLL_MS)
      expect(await outcome(wait)).toMatchObject({ timestamp: 7 })
      await store.close()
    }
    for (const hears of [true, false]) {
      const { store, inner, adapter, clock } = setUp({ hears })
      await inner.put(7, episode(0))
      adapter.script('get', async (work) => {
        const old = await work()
        await inner.put(7, episode(2))
        return old
      })
      const wait = store.waitForPrompts(7)
      await clock.advance(hears ? 0 : POLL_MS)
      expect(await outcome(wait)).toMatchObject({ timestamp: 7 })
      await store.close()
    }
  })

  it('gives up when the time is up, and says how long that was', async () => {
    const { store, inner, clock } = setUp()
    await inner.put(7, episode(1))
    const wait = store.waitForPrompts(7, { timeoutMs: 2000 })
    const rejected = expect(wait).rejects.toMatchObject({ name: 'TimeoutError', code: 'TIMEOUT', timeoutMs: 2000 })
    await clock.advance(2000)
    await rejected
    expect(clock.timers).toBe(0)
    await store.close()
  })

  it('ends with the signal, with the store, and with its own arguments', async () => {
    const { store, inner, clock } = setUp()
    await inner.put(7, episode(1))
    const controller = new AbortController()
    const aborted = store.waitForPrompts(7, { signal: controller.signal })
    await settle()
    controller.abort('enough')
    expect(await outcome(aborted)).toBe('enough')
    await expect(store.waitForPrompts(7, { signal: controller.signal })).rejects.toBe('enough')
    for (const bad of [{ timeoutMs: 0 }, { timeoutMs: 2 ** 31 }, { pollMs: 1.5 }]) {
      await expect(store.waitForPrompts(7, bad)).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' })
    }
    await expect(store.waitForPrompts(-1)).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' })
    const closed = store.waitForPrompts(7)
    await settle()
    await Promise.all([expect(closed).rejects.toMatchObject({ code: 'CLOSED' }), store.close()])
    expect(clock.timers).toBe(0)
    await expect(store.waitForPrompts(7)).rejects.toMatchObject({ code: 'CLOSED' })
  })

  it('goes on while the backend is away, but does not begin', async () => {
    const { store, inner, adapter, clock } = setUp({ hears: false })
    await inner.put(7, episode(1))
    adapter.always = fail()
    await expect(store.waitForPrompts(7)).rejects.toMatchObject({ code: 'ADAPTER_UNAVAILABLE' })
    adapter.always = undefined
    const wait = store.waitForPrompts(7)
    await settle()
    adapter.always = fail()
    await inner.put(7, episode(2))
    await clock.advance(5 * POLL_MS)
    expect(await outcome(wait)).toBe('waits')
    adapter.always = undefined
    await clock.advance(POLL_MS)
    expect(await outcome(wait)).toMatchObject({ timestamp: 7 })
    await store.close()
  })

  it('rejects for what is no session', async () => {
    const { store, inner } = setUp()
    await inner.put(7, 'no JSON')
    await expect(store.waitForPrompts(7)).rejects.toMatchObject({ code: 'SESSION_INVALID' })
    await store.close()
  })
})
