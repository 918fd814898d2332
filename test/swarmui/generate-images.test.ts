import { decode } from 'fast-png'
import { afterEach, describe, expect, it } from 'vitest'
import type { ImageJob } from '../../src/prompt/queue/queue.js'
import { generateImages } from '../../src/swarmui/generate-images.js'
import type { GenerateImagesOptions, ImageEvent, ImageResult } from '../../src/swarmui/run.js'
import { type MemorySink, memorySink } from '../../src/swarmui/sink.js'
import { seededRandom } from '../fixtures/random.js'
import { backend } from './double/state.js'
import { clientOf, jobsOf, type Room, room, SMALL, soon, textOf } from './harness.js'

let open: Room

afterEach(async () => {
  await open[Symbol.asyncDispose]()
})

interface Done {
  results: ImageResult[]
  events: ImageEvent[]
  thrown: unknown
}

async function run(
  jobs: Iterable<ImageJob> | AsyncIterable<ImageJob>,
  options: Partial<GenerateImagesOptions> & Pick<GenerateImagesOptions, 'out'>,
): Promise<Done> {
  const done: Done = { results: [], events: [], thrown: null }
  const random = seededRandom(1)
  try {
    for await (const result of generateImages(jobs, {
      client: open.client,
      wait: soon,
      random: () => random.next(),
      onEvent: (event) => done.events.push(event),
      ...options,
    })) {
      done.results.push(result)
    }
  } catch (error) {
    done.thrown = error
  }
  return done
}

const brief = ({ results }: Done): string[] =>
  results.map(({ job, status, images }) => `${job.beatId} ${status} ${images.map(({ file }) => file).join(' ')}`).sort()

