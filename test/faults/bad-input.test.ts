/** What nobody should do or be, and what comes of it: a clear error or a right answer, and nothing lost. */
import { Redis } from 'ioredis'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { SessionAdapter } from '../../src/adapters/adapter.js'
import { memoryAdapter } from '../../src/adapters/memory.js'
import { redisAdapter } from '../../src/adapters/redis.js'
import { AdapterError } from '../../src/errors.js'
import { SessionStore } from '../../src/store/index.js'
import { type RedisServer, startRedis } from '../redis/server.js'

const TIMESTAMP = 1_770_000_000_000
const INDEX = 'storyart:sessions:index'
const KEY = `storyart:session:${TIMESTAMP}`
const SUMMARY = `storyart:summary:${TIMESTAMP}`
const HOUR_MS = 3_600_000

let server: RedisServer
let client: Redis
let store: SessionStore

beforeAll(async () => {
  server = await startRedis()
  client = new Redis(server.port, '127.0.0.1')
})

beforeEach(() => {
  store = new SessionStore({ adapter: redisAdapter({ client }) })
})

afterEach(async () => {
  await store.close()
  await server.flush()
})

afterAll(async () => {
  client.disconnect()
  await server.stop()
})

/** Fails at whatever it is asked. */
function broken(name: string, failure: () => unknown): SessionAdapter {
  const fail = async (): Promise<never> => {
    throw failure()
  }
  const close = async (): Promise<void> => undefined
  return { name, put: fail, get: fail, list: fail, delete: fail, touch: fail, health: fail, close }
}

const unavailable = (name: string) => () =>
  new AdapterError('ADAPTER_UNAVAILABLE', `${name}: no answer`, { adapter: name, operation: 'put' })

describe('a fallback that', () => {
  it('fails too: the error names both and their reasons, and nothing is claimed', async () => {
    const disk = broken(
      'disk',
      () => new AdapterError('ADAPTER_QUOTA', 'disk: full', { adapter: 'disk', operation: 'put' }),
    )
    const own = new SessionStore({ adapter: broken('primary', unavailable('primary')), fallback: [disk] })
    await expect(own.save({ scriptText: 'a' }, { timestamp: TIMESTAMP })).rejects.toMatchObject({
      code: 'ADAPTER_UNAVAILABLE',
      message: `session ${TIMESTAMP} was not saved, because no tier could take it. primary: no answer | disk: full`,
    })
    await expect(own.get(TIMESTAMP)).rejects.toMatchObject({ code: 'ADAPTER_UNAVAILABLE' })
    await expect(own.list()).rejects.toMatchObject({ code: 'ADAPTER_UNAVAILABLE' })
    await own.close()
  })

  it.each([
    ['undefined', undefined],
    ['a text', 'stored'],
    ['an acknowledgement of another shape', { ok: true }],
    ['a refusal for no reason', { stored: false, reason: 'because' }],
  ])('answers garbage: %s is no acknowledgement, and the next tier takes it', async (_, garbage) => {
    const liar: SessionAdapter = { ...memoryAdapter(), name: 'liar', put: async () => garbage as never }
    const own = new SessionStore({
      adapter: broken('primary', unavailable('primary')),
      fallback: [liar, memoryAdapter()],
    })
    expect(await own.save({ scriptText: 'a' }, { timestamp: TIMESTAMP })).toMatchObject({ storage: 'memory' })
    expect((await own.get(TIMESTAMP))?.session.scriptText).toBe('a')
    await expect(own.close()).rejects.toMatchObject({
      message: expect.stringContaining('1 saved session waits in memory'),
    })
  })

  it('lists garbage does not take a healthy primary with it', async () => {
    const liar: SessionAdapter = { ...memoryAdapter(), name: 'liar', list: async () => ({ entries: 'all' }) as never }
    const own = new SessionStore({ adapter: redisAdapter({ client }), fallback: [liar] })
    await own.save({ scriptText: 'a' }, { timestamp: TIMESTAMP })
    const page = await own.list()
    expect([page.sessions.map(({ timestamp }) => timestamp), page.degraded]).toEqual([[TIMESTAMP], true])
    expect((await own.get(TIMESTAMP))?.session.scriptText).toBe('a')
    await own.close()
  })
})

