import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { memoryAdapter } from '../../../src/adapters/memory.js'
import { SessionReader, SessionStore, type SkippedSession } from '../../../src/store/index.js'

const NOON = Date.UTC(2026, 2, 1, 12)

function setUp() {
  const clock = { now: NOON }
  const now = (): number => clock.now
  const adapter = memoryAdapter({ now })
  return { clock, adapter, store: new SessionStore({ adapter, now }) }
}

describe('get and latest', () => {
  it('give null where nothing is', async () => {
    const { store } = setUp()
    expect(await store.get(NOON)).toBeNull()
    expect(await store.latest()).toBeNull()
    expect(await store.nearest(NOON)).toBeNull()
  })

  it('give the stored document, its place and its revision', async () => {
    const { store } = setUp()
    const saved = await store.save({ scriptText: 'SCENE 1' })
    const record = await store.get(NOON)
    expect(record).toEqual({
      timestamp: NOON,
      savedAt: '2026-03-01T12:00:00.000Z',
      storage: 'memory',
      degraded: false,
      session: { scriptText: 'SCENE 1', timestamp: NOON },
      revision: saved.revision,
    })
    expect(await store.latest()).toEqual({ ...record, skipped: [] })
  })

  it('reject for a stored text that is no session, and latest passes over it and says so', async () => {
    const { store, adapter } = setUp()
    await store.save({ scriptText: 'good' }, { timestamp: 1000 })
    await adapter.put(2000, '{"scriptText":"cut o')
    await adapter.put(3000, 'null')
    await expect(store.get(2000)).rejects.toMatchObject({
      code: 'SESSION_INVALID',
      message: expect.stringContaining('2000'),
    })
    const latest = await store.latest()
    expect(latest?.timestamp).toBe(1000)
    expect(latest?.skipped?.map(({ timestamp, reason }) => [timestamp, reason])).toEqual([
      [3000, 'unreadable'],
      [2000, 'unreadable'],
    ])
    expect(JSON.stringify(latest?.skipped)).not.toContain('cut o')
  })

  it('never quote the document in a message', async () => {
    const { store, adapter } = setUp()
    await adapter.put(1000, '{"scriptText":"the secret plot", oops}')
    const error = await store.get(1000).catch((reason: unknown) => reason)
    expect(String((error as Error).message) + JSON.stringify((error as { issues: unknown }).issues)).not.toMatch(
      /secret|oops/,
    )
    expect((error as Error).cause).toBeUndefined()
  })
})

describe('nearest', () => {
  it('takes the closest of both sides, the older of two as close', async () => {
    const { store } = setUp()
    for (const timestamp of [1000, 2000, 4000]) await store.save({ scriptText: String(timestamp) }, { timestamp })
    const asked = [1, 1499, 1500, 1501, 2000, 3000, 3001, 9999]
    const found = await Promise.all(asked.map(async (moment) => (await store.nearest(moment))?.timestamp))
    expect(found).toEqual([1000, 1000, 1000, 2000, 2000, 2000, 4000, 4000])
  })

  it('takes dates and ISO text, and refuses what is none', async () => {
    const { store } = setUp()
    await store.save({ scriptText: 'noon' })
    expect((await store.nearest(new Date(NOON + 5)))?.timestamp).toBe(NOON)
    expect((await store.nearest('2026-03-01'))?.timestamp).toBe(NOON)
    await expect(store.nearest('last Tuesday')).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' })
    await expect(store.nearest(new Date('x'))).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' })
  })

  it('passes over unreadable versions on both sides and says which', async () => {
    const { store, adapter } = setUp()
    for (const id of [1000, 4000]) await store.save({ scriptText: 'good' }, { timestamp: id })
    for (const id of [1900, 2100]) await adapter.put(id, '[]')
    const record = await store.nearest(2000)
    expect(record?.timestamp).toBe(1000)
    expect(record?.skipped?.map((skip) => skip.timestamp)).toEqual([1900, 2100])
  })
})

