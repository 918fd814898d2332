import { randomUUID } from 'node:crypto'
import { Redis } from 'ioredis'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { redisAdapter } from '../../src/adapters/redis.js'
import { httpAdapter, memoryAdapter, type SessionAdapter, SessionStore } from '../../src/index.js'
import {
  type ConformanceHarness,
  type ConformanceSkip,
  conformanceCases,
  runConformance,
} from '../../src/testing/index.js'
import { leapingTime } from '../redis/harness.js'
import { freePort, type RedisServer, startRedis } from '../redis/server.js'
import { type LiveServer, serve } from './harness.js'

const WITH_MARKS = [
  'every write is told by another mark, or by the record of changes',
  'another length is another mark, and other sessions keep theirs',
  'a mark is the same for everyone',
]

const skip: readonly ConformanceSkip[] = [
  { name: 'describe', reason: 'the server makes summaries by itself' },
  { name: 'describe rejects with ADAPTER_UNAVAILABLE', reason: 'there is no describe' },
  { name: 'prune', reason: 'the server prunes by itself' },
  { name: 'prune rejects with ADAPTER_UNAVAILABLE', reason: 'there is no prune' },
  ...WITH_MARKS.map((name) => ({
    name,
    reason: 'the API lists no marks: who looks for changes compares size and summary',
  })),
  {
    name: 'what another adapter writes is told',
    reason: 'it hears of others once the server has answered: see watch.test.ts',
  },
]

let redis: RedisServer
let client: Redis
let deadUrl: string
const servers: LiveServer[] = []

beforeAll(async () => {
  redis = await startRedis()
  client = new Redis(redis.port, '127.0.0.1')
  deadUrl = `http://127.0.0.1:${await freePort()}`
})

afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.stop()))
})

afterAll(async () => {
  client.disconnect()
  await redis.stop()
})

/** A server over a backend, and adapters that speak to it; the documents are sessions, since the server checks that. */
async function harness(
  backend: SessionAdapter,
  time: Pick<ConformanceHarness, 'elapse' | 'tickMs'>,
): Promise<ConformanceHarness> {
  const server = await serve(new SessionStore({ adapter: backend, deadlineMs: 20_000 }))
  servers.push(server)
  const open = async (): Promise<SessionAdapter> => httpAdapter({ baseUrls: [server.url], timeoutMs: 20_000 })
  return {
    open,
    reopen: open,
    unreachable: async () => httpAdapter({ baseUrls: [deadUrl] }),
    document: (json) => `{"held":${json}}`,
    ...time,
  }
}

describe('conformance over a live server', () => {
  describe('with a store in memory', () => {
    const plan = runConformance(
      it,
      () => {
        let now = 1_770_000_000_000
        const elapse = async (ms: number): Promise<void> => {
          now += ms
        }
        return harness(memoryAdapter({ now: () => now }), { elapse })
      },
      { skip },
    )

    it('leaves out nothing but what the server does by itself, and marks', () => {
      expect(plan.skipped.length).toBe(
        conformanceCases.filter(
          ({ name, topic }) =>
            /describe|prune/.test(topic) ||
            /^(describe|prune) /.test(name) ||
            [...WITH_MARKS, 'what another adapter writes is told'].includes(name),
        ).length,
      )
      expect(plan.registered.length).toBeGreaterThan(65)
    })
  })

  describe('with a store on a real Redis', () => {
    runConformance(
      it,
      () => {
        const keyPrefix = `${randomUUID()}:`
        const { elapse, tickMs } = leapingTime([client])
        return harness(redisAdapter({ client, keyPrefix }), {
          elapse: async (ms) => void (await elapse(ms, keyPrefix)),
          tickMs,
        })
      },
      { skip },
    )
  })
})
