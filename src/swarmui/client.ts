/**
 * The client of a SwarmUI server.
 * @module
 */

import { abortable } from '../abort.js'
import { StoryArtError, SwarmError } from '../errors.js'
import { isRecord } from '../prompt/is-record.js'
import { type Catalogue, catalogueOf } from './catalogue.js'
import { type ClientParts, partsOf, type SwarmUIClientOptions } from './client-options.js'
import { generate, interrupt } from './generate.js'
import type { GeneratedImage, GenerateRequest, Generation, GenerationProgress, SubmitTicket } from './generation.js'
import { dataUrlBytes, type ImageInfo, imageInfo } from './image-bytes.js'
import { fetchFile, post, type Reply } from './link.js'
import { isUnknown, recover } from './recover.js'
import { swarmError } from './refusal.js'
import { checkedRequest } from './request-check.js'
import { Lanes, withSession } from './session.js'

/** How long a refusal can rest on what the server had, without asking again. */
const CATALOGUE_MS = 60_000

/** What every call of a client takes. */
export interface SwarmCallOptions {
  /** Cancels the call, which then rejects with `signal.reason`. */
  signal?: AbortSignal | undefined
}

/** How to generate. */
export interface GenerateOptions extends SwarmCallOptions {
  /** Told how far it is; only over WebSocket. */
  onProgress?: ((progress: GenerationProgress) => void) | undefined
  /** Told where it goes just before the request is sent, again if it has to be sent with another session; awaited. */
  onSubmit?: ((ticket: SubmitTicket) => Promise<void> | void) | undefined
}

/** What became of a generation that nobody listened to any more. */
export interface RecoverOptions extends SwarmCallOptions {
  /** The `metadata` of the request; all of it must be found in a picture. */
  metadata: Readonly<Record<string, string>>
  /** What `onSubmit` was told; `null` if it is not known, and then nobody at all may be painting. */
  ticket: SubmitTicket | null
}

/** How busy the server is. */
export interface ServerStatus {
  /** Pictures of everybody that wait or are being painted; `null` where the user may not know that. */
  waiting: number | null
  /** Pictures of everybody that are being painted now; `null` where the user may not know that. */
  painting: number | null
  /** What the server says of its backends: `running`, `some_loading`, `errored`, `empty`, ... */
  backends: string
  /** The server's version, such as `0.9.8.2.GIT-062407c7`. */
  version: string
}

/** A picture's file with what it says of itself. */
export interface DownloadedImage extends ImageInfo {
  /** The whole file. */
  bytes: Uint8Array
}

/**
 * Speaks to a SwarmUI server, the way its source says it answers.
 *
 * - Every generation under way has a session of its own, so that stopping one stops no other; sessions are used again,
 *   and renewed when the server has forgotten them.
 * - Names of models and LORAs, numbers and the prompt are checked against the server's own lists before anything is
 *   queued: the server takes a part of a name for the name, and paints an empty prompt.
 * - A lost connection is never answered by asking again: {@link SwarmUIClient.recover} finds out what became of it.
 * - On abort the server is told to stop before the connection is closed; closing alone stops nothing there.
 *
 * All calls may run at the same time. Errors are `SwarmError`; an aborted call rejects with `signal.reason`.
 *
 * @see docs/guide/images.md
 * @example
 * ```ts
 * import { SwarmUIClient } from 'storyart-sdk/swarmui'
 *
 * // On Node 20 also: import { WebSocket } from 'ws', and pass { WebSocket }.
 * const client = new SwarmUIClient({ baseUrl: 'http://localhost:7801', transport: 'http' })
 * const paint = async (prompt: string) => {
 *   const { images } = await client.generate({ parameters: { prompt, model: 'flux1-dev-fp8', width: 1344, height: 768 } })
 *   return Promise.all(images.map(({ src }) => client.download(src)))
 * }
 * console.log(typeof paint) // function
 * await client.close()
 * ```
 */
