import { Redis } from 'ioredis'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { redisAdapter } from '../../src/adapters/redis.js'
import { memoryAdapter, SessionStore } from '../../src/index.js'
import { fullEpisode, manualSave, v1Session } from '../fixtures/index.js'
import { freePort, type RedisServer, startRedis } from '../redis/server.js'
import { ask, jsonRequest, type LiveServer, serve } from './harness.js'
import { StoryArtClient } from './storyart-client.js'

let redis: RedisServer
let client: Redis
let live: LiveServer
const NOW = 1_767_225_600_000
const INVALID = 'Invalid session data. Required fields: scriptText, episodeContext, storyUuid, analyzedEpisode'

beforeAll(async () => {
  redis = await startRedis()
  client = new Redis(redis.url)
})

beforeEach(async () => {
  await redis.flush()
  live = await serve(new SessionStore({ adapter: redisAdapter({ client }), now: () => NOW }))
})

afterEach(() => live.stop())

afterAll(async () => {
  client.disconnect()
  await redis.stop()
})

const save = (body: unknown, headers?: Record<string, string>) =>
  ask(`${live.url}/api/v1/session/save`, jsonRequest('POST', body, headers))

describe("the rules of StoryArt's client", () => {
  it('save, read the latest, list and restore through one server', async () => {
    const app = new StoryArtClient(`${live.url}/api/v1/`, `http://127.0.0.1:${await freePort()}`)
    const sessions = [fullEpisode(), v1Session(), manualSave()]
    for (const [index, session] of sessions.entries()) {
      const result = await app.save({ ...session, timestamp: NOW + index })
      expect(result).toEqual({ success: true, storage: 'redis' })
    }
    expect(await app.latest()).toEqual({
      success: true,
      data: { ...sessions[2], timestamp: NOW + 2 },
      storage: 'redis',
    })
    const list = await app.list()
    expect(list).toEqual({
      success: true,
      count: 3,
      sessions: [2, 1, 0].map((index) => ({ ...sessions[index], timestamp: NOW + index })),
    })
    const restored = await app.byTimestamp(NOW)
    expect(restored).toMatchObject({ success: true, storage: 'redis', timestamp: NOW })
    expect(restored.data).toEqual({ ...sessions[0], timestamp: NOW })
    expect(app.slot.size).toBe(0)
  })

  it('go from the first server to the second, and to its third path', async () => {
    const dead = `http://127.0.0.1:${await freePort()}`
    const app = new StoryArtClient(dead, live.url)
    expect(await app.save({ scriptText: 'SCENE 1', timestamp: 7 })).toEqual({ success: true, storage: 'redis' })
    expect((await app.latest()).data).toEqual({ scriptText: 'SCENE 1', timestamp: 7 })
    expect((await ask(`${live.url}/api/v1/redis/session/latest`)).body).toEqual({
      success: true,
      data: { scriptText: 'SCENE 1', timestamp: 7 },
      storage: 'redis',
    })
    expect(await app.byTimestamp(8)).toEqual({ success: false, error: 'not found' })
  })

  it("get a JSON answer while Redis hangs, where StoryArt's own server gives none", async () => {
    const frozen = await startRedis()
    const own = new Redis(frozen.url)
    const store = new SessionStore({
      adapter: redisAdapter({ client: own }),
      deadlineMs: 200,
      fallback: [memoryAdapter()],
    })
    const hung = await serve(store)
    try {
      const app = new StoryArtClient(hung.url, hung.url)
      await app.save({ scriptText: 'before', timestamp: 1 })
      frozen.freeze()
      expect(await app.save({ scriptText: 'meanwhile', timestamp: 2 })).toEqual({ success: true, storage: 'memory' })
      expect(await app.latest()).toMatchObject({ data: { scriptText: 'meanwhile' }, storage: 'memory' })
      expect((await ask(`${hung.url}/health`)).body).toEqual({
        success: true,
        status: 'degraded',
        redis: 'disconnected',
        memory: 'active',
      })
      frozen.thaw()
      await store.sync()
      expect(await app.byTimestamp(2)).toMatchObject({ storage: 'redis' })
    } finally {
      frozen.thaw()
      await hung.stop()
      own.disconnect()
      await frozen.stop()
    }
  })
})