describe('list', () => {
  it('summarises without reading the document', async () => {
    const { store, adapter } = setUp()
    const beat = { beatId: 's1-b1', prompts: { cinematic: { prompt: 'wide shot' } } }
    await store.save({
      scriptText: `  SCENE 1\n\n${'very long '.repeat(100)}`,
      storyUuid: '5c2f7a1e-0d4b-4f63-9a58-3f1d2c6b7e90',
      analyzedEpisode: {
        episodeNumber: 3,
        title: 'The Bell',
        scenes: [{ sceneNumber: 1, beats: [beat, { beatId: 's1-b2' }] }],
      },
    })
    const get = adapter.get
    adapter.get = () => Promise.reject(new Error('a list must not read documents'))
    const { sessions, cursor, skipped } = await store.list()
    adapter.get = get
    expect([cursor, skipped]).toEqual([undefined, []])
    expect(sessions).toEqual([
      {
        timestamp: NOON,
        savedAt: '2026-03-01T12:00:00.000Z',
        storage: 'memory',
        sizeBytes: Buffer.byteLength((await adapter.get(NOON))?.raw ?? ''),
        expiresAt: '2026-03-08T12:00:00.000Z',
        storyUuid: '5c2f7a1e-0d4b-4f63-9a58-3f1d2c6b7e90',
        episodeNumber: 3,
        title: 'The Bell',
        sceneCount: 1,
        beatCount: 2,
        promptCount: 1,
        scriptPreview: `SCENE 1 ${'very long '.repeat(100)}`.slice(0, 160),
      },
    ])
  })

  it.each([undefined, 'not json', '{"v":2,"title":"lie"}', '[]'])('repairs the summary %s', async (summary) => {
    const { store, adapter } = setUp()
    const raw = '{"scriptText":"SCENE 1","analyzedEpisode":{"episodeTitle":"The Fog"}}'
    await adapter.put(1000, raw, summary === undefined ? {} : { summary })
    expect((await store.list()).sessions[0]).toMatchObject({ title: 'The Fog', expiresAt: null })
    expect((await adapter.list({ limit: 1 })).entries[0]?.summary).toContain('The Fog')
  })

  it('passes over the unreadable without shortening a page', async () => {
    const { store, adapter } = setUp()
    for (const id of [1000, 2000, 4000]) await store.save({ scriptText: 'good' }, { timestamp: id })
    await adapter.put(3000, 'damaged')
    const page = await store.list({ limit: 2 })
    expect(page.sessions.map((summary) => summary.timestamp)).toEqual([4000, 2000])
    expect(page.skipped).toMatchObject([{ timestamp: 3000, reason: 'unreadable' }])
  })

  it('pages tile whatever is saved and deleted between them', async () => {
    const ids = fc.uniqueArray(fc.integer({ min: 1, max: 60 }), { minLength: 1, maxLength: 40 })
    const changes = fc.array(fc.record({ id: fc.integer({ min: 1, max: 60 }), add: fc.boolean() }), { maxLength: 20 })
    await fc.assert(
      fc.asyncProperty(ids, changes, fc.integer({ min: 1, max: 7 }), async (start, edits, limit) => {
        const { store } = setUp()
        for (const timestamp of start) await store.save({ scriptText: 'x' }, { timestamp })
        const touched = new Set(edits.map((edit) => edit.id))
        const seen: number[] = []
        let cursor: string | undefined
        do {
          const page = await store.list({ limit, cursor })
          seen.push(...page.sessions.map((summary) => summary.timestamp))
          cursor = page.cursor
          const edit = edits.pop()
          if (edit?.add) await store.save({ scriptText: 'y' }, { timestamp: edit.id })
          else if (edit) await store.delete(edit.id)
        } while (cursor !== undefined)
        expect(seen).toEqual([...new Set(seen)].sort((a, b) => b - a))
        const steady = start.filter((id) => !touched.has(id))
        expect(steady.filter((id) => !seen.includes(id))).toEqual([])
      }),
    )
  })

  it('holds the range, half open', async () => {
    const { store } = setUp()
    for (const timestamp of [1000, 2000, 3000]) await store.save({ scriptText: 'x' }, { timestamp })
    const page = await store.list({ from: 1000, before: 3000 })
    expect(page.sessions.map((summary) => summary.timestamp)).toEqual([2000, 1000])
    expect(await store.count({ from: 1001 })).toBe(2)
    expect(await store.count({ before: 1000 })).toBe(0)
  })

  it.each([{ limit: 0 }, { limit: 1001 }, { limit: 1.5 }, { cursor: 'x' }, { cursor: '' }, { from: Number.NaN }])(
    'refuses %o',
    async (options) => {
      await expect(setUp().store.list(options)).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' })
    },
  )
})

