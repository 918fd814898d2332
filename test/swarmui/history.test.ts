/** How far the server's history reaches, and what happens beyond. */
import { afterEach, describe, expect, it } from 'vitest'
import { AdapterError } from '../../src/errors.js'
import { generateImages } from '../../src/swarmui/generate-images.js'
import type { ImageResult } from '../../src/swarmui/run.js'
import { type ImageSink, memorySink } from '../../src/swarmui/sink.js'
import { jobsOf, type Room, room, SMALL, soon } from './harness.js'

let open: Room

afterEach(async () => {
  await open[Symbol.asyncDispose]()
})

async function paint(out: ImageSink): Promise<ImageResult[]> {
  const results: ImageResult[] = []
  for await (const result of generateImages(jobsOf(1), { client: open.client, out, wait: soon })) results.push(result)
  return results
}

/** A picture that was painted and could not be kept; then others paint two. */
async function paintedAndLost(): Promise<ImageSink> {
  const out = memorySink()
  const full = new AdapterError('ADAPTER_QUOTA', 'The disk is full.', { adapter: 'mine', operation: 'save' })
  await expect(paint({ ...out, save: () => Promise.reject(full) })).rejects.toBe(full)
  for (const prompt of ['a mole', 'a buoy']) await open.client.generate({ parameters: { ...SMALL, prompt } })
  return out
}

describe('a picture that a later run looks for', () => {
  it('is found as long as the history lists it', async () => {
    open = await room({ maxInHistory: 3 })
    const [result] = await paint(await paintedAndLost())
    expect(result?.images[0]?.origin).toBe('recovered')
    expect(open.double.painted).toHaveLength(3)
  })

  it('is painted again when newer ones have pushed it out, and the folder holds it once', async () => {
    open = await room({ maxInHistory: 2 })
    const out = await paintedAndLost()
    const [result] = await paint(out)
    expect(result?.images.map(({ file, origin, seed }) => `${file} ${origin} ${seed}`)).toEqual([
      's01-b001-cinematic-1.png painted 1000',
    ])
    expect(open.double.painted).toHaveLength(4)
    expect((await paint(out))[0]?.status).toBe('kept')
  })
})