describe('in Redis', () => {
  it.each([
    ['no JSON', 'SCENE'],
    ['another JSON', '[1,2,3]'],
    ['facts of the wrong kind', '{"title":7,"scenes":"many","beats":-1}'],
    ['nothing', ''],
  ])('a summary that is %s: the list says what the document says', async (_, text) => {
    const { sessions } = await store.save({ scriptText: 'INT. LAB' }, { timestamp: TIMESTAMP }).then(() => store.list())
    const bytes = await client.strlen(KEY)
    await client.set(SUMMARY, `${bytes}:${text}`, 'PX', await client.pttl(KEY))
    expect((await store.list()).sessions).toEqual(sessions.map((one) => ({ ...one, expiresAt: expect.anything() })))
  })

  it('a summary that lies about its own document can lie in a list alone, until the next save', async () => {
    await store.save({ scriptText: 'the truth' }, { timestamp: TIMESTAMP })
    const told = String(await client.get(SUMMARY))
    expect(told).toContain('the truth')
    await client.set(SUMMARY, told.replace('the truth', 'never so'), 'PX', await client.pttl(KEY))
    expect((await store.list()).sessions[0]?.scriptPreview).toBe('never so')
    expect((await store.get(TIMESTAMP))?.session.scriptText).toBe('the truth')
    expect((await store.latest())?.session.scriptText).toBe('the truth')
    await store.update(TIMESTAMP, (session) => ({ ...session, scriptText: 'the truth again' }))
    expect((await store.list()).sessions[0]?.scriptPreview).toBe('the truth again')
  })

  it('index members that are no session keys are passed over and left alone', async () => {
    await store.save({ scriptText: 'a' }, { timestamp: TIMESTAMP })
    const members = [
      'storyart:session:',
      'storyart:session:x',
      'storyart:session:01',
      'storyart:session:-5',
      'other',
      '',
    ]
    for (const [i, member] of members.entries()) await client.zadd(INDEX, TIMESTAMP + i, member)
    expect((await store.list()).sessions.map(({ timestamp }) => timestamp)).toEqual([TIMESTAMP])
    expect(await store.count()).toBe(1)
    expect(await store.prune()).toEqual({ removed: 0 })
    expect(await client.zcard(INDEX)).toBe(1 + members.length)
  })

  it('a key of the wrong type breaks its own session alone, and says so', async () => {
    await store.save({ scriptText: 'older' }, { timestamp: TIMESTAMP - 1 })
    await client.hset(KEY, 'scriptText', 'a')
    await client.zadd(INDEX, TIMESTAMP, KEY)
    await expect(store.get(TIMESTAMP)).rejects.toMatchObject({
      code: 'ADAPTER_FAILED',
      message: expect.stringContaining('WRONGTYPE'),
    })
    await expect(store.update(TIMESTAMP, (session) => session)).rejects.toMatchObject({ code: 'ADAPTER_FAILED' })
    expect(await store.latest()).toMatchObject({
      timestamp: TIMESTAMP - 1,
      skipped: [{ timestamp: TIMESTAMP, reason: 'unreadable' }],
    })
    expect(await store.prune()).toEqual({ removed: 0 })
    expect(await client.type(KEY)).toBe('hash')
    expect(await store.delete(TIMESTAMP)).toBe(true)
  })

  it('two stores with different prefixes see nothing of each other, whatever they do', async () => {
    const staging = new SessionStore({ adapter: redisAdapter({ client, keyPrefix: 'staging:' }) })
    await store.save({ scriptText: 'live' }, { timestamp: TIMESTAMP })
    const saved = await staging.save({ scriptText: 'staging' }, { timestamp: TIMESTAMP, expect: 'absent' })
    expect(saved.sessionKey).toBe(`staging:${KEY}`)
    await staging.save({ scriptText: 'short' }, { timestamp: TIMESTAMP + 1, ttlMs: 1 })
    await staging.update(TIMESTAMP, (session) => ({ ...session, scriptText: 'changed' }))
    while ((await staging.count()) > 1) await staging.prune()
    expect(await staging.delete(TIMESTAMP)).toBe(true)
    await staging.prune()
    expect((await store.list()).sessions.map(({ timestamp, scriptPreview }) => [timestamp, scriptPreview])).toEqual([
      [TIMESTAMP, 'live'],
    ])
    expect([await store.count(), await staging.count(), await staging.latest()]).toEqual([1, 0, null])
    await staging.close()
  })

  it('a full server can be emptied: a delete is no failure', async () => {
    await store.save({ scriptText: 'a' }, { timestamp: TIMESTAMP })
    await client.config('SET', 'maxmemory', '1')
    try {
      await expect(store.save({ scriptText: 'b' })).rejects.toMatchObject({ code: 'ADAPTER_QUOTA' })
      expect(await store.touch(TIMESTAMP, HOUR_MS)).toBe(true)
      expect(await store.delete(TIMESTAMP)).toBe(true)
      expect(await store.get(TIMESTAMP)).toBeNull()
      expect((await store.list()).sessions).toEqual([])
    } finally {
      await client.config('SET', 'maxmemory', '0')
    }
    expect(await store.prune()).toEqual({ removed: 1 })
  })
})

