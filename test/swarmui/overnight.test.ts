/** 240 jobs against a server that fails in every way it can: all 240 pictures, and none painted twice. */
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { build } from 'esbuild'
import { decode } from 'fast-png'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { ImageJob } from '../../src/prompt/queue/queue.js'
import { generateImages } from '../../src/swarmui/generate-images.js'
import { directorySink } from '../../src/swarmui/node-directory.js'
import type { ImageResult } from '../../src/swarmui/run.js'
import { type Line, startChild } from '../file/processes.js'
import { seededRandom } from '../fixtures/random.js'
import type { SwarmDouble } from './double/server.js'
import { haunt, timesPainted } from './faults.js'
import { jobsOf, type Room, room, textOf } from './harness.js'

const COUNT = 240
const SHARE = 0.05
const KINDS = 10

let open: Room
let folder: string

beforeEach(async () => {
  open = await room({ modelLoadMs: 1, stepMs: 1, progressSteps: 2 }, { recoverMs: 20_000 })
  folder = await mkdtemp(join(tmpdir(), 'storyart-night-'))
})

afterEach(async () => {
  await open[Symbol.asyncDispose]()
  await rm(folder, { recursive: true })
})

/** Every job has its picture, whole and the right one, and the folder holds nothing else. */
async function expectAll(double: SwarmDouble, jobs: ImageJob[]): Promise<void> {
  expect([...timesPainted(double)].filter(([, times]) => times !== 1)).toEqual([])
  expect(timesPainted(double).size).toBe(COUNT)
  const names = (await readdir(folder)).sort()
  const numbers = Array.from({ length: COUNT }, (_, n) => `s01-b${String(n + 1).padStart(3, '0')}-cinematic-1.png`)
  expect(names).toEqual([...numbers, 'storyart-images.ndjson'])
  for (const [n, name] of numbers.entries()) {
    const { text } = decode(await readFile(join(folder, name)))
    expect(JSON.parse(text.parameters ?? '').sui_extra_data.storyart_job).toBe(jobs[n]?.key)
  }
}

describe('a night of 240 jobs with 5% faults of every kind', () => {
  it('in one run', { timeout: 60_000 }, async () => {
    const { double, client } = open
    const happened = haunt(double, 1, SHARE)
    const jobs = jobsOf(COUNT)
    const random = seededRandom(1)
    const results: ImageResult[] = []
    for await (const result of generateImages(jobs, {
      client,
      out: directorySink(folder),
      concurrency: 4,
      attempts: 30,
      random: () => random.next(),
      wait: (ms) => double.pause(ms / 500),
    })) {
      results.push(result)
    }
    expect(results.filter(({ status }) => status !== 'painted').map(({ error }) => textOf(error))).toEqual([])
    expect(results).toHaveLength(COUNT)
    expect(Object.keys(happened())).toHaveLength(KINDS)
    await expectAll(double, jobs)
  })

  it('in a run that is killed three times and resumed', { timeout: 60_000 }, async () => {
    const { double } = open
    const happened = haunt(double, 4, SHARE)
    const outfile = `${folder}.mjs`
    await build({
      entryPoints: [resolve('test/swarmui/child.ts')],
      outfile,
      bundle: true,
      platform: 'node',
      format: 'esm',
      logLevel: 'silent',
      banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url)" },
    })
    const done: Line[][] = []
    try {
      for (const until of [60, 120, 180, Number.POSITIVE_INFINITY]) {
        const child = startChild(outfile, [double.url, folder, COUNT])
        const ended = child.lines
        let isOver = false
        void ended.finally(() => {
          isOver = true
        })
        while (!isOver && double.painted.length < until) await double.pause(2)
        if (!isOver) child.kill()
        done.push(await ended)
      }
    } finally {
      await rm(outfile)
    }
    const last = done.at(-1) ?? []
    expect(last.filter(({ status }) => status === 'failed')).toEqual([])
    expect(last).toHaveLength(COUNT)
    expect(last.filter(({ status }) => status === 'kept').length).toBeGreaterThan(150)
    expect(Object.keys(happened())).toHaveLength(KINDS)
    await expectAll(double, jobsOf(COUNT))
  })
})
