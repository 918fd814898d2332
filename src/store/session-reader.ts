/**
 * The reading half of the store.
 * @module
 */
import type { CallOptions, SessionAdapter } from '../adapters/adapter.js'
import { StoryArtError } from '../errors.js'
import { requireMoment, requireTimestamp } from './arguments.js'
import { countSessions } from './count.js'
import { encodeCursor } from './cursor.js'
import { type Front, frontOf } from './front.js'
import { healthOf, type StoreHealth, wholeHealth } from './health.js'
import { eachRecord, loadFirst, loadRecord, walkIndex } from './load.js'
import { loadNearest } from './nearest.js'
import type {
  IterateOptions,
  ListOptions,
  RangeOptions,
  SessionReaderOptions,
  WaitOptions,
  WatchOptions,
} from './options.js'
import { pageQueryOf } from './page-query.js'
import { eachSummary, readPage, type SessionPage } from './pages.js'
import type { SessionRecord } from './record.js'
import { Running } from './running.js'
import type { SessionSummary } from './summary.js'
import type { SessionWatch } from './watch.js'
import { WatchHub } from './watch-hub.js'

/** A save may wait for the primary and for a fallback tier or two. */
const DEADLINES_AT_CLOSE = 3

/**
 * Reads sessions and never writes one: all that StoryTeller needs. {@link SessionStore} adds the writing half.
 *
 * `null` means "not there", never "could not look": a backend that does not answer makes the call reject with an
 * {@link AdapterError}. After `close` every call rejects with code `CLOSED`.
 *
 * @example
 * ```ts
 * import { memoryAdapter, SessionReader, SessionStore } from 'storyart-sdk'
 *
 * const adapter = memoryAdapter()
 * await new SessionStore({ adapter }).save({ scriptText: 'SCENE 1' })
 * const reader = new SessionReader({ adapter })
 * console.log((await reader.latest())?.session.scriptText) // SCENE 1
 * ```
 */
export class SessionReader {
  /** What it reads from: every call ends within the deadline. */
  protected readonly adapter: SessionAdapter
  /** The clock, in ms since the epoch. */
  protected readonly now: () => number
  /** @internal */
  protected readonly front: Front
  readonly #running = new Running()
  readonly #watches: WatchHub
  #closing: Promise<void> | undefined

  /**
   * @param options - The adapter, and what differs from the defaults.
   * @throws {StoryArtError} `INVALID_ARGUMENT` when the adapter is missing or `deadlineMs` is no such number.
   */
  constructor(options: SessionReaderOptions)
  /** @internal */
  constructor(options: SessionReaderOptions, front: Front)
  constructor(options: SessionReaderOptions, front: Front = frontOf({ ...options, fallback: undefined })) {
    this.front = front
    this.adapter = front.adapter
    this.now = front.now
    this.#watches = new WatchHub(front)
  }

  /**
   * Reads one version.
   *
   * @param timestamp - The version, in ms since the epoch.
   * @param options - The signal.
   * @returns The session as stored, or `null` if there is no such version or it has expired.
   * @throws {SessionInvalidError} `SESSION_INVALID` when what is stored is no session.
   * @throws {StoryArtError} `INVALID_ARGUMENT` when the timestamp is no whole number of ms.
   * @throws {AdapterError} when the backend is unreachable, denies or fails.
   * @see `GET /api/v1/session/:timestamp` of the guide.
   */
  async get(timestamp: number, options: CallOptions = {}): Promise<SessionRecord | null> {
    return this.run(options, (signal) => loadRecord(this.adapter, requireTimestamp(timestamp), signal))
  }

  /**
   * Reads the newest version that can be read.
   *
   * @param options - The signal.
   * @returns The session, with the newer versions passed over in `skipped`; `null` if there is none.
   * @throws {AdapterError} when the backend is unreachable, denies or fails.
   * @see `GET /api/v1/session/latest` of the guide.
   */
  async latest(options: CallOptions = {}): Promise<SessionRecord | null> {
    return this.run(options, (signal) => {
      const coverage = { partial: false }
      return loadFirst(walkIndex(this.adapter, {}, 'newest', coverage, signal), coverage, this.adapter, signal)
    })
  }

