import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { connect, createServer, type Socket } from 'node:net'
import { promisify } from 'node:util'
import { build } from 'esbuild'
import { Redis } from 'ioredis'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { redisAdapter, redisFromEnv } from '../../src/adapters/redis.js'
import { ownedSource, type RedisSource } from '../../src/adapters/redis-connect.js'
import { freePort, type RedisServer, startRedis } from './server.js'

let server: RedisServer
let admin: Redis

beforeAll(async () => {
  server = await startRedis()
  admin = new Redis(server.port, '127.0.0.1', { connectionName: 'admin' })
  await admin.ping()
})

afterEach(() => server.flush())

afterAll(async () => {
  admin.disconnect()
  await server.stop()
})

/** Connections of ioredis to the server, but for the one that asks. */
async function connections(): Promise<number> {
  const list = String(await admin.client('LIST'))
  return list.split('\n').filter((line) => / addr=/.test(line) && !/ name=admin /.test(line)).length
}

async function connectionsAre(wanted: number): Promise<void> {
  while ((await connections()) !== wanted) await new Promise((resolve) => setTimeout(resolve, 5))
}

/** Sockets of this process. */
function sockets(): number {
  return process.getActiveResourcesInfo().filter((name) => name.startsWith('TCP')).length
}

const LIMITS = { connectTimeoutMs: 300, commandTimeoutMs: 300 }

const pingOn = async (source: RedisSource): Promise<unknown> => (await source.link()).send(['ping'])

