/**
 * From a session to pictures, in one call.
 * @module
 */

import { StoryArtError } from '../errors.js'
import type { ImageFormat } from '../prompt/image-format.js'
import { type PromptStatus, promptStatus } from '../prompt/status.js'
import type { Session } from '../schema/index.js'
import { generateImages } from './generate-images.js'
import { directorySink } from './node-directory.js'
import { swarmError } from './refusal.js'
import type { GenerateImagesOptions, ImageEvent, ImageResult } from './run.js'
import { queueStep } from './session-steps.js'
import type { ImageSink } from './sink.js'

/** A session with its version, as a store gives it. */
export interface StoredSession {
  /** The version, in ms since the epoch. */
  timestamp: number
  /** The session. */
  session: Session
}

/** What of a `SessionStore` is needed. */
export interface SessionSource {
  /** The newest version. */
  latest(options?: { signal?: AbortSignal | undefined }): Promise<StoredSession | null>
  /** One version. */
  get(timestamp: number, options?: { signal?: AbortSignal | undefined }): Promise<StoredSession | null>
  /** Resolves when all prompts are there. A store without it is read as it is. */
  waitForPrompts?(
    timestamp: number,
    options?: { signal?: AbortSignal | undefined; timeoutMs?: number | undefined },
  ): Promise<StoredSession>
}

/** A fault of a session, as a check finds it. */
export interface SessionFinding {
  /** `error` keeps the session from being painted. */
  severity: string
  /** Where. */
  path: string
  /** What, and what to do. */
  message: string
}

/** How to paint a session. */
export interface PaintSessionOptions extends Omit<GenerateImagesOptions, 'onEvent' | 'out'> {
  /** Where the pictures go: a sink, or the path of a directory for {@link directorySink}. */
  out: ImageSink | string
  /** Which version, in ms since the epoch. Default: the newest. */
  timestamp?: number | undefined
  /** An older version: only pictures that it does not ask for are painted. Default: all are. */
  since?: number | undefined
  /** The kinds of picture. Default: all there are. */
  formats?: readonly ImageFormat[] | undefined
  /** `wanted`: beats for which a picture is to be made; `all`: every beat with a prompt. Default: `wanted`. */
  include?: 'wanted' | 'all' | undefined
  /** Takes of each picture. Default: 1. */
  images?: number | undefined
  /** Whether to wait until every beat that wants a picture has its prompts, and how long at most. Default: `true`, for ever. */
  waitForPrompts?: boolean | { timeoutMs: number } | undefined
  /** Fills in what prompts are missing. Nothing is written back to the store. Default: they stay missing, and are reported. */
  fill?: ((session: Session, options: { signal: AbortSignal | undefined }) => Session | Promise<Session>) | undefined
  /** Finds faults before anything is painted. Default: nothing is looked at. */
  check?: ((session: Session) => readonly SessionFinding[]) | undefined
  /** Told what happens. What it throws is ignored. Default: nobody is. */
  onEvent?: ((event: PaintEvent) => void) | undefined
}

/** What happens while a session is painted. */
export type PaintEvent =
  | ImageEvent
  | {
      /** The session is chosen, filled and checked. */ type: 'queued'
      timestamp: number
      jobs: number
      prompts: PromptStatus
      findings: readonly SessionFinding[]
    }
  | { /** A job is done with. */ type: 'result'; result: ImageResult }

/** What became of a session. */
export interface PaintReport {
  /** The version that was painted. */
  timestamp: number
  /** How many jobs there were. */
  jobs: number
  /** Jobs painted in this run. */
  painted: number
  /** Jobs whose pictures were there already. */
  kept: number
  /** The jobs that failed, with the reason. */
  failed: ImageResult[]
  /** Beats that want a picture and have no prompt, after filling. */
  prompts: PromptStatus
  /** What the check found; errors would have stopped it. */
  findings: readonly SessionFinding[]
}

/**
 * Paints a session: waits for its prompts, fills in what is missing, checks it, and paints what is not painted yet.
 *
 * Calling it again after whatever happened goes on where it was: see {@link generateImages} for what that rests on.
 *
 * @param store - Where the session is; a `SessionStore` is one.
 * @param options - Which version, the server, where pictures go, and limits.
 * @returns What was painted, and what was not.
 * @throws `StoryArtError` `INVALID_ARGUMENT`: there is no such version, or an option cannot be used.
 * @throws `SwarmError` `SWARM_REFUSED`: the check found errors. Others as {@link generateImages}.
 * @example
 * ```ts
 * import { SessionStore, memoryAdapter } from 'storyart-sdk'
 * import { memorySink, paintSession, SwarmUIClient } from 'storyart-sdk/swarmui'
 *
 * await using store = new SessionStore({ adapter: memoryAdapter() })
 * await using client = new SwarmUIClient({ baseUrl: 'http://localhost:7801', transport: 'http' })
 * const failure = await paintSession(store, { client, out: memorySink() }).catch((error: unknown) => error)
 * console.log(String(failure)) // StoryArtError: paintSession: there is no session to paint.
 * ```
 */
export async function paintSession(store: SessionSource, options: PaintSessionOptions): Promise<PaintReport> {
  const { out, timestamp, since, formats, include, images, fill, check, onEvent, signal, ...rest } = options
  const found = await sessionOf(store, timestamp, options)
  const older = since === undefined ? null : await store.get(since, { signal })
  if (since !== undefined && !older) throw missing(`since: there is no session ${since}`)
  const session = fill ? await fill(found.session, { signal }) : found.session
  signal?.throwIfAborted()
  const findings = check?.(session) ?? []
  const errors = findings.filter(({ severity }) => severity === 'error')
  if (errors[0]) {
    const { path, message } = errors[0]
    throw swarmError(
      'SWARM_REFUSED',
      `session ${found.timestamp} has ${errors.length} errors; the first, at ${path}: ${message}`,
    )
  }
  const jobs = queueStep(session, { formats, include, images, since: older?.session ?? null })
  const tell = (event: PaintEvent): void => {
    try {
      onEvent?.(event)
    } catch {
      // As in generateImages: a listener must not cost the run.
    }
  }
  const prompts = promptStatus(session)
  tell({ type: 'queued', timestamp: found.timestamp, jobs: jobs.length, prompts, findings })
  const report: PaintReport = {
    timestamp: found.timestamp,
    jobs: jobs.length,
    painted: 0,
    kept: 0,
    failed: [],
    prompts,
    findings,
  }
  const sink = typeof out === 'string' ? directorySink(out) : out
  for await (const result of generateImages(jobs, { ...rest, signal, out: sink, onEvent: tell })) {
    tell({ type: 'result', result })
    if (result.status === 'failed') report.failed.push(result)
    else report[result.status]++
  }
  return report
}

async function sessionOf(
  store: SessionSource,
  timestamp: number | undefined,
  { waitForPrompts = true, signal }: PaintSessionOptions,
): Promise<StoredSession> {
  const found = await (timestamp === undefined ? store.latest({ signal }) : store.get(timestamp, { signal }))
  if (!found)
    throw missing(timestamp === undefined ? 'there is no session to paint' : `there is no session ${timestamp}`)
  if (waitForPrompts === false || !store.waitForPrompts) return found
  const limit = waitForPrompts === true ? {} : { timeoutMs: waitForPrompts.timeoutMs }
  return store.waitForPrompts(found.timestamp, { signal, ...limit })
}

function missing(what: string): StoryArtError {
  return new StoryArtError('INVALID_ARGUMENT', `paintSession: ${what}.`)
}
