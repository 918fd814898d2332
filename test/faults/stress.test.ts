/** What the interleaving tests show in every order, at full speed on a real server. */
import { Redis } from 'ioredis'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { redisAdapter } from '../../src/adapters/redis.js'
import type { Session } from '../../src/schema/index.js'
import { SessionStore } from '../../src/store/index.js'
import { type RedisServer, startRedis } from '../redis/server.js'

const FIRST = 1_770_000_000_000

let server: RedisServer
const clients: Redis[] = []

beforeAll(async () => {
  server = await startRedis()
})

afterEach(async () => {
  for (const client of clients.splice(0)) client.disconnect()
  await server.flush()
})

afterAll(() => server.stop())

/** A store with a connection of its own, so that its commands fall between those of others. */
function open(): SessionStore {
  const client = new Redis(server.port, '127.0.0.1')
  clients.push(client)
  return new SessionStore({ adapter: redisAdapter({ client }), deadlineMs: 20_000 })
}

const range = (count: number): number[] => Array.from({ length: count }, (_, i) => i)

describe('on a real server, all at once:', () => {
  it('prune against save', async () => {
    const pruners = range(2).map(open)
    let saving = true
    const pruning = pruners.map(async (store) => {
      let removed = 0
      while (saving) removed += (await store.prune()).removed
      return removed
    })
    // Every timestamp lives for a moment, ends, and is saved again, while somebody takes away what has ended.
    const savers = range(4).map(async (saver) => {
      const store = open()
      for (const i of range(150)) {
        const timestamp = FIRST + (i % 10) * 10 + saver
        await store.save({ scriptText: 'for a moment' }, { timestamp, ttlMs: 1 })
        await store.save({ scriptText: `take ${i}` }, { timestamp: timestamp + 5 })
        if (i % 3 === 0) await store.save({ scriptText: 'to stay' }, { timestamp })
      }
    })
    await Promise.all(savers)
    saving = false
    const removed = (await Promise.all(pruning)).reduce((sum, one) => sum + one)
    expect(removed).toBeGreaterThan(0)
    const store = open()
    await store.prune()
    const listed = new Set((await store.list({ limit: 1000 })).sessions.map(({ timestamp }) => timestamp))
    for (const saver of range(4)) {
      for (const i of range(10)) expect(listed).toContain(FIRST + i * 10 + saver + 5)
    }
    for (const timestamp of listed) expect(await store.get(timestamp)).not.toBeNull()
  })

  it('expiry against list', async () => {
    const writer = open()
    const lasting = range(30).map((i) => FIRST + i * 10)
    for (const timestamp of lasting) await writer.save({ scriptText: 'to stay' }, { timestamp })
    let writing = true
    const listing = range(3).map(async () => {
      const store = open()
      const ended = new Set<number>()
      for (let rounds = 0; writing || rounds < 5; rounds++) {
        const seen: number[] = []
        for await (const { timestamp } of store.summaries({ limit: 7 })) seen.push(timestamp)
        expect(seen).toEqual([...new Set(seen)].sort((a, b) => b - a))
        expect(seen.filter((timestamp) => timestamp % 10 === 0).reverse()).toEqual(lasting)
        for (const timestamp of seen) if (timestamp % 10 > 0) ended.add(timestamp)
      }
      return ended.size
    })
    for (const i of range(600)) {
      await writer.save(
        { scriptText: 'for a moment' },
        { timestamp: FIRST + (i % 270) + 1 + (((i % 270) + 1) % 10 ? 0 : 1), ttlMs: 1 + (i % 20) },
      )
    }
    writing = false
    expect(Math.max(...(await Promise.all(listing)))).toBeGreaterThan(0)
  })

  it('delete against update', async () => {
    const [updater, other, deleter] = [open(), open(), open()]
    let updated = 0
    for (const i of range(150)) {
      const timestamp = FIRST + i
      await updater.save({ scriptText: 'a' }, { timestamp })
      let reached = (): void => undefined
      const isRead = new Promise<void>((resolve) => {
        reached = resolve
      })
      const change = (session: Session): Session => {
        reached()
        return { ...session, scriptText: `${session.scriptText}.` }
      }
      const updates = [updater, other].map((store) => store.update(timestamp, change, { attempts: 1000 }))
      // At once, between a read and its write, or after a write.
      await [undefined, isRead, Promise.any(updates)][i % 3]
      expect(await deleter.delete(timestamp)).toBe(true)
      updated += (await Promise.all(updates)).filter((result) => result !== null).length
      expect(await updater.get(timestamp)).toBeNull()
    }
    expect(updated).toBeGreaterThan(0)
    expect(await updater.count()).toBe(0)
    expect((await updater.list()).sessions).toEqual([])
  })
})
