import { Redis } from 'ioredis'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { redisAdapter } from '../../src/adapters/redis.js'
import { REMOVE_MARKED } from '../../src/adapters/redis-scripts.js'
import { type Command, recording } from './recording.js'
import { type RedisServer, startRedis } from './server.js'

const INDEX = 'storyart:sessions:index'
const NOW = 1_770_000_000_000

let server: RedisServer
let redis: Redis

beforeAll(async () => {
  server = await startRedis()
  redis = new Redis(server.port, '127.0.0.1')
})

afterEach(() => server.flush())

afterAll(async () => {
  redis.disconnect()
  await server.stop()
})

async function index(ids: readonly number[]): Promise<void> {
  const pipeline = redis.pipeline()
  for (const id of ids) pipeline.zadd(INDEX, id, `storyart:session:${id}`)
  await pipeline.exec()
}

describe('prune', () => {
  it('removes 50,000 dead and no living, in steps that let others in', { timeout: 60_000 }, async () => {
    await index(Array.from({ length: 50_000 }, (_, i) => NOW + i))
    for (const id of [1, NOW + 25_000, NOW + 60_000]) await redisAdapter({ client: redis }).put(id, '{}')
    const commands: Command[] = []
    const adapter = redisAdapter({ client: recording(redis, commands) })
    expect(await adapter.prune?.()).toBe(49_999)
    expect((await adapter.list({ limit: 5 })).entries.map(({ id }) => id)).toEqual([NOW + 60_000, NOW + 25_000, 1])
    expect(await redis.zcard(INDEX)).toBe(3)
    expect(await adapter.prune?.()).toBe(0)
    const pairs = commands.filter(([, script]) => script === REMOVE_MARKED).map((command) => (command.length - 4) / 2)
    expect(Math.max(...pairs)).toBe(100)
    const ranges = commands.filter(([name]) => name === 'zrangebyscore').map((command) => Number(command.at(-1)))
    expect(Math.max(...ranges)).toBe(500)
  })

  it('asks for little at a time, so that a client which saves meanwhile is served between its commands', async () => {
    await index(Array.from({ length: 5_000 }, (_, i) => NOW + i))
    const commands: Command[] = []
    const pruner = redisAdapter({ client: recording(redis, commands) })
    const other = redis.duplicate()
    try {
      const saver = redisAdapter({ client: other })
      let pruning = true
      const pruned = (pruner.prune?.() ?? Promise.resolve(0)).finally(() => {
        pruning = false
      })
      // Every third dead one is saved again, and new ones come.
      const saved: number[] = []
      for (let i = 0; pruning && i < 1_000; i++) {
        for (const id of [NOW + 3 * i, NOW + 10_000 + i]) {
          await saver.put(id, '{}')
          saved.push(id)
        }
      }
      expect(saved.length).toBeGreaterThan(10)
      await pruned
      await pruner.prune?.()
      const listed = (await redis.zrange(INDEX, 0, -1)).map((member) => Number(member.split(':')[2]))
      expect(listed.sort((a, b) => a - b)).toEqual(saved.sort((a, b) => a - b))
    } finally {
      other.disconnect()
    }
    const words = commands.filter(([name]) => name !== 'zrangebyscore').map((command) => command.length)
    // The longest is the script that removes: its name, text and key, the number 1, and a hundred pairs.
    expect(Math.max(...words)).toBe(4 + 2 * 100)
    const asked = commands.filter(([name]) => name === 'zrangebyscore').map((command) => Number(command.at(-1)))
    expect(Math.max(...asked)).toBe(500)
  })

  it('puts right what a crashed prune left marked, and takes the marked dead', async () => {
    const adapter = redisAdapter({ client: redis })
    await adapter.put(NOW, '{}')
    await redis.zadd(INDEX, NOW + 0.5, `storyart:session:${NOW}`, NOW + 1.25, `storyart:session:${NOW + 1}`)
    expect(await adapter.prune?.()).toBe(1)
    expect(await redis.zrange(INDEX, 0, -1, 'WITHSCORES')).toEqual([`storyart:session:${NOW}`, String(NOW)])
  })

  it('takes the dead at a wrong score, too', async () => {
    await redis.zadd(INDEX, 3, 'storyart:session:7', '-inf', 'storyart:session:8', '+inf', 'storyart:session:9')
    expect(await redisAdapter({ client: redis }).prune?.()).toBe(3)
    expect(await redis.exists(INDEX)).toBe(0)
  })

  it('leaves alone an entry that another prune has marked just so', async () => {
    await redis.zadd(INDEX, NOW + 0.5, `storyart:session:${NOW}`)
    // Of the 4096 places beside an id of our days the half is drawn: 1 + floor(x * 4095) = 2048.
    expect(await redisAdapter({ client: redis, random: () => 2047.5 / 4095 }).prune?.()).toBe(0)
    expect(await redis.zscore(INDEX, `storyart:session:${NOW}`)).toBe('1770000000000.5')
    expect(await redisAdapter({ client: redis, random: () => 0 }).prune?.()).toBe(1)
  })

  it('can mark every id below 2 ** 51, whatever is drawn, and leaves later ones', async () => {
    const markable = [1, 2, 3, 2 ** 20 + 1, 2 ** 31, 2 ** 41 - 1, 2 ** 41, NOW, 2 ** 50 - 1, 2 ** 50, 2 ** 51 - 1]
    for (const drawn of [0, 0.5, 1 - Number.EPSILON / 2]) {
      await index([...markable, 2 ** 51, Number.MAX_SAFE_INTEGER])
      const commands: Command[] = []
      const adapter = redisAdapter({ client: recording(redis, commands), random: () => drawn })
      expect(await adapter.prune?.()).toBe(markable.length)
      expect(await redis.zrange(INDEX, 0, -1)).toEqual(
        [2 ** 51, Number.MAX_SAFE_INTEGER].map((id) => `storyart:session:${id}`),
      )
      const [, , , , ...words] = commands.find(([, script]) => script === REMOVE_MARKED) ?? []
      expect(words.length).toBe(2 * markable.length)
      for (let at = 0; at < words.length; at += 2) {
        const id = Number(String(words[at]).split(':')[2])
        expect(Number(words[at + 1])).toBeGreaterThan(id)
        expect(Number(words[at + 1])).toBeLessThan(id + 1)
      }
    }
  })

  it('stops between two steps when it is aborted', async () => {
    await index(Array.from({ length: 2_000 }, (_, i) => NOW + i))
    const controller = new AbortController()
    const commands: Command[] = []
    const client = recording(redis, commands)
    const pending = redisAdapter({ client }).prune?.({ signal: controller.signal })
    while (!commands.some(([, script]) => script === REMOVE_MARKED))
      await new Promise((resolve) => setImmediate(resolve))
    controller.abort(new Error('enough'))
    await expect(pending).rejects.toThrow('enough')
    while ((await redis.zcard(INDEX)) !== 1_500) await new Promise((resolve) => setImmediate(resolve))
    expect(commands.filter(([name]) => name === 'zrangebyscore').length).toBeLessThanOrEqual(2)
  })

  it('works on a server that has forgotten the scripts', async () => {
    const adapter = redisAdapter({ client: redis })
    await adapter.put(NOW, '{"a":1}')
    await redis.script('FLUSH')
    expect(await adapter.put(NOW, '{"a":2}', { ttlMs: 'keep' })).toEqual({ stored: true })
    await redis.script('FLUSH')
    await index([1, 2, 3])
    expect(await adapter.prune?.()).toBe(3)
  })
})
