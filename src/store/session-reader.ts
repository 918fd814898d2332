/**
 * The reading half of the store.
 * @module
 */
import type { CallOptions, SessionAdapter } from '../adapters/adapter.js'
import { StoryArtError } from '../errors.js'
import { optionalBound, requireLimit, requireMoment, requireTimestamp } from './arguments.js'
import { decodeCursor, encodeCursor } from './cursor.js'
import { incomplete } from './failure.js'
import { type Front, frontOf } from './front.js'
import { healthOf, type StoreHealth, wholeHealth } from './health.js'
import { loadFirst, loadOrSkip, loadRecord, walkIndex } from './load.js'
import { loadNearest } from './nearest.js'
import type { IterateOptions, ListOptions, RangeOptions, SessionReaderOptions } from './options.js'
import { eachSummary, type PageQuery, readPage, type SessionPage } from './pages.js'
import type { SessionRecord } from './record.js'
import { Running } from './running.js'
import type { SessionSummary } from './summary.js'

const DEFAULT_LIMIT = 50
const COUNT_BATCH = 1000
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
      const { next, ...page } = await readPage(this.adapter, this.#query(options, options.cursor), this.now)
      return next === undefined ? page : { ...page, cursor: encodeCursor(next) }
    })
  }

  /**
   * Goes through the summaries of all versions, newest first, a page at a time.
   *
   * @param options - Range and page size.
   * @returns An async iterator.
   * @throws {StoryArtError} `INVALID_ARGUMENT` when an option cannot be used.
   * @throws {AdapterError} when the backend is unreachable, denies or fails; with a fallback, only after everything that
   * could be read.
   */
  async *summaries(options: IterateOptions = {}): AsyncGenerator<SessionSummary, void, undefined> {
    const query = this.#query(options, undefined)
    yield* eachSummary(this.adapter, query, this.now, options.onSkipped ?? ignore)
  }

  /**
   * Goes through all versions, newest first; one document is in memory at a time.
   *
   * @param options - Range and page size.
   * @returns An async iterator.
   * @throws {StoryArtError} `INVALID_ARGUMENT` when an option cannot be used.
   * @throws {AdapterError} when the backend is unreachable, denies or fails; with a fallback, only after everything that
   * could be read.
   */
  async *sessions(options: IterateOptions = {}): AsyncGenerator<SessionRecord, void, undefined> {
    const { before, from, signal } = this.#query(options, undefined)
    const onSkipped = options.onSkipped ?? ignore
    const range = { ...(before !== undefined && { before }), ...(from !== undefined && { from }) }
    const coverage = { partial: false }
    for await (const step of walkIndex(this.adapter, range, 'newest', coverage, signal)) {
      if (step.reason === 'expired') {
        onSkipped({ timestamp: step.timestamp, reason: 'expired' })
        continue
      }
      const record = await loadOrSkip(this.adapter, step.timestamp, onSkipped, signal)
      if (record) yield Object.assign(record, { degraded: record.degraded || coverage.partial })
    }
    if (coverage.partial) throw incomplete(this.adapter.name)
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
    return this.run(options, async (signal) => {
      const { from, ...query } = this.#query(options, undefined)
      let { before } = query
      for (let total = 0; ; ) {
        const page = await this.adapter.list({ limit: COUNT_BATCH, before, from, details: false }, { signal })
        if (page.degraded) throw incomplete(this.adapter.name)
        total += page.entries.length
        if (page.next === undefined) return total
        before = page.next
      }
    })
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
   * Running calls get three deadlines to finish; what still runs then rejects. With a fallback, what waits in it is
   * given one last deadline to reach the first tier. What waits in a tier that forgets with the process, such as
   * `memoryAdapter`, and cannot be moved leaves that one adapter open, for the caller to save it.
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
    work: (adapter: SessionAdapter, signal: AbortSignal | undefined) => Promise<T>,
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
    await this.#running.settled(deadlineMs * DEADLINES_AT_CLOSE, schedule)
    try {
      await this.adapter.close()
    } finally {
      events.clear()
    }
  }

  #query(options: IterateOptions, cursor: string | undefined): PageQuery {
    const { signal } = this.enter(options)
    const bounds = [decodeCursor(cursor), optionalBound(options.before, 'before')].filter(
      (bound) => bound !== undefined,
    )
    return {
      limit: requireLimit(options.limit, DEFAULT_LIMIT),
      before: bounds.length === 0 ? undefined : Math.min(...bounds),
      from: optionalBound(options.from, 'from'),
      signal,
    }
  }
}

function ignore(): void {}
