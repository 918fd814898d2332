import { Redis } from 'ioredis'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { redisAdapter } from '../../src/adapters/redis.js'
import { revisionOf } from '../../src/revision.js'
import { type Command, recording } from './recording.js'
import { type RedisServer, startRedis } from './server.js'

const INDEX = 'storyart:sessions:index'
const CHANGES = 'storyart:changes'
const WEEK_MS = 604_800_000

let server: RedisServer
let redis: Redis

beforeAll(async () => {
  server = await startRedis()
  redis = new Redis(server.port, '127.0.0.1')
})

afterEach(() => server.flush())

afterAll(async () => {
  redis.disconnect()
  await server.stop()
})

describe('what the adapter writes', () => {
  it('is what the guide describes, and nothing else under its keys', async () => {
    const raw = '{"scriptText":"Caf\u00e9 \u6f22\u5b57","timestamp":1704067200000}'
    await redisAdapter({ client: redis }).put(1_704_067_200_000, raw, { ttlMs: WEEK_MS, summary: 'short' })
    const key = 'storyart:session:1704067200000'
    expect(await redis.get(key)).toBe(raw)
    expect(await redis.type(key)).toBe('string')
    expect(await redis.ttl(key)).toBe(604_800)
    expect(await redis.zrange(INDEX, 0, 0, 'REV')).toEqual([key])
    expect(await redis.zscore(INDEX, key)).toBe('1704067200000')
    expect(await redis.ttl(INDEX)).toBe(-1)
    expect(await redis.keys('storyart:session:*')).toEqual([key])
    expect((await redis.keys('*')).sort()).toEqual([CHANGES, key, INDEX, 'storyart:summary:1704067200000'])
    expect(await redis.get('storyart:summary:1704067200000')).toBe(`${Buffer.byteLength(raw)}:short`)
    expect(await redis.ttl('storyart:summary:1704067200000')).toBe(604_800)
  })

  it('has no life where none was given', async () => {
    await redisAdapter({ client: redis }).put(7, '{}', { summary: 'short' })
    expect(await redis.pttl('storyart:session:7')).toBe(-1)
    expect(await redis.pttl('storyart:summary:7')).toBe(-1)
  })

  it('is the same by every way of writing', async () => {
    const adapter = redisAdapter({ client: redis })
    await adapter.put(1, '{}', { ttlMs: WEEK_MS, summary: 's' })
    await adapter.put(2, '{}', { ttlMs: WEEK_MS, summary: 's', expect: 'absent' })
    await adapter.put(3, '{"a":1}', { ttlMs: WEEK_MS })
    await adapter.put(3, '{}', { ttlMs: 'keep', summary: 's' })
    await adapter.put(4, '{"a":1}')
    await adapter.put(4, '{}', { ttlMs: WEEK_MS, summary: 's', expect: revisionOf('{"a":1}') })
    for (const id of [1, 2, 3, 4]) {
      expect(await redis.get(`storyart:session:${id}`)).toBe('{}')
      expect(await redis.ttl(`storyart:session:${id}`)).toBe(604_800)
      expect(await redis.get(`storyart:summary:${id}`)).toBe('2:s')
      expect(await redis.ttl(`storyart:summary:${id}`)).toBe(604_800)
    }
    expect(await redis.zrange(INDEX, 0, -1, 'WITHSCORES')).toEqual(
      [1, 2, 3, 4].flatMap((id) => [`storyart:session:${id}`, `${id}`]),
    )
  })

  it('leaves nothing but word of it when it is deleted', async () => {
    const adapter = redisAdapter({ client: redis })
    await adapter.put(7, '{}', { summary: 's' })
    await adapter.put(2 ** 52, '{}', { summary: 's' })
    expect(await adapter.delete(7)).toBe(true)
    expect(await adapter.delete(2 ** 52)).toBe(true)
    expect(await redis.keys('*')).toEqual([CHANGES])
    expect((await redis.xrange(CHANGES, '-', '+')).map(([, words]) => words)).toEqual([
      ['written', '7'],
      ['written', String(2 ** 52)],
      ['removed', '7'],
      ['removed', String(2 ** 52)],
    ])
  })
})