  /**
   * Reads the version saved closest to a moment, for those who know only the date.
   *
   * @param moment - A `Date`, ms since the epoch, or text that `Date.parse` reads.
   * @param options - The signal.
   * @returns The session, with closer versions that could not be read in `skipped`; of two at the same distance the
   * older. `null` if there is none.
   * @throws {StoryArtError} `INVALID_ARGUMENT` when the moment is no date.
   * @throws {AdapterError} when the backend is unreachable, denies or fails.
   * @example
   * ```ts
   * import { memoryAdapter, SessionStore } from 'storyart-sdk'
   *
   * const store = new SessionStore({ adapter: memoryAdapter() })
   * await store.save({ scriptText: 'monday' }, { timestamp: Date.parse('2026-01-05T09:12:44.381Z') })
   * await store.save({ scriptText: 'friday' }, { timestamp: Date.parse('2026-01-09T17:30:02.007Z') })
   * console.log((await store.nearest('2026-01-09'))?.session.scriptText) // friday
   * ```
   */
  async nearest(moment: Date | number | string, options: CallOptions = {}): Promise<SessionRecord | null> {
    return this.run(options, (signal) => loadNearest(this.adapter, requireMoment(moment), signal))
  }

  /**
   * Reads a page of summaries, newest first, without reading documents where their summaries are known.
   *
   * Expired versions never appear and never shorten a page. Pages tile: no version twice, none left out, whatever is
   * saved or deleted meanwhile.
   *
   * @param options - Page size, cursor and range.
   * @returns The page, and the cursor of the next.
   * @throws {StoryArtError} `INVALID_ARGUMENT` when an option cannot be used.
   * @throws {AdapterError} when the backend is unreachable, denies or fails.
   * @see `GET /api/v1/session/list` of the guide.
   */
  async list(options: ListOptions = {}): Promise<SessionPage> {
    return this.run(options, async () => {
      const { next, ...page } = await readPage(this.adapter, pageQueryOf(options, options.cursor), this.now)
      return next === undefined ? page : { ...page, cursor: encodeCursor(next) }
    })
  }

  /**
   * Goes through the summaries of all versions, newest first, a page at a time.
   *
   * @param options - Range and page size.
   * @returns An async iterator.
   * @throws {StoryArtError} `INVALID_ARGUMENT` when an option cannot be used.
   * @throws {AdapterError} when the backend is unreachable, denies or fails; with a fallback, after all it has.
   */
  async *summaries(options: IterateOptions = {}): AsyncGenerator<SessionSummary, void, undefined> {
    this.enter(options)
    const query = pageQueryOf(options)
    yield* eachSummary(this.adapter, query, this.now, options.onSkipped ?? ignore)
  }

  /**
   * Goes through all versions, newest first; one document is in memory at a time.
   *
   * @param options - Range and page size.
   * @returns An async iterator.
   * @throws {StoryArtError} `INVALID_ARGUMENT` when an option cannot be used.
   * @throws {AdapterError} when the backend is unreachable, denies or fails; with a fallback, after all it has.
   */
  async *sessions(options: IterateOptions = {}): AsyncGenerator<SessionRecord, void, undefined> {
    this.enter(options)
    yield* eachRecord(this.adapter, pageQueryOf(options), options.onSkipped ?? ignore)
  }

  /**
   * Counts the versions that are there, expired ones not counted.
   *
   * @param options - The range.
   * @returns How many.
   * @throws {StoryArtError} `INVALID_ARGUMENT` when a bound is no number.
   * @throws {AdapterError} when the backend is unreachable, denies or fails.
   */
  async count(options: RangeOptions = {}): Promise<number> {
    return this.run(options, () => countSessions(this.adapter, pageQueryOf(options)))
  }

