import { Cluster } from 'ioredis'
import * as node5 from 'redis'
import * as node6 from 'redis6'
import { afterAll, afterEach, describe, expect, it } from 'vitest'
import { redisAdapter } from '../../src/adapters/redis.js'
import { revisionOf } from '../../src/revision.js'
import { type Client, type Connection, clusterClients, type Entry, type Kind, singleClients } from './clients.js'
import { startCluster } from './cluster.js'
import { ask, freePort, type RedisServer, startRedis } from './server.js'

const SECRET = 'WHAT THE DOCUMENT SAYS'
const RAW = `{"scriptText":"${SECRET}"}`
const PASSWORD = 'a-password-nobody-may-read'

const servers: RedisServer[] = []
const connections: Connection[] = []

afterEach(async () => {
  for (const connection of connections.splice(0)) await connection.close()
})

afterAll(async () => {
  for (const server of servers) await server.stop()
})

async function serverWith(...args: string[]): Promise<RedisServer> {
  const server = await startRedis(args)
  servers.push(server)
  return server
}

const IOREDIS: Kind[] = ['ioredis 5', 'ioredis 6']
const NODE_REDIS: Kind[] = ['node-redis 4', 'node-redis 5', 'node-redis 6']
const ALL = [...IOREDIS, ...NODE_REDIS]

/** One client of each kind, connected; those of ioredis give up at once where that fails. */
async function clientsOf(port: number, names = ALL, entry: Entry = {}): Promise<[Kind, Client][]> {
  const clients: [Kind, Client][] = []
  for (const name of names) {
    const impatient = entry.impatient ?? name.startsWith('ioredis')
    const connection = await singleClients[name](port, { ...entry, impatient })
    connections.push(connection)
    clients.push([name, connection.client])
  }
  return clients
}

/** Every operation must fail with the code, without telling what must not be told. */
async function allFail(
  [kind, client]: [string, Client],
  code: string,
  operations = ['put', 'get', 'list', 'touch', 'delete'],
): Promise<void> {
  const adapter = redisAdapter({ client, healthTimeoutMs: 500 })
  const calls: Record<string, () => Promise<unknown>> = {
    put: () => adapter.put(7, RAW, { summary: SECRET }),
    putNew: () => adapter.put(8, RAW, { expect: 'absent' }),
    putIf: () => adapter.put(7, RAW, { expect: revisionOf('{}') }),
    get: () => adapter.get(7),
    list: () => adapter.list({ limit: 5 }),
    touch: () => adapter.touch(7, 1000),
    delete: () => adapter.delete(7),
  }
  for (const name of operations) {
    const error = await calls[name]?.().catch((reason: unknown) => reason)
    expect(error, `${name} on ${kind}`).toMatchObject({ name: 'AdapterError', code, adapter: 'redis' })
    const told = JSON.stringify([error, String(error), (error as Error).cause, String((error as Error).cause)])
    expect(told).not.toContain(SECRET)
    expect(told).not.toContain(PASSWORD)
  }
}