describe('a url', () => {
  it('connects when it is first needed, once for many calls, and not again after the end', async () => {
    const before = sockets()
    const adapter = redisAdapter({ url: server.url })
    expect(await connections()).toBe(0)
    await Promise.all([adapter.put(1, '{}'), adapter.put(2, '{}'), adapter.list({ limit: 5 })])
    expect(await connections()).toBe(1)
    await adapter.close()
    await connectionsAre(0)
    expect(sockets()).toBe(before)
    await expect(adapter.get(1)).rejects.toMatchObject({ code: 'CLOSED' })
    expect(await connections()).toBe(0)
  })

  it('never used opens nothing, also when it is closed', async () => {
    const before = sockets()
    await redisAdapter({ url: server.url }).close()
    expect(await connections()).toBe(0)
    expect(sockets()).toBe(before)
  })

  it('closed while it connects leaves nothing behind', async () => {
    const before = sockets()
    const adapter = redisAdapter({ url: server.url })
    const pending = adapter.get(7).catch(({ code }) => code)
    await adapter.close()
    expect([null, 'ADAPTER_UNAVAILABLE', 'CLOSED']).toContain(await pending)
    await connectionsAre(0)
    expect(sockets()).toBe(before)
  })

  it('lets replies come that are due when it is closed', async () => {
    const adapter = redisAdapter({ url: server.url })
    await adapter.health()
    const pending = [adapter.put(7, '{}'), adapter.get(7)]
    await adapter.close()
    expect(await Promise.all(pending)).toEqual([{ stored: true }, { raw: '{}' }])
  })

  it('lets the process end by itself once it is closed, also with nobody on the other side', async () => {
    const program = `
      import { redisAdapter } from './src/adapters/redis.js'
      for (const port of [${server.port}, ${await freePort()}]) {
        const adapter = redisAdapter({ url: 'redis://127.0.0.1:' + port, commandTimeoutMs: 600000, healthTimeoutMs: 600000 })
        const { ok } = await adapter.health()
        await adapter.get(7).catch(() => undefined)
        await adapter.close()
        process.stdout.write(ok + ' ')
      }`
    const { outputFiles } = await build({
      stdin: { contents: program, resolveDir: process.cwd(), loader: 'ts' },
      bundle: true,
      platform: 'node',
      format: 'esm',
      external: ['ioredis'],
      write: false,
    })
    const script = outputFiles[0]?.text ?? ''
    const { stdout } = await promisify(execFile)('node', ['--input-type=module', '-e', script], { timeout: 20_000 })
    expect(stdout).toBe('true false ')
  }, 30_000)

  it('takes the database that stands in it', async () => {
    const adapter = redisAdapter({ url: `${server.url}/3` })
    await adapter.put(7, '{}')
    await adapter.close()
    expect(await admin.exists('storyart:session:7')).toBe(0)
    const other = redisAdapter({ url: `${server.url}/3` })
    expect(await other.get(7)).toEqual({ raw: '{}' })
    await other.close()
  })

  it('of a dead port fails within its limits, saying why, and works as soon as somebody listens', async () => {
    const mortal = await startRedis()
    await mortal.kill()
    const adapter = redisAdapter({ url: mortal.url, connectTimeoutMs: 300, commandTimeoutMs: 2000 })
    const started = performance.now()
    await expect(adapter.get(7)).rejects.toMatchObject({
      code: 'ADAPTER_UNAVAILABLE',
      message: expect.stringContaining(`connect ECONNREFUSED 127.0.0.1:${mortal.port}`),
    })
    expect(performance.now() - started).toBeLessThan(2000)
    expect(await adapter.health()).toMatchObject({ ok: false, error: expect.stringContaining('ECONNREFUSED') })
    await mortal.start()
    expect(await adapter.put(7, '{}')).toEqual({ stored: true })
    await mortal.kill()
    await mortal.start()
    expect(await adapter.get(7)).toBeNull()
    await adapter.close()
    await mortal.stop()
  })

  it('bridges a moment in which nobody listens', async () => {
    const port = await freePort()
    const source = ownedSource(`redis://127.0.0.1:${port}`, { connectTimeoutMs: 1000, commandTimeoutMs: 5000 })
    const pending = pingOn(source)
    const relay = createServer((socket) => pipeTo(server.port, socket))
    await new Promise((resolve) => setTimeout(resolve, 30))
    relay.listen(port, '127.0.0.1')
    expect(await pending).toBe('PONG')
    await source.close()
    relay.close()
    await once(relay, 'close')
  })

  it('fails at once what is on its way when the connection is lost, and sends nothing twice', async () => {
    const relayed: Socket[] = []
    let answers = true
    const relay = createServer((socket) => {
      relayed.push(socket)
      pipeTo(server.port, socket, () => answers)
    })
    relay.listen(0, '127.0.0.1')
    await once(relay, 'listening')
    const { port } = relay.address() as { port: number }
    const adapter = redisAdapter({ url: `redis://127.0.0.1:${port}` })
    await adapter.health()
    answers = false
    const pending = adapter.put(7, '{}', { expect: 'absent' }).catch(({ code }) => code)
    while ((await admin.exists('storyart:session:7')) === 0) await new Promise((resolve) => setTimeout(resolve, 5))
    answers = true
    for (const socket of relayed) socket.destroy()
    expect(await pending).toBe('ADAPTER_UNAVAILABLE')
    expect(await adapter.get(7)).toEqual({ raw: '{}' })
    await adapter.close()
    relay.close()
    await once(relay, 'close')
  })

  it('of a frozen server fails within the limit of a command, for health within its own', async () => {
    const frozen = await startRedis()
    const adapter = redisAdapter({ url: frozen.url, commandTimeoutMs: 200, healthTimeoutMs: 50 })
    await adapter.put(7, '{}')
    frozen.freeze()
    const { ok, latencyMs, error } = await adapter.health()
    expect([ok, error]).toEqual([false, expect.stringContaining('No answer within 50 ms')])
    expect(latencyMs).toBeLessThan(200)
    await expect(adapter.get(7)).rejects.toMatchObject({ code: 'ADAPTER_UNAVAILABLE' })
    const closing = adapter.close()
    await closing
    frozen.thaw()
    await frozen.stop()
  })

  it('of a host that swallows everything fails within the limits', async () => {
    const taken: Socket[] = []
    const silent = createServer((socket) => taken.push(socket))
    silent.listen(0, '127.0.0.1')
    await once(silent, 'listening')
    const { port } = silent.address() as { port: number }
    const adapter = redisAdapter({ url: `redis://127.0.0.1:${port}`, connectTimeoutMs: 100, commandTimeoutMs: 200 })
    const started = performance.now()
    await expect(adapter.get(7)).rejects.toMatchObject({ code: 'ADAPTER_UNAVAILABLE' })
    expect(performance.now() - started).toBeLessThan(1000)
    await adapter.close()
    for (const socket of taken) socket.destroy()
    silent.close()
    await once(silent, 'close')
  })

  it('connects anew once its server has become a replica, for the name may lead elsewhere by then', async () => {
    const ids = async () =>
      [...String(await admin.client('LIST')).matchAll(/^id=(\d+) addr=(?!.* name=admin )/gm)].map(([, id]) => id)
    const adapter = redisAdapter({ url: server.url })
    await adapter.put(1, '{}')
    const before = await ids()
    expect(before).toHaveLength(1)
    await admin.replicaof('127.0.0.1', await freePort())
    try {
      await expect(adapter.put(2, '{}')).rejects.toMatchObject({ code: 'ADAPTER_UNAVAILABLE' })
      await connectionsAre(0)
    } finally {
      await admin.replicaof('NO', 'ONE')
    }
    expect(await adapter.put(2, '{}')).toEqual({ stored: true })
    expect(await ids()).not.toEqual(before)
    await adapter.close()
    await connectionsAre(0)
  })

  it('closed right after its server became a replica has no connection left', async () => {
    const adapter = redisAdapter({ url: server.url })
    await adapter.put(1, '{}')
    await admin.replicaof('127.0.0.1', await freePort())
    try {
      await expect(adapter.put(2, '{}')).rejects.toMatchObject({ code: 'ADAPTER_UNAVAILABLE' })
      const before = sockets()
      await adapter.close()
      expect(sockets()).toBe(before - 1)
    } finally {
      await admin.replicaof('NO', 'ONE')
    }
    await connectionsAre(0)
  })

  it('with a wrong password is denied every time, and no message holds it', async () => {
    const strict = await startRedis(['--requirepass', 'right'])
    const adapter = redisAdapter({ url: `redis://:wrong-secret@127.0.0.1:${strict.port}` })
    for (let i = 0; i < 3; i++) {
      const error = await adapter.get(7).catch((reason: unknown) => reason)
      expect(error).toMatchObject({ code: 'ADAPTER_DENIED', operation: 'get' })
      expect(JSON.stringify([error, String(error), String((error as Error).cause)])).not.toContain('secret')
    }
    await adapter.close()
    const open = redisAdapter({ url: `redis://127.0.0.1:${strict.port}` })
    await expect(open.get(7)).rejects.toMatchObject({ code: 'ADAPTER_DENIED' })
    await open.close()
    const right = redisAdapter({ url: `redis://:right@127.0.0.1:${strict.port}` })
    expect(await right.get(7)).toBeNull()
    await right.close()
    await strict.stop()
  })

  it('needs ioredis, and says so', async () => {
    const missing = ownedSource(server.url, LIMITS, () => Promise.reject(new Error("Cannot find package 'ioredis'")))
    await expect(missing.link()).rejects.toMatchObject({
      code: 'ADAPTER_FAILED',
      message: 'redis: a url needs the package ioredis, which cannot be loaded; install it, or pass a client.',
    })
    await missing.close()
  })

  it('works with ioredis 6 as well', async () => {
    const dead = await freePort()
    const source = ownedSource(server.url, LIMITS, () => import('ioredis6'))
    expect(await pingOn(source)).toBe('PONG')
    await source.close()
    await connectionsAre(0)
    const nobody = ownedSource(`redis://127.0.0.1:${dead}`, LIMITS, () => import('ioredis6'))
    const error = await pingOn(nobody).catch((reason: unknown) => reason)
    expect(String(nobody.explain(error))).toContain('ECONNREFUSED')
    await nobody.close()
    const strict = await startRedis(['--requirepass', 'right'])
    const denied = ownedSource(`redis://:wrong@127.0.0.1:${strict.port}`, LIMITS, () => import('ioredis6'))
    const refusal = await pingOn(denied).catch((reason: unknown) => reason)
    expect(String(denied.explain(refusal))).toContain('WRONGPASS')
    await denied.close()
    await strict.stop()
  })
})

describe('the environment', () => {
  it('leads to database 0 of the server it names', async () => {
    const adapter = redisFromEnv({ env: { REDIS_URL: `${server.url}/5` }, keyPrefix: 'env:' })
    await adapter.put(7, '{}')
    await adapter.close()
    expect(await admin.get('env:storyart:session:7')).toBe('{}')
  })
})

/** Relays between a socket and a port; replies only while `answers` says so. */
function pipeTo(port: number, socket: Socket, answers: () => boolean = () => true): void {
  const target = connect(port, '127.0.0.1')
  socket.pipe(target)
  target.on('data', (data) => answers() && socket.write(data))
  for (const side of [socket, target]) side.on('error', () => undefined)
  socket.on('close', () => target.destroy())
  target.on('close', () => socket.destroy())
}