describe("what StoryArt's server wrote", () => {
  it('is read, listed and found by its age', async () => {
    for (const timestamp of [1_704_067_200_000, 1_704_067_200_001]) {
      await redis.setex(`storyart:session:${timestamp}`, 604_800, `{"scriptText":"\u201cINT.\u201d ${timestamp}"}`)
      await redis.zadd(INDEX, timestamp, `storyart:session:${timestamp}`)
    }
    const adapter = redisAdapter({ client: redis })
    expect(await adapter.get(1_704_067_200_000)).toEqual({ raw: '{"scriptText":"\u201cINT.\u201d 1704067200000"}' })
    const { entries } = await adapter.list({ limit: 5 })
    expect(entries.map(({ id, sizeBytes }) => [id, sizeBytes])).toEqual([
      [1_704_067_200_001, 41],
      [1_704_067_200_000, 41],
    ])
    for (const { ttlMs } of entries) expect(ttlMs).toBeGreaterThan(WEEK_MS - 10_000)
  })

  it('is read also if it is in no index', async () => {
    await redis.set('storyart:session:7', '{}')
    expect(await redisAdapter({ client: redis }).get(7)).toEqual({ raw: '{}' })
  })
})

describe('one database for several stores', () => {
  it('keeps prefixes apart, in the members of the index too', async () => {
    const one = redisAdapter({ client: redis, keyPrefix: 'one:' })
    const two = redisAdapter({ client: redis, keyPrefix: 'two:' })
    await one.put(7, '{"a":1}', { summary: 's' })
    await two.put(8, '{"a":2}')
    expect(one.keyPrefix).toBe('one:')
    expect(await two.get(7)).toBeNull()
    expect((await one.list({ limit: 5 })).entries.map(({ id }) => id)).toEqual([7])
    expect(await two.delete(7)).toBe(false)
    expect((await redis.keys('*')).sort()).toEqual([
      'one:storyart:changes',
      'one:storyart:session:7',
      'one:storyart:sessions:index',
      'one:storyart:summary:7',
      'two:storyart:changes',
      'two:storyart:session:8',
      'two:storyart:sessions:index',
    ])
    expect(await redis.zrange('one:storyart:sessions:index', 0, -1)).toEqual(['one:storyart:session:7'])
  })

  it('works below the prefix of a client as hand-written code would', async () => {
    const client = new Redis(server.port, '127.0.0.1', { keyPrefix: 'mine:' })
    const adapter = redisAdapter({ client })
    await adapter.put(7, '{"a":1}')
    await adapter.put(7, '{"a":2}', { ttlMs: 'keep' })
    await redis.zadd(`mine:${INDEX}`, 6, 'storyart:session:6')
    expect(await adapter.prune?.()).toBe(1)
    expect((await adapter.list({ limit: 5 })).entries.map(({ id }) => id)).toEqual([7])
    expect((await redis.keys('*')).sort()).toEqual([`mine:${CHANGES}`, 'mine:storyart:session:7', `mine:${INDEX}`])
    client.disconnect()
  })
})

describe('commands', () => {
  it('name one key each, documents before their index entries', async () => {
    const commands: Command[] = []
    const adapter = redisAdapter({ client: recording(redis, commands, { isCluster: true }) })
    await adapter.put(7, '{"a":1}', { summary: 's', ttlMs: WEEK_MS })
    await adapter.put(8, '{"a":1}', { expect: 'absent' })
    await adapter.put(7, '{"a":2}', { ttlMs: 'keep' })
    await adapter.list({ limit: 5 })
    await adapter.touch(7, WEEK_MS)
    await adapter.describe?.(7, '{"a":2}', 's')
    await redis.zadd(INDEX, 5, 'storyart:session:5')
    await adapter.prune?.()
    await adapter.delete(7)
    await adapter.health()
    expect(commands.length).toBeGreaterThan(30)
    const keysOf = ([name, ...args]: Command): unknown[] => {
      if (name === 'ping') return []
      if (name === 'eval') return args.slice(2, 2 + Number(args[1]))
      return ['get', 'getBuffer', 'strlen', 'pttl', 'del'].includes(name) ? args : args.slice(0, 1)
    }
    expect(commands.filter((command) => command[0] !== 'ping' && keysOf(command).length !== 1)).toEqual([])
    const written = commands.slice(0, 8).map(([name, key]) => `${name} ${key}`)
    expect(written).toEqual([
      'set storyart:session:7',
      `zadd ${INDEX}`,
      'set storyart:summary:7',
      `xadd ${CHANGES}`,
      'set storyart:session:8',
      `zadd ${INDEX}`,
      'del storyart:summary:8',
      `xadd ${CHANGES}`,
    ])
  })
})
