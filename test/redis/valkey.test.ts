import { Redis } from 'ioredis'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { runConformance } from '../../src/testing/index.js'
import { type Connection, type Kind, singleClients } from './clients.js'
import { deadClient, harnessFor, leapingTime } from './harness.js'
import { freePort, type RedisServer, startRedis } from './server.js'

const KINDS: Kind[] = ['ioredis 5', 'ioredis 6', 'node-redis 4', 'node-redis 5', 'node-redis 6']

let server: RedisServer
let admin: Redis
let nobody: Redis

beforeAll(async () => {
  server = await startRedis([], { command: 'valkey-server' })
  admin = new Redis(server.port, '127.0.0.1')
  nobody = deadClient(await freePort())
})

afterAll(async () => {
  admin.disconnect()
  nobody.disconnect()
  await server.stop()
})

it('the server is Valkey', async () => {
  expect(await admin.info('server')).toMatch(/^server_name:valkey\r$/m)
})

for (const kind of KINDS) {
  describe(`redisAdapter keeps the promises of an adapter on Valkey: ${kind}`, () => {
    const connections: Connection[] = []

    beforeAll(async () => {
      for (let i = 0; i < 2; i++) connections.push(await singleClients[kind](server.port))
    })

    afterAll(() => Promise.all(connections.map((connection) => connection.close())))

    runConformance(it, () => {
      const [one, another] = connections
      if (!one || !another) throw new Error('not connected')
      return harnessFor({ clients: [one.client, another.client], dead: nobody, ...leapingTime([admin]) })
    })
  })
}