  /**
   * Tells what happens to sessions, whoever does it: this store, another one, or StoryArt's own server.
   *
   * Begins with the first `next` or `ready`, and tells all that is written once that has resolved: of each session the
   * latest change, at least once. `touch` may be told as `updated`; the end of a life is not told. Breaking out of the loop,
   * an abort and `close` release everything. `docs/guide/watch.md` says what it costs and what it cannot see.
   *
   * @param options - The signal, where to go on from, and how often to look.
   * @returns An async iterator. It rejects with `signal.reason` on abort, with an {@link AdapterError} when the backend is
   * unreachable at the start or denies or fails later, and is done when the store is closed.
   * @throws {StoryArtError} `INVALID_ARGUMENT` when `since` is no cursor or `pollMs` no such number; `CLOSED`.
   * @example
   * ```ts
   * import { memoryAdapter, SessionStore } from 'storyart-sdk'
   *
   * const store = new SessionStore({ adapter: memoryAdapter() })
   * const changes = store.watch()
   * await changes.ready()
   * await store.save({ scriptText: 'SCENE 1' }, { timestamp: 1767225600000 })
   * const { value } = await changes.next()
   * console.log(value?.type, value?.timestamp) // saved 1767225600000
   * await changes.return()
   * ```
   */
  watch(options: WatchOptions = {}): SessionWatch {
    this.enter(options)
    return this.#watches.watch(options)
  }

  /**
   * Waits until every beat of a session that wants an image has a prompt: until `promptStatus` says `promptsReady`.
   *
   * Resolves at once if that is so, else within about a second of the write that completes them, whoever writes. Goes on
   * while there is no such session or no backend. The document is read only when it has changed.
   *
   * @param timestamp - The version, in ms since the epoch.
   * @param options - The signal, how long to wait and how often to look.
   * @returns The session with its prompts.
   * @throws {TimeoutError} `TIMEOUT` when the time is up.
   * @throws {SessionConflictError} `SESSION_CONFLICT`, reason `missing`, when it was deleted or has expired meanwhile.
   * @throws {SessionInvalidError} `SESSION_INVALID` when what is stored is no session.
   * @throws {StoryArtError} `INVALID_ARGUMENT` when an argument cannot be used; `CLOSED`, also when closed meanwhile.
   * @throws {AdapterError} when the backend is unreachable at the start, denies or fails.
   */
  async waitForPrompts(timestamp: number, options: WaitOptions = {}): Promise<SessionRecord> {
    this.enter(options)
    return this.#watches.waitForPrompts(requireTimestamp(timestamp), options)
  }

  /**
   * Asks the backend whether it can be used.
   *
   * @param options - The signal.
   * @returns `ok: false` with a reason if not; it rejects only when the store is closed or the call aborted.
   */
  async health(options: CallOptions = {}): Promise<StoreHealth> {
    return this.run(options, async (signal) => {
      if (this.front.tiered) return this.front.tiered.report({ signal })
      return wholeHealth(await healthOf(this.adapter, signal), [], 0)
    })
  }

  /**
   * Waits for what is running, and closes the adapters, which close what they opened themselves and leave the caller's
   * client open. May be called twice.
   *
   * Running calls get three deadlines to finish, what waits in a fallback one more to reach the first tier. What cannot be
   * moved from a tier that forgets with the process, such as `memoryAdapter`, leaves that adapter open to be saved.
   *
   * @throws {AdapterError} `ADAPTER_UNAVAILABLE` when saved sessions would be lost with the process, or a backend does
   * not answer; everything else is closed all the same.
   */
  close(): Promise<void> {
    this.#closing ??= this.#end()
    return this.#closing
  }

  /** Runs work that moves texts on the adapter itself, behind its deadlines. @internal */
  withAdapter<T>(
    options: CallOptions,
    work: (adapter: SessionAdapter, signal?: AbortSignal) => Promise<T>,
  ): Promise<T> {
    return this.run(options, (signal) => work(this.adapter, signal))
  }

  /** Closes the store at the end of an `await using` block. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }

  /** Refuses what a closed store or an aborted signal must not begin. */
  protected enter(options: CallOptions): CallOptions {
    if (this.#closing) throw new StoryArtError('CLOSED', 'the store is closed: make a new one')
    options.signal?.throwIfAborted()
    return options
  }

  /** Runs one operation, for whose end `close` waits. */
  protected run<T>(options: CallOptions, work: (signal: AbortSignal | undefined) => Promise<T>): Promise<T> {
    const { signal } = this.enter(options)
    return this.#running.track(work(signal))
  }

  async #end(): Promise<void> {
    const { deadlineMs, schedule, events } = this.front
    this.#watches.close()
    await this.#running.settled(deadlineMs * DEADLINES_AT_CLOSE, schedule)
    try {
      await this.adapter.close()
    } finally {
      events.clear()
    }
  }
}

const ignore = (): void => {}
