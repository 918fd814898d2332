import { Redis } from 'ioredis'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Loaded, SCENARIOS, startLoaded } from '../load/measure.js'
import { type RedisServer, startRedis } from '../redis/server.js'

let redis: RedisServer
let server: Loaded
let client: Redis

beforeAll(async () => {
  redis = await startRedis()
  client = new Redis(redis.url)
  server = await startLoaded('ours', redis.url)
})

afterAll(async () => {
  client.disconnect()
  await server.stop()
  await redis.stop()
})

describe('sessions of 850 KB under load (npm run bench:load has the figures)', () => {
  it('no request is lost, every acknowledged save is listed, memory stays within bounds', async () => {
    const [save, ...reads] = SCENARIOS
    if (!save) throw new Error('there is no save')
    const saved = await server.measure(save, 8, { amount: 16 })
    expect(saved.requests).toBe(16)
    expect(await client.zcard('storyart:sessions:index')).toBe(16)
    for (const measured of [
      saved,
      ...(await inTurn(reads.map((read) => () => server.measure(read, 4, { amount: 4 })))),
    ]) {
      expect(measured.lost).toBe(0)
      expect(measured.peakMb).toBeLessThan(1024)
    }
  })
})

async function inTurn<T>(works: readonly (() => Promise<T>)[]): Promise<T[]> {
  const results: T[] = []
  for (const work of works) results.push(await work())
  return results
}
