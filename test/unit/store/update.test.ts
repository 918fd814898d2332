import { describe, expect, it } from 'vitest'
import { memoryAdapter } from '../../../src/adapters/memory.js'
import type { Session } from '../../../src/schema/index.js'
import { SessionStore } from '../../../src/store/index.js'

const NOON = Date.UTC(2026, 2, 1, 12)

function setUp() {
  const clock = { now: NOON }
  const now = (): number => clock.now
  const adapter = memoryAdapter({ now })
  const waits: number[] = []
  const wait = async (ms: number): Promise<void> => void waits.push(ms)
  return { clock, adapter, waits, store: new SessionStore({ adapter, now, random: () => 0.5, wait }) }
}

const countUp = (session: Session): Session =>
  ({ ...session, steps: ((session as { steps?: number }).steps ?? 0) + 1 }) as Session

describe('update', () => {
  it('writes what the change returns, or what it did in place', async () => {
    const { store } = setUp()
    const { timestamp } = await store.save({ scriptText: 'a' })
    await store.update(timestamp, (session) => ({ ...session, scriptText: 'b' }))
    const result = await store.update(timestamp, async (session) => {
      session.promptMode = 'storyswarm'
      return undefined
    })
    const record = await store.get(timestamp)
    expect(record?.session).toEqual({ scriptText: 'b', timestamp, promptMode: 'storyswarm' })
    expect(result?.revision).toBe(record?.revision)
  })

  it('loses none of 200 concurrent updates', { timeout: 60_000 }, async () => {
    const { store, waits } = setUp()
    const { timestamp } = await store.save({ scriptText: 'a' })
    await Promise.all(Array.from({ length: 200 }, () => store.update(timestamp, countUp, { attempts: 1000 })))
    expect((await store.get(timestamp))?.session).toMatchObject({ steps: 200 })
    expect(waits.length).toBeGreaterThan(0)
    expect(Math.max(...waits)).toBeLessThanOrEqual(100)
  })

  it('keeps the remaining life unless told', async () => {
    const { store, clock, adapter } = setUp()
    const { timestamp } = await store.save({ scriptText: 'a' }, { ttlMs: 1000 })
    clock.now += 400
    await store.update(timestamp, countUp)
    expect((await adapter.list({ limit: 1 })).entries[0]?.ttlMs).toBe(600)
    await store.update(timestamp, (session) => session, { ttlMs: 5000 })
    expect((await adapter.list({ limit: 1 })).entries[0]?.ttlMs).toBe(5000)
  })

  it('does not write what did not change', async () => {
    const { store, adapter } = setUp()
    const saved = await store.save({ scriptText: 'a' })
    adapter.put = () => Promise.reject(new Error('it must not write'))
    expect((await store.update(saved.timestamp, (session) => session))?.revision).toBe(saved.revision)
  })

  it('brings nothing back that is deleted meanwhile', async () => {
    const { store } = setUp()
    const { timestamp } = await store.save({ scriptText: 'a' })
    const result = await store.update(timestamp, async (session) => {
      await store.delete(timestamp)
      return { ...session, scriptText: 'b' }
    })
    expect(result).toBeNull()
    expect(await store.get(timestamp)).toBeNull()
    expect(await store.update(timestamp, countUp)).toBeNull()
  })

  it('gives up after the attempts it was given', async () => {
    const { store, waits } = setUp()
    const { timestamp } = await store.save({ scriptText: 'a' })
    let others = 0
    const meddled = store.update(
      timestamp,
      async (session) => {
        await store.save({ scriptText: `other ${++others}` }, { timestamp })
        return { ...session, scriptText: 'mine' }
      },
      { attempts: 3 },
    )
    await expect(meddled).rejects.toMatchObject({ code: 'SESSION_CONFLICT', reason: 'changed', timestamp })
    expect([others, waits.length]).toEqual([3, 2])
    expect((await store.get(timestamp))?.session.scriptText).toBe('other 3')
  })

  it('refuses a change that makes no session, and leaves the stored one', async () => {
    const { store } = setUp()
    const { timestamp } = await store.save({ scriptText: 'a' })
    const wrong = store.update(timestamp, () => ({ analyzedEpisode: { scenes: 'none' } }) as unknown as Session)
    await expect(wrong).rejects.toMatchObject({ code: 'SESSION_INVALID', issues: [{ path: 'analyzedEpisode.scenes' }] })
    await expect(store.update(timestamp, () => Promise.reject(new Error('my own')))).rejects.toThrow('my own')
    expect((await store.get(timestamp))?.session.scriptText).toBe('a')
  })

  it('stops when aborted while it waits', async () => {
    const controller = new AbortController()
    const adapter = memoryAdapter()
    const store = new SessionStore({ adapter, random: () => 1 })
    const { timestamp } = await store.save({ scriptText: 'a' })
    const run = store.update(
      timestamp,
      async (session) => {
        await store.save({ scriptText: 'other' }, { timestamp })
        queueMicrotask(() => setImmediate(() => controller.abort('enough')))
        return { ...session, scriptText: 'mine' }
      },
      { signal: controller.signal, attempts: 1_000_000 },
    )
    await expect(run).rejects.toBe('enough')
  })
})
