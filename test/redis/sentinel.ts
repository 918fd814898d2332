/**
 * A primary, its replica and a sentinel that promotes the replica when the primary is gone.
 */

import type { Node } from './clients.js'
import { ask, type RedisServer, startRedis } from './server.js'

export interface Trio {
  primary: RedisServer
  replica: RedisServer
  sentinel: Node
  /** What the sentinel calls them. */
  name: string
  stop(): Promise<void>
}

/** So long a server must be silent until the sentinel takes it for gone, in ms. */
const DOWN_AFTER_MS = 300

export async function startTrio(name = 'storyart'): Promise<Trio> {
  const quickly = ['--repl-diskless-sync-delay', '0', '--repl-ping-replica-period', '1']
  const primary = await startRedis(quickly)
  const replica = await startRedis([...quickly, '--replicaof', '127.0.0.1', String(primary.port)])
  await until(replica.port, 'INFO replication', /master_link_status:up/)
  const config = [
    `sentinel monitor ${name} 127.0.0.1 ${primary.port} 1`,
    `sentinel down-after-milliseconds ${name} ${DOWN_AFTER_MS}`,
    `sentinel failover-timeout ${name} 5000`,
    '',
  ]
  const sentinel = await startRedis(['--sentinel'], { config })
  await until(sentinel.port, 'INFO sentinel', /status=ok,[^\r\n]*slaves=1/)
  return {
    primary,
    replica,
    sentinel: { host: '127.0.0.1', port: sentinel.port },
    name,
    async stop() {
      for (const server of [sentinel, replica, primary]) await server.stop()
    },
  }
}

async function until(port: number, command: string, pattern: RegExp): Promise<void> {
  while (!pattern.test(await ask(port, command))) await new Promise((resolve) => setTimeout(resolve, 10))
}