export class SwarmUIClient {
  readonly #parts: ClientParts
  readonly #lanes = new Lanes()
  readonly #closing = new AbortController()
  readonly #running = new Set<Promise<unknown>>()
  #catalogue: Promise<Catalogue> | null = null
  /** When it was asked for. */
  #catalogueAt = 0

  /**
   * Makes a client. Nothing is sent until something is asked for.
   *
   * @param options - Where the server is, and how to speak to it.
   * @throws `StoryArtError` `INVALID_ARGUMENT`: an option that cannot be used, or a runtime without `WebSocket`.
   */
  constructor(options: SwarmUIClientOptions) {
    this.#parts = partsOf(options)
  }

  /**
   * Paints.
   *
   * Resolves when at least one picture is there; `error` then says why others are not.
   *
   * @param request - What to paint.
   * @param options - Signal, progress, and who is told the session.
   * @returns The pictures by index, on the server; {@link SwarmUIClient.download} fetches them.
   * @throws `SwarmError` `SWARM_REFUSED`: it was not queued, and would be refused again. `SWARM_UNAVAILABLE`: it was
   * not queued; later it may be. `SWARM_FAILED`: it was tried. `SWARM_LOST`: it may still be running. `SWARM_DENIED`,
   * `SWARM_PROTOCOL`.
   * @throws `StoryArtError` `INVALID_ARGUMENT`: a key that is no parameter. `CLOSED`.
   */
  async generate(request: GenerateRequest, options: GenerateOptions = {}): Promise<Generation> {
    const { onProgress, onSubmit } = options
    return this.#run(options, async (signal) => {
      const checked = await this.#checked(request, signal)
      const { link, WebSocket, idleMs } = this.#parts
      return this.#lanes.use((lane) =>
        withSession(link, lane, signal, async (session) => {
          await onSubmit?.({ session: session.id, server: session.server })
          return generate({ link, session, WebSocket, idleMs, signal, onProgress }, checked)
        }),
      )
    })
  }

  /**
   * Finds out what became of a generation whose connection is gone, or whose process is: waits while the server is at
   * work on it, and looks into its history.
   *
   * @param options - By what to find it.
   * @returns The pictures, with `index: null`. None: nothing is running any more and nothing is there, so that asking again is safe.
   * @throws `SwarmError` `SWARM_LOST`: for `recoverMs` it could not be known. Others as every call.
   */
  async recover(options: RecoverOptions): Promise<GeneratedImage[]> {
    const { metadata, ticket } = options
    if (Object.keys(metadata).length === 0) {
      throw new StoryArtError('INVALID_ARGUMENT', 'SwarmUI: metadata is empty, so every picture would be found.')
    }
    return this.#run(options, (signal) =>
      this.#lanes.use((lane) => recover({ ...this.#parts, lane, ticket, metadata, signal })),
    )
  }

  /**
   * Fetches a picture and sees that it is one, and whole.
   *
   * @param src - What {@link GeneratedImage.src} holds: a path, or a `data:` URL.
   * @param options - Signal.
   * @returns The file, its kind and its size.
   * @throws `SwarmError` `SWARM_PROTOCOL`: it is no whole PNG, JPEG or WebP file. `SWARM_FAILED`: the server has lost it.
   */
  async download(src: string, options: SwarmCallOptions = {}): Promise<DownloadedImage> {
    return this.#run(options, async (signal) => {
      const bytes = src.startsWith('data:') ? dataUrlBytes(src) : await fetchFile(this.#parts.link, src, signal)
      const info = bytes && imageInfo(bytes)
      if (!info) throw swarmError('SWARM_PROTOCOL', 'a picture is no whole PNG, JPEG or WebP file.')
      return { bytes, ...info }
    })
  }

  /**
   * What the server has. Asked for once and kept, also by {@link SwarmUIClient.generate}, which asks again before it
   * refuses something by one that is older than a minute.
   *
   * @param options - Signal; `refresh` to ask again.
   * @returns Models, LORAs and parameters.
   */
  async catalogue(options: SwarmCallOptions & { refresh?: boolean | undefined } = {}): Promise<Catalogue> {
    if (options.refresh === true) this.#catalogue = null
    return this.#run(options, (signal) => this.#knownCatalogue(signal))
  }

  /**
   * How busy the server is.
   *
   * @param options - Signal.
   * @returns Numbers, and the server's version.
   */
  async status(options: SwarmCallOptions = {}): Promise<ServerStatus> {
    return this.#run(options, (signal) =>
      this.#ask(signal, async (session_id, version) => {
        const ask = (route: string): Promise<Reply> => post(this.#parts.link, route, { session_id }, signal)
        // Not every user may know of the others, and not every server has the route.
        const all = await ask('GetGlobalStatus').catch((error: unknown) => {
          if (!isUnknown(error)) throw error
          return null
        })
        const { status, backend_status } = all ?? (await ask('GetCurrentStatus'))
        if (!isRecord(status) || !isRecord(backend_status)) {
          throw swarmError('SWARM_PROTOCOL', 'GetCurrentStatus gave no status.')
        }
        // The server's counters may be below zero for a moment.
        const count = (value: unknown): number | null => (all ? Math.max(Number(value), 0) : null)
        return {
          waiting: count(status.waiting_gens),
          painting: count(status.live_gens),
          backends: String(backend_status.status),
          version,
        }
      }),
    )
  }

  /** Stops everything this client has running; what was asked for then rejects with `SWARM_FAILED`. */
  async interrupt(): Promise<void> {
    const sessions = this.#lanes.busy.flatMap(({ session }) => (session ? [session] : []))
    await Promise.all(sessions.map((session) => interrupt(this.#parts.link, session)))
  }

  /** Stops everything this client has running, and waits for that. Calls then reject with `CLOSED`. */
  async close(): Promise<void> {
    this.#closing.abort(new StoryArtError('CLOSED', 'SwarmUI: the client was closed; make a new one.'))
    await Promise.allSettled(this.#running)
  }

  /** The same as {@link SwarmUIClient.close}, for `await using`. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.close()
  }

  /** Gives work a signal that also knows of closing, and keeps track of it. */
  async #run<T>({ signal }: SwarmCallOptions, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const closing = this.#closing.signal
    const either = signal ? AbortSignal.any([signal, closing]) : closing
    either.throwIfAborted()
    const running = work(either)
    this.#running.add(running)
    try {
      return await running
    } finally {
      this.#running.delete(running)
    }
  }

  /** Asks something with any session that is free. */
  #ask<T>(signal: AbortSignal, work: (sessionId: string, version: string) => Promise<T>): Promise<T> {
    return this.#lanes.use((lane) =>
      withSession(this.#parts.link, lane, signal, ({ id, version }) => work(id, version)),
    )
  }

  /** What is refused by an old catalogue may be there by now: a backend was loading, or a model was added. */
  async #checked(request: GenerateRequest, signal: AbortSignal): Promise<GenerateRequest> {
    const catalogue = await this.#knownCatalogue(signal)
    try {
      return checkedRequest(request, catalogue)
    } catch (error) {
      const isOld = this.#parts.now() - this.#catalogueAt >= CATALOGUE_MS
      if (!(error instanceof SwarmError && isOld)) throw error
      this.#catalogue = null
      return checkedRequest(request, await this.#knownCatalogue(signal))
    }
  }

  /** One question for all who ask at the same time; who gives up does not end it for the others. */
  async #knownCatalogue(signal: AbortSignal): Promise<Catalogue> {
    if (!this.#catalogue) this.#catalogueAt = this.#parts.now()
    this.#catalogue ??= this.#ask(this.#closing.signal, async (session_id) =>
      catalogueOf(await post(this.#parts.link, 'ListT2IParams', { session_id }, this.#closing.signal)),
    )
    const asked = this.#catalogue
    try {
      return await abortable(asked, signal)
    } catch (error) {
      if (this.#catalogue === asked && !signal.aborted) this.#catalogue = null
      throw error
    }
  }
}