describe('generateImages', () => {
  it('paints, names, verifies and writes down every take with its own seed', async () => {
    open = await room()
    const out = memorySink()
    const done = await run(jobsOf(2, 2), { out })
    expect(done.thrown).toBeNull()
    expect(brief(done)).toEqual([
      's1-b1 painted s01-b001-cinematic-1.png s01-b001-cinematic-2.png',
      's1-b2 painted s01-b002-cinematic-1.png s01-b002-cinematic-2.png',
    ])
    expect([...out.files.keys()].sort()).toEqual(
      done.results.flatMap(({ images }) => images.map(({ file }) => file)).sort(),
    )
    const [first] = done.results.filter(({ job }) => job.beatId === 's1-b1')
    expect(first?.images.map(({ take, seed, origin }) => [take, seed, origin])).toEqual([
      [1, 1000, 'painted'],
      [2, 1001, 'painted'],
    ])
    const png = decode(out.files.get('s01-b001-cinematic-1.png') ?? new Uint8Array())
    expect([png.width, png.height]).toEqual([96, 64])
    expect(JSON.parse(png.text.parameters ?? '').sui_extra_data).toMatchObject({
      storyart_job: first?.job.key,
      storyart_take: '1',
      storyart_beat: 's1-b1',
      storyart_format: 'cinematic',
    })
  })

  it('keeps what is there, and paints again only what is not', async () => {
    open = await room()
    const out = memorySink()
    await run(jobsOf(3), { out })
    const again = await run(jobsOf(4, 2), { out })
    expect(
      again.results
        .map(({ job, status, images }) => [job.beatId, status, images.map(({ origin }) => origin).join()])
        .sort(),
    ).toEqual([
      ['s1-b1', 'painted', 'kept,painted'],
      ['s1-b2', 'painted', 'kept,painted'],
      ['s1-b3', 'painted', 'kept,painted'],
      ['s1-b4', 'painted', 'painted,painted'],
    ])
    expect(open.double.painted).toHaveLength(8)
    expect((await run(jobsOf(4, 2), { out })).results.map(({ status }) => status)).toEqual(Array(4).fill('kept'))
    expect(open.double.painted).toHaveLength(8)
  })

  it('gives another name to what is painted anew, and leaves the old picture alone', async () => {
    open = await room()
    const out = memorySink()
    await run(jobsOf(1), { out })
    const old = out.files.get('s01-b001-cinematic-1.png')
    const changed = await run(jobsOf(1, 1, { prompt: 'a harbour', seed: 3 }), { out })
    expect(brief(changed)).toEqual(['s1-b1 painted s01-b001-cinematic-1.v2.png'])
    expect(out.files.get('s01-b001-cinematic-1.png')).toBe(old)
  })

  it('goes on when a job fails, tries again what may be, and says all of it', async () => {
    open = await room()
    const { double } = open
    const jobs = jobsOf(4)
    const [, second] = jobs
    if (second) second.prompt = { ...SMALL, model: 'nope' }
    double.failImage(0, { kind: 'message', text: 'ComfyUI execution error: CUDA' })
    double.failImage(1, { kind: 'silent' })
    const done = await run(jobs, { out: memorySink(), concurrency: 1 })
    expect(brief(done)).toEqual([
      's1-b1 painted s01-b001-cinematic-1.png',
      's1-b2 failed ',
      's1-b3 painted s01-b003-cinematic-1.png',
      's1-b4 painted s01-b004-cinematic-1.png',
    ])
    expect(done.results[1]?.error).toMatchObject({ code: 'SWARM_REFUSED' })
    const retries = done.events.filter((event) => event.type === 'retry')
    expect(retries.map(({ delayMs, job }) => [job.beatId, delayMs >= 500 && delayMs <= 2000])).toEqual([
      ['s1-b1', true],
      ['s1-b1', true],
    ])
    double.failImage(0, { kind: 'message', text: 'x' })
    double.failImage(1, { kind: 'message', text: 'x' })
    const failed = await run(jobsOf(1, 1, { seed: 77 }), { out: memorySink(), attempts: 2 })
    expect(failed.results[0]).toMatchObject({ status: 'failed', error: { code: 'SWARM_FAILED', detail: 'x' } })
  })

  it('keeps the takes that are there when another one fails', async () => {
    open = await room()
    open.double.failImage(1, { kind: 'message', text: 'x' })
    const done = await run(jobsOf(1, 3), { out: memorySink(), attempts: 1 })
    expect(done.results[0]).toMatchObject({ status: 'failed', images: [{ take: 1 }, { take: 3 }] })
  })

  it('follows a lost connection into the history instead of asking again', async () => {
    open = await room()
    const { double } = open
    double.failImage(0, { kind: 'drop', when: 'live' })
    double.failImage(2, { kind: 'drop', when: 'saved' })
    const done = await run(jobsOf(3), { out: memorySink(), concurrency: 1 })
    expect(done.results.map(({ images }) => images[0]?.origin)).toEqual(['recovered', 'painted', 'recovered'])
    expect(done.results.map(({ images }) => images[0]?.seed)).toEqual([1000, 2000, 3000])
    expect(double.generations).toHaveLength(3)
  })

  it('waits for a server that is away, at the beginning and later, and gives the run up after its patience', async () => {
    open = await room()
    const { double } = open
    double.restart({ downMs: 40 })
    expect((await run(jobsOf(1), { out: memorySink() })).results).toHaveLength(1)
    double.setBackends([])
    let now = 0
    const waited: number[] = []
    const wait = async (ms: number, signal?: AbortSignal): Promise<void> => {
      waited.push(ms)
      now += ms
      if (waited.length === 3) double.setBackends([backend()])
      await soon(ms, signal)
    }
    const options = { wait, now: () => now, random: () => 0, concurrency: 1, out: memorySink() }
    expect((await run(jobsOf(2), options)).results.map(({ status }) => status)).toEqual(['painted', 'painted'])
    expect(waited).toEqual([500, 1000, 2000])
    double.setBackends([])
    waited.length = 5
    const given = await run(jobsOf(9), { ...options, out: memorySink(), patienceMs: 10_000 })
    expect(given.results.map(({ status }) => status)).toEqual(['failed'])
    expect(given.thrown).toMatchObject({ code: 'SWARM_UNAVAILABLE' })
    expect(given.results[0]?.error).toBe(given.thrown)
  })

  it('stops on abort: the server is told, and the next run goes on', async () => {
    open = await room()
    const { double } = open
    const out = memorySink()
    const controller = new AbortController()
    double.failImage(2, { kind: 'hold' })
    double.beforeImage = (number) => {
      if (number === 2) setImmediate(() => controller.abort('enough'))
    }
    const stopped = await run(jobsOf(4), { out, concurrency: 1, signal: controller.signal })
    expect(stopped.thrown).toBe('enough')
    expect(stopped.results).toHaveLength(2)
    expect(double.log.filter((what) => what === 'interrupt')).toHaveLength(1)
    const again = await run(jobsOf(4), { out })
    expect(again.results.map(({ status }) => status).sort()).toEqual(['kept', 'kept', 'painted', 'painted'])
    expect(double.painted).toHaveLength(4)
  })

  it('stops what is under way when the loop is left', async () => {
    open = await room()
    const { double } = open
    double.failImage(1, { kind: 'hold' })
    for await (const { job } of generateImages(jobsOf(5), { client: open.client, out: memorySink() })) {
      expect(job.beatId).toBe('s1-b1')
      break
    }
    expect(double.log).toContain('interrupt')
    expect(double.dispatched).toBe(2)
  })

  it('that is aborted while its jobs are waited for rejects nothing unheard', async () => {
    open = await room()
    const { double } = open
    const controller = new AbortController()
    const unheard: unknown[] = []
    const hear = (reason: unknown): void => void unheard.push(reason)
    process.on('unhandledRejection', hear)
    double.failImage(0, { kind: 'hold' })
    let more = (): void => undefined
    async function* slowly(): AsyncGenerator<ImageJob> {
      yield* jobsOf(1)
      await new Promise<void>((resolve) => {
        more = resolve
      })
    }
    const running = run(slowly(), { out: memorySink(), signal: controller.signal })
    while (double.dispatched === 0) await soon(0)
    controller.abort('enough')
    while (double.sockets.size > 0) await soon(0)
    for (let turn = 0; turn < 20; turn++) await soon(0) // an unheard rejection is told some turns later
    more()
    expect((await running).thrown).toBe('enough')
    process.off('unhandledRejection', hear)
    expect(unheard).toEqual([])
  })

  it('takes no more jobs than are under way, also of ten thousand', async () => {
    open = await room()
    let taken = 0
    let returned = false
    const [job] = jobsOf(1)
    function* many(): Generator<ImageJob> {
      try {
        for (let n = 0; n < 10_000; n++) {
          taken++
          if (job) yield { ...job, key: `k${n}`, prompt: { ...job.prompt, seed: n } }
        }
      } finally {
        returned = true
      }
    }
    let seen = 0
    for await (const result of generateImages(many(), { client: open.client, out: memorySink(), concurrency: 3 })) {
      expect(result.status).toBe('painted')
      expect(taken).toBeLessThanOrEqual(++seen + 3)
      if (seen === 12) break
    }
    expect(returned).toBe(true)
  })

  it('holds nothing of ten thousand jobs that are there already but their place', async () => {
    open = await room()
    const lines: string[] = []
    const [job] = jobsOf(1)
    if (!job) throw new Error('there is a job')
    const total = 10_000
    for (let n = 0; n < total; n++) {
      lines.push(
        JSON.stringify({
          did: 'saved',
          job: `k${n}`,
          take: 1,
          attempt: 'a',
          file: `f${n}.png`,
          bytes: 5,
          seed: 1,
          width: 96,
          height: 64,
        }),
      )
    }
    const files = {
      ...memorySink(),
      size: async () => 5,
      manifest: { read: async () => `${lines.join('\n')}\n`, append: soonNever },
    }
    const jobs = (function* () {
      for (let n = 0; n < total; n++) yield { ...job, key: `k${n}` }
    })()
    let kept = 0
    for await (const { status } of generateImages(jobs, { client: open.client, out: files }))
      if (status === 'kept') kept++
    expect(kept).toBe(total)
    expect(open.double.generations).toEqual([])
  })

  it('tells progress with previews and the time left, four times a second at most', async () => {
    open = await room({ previewEvery: 1, progressSteps: 4 })
    let now = 0
    const done = await run(jobsOf(3), {
      out: memorySink(),
      concurrency: 1,
      now: () => {
        now += 10
        return now
      },
    })
    const progress = done.events.flatMap((event) => (event.type === 'progress' ? [event.progress] : []))
    expect(progress.at(-1)).toEqual({ total: 3, painted: 3, kept: 0, failed: 0, running: [], remainingMs: 0 })
    const first = progress.find(({ painted }) => painted === 1)
    expect(first?.remainingMs).toBeGreaterThan(0)
    expect(progress.length).toBeLessThan(3 * 8)
    expect(progress.flatMap(({ running }) => running).every(({ done }) => done > 0 && done <= 1)).toBe(true)
  })

  it('is not harmed by a listener', async () => {
    open = await room()
    const out = memorySink()
    const fails = (): never => {
      throw new Error('a progress bar')
    }
    expect((await run(jobsOf(1), { out, onEvent: fails })).results[0]?.status).toBe('painted')
  })

  it('takes defaults where a prompt says nothing, sizes from the format, and leaves out what is no parameter', async () => {
    open = await room()
    const jobs = jobsOf(1, 1, {
      width: 0,
      height: undefined,
      model: null,
      note: 'from the analyst',
      images: 9,
      seed: -1,
      steps: 7,
      sampler: '',
    })
    const done = await run(jobs, {
      out: memorySink(),
      defaults: { model: 'flux1-dev-fp8', steps: 40, sampler: 'euler' },
    })
    expect(open.double.generations[0]).toMatchObject({
      images: 1,
      width: 1344,
      height: 768,
      steps: 7,
      sampler: 'euler',
      model: 'flux1-dev-fp8.safetensors',
    })
    expect(Object.keys(open.double.generations[0] as object)).not.toContain('note')
    expect(done.events.filter(({ type }) => type === 'warning')).toMatchObject([
      { message: 'Not parameters of this server, and not sent: note, images.' },
    ])
    const seed = done.results[0]?.images[0]?.seed ?? -1
    expect(seed).toBeGreaterThanOrEqual(0)
    expect(open.double.painted[0]?.seed).toBe(seed)
  })

  it('paints over plain HTTP as well', async () => {
    open = await room()
    const client = clientOf(open.double, { transport: 'http' })
    const out = memorySink()
    open.double.failImage(1, { kind: 'drop', when: 'saved' })
    const done = await run(jobsOf(2), { client, out, concurrency: 1 })
    expect(done.results.map(({ images }) => images[0]?.origin)).toEqual(['painted', 'recovered'])
    await client.close()
  })

  it.each([{ concurrency: 0 }, { concurrency: 65 }, { attempts: 1.5 }, { patienceMs: 0 }])(
    'refuses %o',
    async (options) => {
      open = await room()
      expect((await run([], { out: memorySink(), ...options })).thrown).toMatchObject({ code: 'INVALID_ARGUMENT' })
    },
  )
})

