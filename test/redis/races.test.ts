/** Expiry against list, delete against update, update against update: every order in which their commands can come. */
import { Redis } from 'ioredis'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { redisAdapter } from '../../src/adapters/redis-adapter.js'
import type { Session } from '../../src/schema/index.js'
import { SessionStore } from '../../src/store/index.js'
import { everyInterleaving, type Task } from './interleaving.js'
import { type RedisServer, startRedis } from './server.js'

const ID = 1_770_000_000_000
const KEY = `storyart:session:${ID}`
const INDEX = 'storyart:sessions:index'
const OLDER = ID - 1000

let server: RedisServer
let redis: Redis

beforeAll(async () => {
  server = await startRedis()
  redis = new Redis(server.port, '127.0.0.1')
})

afterAll(async () => {
  redis.disconnect()
  await server.stop()
})

/** The end of a life can come between any two commands. To them it looks as if somebody removed the key. */
const expire: Task = async (client) => {
  await client.del(KEY)
}

const prune: Task = (client) => redisAdapter({ client, random: () => 0.3 }).prune?.() ?? Promise.resolve()

describe('expiry against list: the page holds all that live, in every order of commands', () => {
  const reset = async (): Promise<void> => {
    await redis.flushall()
    const adapter = redisAdapter({ client: redis })
    for (const id of [OLDER, ID]) await adapter.put(id, `{"id":${id}}`, { summary: `${id}` })
  }

  it.each([
    ['with all that is known of each', [expire], true, 10],
    ['while another process prunes', [expire, prune], false, 100],
  ] as const)('%s', { timeout: 60_000 }, async (_, others, details, atLeast) => {
    let page: number[] = []
    const list: Task = async (client) => {
      page = (await redisAdapter({ client }).list({ limit: 2, details })).entries.map(({ id }) => id)
    }
    const seen = new Set<string>()
    const orders = await everyInterleaving(redis, [list, ...others], reset, async ({ done }) => {
      if (done.every(Boolean)) seen.add(page.join())
    })
    expect([...seen].sort()).toEqual([`${ID},${OLDER}`, `${OLDER}`].sort())
    expect(orders).toBeGreaterThanOrEqual(atLeast)
  })
})

describe('update', () => {
  const countUp = (session: Session): Session =>
    ({ ...session, steps: ((session as { steps?: number }).steps ?? 0) + 1 }) as Session
  const update =
    (told: (result: unknown) => void): Task =>
    async (client) => {
      const store = new SessionStore({ adapter: redisAdapter({ client }), wait: async () => undefined })
      told(await store.update(ID, countUp))
    }
  const reset = async (): Promise<void> => {
    await redis.flushall()
    await redisAdapter({ client: redis }).put(ID, '{"scriptText":"a"}', { summary: 'a' })
  }

  it('against delete: what is deleted stays deleted, in every order of commands', async () => {
    const results = new Set<boolean>()
    let result: unknown
    let deleted: unknown
    const remove: Task = async (client) => {
      deleted = await redisAdapter({ client, random: () => 0.3 }).delete(ID)
    }
    const tasks = [update((told) => (result = told)), remove]
    const orders = await everyInterleaving(redis, tasks, reset, async ({ done, trace }) => {
      if (!done.every(Boolean)) return
      results.add(result !== null)
      const { entries } = await redisAdapter({ client: redis }).list({ limit: 1 })
      expect([trace, await redis.exists(KEY), entries, deleted]).toEqual([trace, 0, [], true])
    })
    expect(results).toEqual(new Set([true, false]))
    expect(orders).toBeGreaterThan(20)
  })

  it('against update: both are made, in every order of commands', async () => {
    const results: unknown[] = []
    const tasks = [update((told) => results.push(told)), update((told) => results.push(told))]
    const orders = await everyInterleaving(redis, tasks, reset, async ({ done, trace }) => {
      if (!done.every(Boolean)) return
      const raw = (await redis.get(KEY)) ?? ''
      expect([trace, (JSON.parse(raw) as { steps: number }).steps]).toEqual([trace, 2])
      expect(await redis.zscore(INDEX, KEY)).toBe(String(ID))
    })
    expect(results).not.toContain(null)
    expect(orders).toBeGreaterThan(20)
  })
})
