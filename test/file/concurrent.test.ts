/** Several processes on one directory. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { fileAdapter } from '../../src/adapters/file.js'
import { namesBelow, type TemporaryDirectory, temporaryDirectory } from './harness.js'
import { buildChild, type Line, startChild } from './processes.js'

let build: TemporaryDirectory
let script: string

beforeAll(async () => {
  build = await temporaryDirectory()
  script = await buildChild(build.path)
})

afterAll(() => build[Symbol.asyncDispose]())

/** Starts processes and lets them begin at once. */
async function run(directory: string, mode: string, numbers: readonly number[]): Promise<Line[][]> {
  const children = numbers.map((number) => startChild(script, [directory, mode, number]))
  await Promise.all(children.map(({ spoke }) => spoke))
  for (const child of children) child.start()
  return Promise.all(children.map(({ lines }) => lines))
}

describe('several processes on one directory', () => {
  it('lose no update: 8 of them, 100 each, on one session', { timeout: 120_000 }, async () => {
    await using directory = await temporaryDirectory()
    const adapter = fileAdapter(directory.path)
    await adapter.put(7, '0', { ttlMs: 3_600_000 })
    const lines = await run(directory.path, 'increment', Array(8).fill(100))
    expect(lines.map((said) => said.filter(({ done }) => done).length)).toEqual(Array.from({ length: 8 }, () => 100))
    expect((await adapter.get(7))?.raw).toBe('800')
    expect(await namesBelow(directory.path)).toEqual(['.storyart', 'storyart-session-7.json'])
  })

  it('give each new session to exactly one of 4, also where an old one has ended', { timeout: 120_000 }, async () => {
    await using directory = await temporaryDirectory()
    const adapter = fileAdapter(directory.path)
    for (let id = 1; id <= 25; id++) await adapter.put(id, '{"winner":"nobody"}', { ttlMs: 1 })
    const lines = await run(directory.path, 'take', [0, 1, 2, 3])
    const winners = new Map<unknown, number>()
    for (const [process, said] of lines.entries()) {
      for (const id of said.flatMap(({ won }) => (won ?? []) as number[])) {
        expect(winners.has(id)).toBe(false)
        winners.set(id, process)
      }
    }
    expect(winners.size).toBe(50)
    for (const [id, process] of winners) expect(await adapter.get(Number(id))).toEqual({ raw: `{"winner":${process}}` })
  })
})