describe('ADAPTER_UNAVAILABLE', () => {
  it('a port where nobody listens', async () => {
    for (const client of await clientsOf(await freePort(), ALL, { impatient: true })) {
      await allFail(client, 'ADAPTER_UNAVAILABLE')
      const health = await redisAdapter({ client: client[1] }).health()
      const reason = expect.stringMatching(/max retries per request|The client is offline/)
      expect(health).toMatchObject({ ok: false, error: reason })
    }
  })

  it('a server that has gone, and a client that has been closed', async () => {
    const server = await serverWith()
    for (const client of await clientsOf(server.port, NODE_REDIS, { impatient: true })) {
      const adapter = redisAdapter({ client: client[1] })
      while (!(await adapter.health()).ok) await new Promise((resolve) => setTimeout(resolve, 5))
      await server.kill()
      await allFail(client, 'ADAPTER_UNAVAILABLE')
      await connections.at(NODE_REDIS.indexOf(client[0]))?.close()
      await expect(adapter.get(7)).rejects.toMatchObject({
        code: 'ADAPTER_UNAVAILABLE',
        message: expect.stringContaining('The client is closed'),
      })
      await server.start()
    }
  })

  it('a frozen server, as far as the client gives up', async () => {
    const server = await serverWith()
    const socket = { host: '127.0.0.1', port: server.port, socketTimeout: 50, reconnectStrategy: 10 }
    const clients = [node5.createClient({ socket }), node6.createClient({ socket })] as const
    const given: [string, Client][] = []
    for (const client of clients) {
      client.on('error', () => undefined)
      await client.connect()
      connections.push({ client, close: async () => client.destroy() })
      given.push(['node-redis with a socketTimeout', client])
    }
    const [ioredis] = await clientsOf(server.port, ['ioredis 5'], { commandTimeout: 50 })
    if (ioredis) given.push(ioredis)
    for (const [, client] of given) expect((await redisAdapter({ client }).health()).ok).toBe(true)
    server.freeze()
    // Later commands wait for a connection, which the frozen server still takes: only the first of each is known.
    for (const client of given) await allFail(client, 'ADAPTER_UNAVAILABLE', ['get'])
    for (const [, client] of given.slice(0, 2)) {
      const { ok } = await redisAdapter({ client, healthTimeoutMs: 50 }).health()
      expect(ok).toBe(false)
    }
    server.thaw()
  })

  it('a replica, for writing', async () => {
    const main = await serverWith('--repl-diskless-sync-delay', '0')
    for (const [, client] of await clientsOf(main.port, ['ioredis 5'])) await redisAdapter({ client }).put(7, '{}')
    const replica = await serverWith('--replicaof', '127.0.0.1', String(main.port))
    while (!(await ask(replica.port, 'EXISTS storyart:session:7')).startsWith(':1')) {
      await new Promise((resolve) => setTimeout(resolve, 10))
    }
    for (const client of await clientsOf(replica.port)) {
      await allFail(client, 'ADAPTER_UNAVAILABLE', ['put', 'putNew', 'putIf', 'touch', 'delete'])
      expect(await redisAdapter({ client: client[1] }).get(7)).toEqual({ raw: '{}' })
    }
  })

  it('a replica that has lost its master, and a master that misses its replicas', async () => {
    const dead = String(await freePort())
    const lost = await serverWith('--replicaof', '127.0.0.1', dead, '--replica-serve-stale-data', 'no')
    const alone = await serverWith('--min-replicas-to-write', '1')
    for (const client of await clientsOf(lost.port)) await allFail(client, 'ADAPTER_UNAVAILABLE')
    for (const client of await clientsOf(alone.port)) await allFail(client, 'ADAPTER_UNAVAILABLE', ['put', 'putNew'])
  })

  it('a Cluster without slots, and a Cluster nobody answers for', async () => {
    const bare = await serverWith('--cluster-enabled', 'yes', '--cluster-port', String(await freePort()))
    for (const client of await clientsOf(bare.port)) await allFail(client, 'ADAPTER_UNAVAILABLE')
    const nobody = new Cluster([{ host: '127.0.0.1', port: await freePort() }], { clusterRetryStrategy: () => null })
    nobody.on('error', () => undefined)
    await allFail(['a Cluster', nobody], 'ADAPTER_UNAVAILABLE')
    nobody.disconnect()
  })

  it('a Cluster one of whose masters is gone: what it held is never said to be missing', async () => {
    const cluster = await startCluster()
    const given: [string, Client][] = []
    for (const [name, connect] of Object.entries(clusterClients)) {
      const connection = await connect(cluster.nodes, { impatient: true })
      connections.push(connection)
      given.push([name, connection.client])
    }
    const ids = Array.from({ length: 12 }, (_, i) => i + 1)
    for (const [, client] of given) {
      const adapter = redisAdapter({ client })
      for (const id of ids) await adapter.put(id, RAW)
      expect((await adapter.list({ limit: 20 })).entries.length).toBe(ids.length)
    }
    await cluster.servers[1]?.kill()
    for (const [name, client] of given) {
      const adapter = redisAdapter({ client })
      const reads = await Promise.allSettled(ids.map((id) => adapter.get(id)))
      const codes = reads.map((read) => (read.status === 'fulfilled' ? read.value?.raw : read.reason.code))
      expect([name, [...new Set(codes)].sort()]).toEqual([name, ['ADAPTER_UNAVAILABLE', RAW]])
      await expect(adapter.list({ limit: 20 }), name).rejects.toMatchObject({ code: 'ADAPTER_UNAVAILABLE' })
    }
    for (const connection of connections.splice(0)) await connection.close()
    await cluster.stop()
  })

  it('a server busy with a script', async () => {
    const server = await serverWith('--busy-reply-threshold', '1')
    const clients = await clientsOf(server.port)
    for (const [, client] of clients) await redisAdapter({ client }).health()
    const endless = ask(server.port, 'EVAL "while true do end" 0')
    while (!(await ask(server.port, 'PING')).startsWith('-BUSY')) await new Promise((resolve) => setTimeout(resolve, 5))
    for (const client of clients) await allFail(client, 'ADAPTER_UNAVAILABLE')
    await ask(server.port, 'SCRIPT KILL')
    expect(await endless).toMatch(/^-ERR/)
  })
})

