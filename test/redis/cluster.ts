/**
 * A real Redis Cluster of three masters for tests.
 */

import Redis from 'ioredis'
import { freePort, type RedisServer, startRedis } from './server.js'

/** Three masters that share the slots. */
export interface RedisCluster {
  nodes: { host: string; port: number }[]
  /** In the order of the nodes. */
  servers: RedisServer[]
  /** Removes all keys on all nodes. */
  flush(): Promise<void>
  stop(): Promise<void>
}

const SLOTS = 16_384

/** `more` are further words of every command line. */
export async function startCluster(more: readonly string[] = []): Promise<RedisCluster> {
  const servers: { server: RedisServer; bus: number }[] = []
  for (let i = 0; i < 3; i++) {
    const bus = await freePort()
    const args = ['--cluster-enabled', 'yes', '--cluster-port', String(bus), '--cluster-node-timeout', '5000', ...more]
    servers.push({ server: await startRedis(args), bus })
  }
  const clients = servers.map(({ server }) => new Redis(server.port, '127.0.0.1'))
  const [first] = clients
  const share = Math.ceil(SLOTS / clients.length)
  for (const [i, client] of clients.entries()) {
    await client.call('CLUSTER', 'SET-CONFIG-EPOCH', i + 1)
    await client.call('CLUSTER', 'ADDSLOTSRANGE', i * share, Math.min((i + 1) * share, SLOTS) - 1)
  }
  for (const { server, bus } of servers.slice(1)) await first?.call('CLUSTER', 'MEET', '127.0.0.1', server.port, bus)
  for (const client of clients) {
    while (!/cluster_state:ok[\s\S]*cluster_known_nodes:3[\s\S]*cluster_size:3/.test(await client.cluster('INFO'))) {
      await new Promise((resolve) => setTimeout(resolve, 10))
    }
  }
  for (const client of clients) client.disconnect()
  return {
    nodes: servers.map(({ server }) => ({ host: '127.0.0.1', port: server.port })),
    servers: servers.map(({ server }) => server),
    async flush() {
      for (const { server } of servers) await server.flush()
    },
    async stop() {
      for (const { server } of servers) await server.stop()
    },
  }
}