describe("the save table of StoryArt's server", () => {
  const saved = (timestamp: number) => ({
    success: true,
    message: 'Session saved successfully',
    sessionKey: `storyart:session:${timestamp}`,
    storage: 'redis',
  })

  it('ok: the same answer; key, index, score, life and text as StoryArt writes them', async () => {
    const session = manualSave()
    const { status, body, headers } = await save({ ...session, timestamp: 1_704_067_200_000 })
    expect([status, body]).toEqual([200, saved(1_704_067_200_000)])
    expect(headers.get('Content-Type')).toBe('application/json; charset=utf-8')
    expect(headers.get('Location')).toBe('/api/v1/session/1704067200000')
    const key = 'storyart:session:1704067200000'
    expect(JSON.parse((await client.get(key)) ?? '')).toEqual({ ...session, timestamp: 1_704_067_200_000 })
    expect(await client.ttl(key)).toBe(604_800)
    expect(await client.zscore('storyart:sessions:index', key)).toBe('1704067200000')
  })

  it('only scriptText: 200, stored', async () => {
    expect(await save({ scriptText: 'SCENE 1' })).toMatchObject({ status: 200, body: saved(NOW) })
  })

  it.each([
    ['no scriptText', '{"storyUuid":"x"}'],
    ['an empty scriptText', '{"scriptText":""}'],
    ['an array', '[{"scriptText":"x"}]'],
    ['a primitive, where StoryArt sends an HTML page', '"text"'],
    ['null', 'null'],
  ])('%s: the same 400', async (_, body) => {
    expect(await save(body)).toMatchObject({ status: 400, body: { success: false, error: INVALID } })
    expect(await client.dbsize()).toBe(0)
  })

  it('no body: the same 400', async () => {
    const answer = await ask(`${live.url}/api/v1/session/save`, { method: 'POST' })
    expect([answer.status, answer.body]).toEqual([400, { success: false, error: INVALID }])
  })

  it.each(['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x'])(
    'differs on purpose: a body of type %s is 415, so that no form of another page can save',
    async (type) => {
      const answer = await save('scriptText=SCENE', { 'Content-Type': type })
      expect(answer.status).toBe(415)
      expect(answer.body).toEqual({
        success: false,
        error: 'The body must be JSON in UTF-8: send it with Content-Type: application/json',
      })
    },
  )

  it('differs on purpose: invalid JSON is a 400 in JSON that says where', async () => {
    const answer = await save('{"scriptText":"x",\n "secret": tru}')
    expect(answer.status).toBe(400)
    expect(answer.body).toMatchObject({ success: false, code: 'SESSION_INVALID' })
    expect(JSON.stringify(answer.body)).toContain('line 2')
    expect(JSON.stringify(answer.body)).not.toContain('secret')
  })

  it('differs on purpose: a scriptText that is no text is refused, with its path', async () => {
    const { status, body } = await save({ scriptText: 123 })
    expect(status).toBe(400)
    expect(body).toMatchObject({ success: false, code: 'SESSION_INVALID', issues: [{ path: 'scriptText' }] })
  })

  it('a timestamp of its own: used as it is, and saving again overwrites and begins a new life', async () => {
    await save({ scriptText: 'one', timestamp: 5 })
    await client.expire('storyart:session:5', 10)
    await save({ scriptText: 'two', timestamp: 5 })
    expect(await client.ttl('storyart:session:5')).toBe(604_800)
    expect(await client.get('storyart:session:5')).toBe('{"scriptText":"two","timestamp":5}')
    expect(await client.zcard('storyart:sessions:index')).toBe(1)
  })

  it.each([[0], [null], [undefined], ['']])('timestamp %j: a new version', async (timestamp) => {
    expect(await save({ scriptText: 'x', timestamp })).toMatchObject({ status: 200, body: saved(NOW) })
    expect(await client.get(`storyart:session:${NOW}`)).toBe(`{"scriptText":"x","timestamp":${NOW}}`)
  })

  it('a timestamp in digits: the same key, and differs on purpose: stored as a number', async () => {
    expect(await save({ scriptText: 'x', timestamp: '1704067200001' })).toMatchObject({
      body: saved(1_704_067_200_001),
    })
    expect(await client.get('storyart:session:1704067200001')).toBe('{"scriptText":"x","timestamp":1704067200001}')
  })

  it.each([
    ['1704067200002.5'],
    ['"abc"'],
    ['"12abc"'],
    ['true'],
    ['{}'],
    ['[5]'],
    ['-5'],
    ['1e21'],
    ['"01"'],
    ['" 5"'],
    ['8640000000000001'],
  ])('differs on purpose: timestamp %s is a 400 in JSON, and nothing is stored', async (timestamp) => {
    const { status, body } = await save(`{"scriptText":"x","timestamp":${timestamp}}`)
    expect(status).toBe(400)
    expect(body).toMatchObject({
      success: false,
      error: 'Invalid timestamp parameter',
      issues: [{ path: 'timestamp' }],
    })
    expect(await client.dbsize()).toBe(0)
  })

  it('a timestamp far ahead: taken; the latest is found behind it once it has expired', async () => {
    await save({ scriptText: 'now' })
    await save({ scriptText: 'ahead', timestamp: NOW * 2 })
    await client.del(`storyart:session:${NOW * 2}`)
    expect((await ask(`${live.url}/api/v1/session/latest`)).body).toMatchObject({ data: { scriptText: 'now' } })
  })

  it('more than 52,428,800 bytes: 413, in JSON', async () => {
    const body = `{"scriptText":"${'x'.repeat(52_428_800)}"}`
    const answer = await save(body)
    expect([answer.status, answer.body]).toEqual([
      413,
      { success: false, error: 'The body is larger than 52428800 bytes' },
    ])
  })

  it('exactly 52,428,800 bytes: taken', async () => {
    const frame = '{"scriptText":"","timestamp":9}'
    const body = `{"scriptText":"${'x'.repeat(52_428_800 - frame.length)}","timestamp":9}`
    expect(await save(body)).toMatchObject({ status: 200 })
  })

  it('keeps every key, also `__proto__`, and pollutes nothing', async () => {
    await save(
      '{"scriptText":"x","__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}},"timestamp":3}',
    )
    expect(await client.get('storyart:session:3')).toBe(
      '{"scriptText":"x","__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}},"timestamp":3}',
    )
    expect(Reflect.get({}, 'polluted')).toBeUndefined()
  })
})

