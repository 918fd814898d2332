/**
 * What all jobs of one run share, and what a caller gives for it.
 * @module
 */

import type { ImageJob } from '../prompt/queue/queue.js'
import type { Catalogue } from './catalogue.js'
import type { SwarmUIClient } from './client.js'
import type { ParameterValue } from './generation.js'
import type { Ledger } from './ledger.js'
import type { ImageProgress, ProgressCounter } from './progress.js'
import type { ImageSink } from './sink.js'

/** How to paint many pictures. */
export interface GenerateImagesOptions {
  /** The server. */
  client: SwarmUIClient
  /** Where the pictures go, and its manifest says what is there already. */
  out: ImageSink
  /** Parameters for every job, such as `model` and `sampler`; what a prompt says itself wins. Default: none. */
  defaults?: Readonly<Record<string, ParameterValue>> | undefined
  /** How many jobs at a time, from 1 to 64. Default: 2, which keeps one GPU busy while a picture is fetched. */
  concurrency?: number | undefined
  /** How often to try a take whose generation fails, at least 1. Default: 3. */
  attempts?: number | undefined
  /** How long to wait for a server or backend that is away, in ms, before the run is given up. Default: 600000. */
  patienceMs?: number | undefined
  /** Told what happens. What it throws is ignored. Default: nobody is. */
  onEvent?: ((event: ImageEvent) => void) | undefined
  /** Stops the run: the server is told, and the iteration throws `signal.reason`. */
  signal?: AbortSignal | undefined
  /** The clock, in ms since the epoch. Default: `Date.now`. */
  now?: (() => number) | undefined
  /** Randomness from 0 to below 1, for seeds that are left open and for waiting. Default: `Math.random`. */
  random?: (() => number) | undefined
  /** Waits; must reject with `signal.reason` on abort. Default: a timer. */
  wait?: ((ms: number, signal?: AbortSignal) => Promise<void>) | undefined
}

/** What happens in a run. */
export type ImageEvent =
  | {
      /** At most four times a second, and with every job that is done with. */ type: 'progress'
      progress: ImageProgress
    }
  | {
      /** Something failed that may be tried again, and will be. */
      type: 'retry'
      job: ImageJob
      take: number
      /** How long it waits. */
      delayMs: number
      error: unknown
    }
  | {
      /** Something that a person should know and that stops nothing. */ type: 'warning'
      job: ImageJob | null
      message: string
    }

/** One picture in the sink. */
export interface SavedImage {
  /** Which take, from 1. */
  take: number
  /** Its name in the sink. */
  file: string
  /** `painted` in this run, `recovered` from the server's history, or `kept` from an earlier run. */
  origin: 'painted' | 'recovered' | 'kept'
  /** The seed it was painted with; `null` if the server did not say. */
  seed: number | null
  /** Size of the file in bytes. */
  bytes: number
  /** Width in pixels. */
  width: number
  /** Height in pixels. */
  height: number
}

/** What became of one job. */
export interface ImageResult {
  /** The job. */
  job: ImageJob
  /** `painted`: all takes are there, at least one of them new. `kept`: all were there. `failed`: one is missing. */
  status: 'painted' | 'kept' | 'failed'
  /** The takes that are there. */
  images: SavedImage[]
  /** Why one is missing; `null` if none is. */
  error: unknown
}

type Settled = {
  [Name in Exclude<keyof GenerateImagesOptions, 'onEvent' | 'signal'>]-?: NonNullable<GenerateImagesOptions[Name]>
}

/** @internal */
export interface Run extends Settled {
  ledger: Ledger
  catalogue: Catalogue
  progress: ProgressCounter
  tell(event: ImageEvent): void
  signal: AbortSignal
}
