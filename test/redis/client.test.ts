import { Redis } from 'ioredis'
import * as node5 from 'redis'
import * as node4 from 'redis4'
import * as node6 from 'redis6'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { redisAdapter } from '../../src/adapters/redis.js'
import { linkTo } from '../../src/adapters/redis-client.js'
import { givenSource } from '../../src/adapters/redis-connect.js'
import { type Client, type Connection, clusterClients, singleClients } from './clients.js'
import { type RedisCluster, startCluster } from './cluster.js'
import { type RedisServer, startRedis } from './server.js'

let server: RedisServer
let cluster: RedisCluster
let admin: Redis
const connections: Connection[] = []

beforeAll(async () => {
  server = await startRedis()
  cluster = await startCluster()
  admin = new Redis(server.port, '127.0.0.1')
})

afterEach(async () => {
  for (const connection of connections.splice(0)) await connection.close()
  await server.flush()
  await cluster.flush()
})

afterAll(async () => {
  admin.disconnect()
  await server.stop()
  await cluster.stop()
})

function keep(connection: Connection): Client {
  connections.push(connection)
  return connection.client
}

/** Every kind of client, connected. */
const everyClient: [string, () => Promise<Connection>][] = [
  ...Object.entries(singleClients).map(([name, connect]): [string, () => Promise<Connection>] => [
    name,
    () => connect(server.port),
  ]),
  ...Object.entries(clusterClients).map(([name, connect]): [string, () => Promise<Connection>] => [
    name,
    () => connect(cluster.nodes),
  ]),
]

/** Everything about a client that another user of it could notice. */
function shape(client: object): unknown {
  const emitter = Object.assign(Object.create(client), {})
  const names: (string | symbol)[] = emitter.eventNames()
  const listeners = names.map((name) => [name, emitter.listenerCount(name)])
  const states = ['status', 'isOpen', 'isReady', 'isCluster'].map((name) => Reflect.get(client, name))
  const options: unknown = Reflect.get(client, 'options') ?? Reflect.get(client, '_options')
  const mapping: unknown = Reflect.get(client, '_commandOptions')
  return [listeners, states, Object.getOwnPropertyNames(client).sort(), Object.keys(Object(options)), mapping]
}

async function useFully(client: Client): Promise<void> {
  const adapter = redisAdapter({ client })
  await adapter.put(7, '{}', { summary: 's', ttlMs: 1000 })
  await adapter.put(7, '{"a":1}', { ttlMs: 'keep' })
  await adapter.list({ limit: 5 })
  await adapter.describe?.(7, '{"a":1}', 's')
  await adapter.prune?.()
  await adapter.delete(7)
  await adapter.health()
  await adapter.close()
}

describe("a caller's client", () => {
  for (const [name, connect] of everyClient) {
    it(`stays as it was, open and without listeners of ours: ${name}`, async () => {
      const client = keep(await connect())
      // Once before: a Cluster opens connections to its nodes as they are needed.
      await useFully(client)
      const before = shape(client)
      await useFully(client)
      expect(shape(client)).toEqual(before)
      expect(await linkTo(client).send(['ping'])).toBe('PONG')
    })
  }

  it('can be closed for the adapter alone', async () => {
    for (const [, connect] of everyClient) {
      const client = keep(await connect())
      const [one, two] = [redisAdapter({ client }), redisAdapter({ client })]
      await one.close()
      expect(await two.put(7, '{}')).toEqual({ stored: true })
    }
  })

  it('may be neither client nor url, and is refused then', () => {
    for (const options of [{}, { client: undefined }, { client: null }, { url: undefined }, { url: 7 }]) {
      expect(() => Reflect.apply(redisAdapter, undefined, [options])).toThrow(
        'redisAdapter: pass { client } or { url }.',
      )
    }
  })

  it('has a link of its own, without explanations', async () => {
    const source = givenSource(admin)
    const error = new Error('x')
    expect(source.explain(error)).toBe(error)
    expect(await (await source.link()).sendAll([])).toEqual([])
    await source.close()
    expect(await admin.ping()).toBe('PONG')
  })
})

