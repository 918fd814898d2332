import { imageQueue } from 'storyart-sdk'
import { directorySink, generateImages, memorySink, SwarmUIClient } from 'storyart-sdk/swarmui'
import { expect, it } from 'vitest'
import { commands } from 'vitest/browser'

const prompt = { model: 'flux1-dev-fp8', width: 96, height: 64 }
const beats = [1, 2, 3].map((n) => ({
  beatId: `s1-b${n}`,
  prompts: { cinematic: { ...prompt, prompt: `a lighthouse, hour ${n}`, seed: n } },
}))
const jobs = imageQueue({ analyzedEpisode: { scenes: [{ sceneNumber: 1, beats }] } })

it("paints with the browser's own fetch and WebSocket, from another origin, over a connection that breaks", async () => {
  const url = await commands.startSwarm(location.origin)
  let said: Awaited<ReturnType<typeof commands.stopSwarm>>
  try {
    await using client = new SwarmUIClient({ baseUrl: url, pollMs: 20 })
    const out = memorySink()
    const previews: string[] = []
    const origins: unknown[] = []
    let now = 0
    for await (const { job, images } of generateImages(jobs, {
      client,
      out,
      concurrency: 1,
      now: () => {
        now += 300 // so that every step is told
        return now
      },
      wait: async () => undefined,
      onEvent: (event) => {
        if (event.type !== 'progress') return
        for (const { preview } of event.progress.running) if (preview) previews.push(preview)
      },
    })) {
      origins.push([job.beatId, images[0]?.origin, images[0]?.seed])
    }
    expect(origins).toEqual([
      ['s1-b1', 'recovered', 1],
      ['s1-b2', 'painted', 2],
      ['s1-b3', 'painted', 3],
    ])
    expect(previews[0]).toMatch(/^data:image\/jpeg/)
    // It is a picture to the browser, too.
    const bitmap = await createImageBitmap(new Blob([new Uint8Array(out.files.get('s01-b001-cinematic-1.png') ?? [])]))
    expect([bitmap.width, bitmap.height]).toEqual([96, 64])

    const controller = new AbortController()
    const asked = client.generate(
      { parameters: { ...prompt, prompt: 'held' } },
      { signal: controller.signal, onSubmit: () => void setTimeout(() => controller.abort('enough'), 100) },
    )
    await expect(asked).rejects.toBe('enough')
  } finally {
    said = await commands.stopSwarm(url)
  }
  expect(said.painted).toBe(3)
  expect(said.log).toContain('interrupt')
})

it('has no folder to save to, and says what to do', () => {
  expect(() => directorySink('pictures')).toThrow('elsewhere pass a sink of your own')
})