describe('sessions and summaries', () => {
  it('go through all, newest first, and tell what they pass over', async () => {
    const { store, adapter } = setUp()
    for (let id = 1; id <= 120; id++) await store.save({ scriptText: `v${id}` }, { timestamp: id })
    await adapter.put(60, 'damaged')
    const expected = Array.from({ length: 120 }, (_, i) => 120 - i).filter((id) => id !== 60)
    const skipped: SkippedSession[] = []
    const onSkipped = (skip: SkippedSession): void => void skipped.push(skip)
    const summaries: number[] = []
    for await (const summary of store.summaries({ limit: 7, onSkipped })) summaries.push(summary.timestamp)
    expect(summaries).toEqual(expected)
    const sessions: number[] = []
    for await (const record of store.sessions({ onSkipped })) sessions.push(record.timestamp)
    expect(sessions).toEqual(expected)
    expect(skipped.map(({ timestamp, reason }) => [timestamp, reason])).toEqual([
      [60, 'unreadable'],
      [60, 'unreadable'],
    ])
  })
})

describe('the life of a store', () => {
  it('refuses everything once closed, and closes once', async () => {
    const { store, adapter } = setUp()
    let closed = 0
    adapter.close = async () => void closed++
    await Promise.all([store.close(), store.close()])
    await store[Symbol.asyncDispose]()
    expect(closed).toBe(1)
    const calls = [
      () => store.save({ scriptText: 'x' }),
      () => store.get(1),
      () => store.latest(),
      () => store.nearest(1),
      () => store.list(),
      () => store.summaries().next(),
      () => store.sessions().next(),
      () => store.update(1, (session) => session),
      () => store.delete(1),
      () => store.touch(1),
      () => store.count(),
      () => store.prune(),
      () => store.health(),
    ]
    for (const call of calls) await expect(call()).rejects.toMatchObject({ code: 'CLOSED' })
  })

  it('rejects with the very reason of an aborted signal', async () => {
    const { store } = setUp()
    const signal = AbortSignal.abort('changed my mind')
    const calls = [
      () => store.save({ scriptText: 'x' }, { signal }),
      () => store.get(1, { signal }),
      () => store.latest({ signal }),
      () => store.nearest(1, { signal }),
      () => store.list({ signal }),
      () => store.sessions({ signal }).next(),
      () => store.update(1, (session) => session, { signal }),
      () => store.delete(1, { signal }),
      () => store.touch(1, 5, { signal }),
      () => store.count({ signal }),
      () => store.prune({ signal }),
      () => store.health({ signal }),
    ]
    for (const call of calls) await expect(call()).rejects.toBe('changed my mind')
    expect(await store.count()).toBe(0)
  })

  it('says how the backend is, and prunes', async () => {
    const { store, clock } = setUp()
    await store.save({ scriptText: 'x' }, { ttlMs: 10 })
    clock.now += 10
    expect(await store.prune()).toEqual({ removed: 1 })
    expect(await store.health()).toMatchObject({ ok: true, storage: 'memory' })
  })

  it('has no default adapter', () => {
    expect(() => new SessionStore({} as never)).toThrow('pass memoryAdapter()')
    expect(() => new SessionReader({} as never)).toThrow('adapter is missing')
  })
})