describe('a clock that jumps back an hour', () => {
  it('gives new versions that are still newer, and takes no life from anything', async () => {
    let now = TIMESTAMP
    const own = new SessionStore({ adapter: redisAdapter({ client }), now: () => now })
    const saved: number[] = []
    for (const jump of [0, 5, -HOUR_MS, 1, 1]) {
      now += jump
      saved.push((await own.save({ scriptText: `${saved.length}` })).timestamp)
    }
    expect(saved).toEqual([0, 5, 6, 7, 8].map((ms) => TIMESTAMP + ms))
    expect((await own.latest())?.session.scriptText).toBe('4')
    expect(await own.count()).toBe(5)
    // Another process, which has not seen the time before: its versions are older, but its own, and none is replaced.
    const other = new SessionStore({ adapter: redisAdapter({ client }), now: () => now })
    expect((await other.save({ scriptText: 'early' })).timestamp).toBe(now)
    expect((await own.latest())?.session.scriptText).toBe('4')
    expect((await own.list()).sessions.every(({ expiresAt }) => Date.parse(String(expiresAt)) > now)).toBe(true)
    await own.close()
  })
})

describe('close during a save', () => {
  it('waits for it: what was acknowledged is there, and later calls are refused', async () => {
    const own = new SessionStore({ adapter: redisAdapter({ url: server.url }) })
    const saves = Array.from({ length: 20 }, (_, i) => own.save({ scriptText: `${i}` }, { timestamp: TIMESTAMP + i }))
    const closing = own.close()
    await expect(own.save({ scriptText: 'late' })).rejects.toMatchObject({ code: 'CLOSED' })
    expect((await Promise.all(saves)).map(({ storage }) => storage)).toEqual(Array(20).fill('redis'))
    await closing
    expect(await store.count()).toBe(20)
  })

  it('of a server that has just gone: the save ends, and close says what would be lost', async () => {
    const own = await startRedis()
    const memory = memoryAdapter()
    const backed = new SessionStore({ adapter: redisAdapter({ url: own.url }), fallback: [memory], deadlineMs: 300 })
    await backed.save({ scriptText: 'a' }, { timestamp: TIMESTAMP })
    own.freeze()
    const save = backed.save({ scriptText: 'b' }, { timestamp: TIMESTAMP + 1 })
    const closing = backed.close()
    expect(await save).toMatchObject({ storage: 'memory', degraded: true })
    await expect(closing).rejects.toMatchObject({ code: 'ADAPTER_UNAVAILABLE' })
    await own.stop()
    const heir = new SessionStore({ adapter: redisAdapter({ client }), fallback: [memory] })
    expect(await heir.sync()).toEqual({ synced: 1, conflicts: 0, waiting: 0 })
    expect((await store.get(TIMESTAMP + 1))?.session.scriptText).toBe('b')
    await heir.close()
  })
})
