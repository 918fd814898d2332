/** Several processes, each with a store of its own over the same sessions. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { SessionAdapter } from '../../src/adapters/adapter.js'
import { fileAdapter } from '../../src/adapters/file.js'
import { redisAdapter } from '../../src/adapters/redis.js'
import { SessionStore } from '../../src/store/index.js'
import { type TemporaryDirectory, temporaryDirectory } from '../file/harness.js'
import { buildChild, type Line, startChild } from '../file/processes.js'
import { type RedisServer, startRedis } from '../redis/server.js'

const FROZEN = 1_770_000_000_000

let build: TemporaryDirectory
let script: string
let server: RedisServer

beforeAll(async () => {
  build = await temporaryDirectory()
  script = await buildChild(build.path, 'test/faults/child.ts')
  server = await startRedis()
})

afterAll(async () => {
  await server.stop()
  await build[Symbol.asyncDispose]()
})

/** Starts processes, lets them begin at once, and gives what each said in the end. */
async function run(count: number, place: string, mode: string, times: number): Promise<Line[]> {
  const children = Array.from({ length: count }, (_, child) => startChild(script, [place, mode, times, child]))
  await Promise.all(children.map(({ spoke }) => spoke))
  for (const child of children) child.start()
  const lines = await Promise.all(children.map((child) => child.lines))
  return lines.map((said) => said.at(-1) ?? {})
}

/** The counter is exact, and each process finds all it wrote, in its order. */
async function updateTogether(adapter: SessionAdapter, place: string, processes: number, times: number) {
  const store = new SessionStore({ adapter, deadlineMs: 10_000 })
  await store.save({ scriptText: 'a' }, { timestamp: FROZEN })
  expect(await run(processes, place, 'update', times)).toEqual(Array(processes).fill({ done: times }))
  const { session } = (await store.get(FROZEN)) ?? {}
  expect(session).toMatchObject({ scriptText: 'a', steps: processes * times })
  const { log } = session as unknown as { log: string[] }
  expect(log).toHaveLength(processes * times)
  for (let by = 0; by < processes; by++) {
    const own = log.filter((line) => line.startsWith(`${by} `))
    expect(own).toEqual(Array.from({ length: times }, (_, step) => `${by} ${step}`))
  }
  await store.close()
}

describe('update loses nothing', { timeout: 240_000 }, () => {
  it('in Redis: 8 processes, 500 each, on one session', async () => {
    await updateTogether(redisAdapter({ url: server.url }), server.url, 8, 500)
  })

  it('in files: 8 processes, 100 each, on one session', async () => {
    await using directory = await temporaryDirectory()
    await updateTogether(fileAdapter(directory.path), directory.path, 8, 100)
  })
})

describe('4 processes that save 250 sessions each in one millisecond', { timeout: 240_000 }, () => {
  async function saveTogether(adapter: SessionAdapter, place: string): Promise<void> {
    const said = await run(4, place, 'save', 250)
    const saved = said.flatMap((line) => line.saved as number[])
    expect([saved.length, new Set(saved).size]).toEqual([1000, 1000])
    const store = new SessionStore({ adapter, deadlineMs: 10_000 })
    expect(await store.count()).toBe(1000)
    const texts = new Set<unknown>()
    for await (const { session } of store.sessions({ limit: 200 })) texts.add(session.scriptText)
    expect(texts.size).toBe(1000)
    expect(Math.min(...saved)).toBe(FROZEN)
    await store.close()
  }

  it('make 1,000 in Redis', async () => {
    await server.flush()
    await saveTogether(redisAdapter({ url: server.url }), server.url)
  })

  it('make 1,000 in files', async () => {
    await using directory = await temporaryDirectory()
    await saveTogether(fileAdapter(directory.path), directory.path)
  })
})
