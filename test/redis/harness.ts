/**
 * The conformance harness over any client of a real server: a store is a key prefix nobody else has.
 */

import { randomUUID } from 'node:crypto'
import { Redis } from 'ioredis'
import { redisAdapter } from '../../src/adapters/redis-adapter.js'
import type { ConformanceHarness } from '../../src/testing/index.js'
import type { Client } from './clients.js'

/** What the adapters of a harness work with. None of it is closed by them, so that many cases can share it. */
export interface Backend {
  /** Two clients of the same server or servers. */
  readonly clients: readonly [Client, Client]
  /** A client whose server does not answer. */
  readonly dead: Client
  /** Lets time pass for all keys that begin so. */
  elapse(ms: number, keyPrefix: string): Promise<unknown>
  /** The unit of lives, in ms. */
  readonly tickMs: number
}

/** Time as it is: some calls of a case must fit into the unit. */
export const REAL_TIME: Pick<Backend, 'elapse' | 'tickMs'> = {
  elapse: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
  tickMs: 250,
}

/** The end of every life comes nearer by so many ms, or has come. In one step, so that lives keep their distances. */
const AGE = `
for _, key in ipairs(redis.call('KEYS', ARGV[1])) do
  local life = redis.call('PTTL', key)
  if life >= 0 then redis.call('PEXPIRE', key, string.format('%.0f', life - ARGV[2])) end
end`

/** Time that passes in leaps, so that nobody waits, on servers behind connections that see all keys there are. */
export function leapingTime(servers: readonly Redis[]): Pick<Backend, 'elapse' | 'tickMs'> {
  return {
    elapse: (ms, keyPrefix) => Promise.all(servers.map((server) => server.eval(AGE, 0, `${keyPrefix}*`, ms))),
    tickMs: 30_000,
  }
}

export function harnessFor({ clients: [one, another], dead, elapse, tickMs }: Backend): ConformanceHarness {
  const keyPrefix = `${randomUUID()}:`
  return {
    open: async () => redisAdapter({ client: one, keyPrefix }),
    reopen: async () => redisAdapter({ client: another, keyPrefix }),
    unreachable: async () => redisAdapter({ client: dead, keyPrefix }),
    elapse: async (ms) => void (await elapse(ms, keyPrefix)),
    tickMs,
  }
}

/** A client of a port where nobody listens, which gives up at once. */
export function deadClient(port: number): Redis {
  const client = new Redis(port, '127.0.0.1', { maxRetriesPerRequest: 0, retryStrategy: () => 10 })
  client.on('error', () => undefined)
  return client
}
