import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { SessionRecord } from '../../../src/store/index.js'
import { DEADLINE_MS, type FallbackSetUp, setUp } from './fallback-set-up.js'
import { answer, fail, hang, hold } from './scripted-adapter.js'

/** `stored` in the primary, `waiting` in the second tier, and the primary away. */
async function away(stored: number[], waiting: number[]): Promise<FallbackSetUp> {
  const all = setUp()
  for (const timestamp of stored) await all.store.save({ scriptText: `stored ${timestamp}` }, { timestamp })
  all.primary.always = fail()
  for (const timestamp of waiting) await all.store.save({ scriptText: `waiting ${timestamp}` }, { timestamp })
  return all
}

/** The same, and the primary answers reads, but takes nothing, so that what waits goes on waiting. */
async function back(stored: number[], waiting: number[]): Promise<FallbackSetUp> {
  const all = await away(stored, waiting)
  all.primary.always = undefined
  all.primary.script('put', ...Array.from({ length: 20 }, () => fail('ADAPTER_QUOTA')))
  await all.store.sync()
  return all
}

const UNAVAILABLE = { code: 'ADAPTER_UNAVAILABLE' }

describe('get with a fallback', () => {
  it('gives what waits, and says so', async () => {
    const { store } = await away([], [1000])
    expect(await store.get(1000)).toMatchObject({
      storage: 'second',
      degraded: true,
      savedAt: '1970-01-01T00:00:01.000Z',
    })
  })

  it('gives what waits even if the primary has an older text', async () => {
    const { store } = await back([1000], [1000])
    expect((await store.get(1000))?.session.scriptText).toBe('waiting 1000')
  })

  it('gives what is in the primary otherwise', async () => {
    const { store } = await back([1000], [2000])
    expect(await store.get(1000)).toMatchObject({ storage: 'primary', degraded: false })
    expect(await store.get(3000)).toBeNull()
  })

  it('rejects when the primary is away and nothing waits under this id', async () => {
    const { store } = await away([1000], [2000])
    await expect(store.get(1000)).rejects.toMatchObject(UNAVAILABLE)
    await expect(store.get(3000)).rejects.toMatchObject(UNAVAILABLE)
  })

  it('rejects when a tier that holds the newer text is away', async () => {
    const { store, second } = await back([1000, 2000], [1000])
    second.always = fail()
    await expect(store.get(1000)).rejects.toMatchObject(UNAVAILABLE)
    expect((await store.get(2000))?.session.scriptText).toBe('stored 2000')
    expect(await store.get(3000)).toBeNull()
  })

  it('does not say "not there" for a tier it has never seen', async () => {
    const { store, primary, third } = setUp()
    await primary.inner.put(1000, '{"scriptText":"a"}')
    third.always = fail('ADAPTER_FAILED')
    expect((await store.get(1000))?.session.scriptText).toBe('a')
    await expect(store.get(2000)).rejects.toMatchObject({ code: 'ADAPTER_FAILED' })
  })

  it('never misses a session that is carried over meanwhile', async () => {
    const { store, primary, second, clock } = await away([], [1000])
    primary.always = undefined
    const gate = hold()
    second.script('get', gate.step) // the read looks where it waits, and the whole sync happens
    const reading = store.get(1000)
    await gate.reached
    clock.jump(250)
    await store.sync()
    gate.release()
    expect(await second.texts()).toEqual({})
    expect((await reading)?.session.scriptText).toBe('waiting 1000')
  })
})

