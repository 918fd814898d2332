import { Redis } from 'ioredis'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { httpAdapter, revisionOf, SESSION_TTL_MS, type SessionAdapter, SessionStore } from '../../src/index.js'
import { sampleSession } from '../fixtures/index.js'
import { type RedisServer, startRedis } from '../redis/server.js'
import { serve } from './harness.js'
import { type StoryArtServer, startStoryArtServer } from './storyart-server.js'

const WEEK = { ttlMs: SESSION_TTL_MS }

let redis: RedisServer
let client: Redis
let server: StoryArtServer
let requests: string[]
let adapter: SessionAdapter

/** The real fetch, and what was sent. */
const recording: typeof fetch = (input, init) => {
  requests.push(`${init?.method} ${new URL(String(input)).pathname}`)
  return fetch(input, init)
}

beforeAll(async () => {
  redis = await startRedis()
  client = new Redis(redis.port, '127.0.0.1')
  server = await startStoryArtServer(client)
})

beforeEach(() => {
  requests = []
  adapter = httpAdapter({ baseUrls: [`${server.url}/api/v1`], fetch: recording })
})

afterEach(async () => {
  await adapter.close()
  await redis.flush()
})

afterAll(async () => {
  await server.stop()
  client.disconnect()
  await redis.stop()
})

