import { Redis } from 'ioredis'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { redisAdapter } from '../../src/adapters/redis-adapter.js'
import { SessionStore, type SessionWatch } from '../../src/store/index.js'
import { type Connection, clusterClients, singleClients } from './clients.js'
import { type RedisCluster, startCluster } from './cluster.js'
import { type RedisServer, startRedis } from './server.js'

const INDEX = 'storyart:sessions:index'
const WEEK_S = 604_800

let server: RedisServer
let admin: Redis
const opened: { close(): Promise<unknown> }[] = []

beforeAll(async () => {
  server = await startRedis()
  admin = new Redis(server.port, '127.0.0.1')
  admin.on('error', () => undefined)
})

afterAll(async () => {
  admin.disconnect()
  await server.stop()
})

beforeEach(() => server.flush())

afterEach(async () => {
  for (const one of opened.splice(0).reverse()) await one.close()
})

function storeOn(connection: Connection): SessionStore {
  const store = new SessionStore({ adapter: redisAdapter({ client: connection.client }) })
  opened.push(connection, store)
  return store
}

async function ioredisStore(): Promise<SessionStore> {
  return storeOn(await singleClients['ioredis 5'](server.port))
}

/** Just as StoryArt's own server does it. */
async function storyArtSave(timestamp: number, text: string): Promise<void> {
  await admin.setex(`storyart:session:${timestamp}`, WEEK_S, text)
  await admin.zadd(INDEX, timestamp, `storyart:session:${timestamp}`)
}

async function nextOf(changes: SessionWatch): Promise<string> {
  const { value } = await changes.next()
  return value ? `${value.type} ${value.timestamp}` : 'done'
}

/** A session of one beat, with its prompt or without, in the same length. */
function episode(ready: boolean): string {
  const prompts = ready ? { cinematic: 'a lighthouse' } : { cinematic: '            ' }
  return JSON.stringify({ analyzedEpisode: { scenes: [{ sceneNumber: 1, beats: [{ beatId: 's1-b1', prompts }] }] } })
}

/** The connections on which somebody waits for news. */
async function readers(): Promise<string[]> {
  const list = String(await admin.client('LIST'))
  return list.split('\n').filter((line) => /cmd=xread/.test(line))
}

async function connections(): Promise<number> {
  return String(await admin.client('LIST'))
    .trim()
    .split('\n').length
}

/** Asks until it is so; the test's own time limit ends it otherwise. */
async function until(isSo: () => Promise<boolean>): Promise<void> {
  while (!(await isSo())) await new Promise((resolve) => setTimeout(resolve, 5))
}

describe.each(Object.entries(singleClients))('a watch over %s', (name, connect) => {
  it('tells what stores save, what StoryArt writes, what is written over and what is removed', async () => {
    const connection = await connect(server.port)
    const store = storeOn(connection)
    await storyArtSave(1, '{"scriptText":"old"}')
    const before = await connections()
    const changes = store.watch({ pollMs: 100 })
    await changes.ready()
    await store.save({ scriptText: 'a' }, { timestamp: 2 })
    expect(await nextOf(changes)).toBe('saved 2')
    await store.update(2, (session) => ({ ...session, scriptText: 'b' })) // same length, same end
    expect(await nextOf(changes)).toBe('updated 2')
    await storyArtSave(3, '{"scriptText":"x"}')
    expect(await nextOf(changes)).toBe('saved 3')
    await storyArtSave(3, '{"scriptText":"y"}') // same length
    expect(await nextOf(changes)).toBe('updated 3')
    await admin.del('storyart:session:3') // the index still names it
    expect(await nextOf(changes)).toBe('deleted 3')
    await admin.del('storyart:session:1')
    await admin.zrem(INDEX, 'storyart:session:1')
    expect(await nextOf(changes)).toBe('deleted 1')
    await store.delete(2)
    expect(await nextOf(changes)).toBe('deleted 2')
    if (name !== 'a pool of node-redis 5') await until(async () => (await readers()).length === 1)
    else expect(await connections()).toBe(before) // it cannot be duplicated, and asks by itself
    await changes.return()
    await until(async () => (await connections()) === before)
  })
})

describe('a cluster', () => {
  let cluster: RedisCluster

  beforeAll(async () => {
    cluster = await startCluster()
  })

  afterAll(() => cluster.stop())

  it.each(Object.entries(clusterClients))('is watched over %s', async (_name, connect) => {
    await cluster.flush()
    const store = storeOn(await connect(cluster.nodes))
    const other = storeOn(await connect(cluster.nodes))
    const changes = store.watch({ pollMs: 60_000 }) // word alone
    await changes.ready()
    await store.save({ scriptText: 'a' }, { timestamp: 7 })
    expect(await nextOf(changes)).toBe('saved 7')
    for (const timestamp of [8, 9, 10]) {
      await other.save({ scriptText: 'a' }, { timestamp })
      expect(await nextOf(changes)).toBe(`saved ${timestamp}`)
    }
    await other.delete(8)
    expect(await nextOf(changes)).toBe('deleted 8')
  })
})

