/**
 * A real server behind a proxy, for clients to work with and for faults to befall.
 */

import { Redis } from 'ioredis'
import { startProxy, type TcpProxy } from '../faults/proxy.js'
import { ask, freePort, type RedisServer, startRedis } from '../redis/server.js'

export interface World {
  readonly server: RedisServer
  readonly proxy: TcpProxy
  /** Where nobody listens. */
  readonly deadPort: number
  /** While answers are being corrupted, what they say is worth nothing. */
  poisoned: boolean
  /** How often that has begun. */
  poisonings: number
  /** One command past the proxy; nothing comes back from a server that is not there. */
  command(words: string): Promise<string>
  /** Undoes what faults have done, and waits until nothing is on its way to the server any more. */
  heal(): Promise<void>
  /** All documents by their id, and the ids that are listed. */
  look(): Promise<{ texts: Map<number, string>; listed: Set<number> }>
  end(): Promise<void>
}

const INDEX = 'storyart:sessions:index'
const KEY = 'storyart:session:'

/**
 * What is acknowledged survives a kill: it is in a file before the answer leaves. With `everysec` that would not be so
 * while an fsync is under way.
 */
const DURABLE = ['--appendonly', 'yes', '--appendfsync', 'no', '--maxmemory-policy', 'noeviction']
/** A server that loads says so all the time, and not only every 2 MB. */
const TALKATIVE = ['--loading-process-events-interval-bytes', '1024', '--rdbcompression', 'no']

/** The password that comes and goes. */
export const PASSWORD = 'changed-meanwhile'

export async function makeWorld(): Promise<World> {
  const server = await startRedis([...DURABLE, ...TALKATIVE])
  const proxy = await startProxy(server.port)
  const admin = new Redis(server.port, '127.0.0.1', { retryStrategy: () => 20, maxRetriesPerRequest: null })
  admin.on('error', () => undefined)
  const command = (words: string): Promise<string> => ask(server.port, words).catch(() => '')

  async function heal(): Promise<void> {
    proxy.spare()
    proxy.delayMs = 0
    // Nobody connects again until what was given up has been carried out, or never will be.
    proxy.refusing = true
    proxy.cut()
    for (let reply = ''; !reply.startsWith('+PONG'); ) {
      reply = await command('PING')
      if (reply.startsWith('-NOAUTH')) await command(`AUTH ${PASSWORD}\r\nCONFIG SET requirepass ""`)
      else if (reply !== '+PONG\r\n') await pause(10)
    }
    await command('REPLICAOF NO ONE')
    await command('CONFIG SET maxmemory 0')
    // A connection that the server has yet to accept is in no list, so one look is not enough.
    for (let quiet = 0; quiet < 3; quiet++) {
      const clients = String(await admin.client('LIST'))
        .trim()
        .split('\n')
      if (clients.length > 1) quiet = -1
      await pause(10)
    }
    proxy.refusing = false
  }

  return {
    server,
    proxy,
    deadPort: await freePort(),
    poisoned: false,
    poisonings: 0,
    command,
    heal,
    async look() {
      const listed = new Set<number>()
      for (const member of await admin.zrange(INDEX, 0, -1)) listed.add(Number(member.slice(KEY.length)))
      const texts = new Map<number, string>()
      for (const key of await admin.keys(`${KEY}*`)) {
        const raw = await admin.get(key)
        if (raw !== null) texts.set(Number(key.slice(KEY.length)), raw)
      }
      return { texts, listed }
    },
    async end() {
      admin.disconnect()
      await proxy.close()
      await server.stop()
    },
  }
}

export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}
