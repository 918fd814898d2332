/**
 * Many pictures, safely.
 * @module
 */

import { StoryArtError } from '../errors.js'
import type { ImageJob } from '../prompt/queue/queue.js'
import { waitMs } from '../wait.js'
import { Patience, stopsAll } from './backoff.js'
import type { Catalogue } from './catalogue.js'
import { Ledger } from './ledger.js'
import { paintJob } from './paint-job.js'
import { ProgressCounter } from './progress.js'
import type { GenerateImagesOptions, ImageEvent, ImageResult, Run } from './run.js'
import { requireJobs, requireOptions } from './run-arguments.js'

/**
 * Paints jobs and saves the pictures, several at a time, and gives a result for each as it is done with.
 *
 * - The failure of a job stops no other. What would be met by all does, and is thrown after the results that are still
 *   under way: a server that is away for longer than `patienceMs` or refuses the credentials, a full or forbidden folder.
 * - A picture is asked for again only when it is certain that none is on its way: a generation that failed is, up to
 *   `attempts` times; a lost connection is followed into the server's history instead.
 * - With a manifest, what is saved is not painted again by a later run, even if the process was killed at any moment; an
 *   attempt it cannot have heard the end of is looked for on the server first. One run at a time may use a manifest.
 * - Only as many jobs are taken from `jobs` as are under way, so any number of them can be given.
 *
 * Leaving the loop early stops what is under way; a result that was not taken is saved all the same.
 *
 * @param jobs - What to paint, as `imageQueue` gives it.
 * @param options - Server, sink and limits.
 * @returns The results, in the order the jobs are done with.
 * @throws `StoryArtError` `INVALID_ARGUMENT`: an option that cannot be used. See above for what else ends a run.
 * @example
 * ```ts
 * import type { ImageJob } from 'storyart-sdk'
 * import { directorySink, generateImages, SwarmUIClient } from 'storyart-sdk/swarmui'
 *
 * async function paint(jobs: ImageJob[]) {
 *   await using client = new SwarmUIClient({ baseUrl: 'http://localhost:7801', transport: 'http' })
 *   for await (const { job, status, images } of generateImages(jobs, { client, out: directorySink('pictures') })) {
 *     console.log(job.beatId, status, images.map(({ file }) => file).join(' '))
 *   }
 * }
 * console.log(typeof paint) // function
 * ```
 */
export async function* generateImages(
  jobs: Iterable<ImageJob> | AsyncIterable<ImageJob>,
  options: GenerateImagesOptions,
): AsyncGenerator<ImageResult, void, undefined> {
  requireJobs(jobs)
  requireOptions('generateImages', options, false)
  const leaving = new AbortController()
  const signal = options.signal ? AbortSignal.any([options.signal, leaving.signal]) : leaving.signal
  const run = await openRun(jobs, options, signal)
  const source = Symbol.asyncIterator in jobs ? jobs[Symbol.asyncIterator]() : jobs[Symbol.iterator]()
  const underWay = new Map<number, Promise<{ id: number; result: ImageResult }>>()
  let started = 0
  let drained = false
  let fatal: unknown = null
  try {
    for (;;) {
      while (!drained && fatal === null && underWay.size < run.concurrency) {
        const next = await source.next()
        if (next.done === true) {
          drained = true
          break
        }
        const id = started++
        const work = paintJob(run, next.value).then((result) => ({ id, result }))
        work.catch(() => undefined) // an abort may come while nobody is asking for a result
        underWay.set(id, work)
      }
      if (underWay.size === 0) break
      const { id, result } = await Promise.race(underWay.values())
      underWay.delete(id)
      if (fatal === null && stopsAll(result.error)) fatal = result.error
      yield result
    }
    if (fatal !== null) throw fatal
  } finally {
    leaving.abort(new StoryArtError('CLOSED', 'The run was left.'))
    await Promise.allSettled(underWay.values())
    if (!drained) await source.return?.()
  }
}

async function openRun(
  jobs: Iterable<ImageJob> | AsyncIterable<ImageJob>,
  options: GenerateImagesOptions,
  signal: AbortSignal,
): Promise<Run> {
  const { client, out, defaults = {}, onEvent, now = Date.now, random = Math.random, wait = waitMs } = options
  const limits = {
    concurrency: whole('concurrency', options.concurrency ?? 2, 64),
    attempts: whole('attempts', options.attempts ?? 3, 1000),
    patienceMs: whole('patienceMs', options.patienceMs ?? 600_000, 2 ** 40),
  }
  signal.throwIfAborted()
  const tell = (event: ImageEvent): void => {
    try {
      onEvent?.(event)
    } catch {
      // A broken progress bar must not cost a night's work.
    }
  }
  await out.manifest?.begin?.()
  const ledger = await Ledger.open(out.manifest)
  if (ledger.unreadable > 0) {
    const message = `${ledger.unreadable} lines of the manifest cannot be read, as after a crash; they are passed over.`
    tell({ type: 'warning', job: null, message })
  }
  const progress = new ProgressCounter(Array.isArray(jobs) ? jobs.length : null, now, (report) =>
    tell({ type: 'progress', progress: report }),
  )
  const rest = { client, out, defaults, now, random, wait, ...limits }
  return { ...rest, ledger, progress, tell, signal, catalogue: await catalogueOf(rest, signal) }
}

/** The server may be away at the beginning, too. */
async function catalogueOf(
  run: Pick<Run, 'client' | 'wait' | 'attempts' | 'patienceMs' | 'now' | 'random'>,
  signal: AbortSignal,
): Promise<Catalogue> {
  const patience = new Patience(run)
  for (;;) {
    try {
      return await run.client.catalogue({ signal })
    } catch (error) {
      signal.throwIfAborted()
      const delayMs = patience.after(error)
      if (delayMs === null) throw error
      await run.wait(delayMs, signal)
    }
  }
}

function whole(name: string, value: number, max: number): number {
  if (Number.isSafeInteger(value) && value >= 1 && value <= max) return value
  throw new StoryArtError('INVALID_ARGUMENT', `${name} must be a whole number from 1 to ${max}, not ${value}.`)
}
