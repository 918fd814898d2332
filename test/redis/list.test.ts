import fc from 'fast-check'
import { Redis } from 'ioredis'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { ListPage, SessionAdapter } from '../../src/adapters/adapter.js'
import { redisAdapter } from '../../src/adapters/redis.js'
import { type Command, recording } from './recording.js'
import { type RedisServer, startRedis } from './server.js'

const INDEX = 'storyart:sessions:index'

let server: RedisServer
let redis: Redis
let adapter: SessionAdapter

beforeAll(async () => {
  server = await startRedis()
  redis = new Redis(server.port, '127.0.0.1')
  adapter = redisAdapter({ client: redis })
})

afterEach(() => server.flush())

afterAll(async () => {
  redis.disconnect()
  await server.stop()
})

/** Puts into the index what the library would not. */
async function index(members: readonly (readonly [score: number | string, member: string])[]): Promise<void> {
  const pipeline = redis.pipeline()
  for (const [score, member] of members) pipeline.zadd(INDEX, score, member)
  await pipeline.exec()
}

const idsOf = ({ entries }: ListPage): number[] => entries.map(({ id }) => id)

/** All pages of a range. */
async function pages(limit: number, order: 'newest' | 'oldest'): Promise<ListPage[]> {
  const all: ListPage[] = []
  for (let at = {}; ; ) {
    const page = await adapter.list({ limit, order, ...at })
    all.push(page)
    if (page.next === undefined) return all
    at = order === 'newest' ? { before: page.next } : { from: page.next }
  }
}

describe('expired sessions', () => {
  it('on top of the index hide nothing, and are told', async () => {
    await index(Array.from({ length: 30 }, (_, i) => [1000 + i, `storyart:session:${1000 + i}`]))
    for (const id of [1, 2, 3]) await adapter.put(id, '{}')
    const page = await adapter.list({ limit: 2 })
    expect(idsOf(page)).toEqual([3, 2])
    expect(page.next).toBe(2)
    expect(page.expired).toEqual(Array.from({ length: 30 }, (_, i) => 1029 - i))
  })

  it('are told once, on the page in whose range they are', async () => {
    await index([9, 8, 6, 5, 2, 1].map((id) => [id, `storyart:session:${id}`]))
    for (const id of [7, 4, 3]) await adapter.put(id, '{}')
    expect(await pages(1, 'newest')).toMatchObject([
      { entries: [{ id: 7 }], expired: [9, 8], next: 7 },
      { entries: [{ id: 4 }], expired: [6, 5], next: 4 },
      { entries: [{ id: 3 }], expired: [2, 1] },
    ])
    expect(await pages(2, 'oldest')).toMatchObject([
      { entries: [{ id: 3 }, { id: 4 }], expired: [1, 2], next: 5 },
      { entries: [{ id: 7 }], expired: [5, 6, 8, 9] },
    ])
  })

  it('may be more than fit into the arguments of one call', async () => {
    const script =
      "for i = 1, 150000 do redis.call('ZADD', KEYS[1], i, 'storyart:session:' .. string.format('%.0f', i)) end"
    await redis.eval(script, 1, INDEX)
    const { entries, expired } = await adapter.list({ limit: 5, details: false })
    expect([entries, expired?.length, expired?.at(-1)]).toEqual([[], 150_000, 1])
  })

  it('are not all looked at once a page is full', async () => {
    await index(Array.from({ length: 3_000 }, (_, i) => [i + 1, `storyart:session:${i + 1}`]))
    await adapter.put(30_000, '{}')
    const commands: Command[] = []
    const watched = redisAdapter({ client: recording(redis, commands) })
    expect(await watched.list({ limit: 1, details: false })).toEqual({ entries: [{ id: 30_000 }], next: 30_000 })
    expect(commands.length).toBeLessThan(1100)
    expect(idsOf(await watched.list({ limit: 1, before: 30_000 }))).toEqual([])
  })
})

describe('members that are no sessions', () => {
  const foreign = ['x', 'storyart:session:abc', 'storyart:session:007', 'storyart:session:5.5', 'storyart:session:-5']
  foreign.push(
    'storyart:session:',
    'storyart:session:99999999999999999',
    'storyart:session:5:beats',
    'Storyart:session:5',
  )

  it('are passed over at any score, and take no neighbour of the same score with them', async () => {
    await adapter.put(5, '{}')
    await adapter.put(4, '{}')
    await adapter.put(6, '{}')
    // Some sort before the session of their score, some after it; with the small first batches borders fall everywhere.
    await index(foreign.map((member) => [5, member]))
    await index(Array.from({ length: 40 }, (_, i) => [5, `a${i}`]))
    await index([
      ['+inf', 'top'],
      ['-inf', 'bottom'],
      ['-3', 'below'],
    ])
    for (const limit of [1, 2, 3, 5]) {
      expect((await pages(limit, 'newest')).flatMap(idsOf)).toEqual([6, 5, 4])
      expect((await pages(limit, 'oldest')).flatMap(idsOf)).toEqual([4, 5, 6])
    }
    expect(await adapter.prune?.()).toBe(0)
    expect(await redis.zcard(INDEX)).toBe(3 + foreign.length + 40 + 3)
  })
})

