import { Redis } from 'ioredis'
import { afterAll, beforeAll, describe, it } from 'vitest'
import { runConformance } from '../../src/testing/index.js'
import { type Connection, clusterClients, singleClients } from './clients.js'
import { type RedisCluster, startCluster } from './cluster.js'
import { type Backend, deadClient, harnessFor, leapingTime, REAL_TIME } from './harness.js'
import { freePort, type RedisServer, startRedis } from './server.js'

let server: RedisServer
let cluster: RedisCluster
let deadPort: number
const admins: Redis[] = []

beforeAll(async () => {
  server = await startRedis()
  cluster = await startCluster()
  deadPort = await freePort()
  for (const port of [server.port, ...cluster.nodes.map(({ port }) => port)]) admins.push(new Redis(port, '127.0.0.1'))
})

afterAll(async () => {
  for (const admin of admins) admin.disconnect()
  await server.stop()
  await cluster.stop()
})

function conformance(name: string, connect: () => Promise<Connection>, dead: () => Promise<Connection>, real = false) {
  describe(`redisAdapter keeps the promises of an adapter on ${name}`, () => {
    let connections: Connection[] = []
    let backend: Backend

    beforeAll(async () => {
      const [one, another, nobody] = [await connect(), await connect(), await dead()]
      connections = [one, another, nobody]
      const time = real ? REAL_TIME : leapingTime(admins)
      backend = { clients: [one.client, another.client], dead: nobody.client, ...time }
    })

    afterAll(() => Promise.all(connections.map((connection) => connection.close())))

    runConformance(real ? it.concurrent : it, () => harnessFor(backend))
  })
}

for (const [name, connect] of Object.entries(singleClients)) {
  const dead = () => connect(deadPort, { impatient: true })
  conformance(name, () => connect(server.port), dead)
}

conformance(
  'ioredis 5, in real time',
  () => singleClients['ioredis 5'](server.port),
  async () => ({ client: deadClient(deadPort), close: async () => undefined }),
  true,
)

for (const [name, connect] of Object.entries(clusterClients)) {
  conformance(
    name,
    () => connect(cluster.nodes),
    async () => {
      const client = deadClient(deadPort)
      return { client, close: async () => client.disconnect() }
    },
  )
}
