import { Redis } from 'ioredis'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { memoryAdapter } from '../../src/adapters/memory.js'
import { redisAdapter } from '../../src/adapters/redis-adapter.js'
import { revisionOf } from '../../src/revision.js'
import { SessionStore } from '../../src/store/index.js'
import { fullEpisode } from '../fixtures/index.js'
import { type RedisServer, startRedis } from './server.js'

const DEADLINE_MS = 400

let server: RedisServer
let client: Redis
let store: SessionStore

beforeAll(async () => {
  server = await startRedis()
})

afterAll(() => server.stop())

beforeEach(async () => {
  await server.flush()
  client = new Redis(server.port, '127.0.0.1', { retryStrategy: () => 20 })
  client.on('error', () => undefined)
  const adapter = redisAdapter({ client, healthTimeoutMs: DEADLINE_MS })
  store = new SessionStore({ adapter, fallback: [memoryAdapter()], deadlineMs: DEADLINE_MS })
})

afterEach(async () => {
  await store.close()
  client.disconnect()
})

/** The next sessions that come home by themselves. */
function syncedOf(count: number): Promise<number[]> {
  return new Promise((resolve) => {
    const timestamps: number[] = []
    const off = store.on('synced', ({ timestamp }) => {
      if (timestamps.push(timestamp) < count) return
      off()
      resolve(timestamps)
    })
  })
}

const median = (values: number[]): number => values.sort((a, b) => a - b)[values.length >> 1] ?? 0

/** Saves while the server is away, sees that nobody waits for it, brings it back, and looks for every byte. */
async function surviveOutage(leave: () => void | Promise<void>, comeBack: () => void | Promise<void>): Promise<void> {
  const { timestamp: _, ...session } = fullEpisode()
  const before = await store.save(session)
  expect(before).toMatchObject({ storage: 'redis', degraded: false })
  await leave()

  const started = performance.now()
  const first = await store.save(session)
  const tookMs = performance.now() - started
  expect(first).toMatchObject({ storage: 'memory', degraded: true })
  expect(tookMs).toBeLessThan(DEADLINE_MS + 200)

  const saved = [first]
  const took: number[] = []
  for (let i = 0; i < 21; i++) {
    const begun = performance.now()
    saved.push(await store.save({ scriptText: `take ${i}` }))
    took.push(performance.now() - begun)
  }
  expect(median(took)).toBeLessThan(5)
  expect((await store.latest())?.timestamp).toBe(saved.at(-1)?.timestamp)
  expect((await store.list()).degraded).toBe(true)

  const synced = syncedOf(saved.length)
  await comeBack()
  expect(await synced).toEqual(saved.map(({ timestamp }) => timestamp))
  for (const [i, { timestamp, revision }] of saved.entries()) {
    const raw = (await client.get(`storyart:session:${timestamp}`)) ?? ''
    expect(revisionOf(raw)).toBe(revision)
    expect(raw).toContain(i === 0 ? '"beatId"' : `{"scriptText":"take ${i - 1}","timestamp":${timestamp}}`)
    expect(await store.get(timestamp)).toMatchObject({ storage: 'redis', degraded: false, revision })
  }
  expect(await client.zcount('storyart:sessions:index', first.timestamp, '+inf')).toBe(saved.length)
  expect((await store.health()).waiting).toBe(0)
}

describe('a real server', () => {
  it('that is frozen and thawed', { timeout: 30_000 }, async () => {
    await surviveOutage(
      () => server.freeze(),
      () => server.thaw(),
    )
  })

  it('that is killed and comes back empty', { timeout: 30_000 }, async () => {
    await surviveOutage(
      () => server.kill(),
      () => server.start(),
    )
  })
})
