/**
 * The conformance harness over any client on a real server: a store is a key prefix nobody else has.
 */

import { randomUUID } from 'node:crypto'
import { Redis } from 'ioredis'
import { redisAdapter } from '../../src/adapters/redis-adapter.js'
import type { IoredisClient } from '../../src/adapters/redis-client.js'
import type { ConformanceHarness } from '../../src/testing/index.js'

/** A client that can be let go. */
export interface TestClient extends IoredisClient {
  disconnect(): void
}

/** The unit of lives on a real clock, in ms: some calls of a case must fit into it. */
const TICK_MS = 150

/** Harnesses whose adapters share one client each, and whose dead backend is `deadPort`. */
export function harnessFor(connect: () => TestClient, deadPort: number): ConformanceHarness {
  const keyPrefix = `${randomUUID()}:`
  const clients: TestClient[] = []
  const open = async (client: TestClient) => {
    clients.push(client)
    return redisAdapter({ client, keyPrefix })
  }
  return {
    open: () => open(connect()),
    reopen: () => open(connect()),
    unreachable: () => open(deadClient(deadPort)),
    elapse: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
    tickMs: TICK_MS,
    async dispose() {
      for (const client of clients) client.disconnect()
    },
  }
}

/** A client of a port where nobody listens, which gives up at once. */
export function deadClient(port: number): Redis {
  const client = new Redis(port, '127.0.0.1', { maxRetriesPerRequest: 0, retryStrategy: () => 10 })
  client.on('error', () => undefined)
  return client
}