describe("the other routes of StoryArt's server", () => {
  const put = (timestamp: number, text: string) =>
    client
      .multi()
      .set(`storyart:session:${timestamp}`, text)
      .zadd('storyart:sessions:index', timestamp, `storyart:session:${timestamp}`)
      .exec()
  const get = (path: string) => ask(`${live.url}${path}`)

  it('latest without sessions: the same 404', async () => {
    const { status, body } = await get('/api/v1/session/latest')
    expect([status, body]).toEqual([404, { success: false, error: 'No session found' }])
  })

  it('differs on purpose: latest passes over orphans and broken sessions', async () => {
    await put(5, '{"scriptText":"good"}')
    await put(6, '{"scriptText":')
    await put(7, 'null')
    await client.zadd('storyart:sessions:index', 8, 'storyart:session:8')
    expect((await get('/api/v1/session/latest')).body).toEqual({
      success: true,
      data: { scriptText: 'good', timestamp: 5 },
      storage: 'redis',
    })
  })

  it('differs on purpose: list passes over them too, and goes by the key', async () => {
    await put(5, '{"timestamp":99,"scriptText":"five"}')
    await put(6, '{"scriptText":')
    await put(7, '{"scriptText":"seven"}')
    expect((await get('/api/v1/session/list')).body).toEqual({
      success: true,
      count: 2,
      sessions: [
        { scriptText: 'seven', timestamp: 7 },
        { timestamp: 5, scriptText: 'five' },
      ],
    })
  })

  it('an empty list', async () => {
    expect((await get('/api/v1/session/list')).body).toEqual({ success: true, count: 0, sessions: [] })
  })

  it('by timestamp: the envelope; a session that is not in the index is found', async () => {
    await client.set('storyart:session:5', '{"scriptText":"x"}')
    expect((await get('/api/v1/session/5')).body).toEqual({
      success: true,
      data: { scriptText: 'x', timestamp: 5 },
      storage: 'redis',
    })
    expect(await get('/api/v1/session/6')).toMatchObject({ status: 404, body: { error: 'Session not found' } })
  })

  it.each([
    '1704067200000abc',
    '1704067200000.9',
    '%201704067200000',
    '0x10',
    '1e12',
    '0',
    '-1',
    '01',
    'abc',
    '9007199254740993',
    '%zz',
    '99999999999999999999',
  ])('differs on purpose: the timestamp %s is the same 400, and never another session', async (text) => {
    await put(1_704_067_200_000, '{"scriptText":"x"}')
    const { status, body } = await get(`/api/v1/session/${text}`)
    expect([status, body]).toEqual([400, { success: false, error: 'Invalid timestamp parameter' }])
  })

  it('differs on purpose: a broken session is a 500 with an id, and not "not found"', async () => {
    await put(5, '{"scriptText":')
    const { status, body } = await get('/api/v1/session/5')
    expect(status).toBe(500)
    expect(body).toEqual({
      success: false,
      error: 'What is stored is no session',
      code: 'SESSION_INVALID',
      id: live.failures[0]?.id,
    })
  })

  it('paths as Express has them: any case, one slash at the end', async () => {
    await put(5, '{"scriptText":"x"}')
    for (const path of ['/API/V1/Session/LATEST', '/api/v1/session/latest/', '/api/v1/session/5/', '/HEALTH/']) {
      expect((await get(path)).status).toBe(200)
    }
    for (const path of [
      '/api/v1/session/',
      '/api/v1/session',
      '/',
      '/api/v1/session//latest',
      '/api/v1/session/5/6',
      '/x',
    ]) {
      expect(await get(path)).toMatchObject({ status: 404, body: { success: false } })
    }
  })

  it('health tells the truth', async () => {
    const healthy = { success: true, status: 'healthy', redis: 'connected', memory: 'empty' }
    expect((await get('/health')).body).toEqual(healthy)
    const inMemory = await serve()
    expect((await ask(`${inMemory.url}/health`)).body).toEqual({ ...healthy, redis: 'disconnected' })
    await inMemory.store.save({ scriptText: 'x' })
    expect((await ask(`${inMemory.url}/health`)).body).toEqual({ ...healthy, redis: 'disconnected', memory: 'active' })
    await inMemory.stop()
  })
})