describe('a gap', () => {
  it('of the connection that hears is bridged, and the connection comes back', async () => {
    const store = await ioredisStore()
    const changes = store.watch({ pollMs: 60_000 })
    await changes.ready()
    await until(async () => (await readers()).length === 1)
    for (const line of await readers()) await admin.client('KILL', 'ID', /id=(\d+)/.exec(line)?.[1] ?? '')
    await store.save({ scriptText: 'a' }, { timestamp: 7 })
    expect(await nextOf(changes)).toBe('saved 7')
    await until(async () => (await readers()).length === 1)
  })

  it('of the consumer swallows nothing: another store goes on from its cursor', async () => {
    const [store, other] = [await ioredisStore(), await ioredisStore()]
    for (const timestamp of [1, 2, 3]) await storyArtSave(timestamp, '{"scriptText":"a"}')
    await store.save({ scriptText: 'a' }, { timestamp: 4 })
    const changes = store.watch()
    const since = await changes.ready()
    await changes.return()
    await storyArtSave(1, '{"scriptText":"b"}')
    await admin.del('storyart:session:2')
    await store.update(4, (session) => ({ ...session, scriptText: 'b' })) // same length, same end
    await store.save({ scriptText: 'a' }, { timestamp: 5 })
    const rest = other.watch({ since })
    const told = [await nextOf(rest), await nextOf(rest), await nextOf(rest), await nextOf(rest)]
    expect(told.sort()).toEqual(['deleted 2', 'saved 5', 'updated 1', 'updated 4'])
  })

  it('of the consumer hides no deletion by StoryArt, however old the session', async () => {
    const [store, other] = [await ioredisStore(), await ioredisStore()]
    for (let timestamp = 1; timestamp <= 150; timestamp++) await storyArtSave(timestamp, '{"scriptText":"a"}')
    const changes = store.watch()
    const since = await changes.ready()
    await changes.return()
    for (const timestamp of [3, 40]) await admin.del(`storyart:session:${timestamp}`)
    await admin.zrem('storyart:sessions:index', 'storyart:session:3') // with its entry or without
    await storyArtSave(5, '{"scriptText":"other"}')
    await store.save({ scriptText: 'a' }, { timestamp: 200 })
    const rest = other.watch({ since })
    const told = [await nextOf(rest), await nextOf(rest), await nextOf(rest), await nextOf(rest)]
    expect(told.sort()).toEqual(['deleted 3', 'deleted 40', 'saved 200', 'updated 5'])
    await other.save({ scriptText: 'a' }, { timestamp: 201 })
    expect(await nextOf(rest)).toBe('saved 201') // and nothing else
  })

  it('of the server, which comes back empty, is told as what it is', async () => {
    const store = await ioredisStore()
    await store.save({ scriptText: 'a' }, { timestamp: 1 })
    const changes = store.watch({ pollMs: 50 })
    const since = await changes.ready()
    await server.kill()
    await server.start()
    await store.save({ scriptText: 'b' }, { timestamp: 2 })
    const told = [await nextOf(changes), await nextOf(changes)]
    expect(told.sort()).toEqual(['deleted 1', 'saved 2'])
    await changes.return()
    const rest = store.watch({ since })
    expect([await nextOf(rest), await nextOf(rest)].sort()).toEqual(['deleted 1', 'saved 2'])
  })
})

describe('many changes', () => {
  it('in a burst wait for a slow consumer, each once', async () => {
    const [store, other] = [await ioredisStore(), await ioredisStore()]
    const changes = store.watch()
    await changes.ready()
    const all = Array.from({ length: 1000 }, (_, n) => n + 1)
    for (let round = 0; round < 3; round++) {
      await Promise.all(all.map((timestamp) => other.save({ scriptText: `${round}` }, { timestamp })))
    }
    const seen = new Map<number, string>()
    while (seen.size < 1000 || [...seen.values()].some((text) => text !== '2')) {
      const { value } = await changes.next()
      if (!value) break
      const record = await store.get(value.timestamp) // what makes it slow
      seen.set(value.timestamp, String(record?.session.scriptText))
    }
    expect([...seen.keys()].sort((a, b) => a - b)).toEqual(all)
    await changes.return()
  })

  it('are heard over one connection, however many watch and wait', async () => {
    const store = await ioredisStore()
    const watches = Array.from({ length: 5 }, () => store.watch())
    await Promise.all(watches.map((one) => one.ready()))
    const waits = Array.from({ length: 5 }, () => store.waitForPrompts(7))
    await until(async () => (await readers()).length === 1)
    await store.save(JSON.parse(episode(true)), { timestamp: 7 })
    expect((await Promise.all(waits)).map(({ timestamp }) => timestamp)).toEqual([7, 7, 7, 7, 7])
    expect(await Promise.all(watches.map(nextOf))).toEqual(Array.from({ length: 5 }, () => 'saved 7'))
    await Promise.all(watches.map((one) => one.return()))
    await until(async () => (await readers()).length === 0)
  })
})

describe('waitForPrompts', () => {
  it.each([
    [
      'a save of ours',
      async (store: SessionStore) => void (await store.save(JSON.parse(episode(true)), { timestamp: 7 })),
    ],
    ['a plain SETEX of the same length', async () => storyArtSave(7, episode(true))],
  ])('resolves within a second of %s', async (_what, write) => {
    const [store, other] = [await ioredisStore(), await ioredisStore()]
    await storyArtSave(7, episode(false))
    const wait = store.waitForPrompts(7)
    await until(async () => (await readers()).length === 1)
    const started = performance.now()
    await write(other)
    expect((await wait).timestamp).toBe(7)
    expect(performance.now() - started).toBeLessThan(1000)
    await until(async () => (await readers()).length === 0)
  })
})

describe('a user who may use sessions and index alone', () => {
  it('watches by looking', async () => {
    await admin.call('ACL', 'SETUSER', 'narrow', 'on', '>secret', '~storyart:session:*', `~${INDEX}`, '+@all')
    const store = storeOn(await singleClients['ioredis 5'](server.port, { username: 'narrow', password: 'secret' }))
    const changes = store.watch({ pollMs: 100 })
    await changes.ready()
    await store.save({ scriptText: 'a' }, { timestamp: 7 })
    expect(await nextOf(changes)).toBe('saved 7')
  })
})
