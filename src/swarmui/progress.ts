/**
 * How far a run is.
 * @module
 */

import type { ImageJob } from '../prompt/queue/queue.js'

/** A picture that is being painted. */
export interface RunningImage {
  /** Its job. */
  job: ImageJob
  /** Which take, from 1. */
  take: number
  /** From 0 to 1. */
  done: number
  /** The last small picture of it, as a `data:` URL; `null` before the first. */
  preview: string | null
}

/** How far a run is. */
export interface ImageProgress {
  /** Jobs there are; `null` where they come from an iterator that does not say. */
  total: number | null
  /** Jobs whose pictures were painted in this run. */
  painted: number
  /** Jobs whose pictures were there already. */
  kept: number
  /** Jobs that failed. */
  failed: number
  /** What is being painted now. */
  running: RunningImage[]
  /** How long the rest will take if it goes on as it went, in ms; `null` before the first picture, and without a total. */
  remainingMs: number | null
}

/** Between two reports that nothing but a percentage calls for. */
const QUIET_MS = 250

/** Counts, and reports not too often. @internal */
export class ProgressCounter {
  readonly #report: (progress: ImageProgress) => void
  readonly #now: () => number
  readonly #total: number | null
  readonly #running = new Map<string, RunningImage>()
  readonly #counts = { painted: 0, kept: 0, failed: 0 }
  readonly #began: number
  #reported = Number.NEGATIVE_INFINITY

  constructor(total: number | null, now: () => number, report: (progress: ImageProgress) => void) {
    this.#total = total
    this.#now = now
    this.#report = report
    this.#began = now()
  }

  /** A picture is on its way. */
  move(image: RunningImage): void {
    const name = `${image.job.key}/${image.take}`
    const old = this.#running.get(name)
    this.#running.set(name, { ...image, preview: image.preview ?? old?.preview ?? null })
    if (this.#now() - this.#reported >= QUIET_MS) this.#tell()
  }

  /** A picture is no longer on its way. */
  leave(job: ImageJob, take: number): void {
    this.#running.delete(`${job.key}/${take}`)
  }

  /** A job is done with. */
  count(status: 'painted' | 'kept' | 'failed'): void {
    this.#counts[status]++
    this.#tell()
  }

  #tell(): void {
    this.#reported = this.#now()
    const { painted, kept, failed } = this.#counts
    const left = this.#total === null ? null : this.#total - painted - kept - failed
    // What was kept took no time.
    const each = painted > 0 ? (this.#reported - this.#began) / painted : null
    const remainingMs = left === null || each === null ? null : Math.round(left * each)
    this.#report({ total: this.#total, painted, kept, failed, running: [...this.#running.values()], remainingMs })
  }
}
