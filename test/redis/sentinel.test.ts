import { Redis } from 'ioredis'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { redisAdapter } from '../../src/adapters/redis.js'
import { runConformance } from '../../src/testing/index.js'
import { type Client, type Connection, sentinelClients } from './clients.js'
import { deadClient, harnessFor, leapingTime } from './harness.js'
import { startTrio, type Trio } from './sentinel.js'
import { freePort } from './server.js'

let trio: Trio
let admin: Redis
let nobody: Redis

beforeAll(async () => {
  trio = await startTrio()
  admin = new Redis(trio.primary.port, '127.0.0.1')
  nobody = deadClient(await freePort())
})

afterAll(async () => {
  admin.disconnect()
  nobody.disconnect()
  await trio.stop()
})

for (const [name, connect] of Object.entries(sentinelClients)) {
  describe(`redisAdapter keeps the promises of an adapter through a sentinel: ${name}`, () => {
    const connections: Connection[] = []

    beforeAll(async () => {
      for (let i = 0; i < 2; i++) connections.push(await connect(trio.sentinel, trio.name))
    })

    afterAll(() => Promise.all(connections.map((connection) => connection.close())))

    runConformance(it, () => {
      const [one, another] = connections
      if (!one || !another) throw new Error('not connected')
      return harnessFor({ clients: [one.client, another.client], dead: nobody, ...leapingTime([admin]) })
    })
  })
}

/** How long a replica may take to have a session; how long to wait for one when there is none left. */
const WAIT_MS = 200

const rawOf = (id: number): string => `{"version":${id},"text":"${'x'.repeat(1000)}"}`

/** What came of a call; anything but an answer or the one error that is right fails the test. */
async function answerOf<T>(call: Promise<T>): Promise<{ answer: T } | 'unavailable'> {
  try {
    return { answer: await call }
  } catch (error) {
    expect(error).toMatchObject({ code: 'ADAPTER_UNAVAILABLE' })
    return 'unavailable'
  }
}

/** How many replicas have what this client has written, at once or very soon. */
async function replicasWith(client: Client): Promise<number> {
  const isIoredis = 'pipeline' in client
  const reply: unknown = isIoredis
    ? await Reflect.apply(Reflect.get(client, 'wait'), client, [1, WAIT_MS])
    : await Reflect.apply(client.sendCommand, client, [false, ['WAIT', '1', String(WAIT_MS)]])
  return Number(reply)
}

describe.concurrent('a primary that dies while sessions are saved', () => {
  for (const [name, connect] of Object.entries(sentinelClients)) {
    it(`costs none that its replica had, and nothing is ever said to be missing: ${name}`, async () => {
      const own = await startTrio()
      const { client, close } = await connect(own.sentinel, own.name, { impatient: true })
      const adapter = redisAdapter({ client })
      const replicated: number[] = []
      const afterwards: number[] = []
      let killed: Promise<void> | undefined
      let failures = 0
      for (let id = 1; afterwards.length < 10; id++) {
        if (replicated.length === 50) killed ??= own.primary.kill()
        const saved = await answerOf(adapter.put(id, rawOf(id), { summary: `summary of ${id}` }))
        if (saved === 'unavailable') failures++
        else if (await replicasWith(client).catch(() => 0)) replicated.push(id)
        else if (killed) afterwards.push(id)
        const known = replicated[id % Math.max(1, replicated.length)]
        if (known === undefined) continue
        const read = await answerOf(adapter.get(known))
        if (read !== 'unavailable') expect(read.answer).toEqual({ raw: rawOf(known) })
      }
      await killed
      // Clients of node-redis hold their commands back until there is a primary again.
      if (name.startsWith('ioredis')) expect(failures).toBeGreaterThan(0)
      // The first may be one that the dead primary still acknowledged.
      const kept = [...replicated, ...afterwards.slice(1)]
      for (const id of kept) expect(await adapter.get(id)).toEqual({ raw: rawOf(id) })
      const { entries } = await adapter.list({ limit: 100_000 })
      const summaries = new Map(entries.map((entry) => [entry.id, entry.summary]))
      for (const id of kept) expect(summaries.get(id)).toBe(`summary of ${id}`)
      await close()
      await own.stop()
    })
  }
})