describe('list with a fallback', () => {
  it('merges, the newer text of each once', async () => {
    const { store } = await back([1000, 2000, 3000], [2000, 4000])
    const page = await store.list()
    expect(page.degraded).toBe(false)
    expect(page.sessions.map(({ timestamp, storage, scriptPreview }) => [timestamp, storage, scriptPreview])).toEqual([
      [4000, 'second', 'waiting 4000'],
      [3000, 'primary', 'stored 3000'],
      [2000, 'second', 'waiting 2000'],
      [1000, 'primary', 'stored 1000'],
    ])
    expect(await store.count()).toBe(4)
    expect(await store.count({ from: 2000, before: 4000 })).toBe(2)
  })

  it('gives what waits while the primary is away, and says that this is not all', async () => {
    const { store } = await away([1000], [2000])
    const page = await store.list()
    expect(page.degraded).toBe(true)
    expect(page.sessions.map(({ timestamp }) => timestamp)).toEqual([2000])
    expect(await store.list({ before: 2000 })).toEqual({ sessions: [], skipped: [], degraded: true })
  })

  it('rejects while the primary is away and nothing waits', async () => {
    const { store } = await away([1000], [])
    await expect(store.list()).rejects.toMatchObject(UNAVAILABLE)
    await expect(store.latest()).rejects.toMatchObject(UNAVAILABLE)
  })

  it('says that it is not all when a tier where something waits is away', async () => {
    const { store, second } = await back([1000], [2000])
    second.always = fail()
    const page = await store.list()
    expect([page.degraded, page.sessions.map(({ timestamp }) => timestamp)]).toEqual([true, [1000]])
    expect(await store.latest()).toMatchObject({ timestamp: 1000, degraded: true })
  })

  it('says nothing of a tier where nothing waits', async () => {
    const { store, second } = await back([1000], [])
    await store.sync()
    second.always = fail()
    expect(await store.list()).toMatchObject({ degraded: false })
    expect(await store.count()).toBe(1)
  })

  it('never misses a session that is carried over meanwhile', async () => {
    const { store, primary, clock } = await away([1000], [2000])
    primary.always = undefined
    const gate = hold()
    primary.script('list', gate.step)
    clock.jump(250)
    const listing = store.list()
    await gate.reached
    await store.sync()
    gate.release()
    expect((await listing).sessions.map(({ timestamp }) => timestamp)).toEqual([2000, 1000])
  })

  it('pages tile, in both directions, whatever waits where', async () => {
    const ids = fc.uniqueArray(fc.integer({ min: 1, max: 40 }), { maxLength: 25 })
    await fc.assert(
      fc.asyncProperty(ids, ids, ids, fc.integer({ min: 1, max: 6 }), async (stored, inSecond, inThird, limit) => {
        const { store, primary, second, third } = setUp()
        const put = primary.put
        primary.put = async () => ({ stored: false, reason: 'missing' }) // nothing is carried over
        for (const id of stored) await primary.inner.put(id, `{"scriptText":"primary"}`)
        for (const id of inSecond) await second.inner.put(id, `{"scriptText":"second"}`)
        for (const id of inThird) await third.inner.put(id, `{"scriptText":"third"}`)
        const all = [...new Set([...stored, ...inSecond, ...inThird])].sort((a, b) => b - a)
        const where = (id: number): string =>
          inSecond.includes(id) ? 'second' : inThird.includes(id) ? 'third' : 'primary'
        const seen: [number, string, string][] = []
        let cursor: string | undefined
        do {
          const page = await store.list({ limit, cursor })
          expect(page.sessions.length).toBe(Math.min(limit, all.length - seen.length))
          seen.push(
            ...page.sessions.map((one) => [one.timestamp, one.storage, one.scriptPreview] as [number, string, string]),
          )
          cursor = page.cursor
        } while (cursor !== undefined)
        expect(seen).toEqual(all.map((id) => [id, where(id), where(id)]))
        expect(await store.count()).toBe(all.length)
        const nearest = all.reduce<number | undefined>(
          (best, id) => (best === undefined || Math.abs(id - 20) <= Math.abs(best - 20) ? id : best),
          undefined,
        )
        expect((await store.nearest(20))?.timestamp).toBe(nearest)
        primary.put = put
        await store.close()
      }),
    )
  })
})