it('a session is found among any number of members of its score', async () => {
  await index(Array.from({ length: 1_700 }, (_, i) => [5, `${i % 2 === 0 ? 'a' : 'z'}${i}`]))
  for (const id of [4, 5, 6]) await adapter.put(id, '{}')
  for (const order of ['newest', 'oldest'] as const) {
    expect((await pages(2, order)).flatMap(idsOf)).toEqual(order === 'newest' ? [6, 5, 4] : [4, 5, 6])
  }
})

describe('scores that are not the id', () => {
  it('with a fraction more, a mark, change neither place nor page', async () => {
    for (const id of [1, 2, 3]) await adapter.put(id, '{}')
    await index([[2.75, 'storyart:session:2']])
    expect(idsOf(await adapter.list({ limit: 5 }))).toEqual([3, 2, 1])
    expect(idsOf(await adapter.list({ limit: 5, before: 2 }))).toEqual([1])
    expect(idsOf(await adapter.list({ limit: 5, from: 2 }))).toEqual([3, 2])
    expect(idsOf(await adapter.list({ limit: 5, from: 3 }))).toEqual([3])
    expect(await pages(1, 'newest')).toMatchObject([
      { next: 3 },
      { entries: [{ id: 2 }], next: 2 },
      { entries: [{ id: 1 }] },
    ])
  })

  it('of another moment decide the place until prune puts them right, and nothing is lost meanwhile', async () => {
    for (const id of [1, 2, 3, 4]) await adapter.put(id, '{}')
    await index([[3, 'storyart:session:1']])
    for (const limit of [1, 2, 3]) {
      expect((await pages(limit, 'newest')).flatMap(idsOf).sort()).toEqual([1, 2, 3, 4])
      expect((await pages(limit, 'oldest')).flatMap(idsOf).sort()).toEqual([1, 2, 3, 4])
    }
    expect(await adapter.prune?.()).toBe(0)
    expect((await pages(2, 'newest')).flatMap(idsOf)).toEqual([4, 3, 2, 1])
  })

  it('beyond all numbers are put right as well', async () => {
    await adapter.put(1, '{}')
    await index([['+inf', 'storyart:session:1']])
    expect(idsOf(await adapter.list({ limit: 5 }))).toEqual([])
    await adapter.prune?.()
    expect(idsOf(await adapter.list({ limit: 5 }))).toEqual([1])
  })
})

describe('summaries', () => {
  const summaryOf = async (id: number): Promise<string | undefined> =>
    (await adapter.list({ limit: 100 })).entries.find((entry) => entry.id === id)?.summary

  it("are not handed back once StoryArt's server has written the session again", async () => {
    await adapter.put(7, '{"a":1}', { ttlMs: 600_000_000, summary: 's' })
    expect(await summaryOf(7)).toBe('s')
    await redis.setex('storyart:session:7', 604_800, '{"a":2}')
    expect(await summaryOf(7)).toBeUndefined()
    await redis.setex('storyart:session:7', 600_000, '{"a":20}')
    expect(await summaryOf(7)).toBeUndefined()
  })

  it('are handed back with a life that differs by no more than a quarter of a second', async () => {
    for (const [id, difference] of [
      [1, -100],
      [2, 100],
      [3, -1000],
      [4, 1000],
    ] as const) {
      await adapter.put(id, '{}', { ttlMs: 600_000, summary: 's' })
      await redis.pexpire(`storyart:summary:${id}`, 600_000 + difference)
    }
    await adapter.put(5, '{}', { summary: 's' })
    await adapter.put(6, '{}', { summary: 's' })
    await redis.pexpire('storyart:session:6', 600_000)
    const known = [1, 2, 3, 4, 5, 6].map(async (id) => [id, await summaryOf(id)])
    expect(await Promise.all(known)).toEqual([
      [1, 's'],
      [2, 's'],
      [3, undefined],
      [4, undefined],
      [5, 's'],
      [6, undefined],
    ])
  })

  it('that are broken, or of another type, are like missing ones', async () => {
    for (const id of [1, 2, 3, 4]) await adapter.put(id, '{}', { summary: 's' })
    await redis.set('storyart:summary:1', 'no length')
    await redis.set('storyart:summary:2', ':s')
    await redis.del('storyart:summary:3', 'storyart:summary:4')
    await redis.lpush('storyart:summary:3', '2:s')
    const { entries } = await adapter.list({ limit: 5 })
    expect(entries).toEqual([4, 3, 2, 1].map((id) => ({ id, sizeBytes: 2, ttlMs: null })))
  })

  it('are kept to the letter, however many colons are in them', async () => {
    for (const [id, summary] of [':', '', '2:x\n\n', '\u6f22\u{1f3ac}'].entries()) {
      await adapter.put(id + 1, '{}', { summary })
      expect(await summaryOf(id + 1)).toBe(summary)
    }
  })

  it('that are stale do not become fresh by touch or describe', async () => {
    await adapter.put(7, '{"a":1}', { ttlMs: 600_000_000, summary: 'of 1' })
    await redis.setex('storyart:session:7', 604_800, '{"a":2}')
    await adapter.touch(7, 700_000_000)
    expect(await summaryOf(7)).toBeUndefined()
    await adapter.describe?.(7, '{"a":1}', 'of 1')
    expect(await summaryOf(7)).toBeUndefined()
    await adapter.describe?.(7, '{"a":2}', 'of 2')
    expect(await summaryOf(7)).toBe('of 2')
    const [life, beside] = await Promise.all(['session', 'summary'].map((kind) => redis.pttl(`storyart:${kind}:7`)))
    expect(Math.abs((life ?? 0) - (beside ?? 0))).toBeLessThanOrEqual(250)
  })
})