describe("httpAdapter before StoryArt's own server", () => {
  it('saves for seven days under the id, whatever timestamp the document has', async () => {
    for (const [raw, stored] of [
      ['{"scriptText":"S"}', '{"scriptText":"S","timestamp":7}'],
      ['{"timestamp":5,"scriptText":"S"}', '{"timestamp":7,"scriptText":"S"}'],
      [' {"scriptText":"S"}\n', '{"scriptText":"S","timestamp":7}'],
    ] as const) {
      expect(await adapter.put(7, raw, { ...WEEK, summary: 'lost here' })).toEqual({ stored: true })
      expect(await client.get('storyart:session:7')).toBe(stored)
      expect(await adapter.get(7)).toEqual({ raw: stored })
    }
    expect(await client.ttl('storyart:session:7')).toBeGreaterThan(604_790)
    expect(await client.zscore('storyart:sessions:index', 'storyart:session:7')).toBe('7')
  })

  it('asks only once for the PUT it does not have', async () => {
    for (const id of [7, 8]) await adapter.put(id, '{"scriptText":"S"}', WEEK)
    const save = 'POST /api/v1/session/save'
    expect(requests).toEqual(['PUT /api/v1/session/7', save, save])
  })

  it('keeps every field of a real session through a store', async () => {
    const store = new SessionStore({ adapter, deadlineMs: 10_000 })
    const session = { ...sampleSession(), moods: ['blue'], __proto__: null }
    const { timestamp, storage, degraded } = await store.save(session, { timestamp: 1_770_000_000_000 })
    expect([timestamp, storage, degraded]).toEqual([1_770_000_000_000, 'http', false])
    expect((await store.get(timestamp))?.session).toEqual({ ...session, timestamp })
    expect((await store.latest())?.timestamp).toBe(timestamp)
    const page = await store.list()
    expect(page.sessions.map(({ title, beatCount }) => [title, beatCount])).toEqual([
      [session.analyzedEpisode.title, session.analyzedEpisode.scenes.flatMap(({ beats }) => beats).length],
    ])
  })

  it('says "not here" for what that server does not have, and for what it cannot read', async () => {
    expect(await adapter.get(7)).toBeNull()
    await client.set('storyart:session:8', 'no JSON')
    expect(await adapter.get(8)).toBeNull()
  })

  it('lists ids from the whole sessions, in order and in pages, without summaries', async () => {
    expect(await adapter.list({ limit: 5 })).toEqual({ entries: [] })
    for (const id of [10, 9, 30, 20]) await adapter.put(id, `{"scriptText":"S","timestamp":"${id}"}`, WEEK)
    await client.set('storyart:session:40', '{"scriptText":"no timestamp"}')
    await client.zadd('storyart:sessions:index', 40, 'storyart:session:40')
    await client.zadd('storyart:sessions:index', 50, 'storyart:session:50')
    expect(await adapter.list({ limit: 2 })).toEqual({ entries: [{ id: 30 }, { id: 20 }], next: 20 })
    expect(await adapter.list({ limit: 2, before: 20 })).toEqual({ entries: [{ id: 10 }, { id: 9 }] })
    expect(await adapter.list({ limit: 2, order: 'oldest' })).toEqual({ entries: [{ id: 9 }, { id: 10 }], next: 11 })
    expect(await adapter.list({ limit: 9, from: 10, before: 30 })).toEqual({ entries: [{ id: 20 }, { id: 10 }] })
  })

  it('reports a list that one broken value makes impossible, without its text', async () => {
    await adapter.put(7, '{"scriptText":"S"}', WEEK)
    await client.set('storyart:session:7', '{"scriptText": the secret of Nell')
    const failure = await adapter.list({ limit: 5 }).catch((error: unknown) => error)
    expect(failure).toMatchObject({ code: 'ADAPTER_FAILED', adapter: 'http', operation: 'list' })
    expect(String(failure)).toContain('answered 500 (')
    expect(String(failure)).not.toContain('Nell')
  })

  it.each<[string, (adapter: SessionAdapter) => Promise<unknown>, string]>([
    ['a condition', (one) => one.put(7, '{"scriptText":"2"}', { ...WEEK, expect: 'absent' }), 'write on a condition'],
    [
      'a revision',
      (one) => one.put(7, '{"scriptText":"2"}', { ...WEEK, expect: revisionOf('{}') }),
      'write on a condition',
    ],
    ['no end', (one) => one.put(7, '{"scriptText":"2"}'), 'give another life than seven days'],
    ['a kept life', (one) => one.put(7, '{"scriptText":"2"}', { ttlMs: 'keep' }), 'give another life than seven days'],
    ['another life', (one) => one.put(7, '{"scriptText":"2"}', { ttlMs: 5 }), 'give another life than seven days'],
    ['a document that is no object', (one) => one.put(7, '[]', WEEK), 'store what is no JSON object'],
    ['a delete', (one) => one.delete(7), 'delete'],
    ['a touch', (one) => one.touch(7, 1000), 'give a session a new life'],
  ])('refuses %s, also when it is known, and nothing is changed', async (_, call, what) => {
    await adapter.put(7, '{"scriptText":"1"}', WEEK)
    for (const one of [adapter, httpAdapter({ baseUrls: [server.url] })]) {
      await expect(call(one)).rejects.toMatchObject({
        code: 'ADAPTER_FAILED',
        message: expect.stringContaining(`cannot ${what}, as StoryArt's own server cannot`),
      })
    }
    expect(await client.get('storyart:session:7')).toBe('{"scriptText":"1","timestamp":7}')
  })

  it('gives its own refusals back with their reason', async () => {
    await expect(adapter.put(7, '{"analyzedEpisode":{}}', WEEK)).rejects.toMatchObject({
      code: 'ADAPTER_FAILED',
      message: expect.stringContaining('answered 400 (Invalid session data. Required fields: scriptText'),
    })
  })

  it('is well, and tells no changes', async () => {
    expect(await adapter.health()).toEqual({ ok: true, latencyMs: expect.any(Number) })
    let asked = 0
    const told = new Promise<void>((resolve) => {
      const watching = httpAdapter({
        baseUrls: [server.url],
        fetch: async (input, init) => {
          asked++
          const response = await fetch(input, init)
          resolve()
          return response
        },
        // A second attempt would be made at once.
        schedule: (run, ms) => {
          if (ms < 5000) run()
          return () => undefined
        },
      })
      watching.watch(() => undefined)
    })
    await told
    await adapter.health()
    expect(asked).toBe(1)
  })

  it('goes on to a server that can what this one cannot', async () => {
    const ours = await serve()
    const both = httpAdapter({ baseUrls: [server.url, ours.url] })
    await both.put(7, '{"scriptText":"S"}')
    expect((await ours.store.get(7))?.session).toEqual({ scriptText: 'S' })
    expect(await client.exists('storyart:session:7')).toBe(0)
    await ours.stop()
  })
})
