import { Cluster as Cluster5, Redis as Redis5 } from 'ioredis'
import { Redis as Redis6 } from 'ioredis6'
import { afterAll, afterEach, describe, expect, it } from 'vitest'
import { redisAdapter } from '../../src/adapters/redis.js'
import { revisionOf } from '../../src/revision.js'
import type { TestClient } from './harness.js'
import { ask, freePort, type RedisServer, startRedis } from './server.js'

const SECRET = 'WHAT THE DOCUMENT SAYS'
const RAW = `{"scriptText":"${SECRET}"}`
const PASSWORD = 'a-password-nobody-may-read'

const servers: RedisServer[] = []
const clients: TestClient[] = []

afterEach(() => {
  for (const client of clients.splice(0)) client.disconnect()
})

afterAll(async () => {
  for (const server of servers) await server.stop()
})

async function serverWith(...args: string[]): Promise<RedisServer> {
  const server = await startRedis(args)
  servers.push(server)
  return server
}

/** Clients of both majors that give up at once. */
function bothClients(port: number, options: object = {}): TestClient[] {
  const patience = { maxRetriesPerRequest: 0, retryStrategy: () => 10, ...options }
  const both = [new Redis5(port, '127.0.0.1', patience), new Redis6(port, '127.0.0.1', patience)]
  for (const client of both) client.on('error', () => undefined)
  clients.push(...both)
  return both
}

/** Every operation must fail with the code, without telling what must not be told. */
async function allFail(
  client: TestClient,
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
    expect(error, name).toMatchObject({ name: 'AdapterError', code, adapter: 'redis' })
    const told = JSON.stringify([error, String(error), (error as Error).cause, String((error as Error).cause)])
    expect(told).not.toContain(SECRET)
    expect(told).not.toContain(PASSWORD)
  }
}

describe('ADAPTER_UNAVAILABLE', () => {
  it('a port where nobody listens', async () => {
    for (const client of bothClients(await freePort())) {
      await allFail(client, 'ADAPTER_UNAVAILABLE')
      const health = await redisAdapter({ client }).health()
      expect(health).toMatchObject({ ok: false, error: expect.stringMatching(/max retries per request/) })
    }
  })

  it('a frozen server, as far as the client gives up', async () => {
    const server = await serverWith()
    const [client] = [new Redis5(server.port, '127.0.0.1', { commandTimeout: 50 })]
    clients.push(client)
    await client.ping()
    server.freeze()
    await allFail(client, 'ADAPTER_UNAVAILABLE')
    server.thaw()
  })

  it('a replica, for writing', async () => {
    const main = await serverWith('--repl-diskless-sync-delay', '0')
    await redisAdapter({ client: bothClients(main.port)[0] as TestClient }).put(7, '{}')
    const replica = await serverWith('--replicaof', '127.0.0.1', String(main.port))
    while (!(await ask(replica.port, 'EXISTS storyart:session:7')).startsWith(':1')) {
      await new Promise((resolve) => setTimeout(resolve, 10))
    }
    for (const client of bothClients(replica.port)) {
      await allFail(client, 'ADAPTER_UNAVAILABLE', ['put', 'putNew', 'putIf', 'touch', 'delete'])
      expect(await redisAdapter({ client }).get(7)).toEqual({ raw: '{}' })
    }
  })

  it('a replica that has lost its master, and a master that misses its replicas', async () => {
    const dead = String(await freePort())
    const lost = await serverWith('--replicaof', '127.0.0.1', dead, '--replica-serve-stale-data', 'no')
    const alone = await serverWith('--min-replicas-to-write', '1')
    const options = { enableReadyCheck: false, maxRetriesPerRequest: 0 }
    const client = new Redis5(lost.port, '127.0.0.1', options)
    clients.push(client)
    await allFail(client, 'ADAPTER_UNAVAILABLE')
    for (const other of bothClients(alone.port)) await allFail(other, 'ADAPTER_UNAVAILABLE', ['put', 'putNew'])
  })

  it('a Cluster without slots, and a Cluster nobody answers for', async () => {
    const bare = await serverWith('--cluster-enabled', 'yes', '--cluster-port', String(await freePort()))
    for (const client of bothClients(bare.port)) await allFail(client, 'ADAPTER_UNAVAILABLE')
    const nobody = new Cluster5([{ host: '127.0.0.1', port: await freePort() }], { clusterRetryStrategy: () => null })
    nobody.on('error', () => undefined)
    clients.push(nobody)
    await allFail(nobody, 'ADAPTER_UNAVAILABLE')
  })

  it('a server busy with a script', async () => {
    const server = await serverWith('--busy-reply-threshold', '1')
    const [client] = bothClients(server.port)
    if (!client) throw new Error('no client')
    await client.ping()
    const endless = ask(server.port, 'EVAL "while true do end" 0')
    while (!(await ask(server.port, 'PING')).startsWith('-BUSY')) await new Promise((resolve) => setTimeout(resolve, 5))
    await allFail(client, 'ADAPTER_UNAVAILABLE')
    await ask(server.port, 'SCRIPT KILL')
    expect(await endless).toMatch(/^-ERR/)
  })
})

describe('ADAPTER_DENIED', () => {
  it('no password, and a wrong one', async () => {
    const server = await serverWith('--requirepass', PASSWORD)
    const retrying = { maxRetriesPerRequest: null } // else ioredis now and then says that instead of why
    const wrong = { ...retrying, password: `${PASSWORD}!` }
    for (const client of [...bothClients(server.port, retrying), ...bothClients(server.port, wrong)]) {
      await allFail(client, 'ADAPTER_DENIED')
      const { ok, error } = await redisAdapter({ client }).health()
      expect([ok, error]).toEqual([
        false,
        expect.stringMatching(/failed \((NOAUTH|WRONGPASS) .*user, password and permissions are right\.$/),
      ])
    }
    for (const client of bothClients(server.port, { password: PASSWORD })) {
      expect(await redisAdapter({ client }).put(7, '{}')).toEqual({ stored: true })
    }
  })

  it('a user who may not', async () => {
    const server = await serverWith('--user', 'reader', 'on', `>${PASSWORD}`, '~*', '+@read', '+@connection', '+info')
    for (const client of bothClients(server.port, { username: 'reader', password: PASSWORD })) {
      await allFail(client, 'ADAPTER_DENIED', ['put', 'putNew', 'putIf', 'touch', 'delete'])
      expect(await redisAdapter({ client }).list({ limit: 5 })).toEqual({ entries: [] })
    }
  })

  it("not a user who may not see this library's own keys: sessions are all there, without summaries", async () => {
    const rights = ['~storyart:session:*', '~storyart:sessions:index', '+@all']
    const server = await serverWith('--user', 'old', 'on', `>${PASSWORD}`, ...rights)
    for (const client of bothClients(server.port, { username: 'old', password: PASSWORD })) {
      const adapter = redisAdapter({ client })
      expect(await adapter.put(7, '{}', { summary: 's' })).toEqual({ stored: true })
      expect((await adapter.list({ limit: 5 })).entries).toEqual([{ id: 7, sizeBytes: 2, ttlMs: null }])
    }
  })
})

describe('ADAPTER_QUOTA', () => {
  it('a full server', async () => {
    const server = await serverWith('--maxmemory', '1', '--maxmemory-policy', 'noeviction')
    for (const client of bothClients(server.port)) {
      await allFail(client, 'ADAPTER_QUOTA', ['put', 'putNew'])
      expect(await redisAdapter({ client }).get(7)).toBeNull()
      expect((await redisAdapter({ client }).health()).ok).toBe(true)
    }
  })
})