describe('what is no client of ioredis or node-redis', () => {
  const strangers: [what: string, client: unknown][] = [
    ['an empty object', {}],
    ['a number', 7],
    ['a url', 'redis://127.0.0.1'],
    ['a function', () => undefined],
    ['a module', node5],
    ['a client of node-redis 3', { connected: true, sendCommand: () => true, get: () => true }],
    ['a client of node-redis 4 in legacy mode', node4.createClient({ legacyMode: true })],
    ['the legacy interface of node-redis 5', node5.createClient().legacy()],
    ['a pipeline of ioredis', { getBuffer: () => true, pipeline: 7 }],
  ]
  for (const [what, client] of strangers) {
    it(`is refused: ${what}`, () => {
      expect(() => Reflect.apply(redisAdapter, undefined, [{ client }])).toThrow(
        expect.objectContaining({
          code: 'INVALID_ARGUMENT',
          message:
            'redisAdapter: this client is neither one of ioredis (5, 6) nor of node-redis (4, 5, 6; without legacy mode).',
        }),
      )
    })
  }
})

describe('a client of node-redis that nobody has connected', () => {
  const roots = () => ({ rootNodes: cluster.nodes.map(({ port }) => ({ url: `redis://127.0.0.1:${port}` })) })
  const own = () => ({ url: server.url })
  const clients: [string, () => Client & { connect(): Promise<unknown> }][] = [
    ['node-redis 4', () => node4.createClient(own())],
    ['node-redis 5', () => node5.createClient(own())],
    ['node-redis 6', () => node6.createClient(own())],
    ['a pool', () => node5.createClientPool(own())],
    ['a cluster of node-redis 4', () => node4.createCluster(roots())],
    ['a cluster of node-redis 5', () => node5.createCluster(roots())],
    ['a cluster of node-redis 6', () => node6.createCluster(roots())],
  ]
  for (const [name, make] of clients) {
    it(`says what to do, and works once it is: ${name}`, async () => {
      const client = make()
      const adapter = redisAdapter({ client })
      const calls = [
        adapter.put(7, '{}'),
        adapter.put(7, '{}', { expect: 'absent' }),
        adapter.get(7),
        adapter.delete(7),
      ]
      for (const call of [...calls, adapter.list({ limit: 1 }), adapter.touch(7, 1)]) {
        await expect(call).rejects.toMatchObject({
          code: 'INVALID_ARGUMENT',
          message: expect.stringContaining(
            'is not connected, and never connects by itself; call `await client.connect()`',
          ),
        })
      }
      expect(await adapter.health()).toMatchObject({ ok: false, error: expect.stringContaining('client.connect()') })
      await client.connect()
      expect(await adapter.put(7, '{}')).toEqual({ stored: true })
      await Reflect.apply(Reflect.get(client, 'destroy') ?? Reflect.get(client, 'disconnect'), client, [])
      await expect(adapter.get(7)).rejects.toMatchObject({ code: 'ADAPTER_UNAVAILABLE' })
    })
  }
})