describe('keys of another type', () => {
  it('break their own entry alone', async () => {
    for (const id of [1, 3]) await adapter.put(id, '{}', { summary: 's' })
    await redis.lpush('storyart:session:2', 'x')
    await index([[2, 'storyart:session:2']])
    expect((await adapter.list({ limit: 5 })).entries).toEqual([
      { id: 3, summary: 's', sizeBytes: 2, ttlMs: null },
      { id: 2, ttlMs: null },
      { id: 1, summary: 's', sizeBytes: 2, ttlMs: null },
    ])
    await expect(adapter.get(2)).rejects.toMatchObject({ code: 'ADAPTER_FAILED', operation: 'get' })
    expect(await adapter.put(2, '{}')).toEqual({ stored: true })
    expect(await adapter.get(2)).toEqual({ raw: '{}' })
  })

  it('under the name of the index make listing fail, and saving say what is stored', async () => {
    await redis.set(INDEX, 'x')
    await expect(adapter.list({ limit: 5 })).rejects.toMatchObject({ code: 'ADAPTER_FAILED', operation: 'list' })
    await expect(adapter.prune?.()).rejects.toMatchObject({ code: 'ADAPTER_FAILED', operation: 'prune' })
    for (const expectation of [undefined, 'absent']) {
      const error = await adapter.put(7, '{}', { expect: expectation }).catch((reason: unknown) => reason)
      expect(error).toMatchObject({ code: 'ADAPTER_FAILED', operation: 'put' })
      expect(String(error)).toMatch(/put of session 7 failed \(WRONGTYPE .*\); the session is stored but not listed/)
      expect(await adapter.get(7)).toEqual({ raw: '{}' })
      await redis.del('storyart:session:7')
    }
  })

  it('with bytes that are no UTF-8 cannot be read', async () => {
    await redis.set('storyart:session:7', Buffer.from([0x7b, 0xff, 0x7d]))
    await expect(adapter.get(7)).rejects.toMatchObject({
      code: 'ADAPTER_FAILED',
      message: 'redis: session 7 is not UTF-8: it was not written as JSON text.',
    })
  })
})

it('pages tile whatever is in the index', { timeout: 60_000 }, async () => {
  const ids = fc.uniqueArray(fc.integer({ min: 1, max: 60 }), { maxLength: 40 })
  const junk = fc.array(fc.tuple(fc.integer({ min: 0, max: 61 }), fc.constantFrom('a', 'storyart:session:x', 'z')))
  const model = fc.record({ live: ids, dead: ids, marked: ids, junk, limit: fc.integer({ min: 1, max: 9 }) })
  await fc.assert(
    fc.asyncProperty(model, async ({ live, dead, marked, junk: others, limit }) => {
      await redis.flushall()
      await index(others.map(([score, member], i) => [score, `${member}${i}`]))
      await index(dead.map((id) => [id, `storyart:session:${id}`]))
      for (const id of live) await adapter.put(id, '{}')
      await index(
        marked.filter((id) => live.includes(id) || dead.includes(id)).map((id) => [id + 0.5, `storyart:session:${id}`]),
      )
      const wanted = [...live].sort((a, b) => b - a)
      const gone = dead.filter((id) => !live.includes(id)).sort((a, b) => b - a)
      for (const order of ['newest', 'oldest'] as const) {
        const all = await pages(limit, order)
        const turned = (list: number[]): number[] => (order === 'newest' ? list : [...list].reverse())
        expect(all.flatMap(idsOf)).toEqual(turned(wanted))
        expect(all.flatMap(({ expired = [] }) => expired)).toEqual(turned(gone))
        expect(all.slice(0, -1).every(({ entries }) => entries.length === limit)).toBe(true)
      }
      expect(await adapter.prune?.()).toBe(gone.length)
      expect(await redis.zcard(INDEX)).toBe(live.length + others.length)
    }),
    { numRuns: 60 },
  )
})
