/**
 * From a session to pictures, in one call.
 * @module
 */

import { isStoryArtError, StoryArtError } from '../errors.js'
import { checkSession } from '../prompt/check/check.js'
import type { Finding } from '../prompt/check/finding.js'
import type { FailedSlot, FilledSlot } from '../prompt/compose/fill.js'
import type { PromptGenerator } from '../prompt/compose/prompt-generator.js'
import type { ImageFormat } from '../prompt/image-format.js'
import { promptFilter } from '../prompt/prompt-filter.js'
import { imageQueue } from '../prompt/queue/queue.js'
import { type PromptStatus, promptStatus } from '../prompt/queue/status.js'
import type { Session } from '../schema/index.js'
import { generateImages } from './generate-images.js'
import { directorySink } from './node-directory.js'
import { swarmError } from './refusal.js'
import type { GenerateImagesOptions, ImageEvent, ImageResult } from './run.js'
import { requireOptions, requireStore } from './run-arguments.js'
import { fillStep, promptWaitMs, spoilsPicture } from './session-steps.js'
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
  /** Only pictures of scenes with these numbers. Default: of all. */
  scenes?: readonly number[] | undefined
  /** Only pictures of beats with these ids. Default: of all. */
  beats?: readonly string[] | undefined
  /** Takes of each picture. Default: 1. */
  images?: number | undefined
  /**
   * For how long to wait until every beat that wants a picture has its prompts, in ms; then go on with what is there.
   * Default: 30 minutes for a session whose `promptMode` says that StorySwarm will write them, else 0.
   */
  waitMs?: number | undefined
  /**
   * Whether prompts that are still missing are filled in, also those of other scenes and beats; of `formats`, or cinematic
   * ones. Nothing is written back to the store. Default: `true`.
   */
  fill?: boolean | undefined
  /** Who fills them in. Default: the composer, see `composePrompt`. */
  generator?: PromptGenerator | undefined
  /** Whether faults are looked for before anything is painted, see `checkSession`. Default: `true`. */
  check?: boolean | undefined
  /**
   * Whether a finding keeps the session from being painted; not asked of beats that are not. Default: errors in a prompt
   * that is there.
   */
  stopOn?: ((finding: Finding) => boolean) | undefined
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
      filled: readonly FilledSlot[]
      findings: readonly Finding[]
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
  /** Prompts that were missing and have been filled in, and by whom. */
  filled: readonly FilledSlot[]
  /** Prompts that could not be filled in as asked, with the reason. */
  unfilled: readonly FailedSlot[]
  /** What the check found. */
  findings: readonly Finding[]
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
 * @throws `SwarmError` `SWARM_REFUSED`: the check found what `stopOn` does not accept. Others as {@link generateImages}.
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
  requireStore(store)
  requireOptions('paintSession', options, true)
  const { out, timestamp: asked, since, formats, include, images, waitMs, onEvent, signal, ...rest } = options
  const { fill = true, generator, check = true, stopOn = spoilsPicture, scenes, beats, ...limits } = rest
  const isMeant = promptFilter({ scenes, beats })
  const { timestamp, session: stored } = await sessionOf(store, asked, waitMs, signal)
  const older = since === undefined ? null : await store.get(since, { signal })
  if (since !== undefined && !older) throw missing(`since: there is no session ${since}`)

  const {
    session,
    filled,
    failed: unfilled,
  } = fill
    ? await fillStep(stored, { generator, formats, include, signal })
    : { session: stored, filled: [], failed: [] }
  signal?.throwIfAborted()
  const findings = check ? checkSession(session, { timestamp }) : []
  const matters = ({ beatId, sceneNumber }: Finding) =>
    beatId === undefined || isMeant({ beatId, sceneNumber: sceneNumber ?? null })
  refuse(
    timestamp,
    findings.filter((finding) => matters(finding) && stopOn(finding)),
  )

  const jobs = imageQueue(session, { formats, include, images, since: older?.session }).filter(isMeant)
  const tell = (event: PaintEvent): void => {
    try {
      onEvent?.(event)
    } catch {
      // As in generateImages: a listener must not cost the run.
    }
  }
  const prompts = promptStatus(session)
  const found = { timestamp, jobs: jobs.length, prompts, filled, findings }
  tell({ type: 'queued', ...found })
  const report: PaintReport = { ...found, unfilled, painted: 0, kept: 0, failed: [] }
  const sink = typeof out === 'string' ? directorySink(out) : out
  for await (const result of generateImages(jobs, { ...limits, signal, out: sink, onEvent: tell })) {
    tell({ type: 'result', result })
    if (result.status === 'failed') report.failed.push(result)
    else report[result.status]++
  }
  return report
}

async function sessionOf(
  store: SessionSource,
  timestamp: number | undefined,
  waitMs: number | undefined,
  signal: AbortSignal | undefined,
): Promise<StoredSession> {
  const found = await (timestamp === undefined ? store.latest({ signal }) : store.get(timestamp, { signal }))
  if (!found)
    throw missing(timestamp === undefined ? 'there is no session to paint' : `there is no session ${timestamp}`)
  const timeoutMs = waitMs ?? promptWaitMs(found.session)
  if (timeoutMs === 0 || !store.waitForPrompts || promptStatus(found.session).promptsReady) return found
  try {
    return await store.waitForPrompts(found.timestamp, { signal, timeoutMs })
  } catch (error) {
    if (!isStoryArtError(error) || error.code !== 'TIMEOUT') throw error
    // What has come meanwhile is kept; the rest is filled in.
    return (await store.get(found.timestamp, { signal })) ?? found
  }
}

function refuse(timestamp: number, findings: readonly Finding[]): void {
  const [first] = findings
  if (!first) return
  const { code, path, message, remedy } = first
  const more = findings.length > 1 ? ` (and ${findings.length - 1} more that checkSession lists)` : ''
  throw swarmError(
    'SWARM_REFUSED',
    `session ${timestamp} is not painted: ${code} at ${path}: ${message}${more}. ${remedy}`,
  )
}

function missing(what: string): StoryArtError {
  return new StoryArtError('INVALID_ARGUMENT', `paintSession: ${what}.`)
}
