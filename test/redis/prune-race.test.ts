import { Redis } from 'ioredis'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { redisAdapter } from '../../src/adapters/redis-adapter.js'
import { ioredisLink } from '../../src/adapters/redis-client.js'
import { redisKeys } from '../../src/adapters/redis-keys.js'
import { removeExpired } from '../../src/adapters/redis-prune.js'
import { everyInterleaving, type Step, type Task } from './interleaving.js'
import { type RedisServer, startRedis } from './server.js'

const ID = 1_770_000_000_000
const KEY = `storyart:session:${ID}`
const INDEX = 'storyart:sessions:index'

/** All that can go wrong if two prunes draw one mark: a gap, until the second has done its next step. */
const ONE_MARK = [
  '1 zadd, 1 eval, 0 setex, 0 zadd, 2 zadd, 1 eval',
  '1 zadd, 1 eval, 0 setex, 0 zadd, 2 zadd, 1 eval, 2 eval',
  '1 zadd, 1 eval, 0 setex, 0 zadd, 2 zadd, 2 eval, 1 eval',
  '2 zadd, 2 eval, 0 setex, 0 zadd, 1 zadd, 1 eval, 2 eval',
  '2 zadd, 2 eval, 0 setex, 0 zadd, 1 zadd, 2 eval',
  '2 zadd, 2 eval, 0 setex, 0 zadd, 1 zadd, 2 eval, 1 eval',
]

let server: RedisServer
let redis: Redis

beforeAll(async () => {
  server = await startRedis()
  redis = new Redis(server.port, '127.0.0.1')
  // The server knows the scripts from here on, so that no run sends one twice.
  await onlyIndexed()
  await redisAdapter({ client: redis }).prune?.()
})

afterAll(async () => {
  redis.disconnect()
  await server.stop()
})

/** What is left of a session that has expired. */
async function onlyIndexed(): Promise<void> {
  await redis.pipeline().del(KEY).del(INDEX).zadd(INDEX, ID, KEY).exec()
}

const prune =
  (random: number): Task =>
  (client) =>
    redisAdapter({ client, random: () => random }).prune?.() ?? Promise.resolve()

/** The second half of a prune: it has found the entry dead, no matter how long ago. */
const remove =
  (random: number): Task =>
  (client) =>
    removeExpired(ioredisLink(client), redisKeys(''), [{ id: ID, member: KEY, score: ID }], () => random)

const ourSave: Task = (client) => redisAdapter({ client }).put(ID, '{}', { ttlMs: 604_800_000, summary: 'summary' })

const ourNewSave: Task = (client) => redisAdapter({ client }).put(ID, '{}', { expect: 'absent', summary: 'summary' })

// Its mark is fixed, too: one that happens to be that of a prune would make another tree of orders.
const ourDelete: Task = (client) => redisAdapter({ client, random: () => 0.9 }).delete(ID)

/** Just as StoryArt's own server does it. */
const storyArtSave: Task = async (client) => {
  await client.setex(KEY, 604_800, '{}')
  await client.zadd(INDEX, ID, KEY)
}

/** What one would write at first. */
const naivePrune: Task = async (client) => {
  if ((await client.pttl(KEY)) === -2) await client.zrem(INDEX, KEY)
}

/** The traces after which a session that is there, and whose save had returned, was not in its place in the index. */
async function losses(
  tasks: readonly Task[],
  saver: number,
  when: 'always' | 'at the end' = 'always',
): Promise<{ orders: number; lost: string[] }> {
  const lost: string[] = []
  const check = async ({ done, trace }: Step): Promise<void> => {
    if (!done[saver] || (when === 'at the end' && done.includes(false))) return
    const [exists, score] = await Promise.all([redis.exists(KEY), redis.zscore(INDEX, KEY)])
    const listed = score !== null && Math.floor(Number(score)) === ID
    if (exists === 1 && !listed) lost.push(trace.join(', '))
  }
  return { orders: await everyInterleaving(redis, tasks, onlyIndexed, check), lost }
}

describe('a save that has returned stays listed, in every order of commands', () => {
  const cases: [what: string, tasks: Task[], orders: number][] = [
    ['our save, prune', [ourSave, prune(0.3)], 29],
    ['our new save, prune', [ourNewSave, prune(0.3)], 29],
    ["StoryArt's save, prune", [storyArtSave, prune(0.3)], 15],
    ["StoryArt's save, delete", [storyArtSave, ourDelete], 21],
    ["StoryArt's save, two prunes", [storyArtSave, remove(0.3), remove(0.6)], 542],
    ["StoryArt's save, a prune from the start, a prune", [storyArtSave, prune(0.3), remove(0.6)], 1368],
    ["StoryArt's save, delete, prune", [storyArtSave, ourDelete, remove(0.6)], 2379],
    ['our save, two prunes', [ourSave, remove(0.3), remove(0.6)], 1642],
    ['two saves, prune', [storyArtSave, ourSave, remove(0.3)], 560],
  ]
  for (const [what, tasks, orders] of cases) {
    it(what, { timeout: 60_000 }, async () => {
      expect(await losses(tasks, 0)).toEqual({ orders, lost: [] })
    })
  }

  it('at the end also if two prunes draw one mark: what one takes away the other brings back', async () => {
    const tasks = [storyArtSave, remove(0.3), remove(0.3)]
    expect((await losses(tasks, 0, 'at the end')).lost).toEqual([])
    expect((await losses(tasks, 0)).lost).toEqual(ONE_MARK)
  })

  it('but not with a prune that looks and then removes', async () => {
    expect(await losses([storyArtSave, naivePrune], 0)).toEqual({
      orders: 5,
      lost: ['1 pttl, 0 setex, 0 zadd, 1 zrem'],
    })
  })
})
