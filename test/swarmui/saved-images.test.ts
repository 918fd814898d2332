import { appendFile, mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import type { ImageJob } from '../../src/prompt/queue/queue.js'
import { generateImages } from '../../src/swarmui/generate-images.js'
import { directorySink } from '../../src/swarmui/node-directory.js'
import type { ImageEvent } from '../../src/swarmui/run.js'
import { savedImages } from '../../src/swarmui/saved-images.js'
import { type ImageSink, memorySink } from '../../src/swarmui/sink.js'
import { jobsOf, room, soon } from './harness.js'

async function paint(jobs: ImageJob[], out: ImageSink): Promise<ImageEvent[]> {
  const events: ImageEvent[] = []
  await using open = await room()
  for await (const result of generateImages(jobs, {
    client: open.client,
    out,
    wait: soon,
    onEvent: (event) => events.push(event),
  })) {
    expect(result.error).toBeNull()
  }
  return events
}

it('finds exactly what a run would keep, job by job and take by take', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'storyart-saved-'))
  onTestFinished(() => rm(directory, { recursive: true }))
  const jobs = jobsOf(3, 2)
  await paint(jobs.slice(0, 2), directorySink(directory))

  const found = await savedImages(jobs, directorySink(directory))
  expect([...found.keys()]).toEqual(jobs.slice(0, 2).map(({ key }) => key))
  expect(found.get(jobs[1]?.key ?? '')).toEqual([
    {
      take: 1,
      file: 's01-b002-cinematic-1.png',
      origin: 'kept',
      seed: 2000,
      bytes: (await readFile(join(directory, 's01-b002-cinematic-1.png'))).length,
      width: 96,
      height: 64,
    },
    expect.objectContaining({ take: 2, file: 's01-b002-cinematic-2.png', seed: 2001 }),
  ])
  // Of a job with fewer takes only these count.
  const first = await savedImages(jobsOf(1, 1), directorySink(directory))
  expect([...first.values()].map((images) => images.length)).toEqual([1])
})

it('passes over files that are gone or not as they were saved, which a run paints anew and leaves alone', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'storyart-saved-'))
  onTestFinished(() => rm(directory, { recursive: true }))
  const jobs = jobsOf(2)
  await paint(jobs, directorySink(directory))
  await rm(join(directory, 's01-b001-cinematic-1.png'))
  await appendFile(join(directory, '.s01-b009-cinematic-1.png.storyart-tmp'), 'half of a killed run')
  await appendFile(join(directory, 's01-b002-cinematic-1.png'), 'more')
  expect(await savedImages(jobs, directorySink(directory))).toEqual(new Map())

  expect(await readdir(directory)).toContain('.s01-b009-cinematic-1.png.storyart-tmp')
  const events = await paint(jobs, directorySink(directory))
  expect(await readdir(directory)).not.toContain('.s01-b009-cinematic-1.png.storyart-tmp')
  expect(events.flatMap((event) => (event.type === 'warning' ? [event.message] : []))).toEqual([
    's01-b002-cinematic-1.png is not as it was saved; it is left alone.',
  ])
  expect([...(await savedImages(jobs, directorySink(directory))).values()].map(([image]) => image?.file)).toEqual([
    's01-b001-cinematic-1.png',
    's01-b002-cinematic-1.v2.png',
  ])
})

it('finds nothing where nothing was written down', async () => {
  const { manifest: _, ...sink } = memorySink()
  await paint(jobsOf(1), sink)
  expect(sink.files.size).toBe(1)
  expect(await savedImages(jobsOf(1), sink)).toEqual(new Map())
})
