import { Cluster as Cluster5, Redis as Redis5 } from 'ioredis'
import { Cluster as Cluster6, Redis as Redis6 } from 'ioredis6'
import { afterAll, beforeAll, describe, it } from 'vitest'
import { runConformance } from '../../src/testing/index.js'
import { type RedisCluster, startCluster } from './cluster.js'
import { harnessFor, type TestClient } from './harness.js'
import { freePort, type RedisServer, startRedis } from './server.js'

let server: RedisServer
let cluster: RedisCluster
let deadPort: number

beforeAll(async () => {
  server = await startRedis()
  cluster = await startCluster()
  deadPort = await freePort()
})

afterAll(async () => {
  await server.stop()
  await cluster.stop()
})

const clients: Record<string, () => TestClient> = {
  'ioredis 5': () => new Redis5(server.port, '127.0.0.1'),
  'ioredis 6': () => new Redis6(server.port, '127.0.0.1'),
  'ioredis 6 with replies of RESP3': () => new Redis6(server.port, '127.0.0.1', { replyMapping: 'resp3' }),
  'Cluster of ioredis 5': () => new Cluster5(cluster.nodes),
  'Cluster of ioredis 6': () => new Cluster6(cluster.nodes),
}

for (const [name, connect] of Object.entries(clients)) {
  describe.concurrent(`redisAdapter keeps the promises of an adapter on ${name}`, () => {
    runConformance(it, () => harnessFor(connect, deadPort))
  })
}