describe('ADAPTER_DENIED', () => {
  it('no password, and a wrong one', async () => {
    const server = await serverWith('--requirepass', PASSWORD)
    const patient = { maxRetriesPerRequest: null } // else ioredis now and then says that instead of why
    const clients = [
      ...(await clientsOf(server.port, IOREDIS, patient)),
      ...(await clientsOf(server.port, IOREDIS, { ...patient, password: `${PASSWORD}!` })),
      // Later versions of node-redis say it where they connect: a client of theirs never gets as far as here.
      ...(await clientsOf(server.port, ['node-redis 4'])),
    ]
    for (const client of clients) {
      await allFail(client, 'ADAPTER_DENIED')
      const { ok, error } = await redisAdapter({ client: client[1] }).health()
      expect([ok, error]).toEqual([
        false,
        expect.stringMatching(/failed \((NOAUTH|WRONGPASS) .*user, password and permissions are right\.$/),
      ])
    }
    for (const [, client] of await clientsOf(server.port, ALL, { password: PASSWORD })) {
      expect(await redisAdapter({ client }).put(7, '{}')).toEqual({ stored: true })
    }
  })

  it('not for a client of node-redis that was refused when it connected, as that tells only its caller', async () => {
    const server = await serverWith('--requirepass', PASSWORD)
    for (const client of await clientsOf(server.port, NODE_REDIS, { password: `${PASSWORD}!`, impatient: true })) {
      await allFail(client, 'ADAPTER_UNAVAILABLE')
    }
  })

  it('a user who may not', async () => {
    const server = await serverWith('--user', 'reader', 'on', `>${PASSWORD}`, '~*', '+@read', '+@connection', '+info')
    for (const client of await clientsOf(server.port, ALL, { username: 'reader', password: PASSWORD })) {
      await allFail(client, 'ADAPTER_DENIED', ['put', 'putNew', 'putIf', 'touch', 'delete'])
      expect(await redisAdapter({ client: client[1] }).list({ limit: 5 })).toEqual({ entries: [] })
    }
  })

  it("not a user who may not see this library's own keys: sessions are all there, without summaries", async () => {
    const rights = ['~storyart:session:*', '~storyart:sessions:index', '+@all']
    const server = await serverWith('--user', 'old', 'on', `>${PASSWORD}`, ...rights)
    for (const [, client] of await clientsOf(server.port, ALL, { username: 'old', password: PASSWORD })) {
      const adapter = redisAdapter({ client })
      expect(await adapter.put(7, '{}', { summary: 's' })).toEqual({ stored: true })
      expect((await adapter.list({ limit: 5 })).entries).toEqual([{ id: 7, sizeBytes: 2, ttlMs: null }])
    }
  })
})

describe('ADAPTER_QUOTA', () => {
  it('a full server', async () => {
    const server = await serverWith('--maxmemory', '1', '--maxmemory-policy', 'noeviction')
    for (const entry of await clientsOf(server.port)) {
      await allFail(entry, 'ADAPTER_QUOTA', ['put', 'putNew'])
      const adapter = redisAdapter({ client: entry[1] })
      expect(await adapter.get(7)).toBeNull()
      expect((await adapter.health()).ok).toBe(true)
    }
  })
})