const soonNever = async (): Promise<void> => {
  throw new Error('nothing is to be written')
}

describe('the manifest', () => {
  /** What a run leaves when it is killed after so many characters of its manifest. */
  async function tornAt(cut: number): Promise<{ out: MemorySink; torn: string }> {
    const out = memorySink()
    await run(jobsOf(2), { out, concurrency: 1 })
    const torn = (await out.manifest.read()).slice(0, cut)
    let lines = torn
    const manifest = {
      read: async () => lines,
      append: async (line: string) => {
        lines += line
      },
    }
    return { out: { ...out, files: out.files, manifest }, torn }
  }

  it('may be torn at any place: nothing is painted twice, nothing overwritten', async () => {
    open = await room()
    const whole = memorySink()
    await run(jobsOf(2), { out: whole, concurrency: 1 })
    const length = (await whole.manifest.read()).length
    for (let cut = 0; cut <= length; cut += 29) {
      const { out, torn } = await tornAt(cut)
      const before = open.double.painted.length
      const done = await run(jobsOf(2), { out, concurrency: 1 })
      expect(done.results.map(({ status }) => status).includes('failed'), textOf(done.results[0]?.error)).toBe(false)
      const begun = torn
        .split('\n')
        .slice(0, -1)
        .filter((line) => line.includes('"began"')).length
      expect(open.double.painted.length - before, `cut at ${cut}`).toBe(2 - begun)
      const warned = done.events.some((event) => event.type === 'warning' && event.message.includes('cannot be read'))
      const last = torn.split('\n').at(-1) ?? ''
      expect(warned).toBe(last !== '' && !last.endsWith('}'))
      for (const line of (await out.manifest.read()).slice(torn.length).split('\n').filter(Boolean)) {
        if (line !== torn.split('\n').at(-1)) expect(() => JSON.parse(line)).not.toThrow()
      }
      expect((await run(jobsOf(2), { out })).results.map(({ status }) => status)).toEqual(['kept', 'kept'])
    }
  })

  it('that cannot be written to ends the run before anything is asked for', async () => {
    open = await room()
    const full = Object.assign(new Error('full'), { code: 'ENOSPC' })
    const out = { ...memorySink(), manifest: { read: async () => '', append: () => Promise.reject(full) } }
    const done = await run(jobsOf(3), { out })
    expect(done.results.every(({ status, error }) => status === 'failed' && error === full)).toBe(true)
    expect(open.double.generations).toEqual([])
  })
})