describe('latest, nearest, sessions and count with a fallback', () => {
  it('see what waits', async () => {
    const { store } = await back([1000, 3000], [2000, 4000])
    expect(await store.latest()).toMatchObject({ timestamp: 4000, storage: 'second', degraded: true, skipped: [] })
    expect(await store.nearest(2100)).toMatchObject({ timestamp: 2000, storage: 'second', degraded: true })
    expect(await store.nearest(2900)).toMatchObject({ timestamp: 3000, storage: 'primary', degraded: false })
    const records: SessionRecord[] = []
    for await (const record of store.sessions({ limit: 1 })) records.push(record)
    expect(records.map(({ timestamp, storage }) => [timestamp, storage])).toEqual([
      [4000, 'second'],
      [3000, 'primary'],
      [2000, 'second'],
      [1000, 'primary'],
    ])
  })

  it('find what waits on either side while the primary is away', async () => {
    const { store } = await away([1000], [2000, 3000])
    expect(await store.latest()).toMatchObject({ timestamp: 3000, degraded: true })
    expect(await store.nearest(10)).toMatchObject({ timestamp: 2000, degraded: true })
    expect(await store.nearest(9000)).toMatchObject({ timestamp: 3000, degraded: true })
  })

  it('do not say null, or a number, or "that was all", when they could not look', async () => {
    const { store, second } = await away([1000], [2000])
    await second.inner.put(2000, 'no session')
    await expect(store.latest()).rejects.toMatchObject(UNAVAILABLE)
    await expect(store.nearest(1000)).rejects.toMatchObject(UNAVAILABLE)
    await expect(store.count()).rejects.toMatchObject(UNAVAILABLE)
    await second.inner.put(2000, '{"scriptText":"a"}')
    for (const walk of [store.sessions(), store.summaries()]) {
      const seen: number[] = []
      const walking = (async () => {
        for await (const { timestamp } of walk) seen.push(timestamp)
      })()
      await expect(walking).rejects.toMatchObject({
        ...UNAVAILABLE,
        message: expect.stringContaining('not all sessions'),
      })
      expect(seen).toEqual([2000])
    }
  })

  it('wait for a primary that hangs no longer than the deadline, and then not at all', async () => {
    const { store, primary, clock } = setUp()
    primary.always = hang()
    const first = store.latest().catch((error: unknown) => error)
    await clock.advance(DEADLINE_MS)
    expect(await first).toMatchObject({
      ...UNAVAILABLE,
      message: `primary: list did not answer within ${DEADLINE_MS} ms; see that the backend runs and can be reached`,
    })
    await expect(store.latest()).rejects.toMatchObject(UNAVAILABLE)
    expect(primary.calls).toEqual(['list'])
  })
})

describe('a summary that is missing', () => {
  it('is made where the document waits', async () => {
    const { store, primary, second } = await away([], [])
    primary.always = fail()
    await second.inner.put(1000, '{"scriptText":"SCENE 9"}')
    expect((await store.list()).sessions[0]?.scriptPreview).toBe('SCENE 9')
    expect((await second.inner.list({ limit: 1 })).entries[0]?.summary).toContain('SCENE 9')
  })
})

describe('health with a fallback', () => {
  it('tells every tier and how many wait', async () => {
    const { store, primary } = await away([], [1000, 2000])
    const down = await store.health()
    expect(down).toMatchObject({ storage: 'primary', ok: false, waiting: 2 })
    expect(down.tiers.map(({ storage, ok, durable }) => [storage, ok, durable])).toEqual([
      ['primary', false, true],
      ['second', true, false],
      ['third', true, true],
    ])
    expect(down.error).toBe('scripted: ADAPTER_UNAVAILABLE')
    primary.always = undefined
    expect(await store.health()).toMatchObject({ ok: true, latencyMs: 0 })
  })

  it('takes a denial for an answer: the breaker closes, and the next call hears it', async () => {
    const { store, primary } = await away([], [1000])
    primary.always = fail('ADAPTER_DENIED')
    primary.script('health', answer({ ok: false, latencyMs: 0, error: 'no', code: 'ADAPTER_DENIED' }))
    expect(await store.health()).toMatchObject({ ok: false, error: 'no', code: 'ADAPTER_DENIED', waiting: 1 })
    await expect(store.save({ scriptText: 'a' })).rejects.toMatchObject({ code: 'ADAPTER_DENIED' })
  })

  it('says null when it cannot know how many wait', async () => {
    const { store, third } = setUp()
    third.always = fail()
    expect(await store.health()).toMatchObject({ ok: true, waiting: null })
  })

  it('is the one probe there is while the breaker is open', async () => {
    const { store, primary, clock } = await away([], [1000])
    const gate = hold()
    primary.always = undefined
    primary.script('health', gate.step)
    const both = [store.health(), store.health()]
    await gate.reached
    await clock.advance(250)
    gate.release()
    await Promise.all(both)
    expect(primary.calls.filter((call) => call === 'health')).toHaveLength(1)
  })
})