describe('what reaches a client of node-redis', () => {
  const bytes = { returnBuffers: true, typeMapping: { 36: Buffer } }
  const kinds: [what: string, members: object, get: unknown[], ping: unknown[], spread: boolean][] = [
    ['a client', {}, [], [], false],
    ['a pool', { totalClients: 2 }, [], [], true],
    ['a cluster', { nodeClient: () => undefined }, ['storyart:session:7', false], [undefined, false], true],
    ['a sentinel', { acquire: () => undefined }, [false], [false], true],
  ]
  for (const [what, members, get, ping, spread] of kinds) {
    it(`are words, the way to the master and the wanted kind of reply: ${what}`, async () => {
      const sent: unknown[][] = []
      const link = linkTo({ ...members, isOpen: true, sendCommand: async (...args: unknown[]) => sent.push(args) })
      expect(link.spread).toBe(spread)
      await link.sendAll([
        ['getBuffer', 'storyart:session:7'],
        ['ping'],
        ['eval', 'return 1', 1, 'storyart:session:7', 'x'],
      ])
      expect(sent).toEqual([
        [...get, ['GET', 'storyart:session:7'], bytes],
        [...ping, ['PING'], { typeMapping: {} }],
        [...get, ['EVAL', 'return 1', '1', 'storyart:session:7', 'x'], { typeMapping: {} }],
      ])
    })
  }

  it('goes over connections of which one may be faster than another, with all but a plain client', async () => {
    for (const [name, connect] of everyClient) {
      expect([name, linkTo(keep(await connect())).spread]).toEqual([name, /cluster|pool/i.test(name)])
    }
  })
})

describe('what a client of node-redis was told', () => {
  it('holds: its database', async () => {
    const url = `${server.url}/3`
    for (const client of [node4.createClient({ url }), node5.createClient({ url }), node6.createClient({ url })]) {
      await client.connect()
      await useFully(client)
      await redisAdapter({ client }).put(7, '{}')
      expect(await linkTo(client).send(['get', 'storyart:session:7'])).toBe('{}')
      expect(await admin.exists('storyart:session:7')).toBe(0)
      await client.disconnect()
    }
  })

  it('holds: its mapping of types, which changes nothing for the adapter', async () => {
    const url = server.url
    const [five, six] = [await node5.createClient({ url }).connect(), await node6.createClient({ url }).connect()]
    const types = { 36: Buffer, 58: String, 44: String }
    for (const mapped of [five.withTypeMapping(types), six.withTypeMapping(types)] as const) {
      await useFully(mapped)
      const adapter = redisAdapter({ client: mapped })
      await adapter.put(7, '{"a":"\u6f22"}', { summary: 's' })
      expect(await adapter.get(7)).toEqual({ raw: '{"a":"\u6f22"}' })
      expect((await adapter.list({ limit: 5 })).entries).toEqual([{ id: 7, summary: 's', sizeBytes: 11, ttlMs: null }])
    }
    expect(await five.withTypeMapping(types).get('storyart:session:7')).toEqual(Buffer.from('{"a":"\u6f22"}'))
    expect(await six.withTypeMapping(types).get('storyart:session:7')).toEqual(Buffer.from('{"a":"\u6f22"}'))
    five.destroy()
    six.destroy()
  })

  it('holds: the key prefix of version 6, under which hand-written code would look', async () => {
    const one = await node6.createClient({ url: server.url, keyPrefix: 'mine:' }).connect()
    await useFully(one)
    const adapter = redisAdapter({ client: one })
    await adapter.put(7, '{"a":1}')
    await adapter.put(7, '{"a":2}', { ttlMs: 'keep', summary: 's' })
    expect(await one.get('storyart:session:7')).toBe('{"a":2}')
    await admin.zadd('mine:storyart:sessions:index', 6, 'storyart:session:6')
    expect(await adapter.prune?.()).toBe(1)
    expect((await adapter.list({ limit: 5 })).entries.map(({ id }) => id)).toEqual([7])
    expect((await admin.keys('*')).sort()).toEqual([
      'mine:storyart:changes',
      'mine:storyart:session:7',
      'mine:storyart:sessions:index',
      'mine:storyart:summary:7',
    ])
    one.destroy()
    const rootNodes = cluster.nodes.map(({ port }) => ({ url: `redis://127.0.0.1:${port}` }))
    const many = node6.createCluster({ rootNodes, keyPrefix: 'mine:' })
    await many.connect()
    await useFully(many)
    await redisAdapter({ client: many }).put(7, '{"a":1}')
    expect(await many.get('storyart:session:7')).toBe('{"a":1}')
    many.destroy()
  })
})
