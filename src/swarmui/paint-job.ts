/**
 * One job: its takes, one after the other, each until it is safe or given up.
 * @module
 */

import { isStoryArtError } from '../errors.js'
import type { ImageJob } from '../prompt/queue/queue.js'
import { Patience, stopsAll } from './backoff.js'
import { fileName, stemOf } from './file-name.js'
import { type GeneratedImage, noPicture, type SubmitTicket } from './generation.js'
import { requestOf, seedOfTake, traceOf } from './job-request.js'
import type { TakeOf } from './ledger.js'
import type { ImageResult, Run, SavedImage } from './run.js'
import { savedImage } from './saved-images.js'

/** Paints what is missing of a job. Rejects only on abort. @internal */
export async function paintJob(run: Run, job: ImageJob): Promise<ImageResult> {
  const images: SavedImage[] = []
  let failure: unknown = null
  for (let take = 1; take <= job.images; take++) {
    try {
      images.push((await kept(run, job, take)) ?? (await new Take(run, job, take).paint()))
    } catch (error) {
      run.signal.throwIfAborted()
      failure ??= error
      if (stopsAll(error)) break
    } finally {
      run.progress.leave(job, take)
    }
  }
  const isNew = images.some(({ origin }) => origin !== 'kept')
  const status = failure !== null ? 'failed' : isNew ? 'painted' : 'kept'
  run.progress.count(status)
  return { job, status, images, error: failure }
}

/** A picture of an earlier run that is still there as it was. */
async function kept({ ledger, out, tell }: Run, job: ImageJob, take: number): Promise<SavedImage | null> {
  const saved = await savedImage(ledger, out, job.key, take)
  if (saved !== 'changed') return saved
  const file = ledger.saved({ job: job.key, take })?.file
  tell({ type: 'warning', job, message: `${file} is not as it was saved; it is left alone.` })
  return null
}

class Take {
  readonly #run: Run
  readonly #job: ImageJob
  readonly #take: number
  readonly #of: TakeOf
  readonly #patience: Patience
  readonly #seed: number

  constructor(run: Run, job: ImageJob, take: number) {
    this.#run = run
    this.#job = job
    this.#take = take
    this.#of = { job: job.key, take }
    this.#patience = new Patience(run)
    this.#seed = seedOfTake(job, take, run.random)
  }

  async paint(): Promise<SavedImage> {
    const { ledger, signal } = this.#run
    for (;;) {
      signal.throwIfAborted()
      try {
        // What may still be painted, or is and was never told: of earlier runs, or of a connection that broke.
        for (const { attempt, ticket } of ledger.open(this.#of)) {
          const found = await this.#find(attempt, ticket)
          if (found) return await this.#save(found, attempt, 'recovered')
        }
        const id = this.#newId()
        return await this.#save(await this.#generate(id), id, 'painted')
      } catch (error) {
        signal.throwIfAborted()
        await this.#retry(error)
      }
    }
  }

  /** Waits, if there is to be another try; else throws what was thrown. */
  async #retry(error: unknown): Promise<void> {
    const delayMs = this.#patience.after(error)
    if (delayMs === null) throw error
    const { tell, wait, signal } = this.#run
    tell({ type: 'retry', job: this.#job, take: this.#take, delayMs, error })
    await wait(delayMs, signal)
  }

  async #find(attempt: string, ticket: SubmitTicket | null): Promise<GeneratedImage | null> {
    const { client, ledger, signal, now } = this.#run
    const metadata = traceOf({ job: this.#job, take: this.#take, id: attempt })
    const [found] = await client.recover({ metadata, ticket, signal })
    if (!found) await ledger.ended(this.#of, attempt, now())
    return found ?? null
  }

  async #generate(id: string): Promise<GeneratedImage> {
    const { client, ledger, signal, now, defaults, catalogue, tell, progress } = this.#run
    const [job, take] = [this.#job, this.#take]
    const { request, ignored } = requestOf({ job, take, id, seed: this.#seed }, defaults, catalogue)
    if (ignored.length > 0) {
      tell({ type: 'warning', job, message: `Not parameters of this server, and not sent: ${ignored.join(', ')}.` })
    }
    try {
      const { images } = await client.generate(request, {
        signal,
        onSubmit: (ticket) => ledger.began(this.#of, id, ticket, now()),
        onProgress: ({ done, preview }) => progress.move({ job, take, done, preview }),
      })
      const [image] = images
      if (!image) throw noPicture(1)
      return image
    } catch (error) {
      const isOver = isStoryArtError(error) && /^SWARM_(REFUSED|UNAVAILABLE|FAILED|DENIED)$/.test(error.code)
      const isBegun = ledger.open(this.#of).some(({ attempt }) => attempt === id)
      if (isOver && isBegun) await ledger.ended(this.#of, id, now())
      throw error
    }
  }

  async #save(image: GeneratedImage, attempt: string, origin: 'painted' | 'recovered'): Promise<SavedImage> {
    const { out, ledger, now, tell } = this.#run
    const { bytes, type, width, height } = await this.#download(image.src)
    const stem = stemOf(this.#job, this.#take)
    const asked = this.#job.prompt
    if ((asked.width && asked.width !== width) || (asked.height && asked.height !== height)) {
      const message = `Painted ${width}x${height} where ${asked.width}x${asked.height} was asked for.`
      tell({ type: 'warning', job: this.#job, message })
    }
    for (let version = 1; ; version++) {
      const file = fileName(stem, version, type)
      if (ledger.isOthers(file, this.#of) || (await out.save(file, bytes)) === 'taken') continue
      const seed = image.seed ?? (origin === 'painted' ? this.#seed : null)
      await ledger.keep({ ...this.#of, file, bytes: bytes.length, seed, width, height }, attempt, now())
      return { take: this.#take, file, origin, seed, bytes: bytes.length, width, height }
    }
  }

  /** A picture that is painted is fetched until it is here; only then may it be given up, and a later run finds it. */
  async #download(src: string): ReturnType<Run['client']['download']> {
    const { client, signal } = this.#run
    for (;;) {
      try {
        return await client.download(src, { signal })
      } catch (error) {
        signal.throwIfAborted()
        await this.#retry(error)
      }
    }
  }

  #newId(): string {
    const { now, random } = this.#run
    return `${now().toString(36)}-${Math.floor(random() * 2 ** 40).toString(36)}`
  }
}
