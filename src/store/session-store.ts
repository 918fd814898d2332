/**
 * The store: sessions by version, over any adapter.
 * @module
 */
import type { CallOptions } from '../adapters/adapter.js'
import { decodeForStoring, type PreparedSession, prepareParsed, prepareSession } from '../codec.js'
import { StoryArtError } from '../errors.js'
import type { Session } from '../schema/index.js'
import { waitMs } from '../wait.js'
import { requireRevision, requireTimestamp, requireTtl } from './arguments.js'
import type { StoreEvents, StoreListener } from './events.js'
import { frontOf } from './front.js'
import type { SaveOptions, SaveTextOptions, SessionStoreOptions, UpdateOptions } from './options.js'
import type { PruneReport, SaveResult } from './record.js'
import { saveAs, saveNew, saveRaw } from './save.js'
import { SessionReader } from './session-reader.js'
import { encodeFacts, factsOf } from './summary.js'
import type { SyncReport } from './syncer.js'
import { TimestampSource } from './timestamps.js'
import { runUpdate, type SessionUpdate } from './update.js'

const DEFAULT_ATTEMPTS = 100

/**
 * Keeps sessions by version: validated on the way in and out, listed without reading documents, never lost to a
 * second writer.
 *
 * `null` and `false` mean "not there", never "could not look": a backend that does not answer makes the call reject with
 * an {@link AdapterError}. Every call takes a `signal` and rejects with its `reason` when it aborts; a write that was
 * already on its way may still happen. After `close` every call rejects with code `CLOSED`. With a `fallback`, a save
 * goes to the next adapter while the first cannot be reached, says so, and moves to the first by itself.
 *
 * @example
 * ```ts
 * import { memoryAdapter, SessionStore } from 'storyart-sdk'
 *
 * await using store = new SessionStore({ adapter: memoryAdapter() })
 * const { timestamp } = await store.save({ scriptText: 'SCENE 1', storyUuid: '5c2f7a1e-0d4b-4f63-9a58-3f1d2c6b7e90' })
 * const record = await store.latest()
 * console.log(record?.timestamp === timestamp, record?.session.scriptText) // true SCENE 1
 * ```
 * @see The guide's sections "Versioning System" and "Session Versioning Best Practices".
 */
export class SessionStore extends SessionReader {
  readonly #wait: (ms: number, signal?: AbortSignal) => Promise<void>
  readonly #timestamps: TimestampSource

  /**
   * @param options - The adapter, what stands in for it, and what differs from the defaults.
   * @throws {StoryArtError} `INVALID_ARGUMENT` when the adapter is missing, one is named twice, or a number cannot be
   * used.
   */
  constructor(options: SessionStoreOptions) {
    const front = frontOf(options)
    super(options, front)
    this.#wait = options.wait ?? waitMs
    this.#timestamps = new TimestampSource(front.now, front.random)
  }

  /**
   * Validates a session, writes it and lists it.
   *
   * Without a timestamp (argument, or a field that is not `null` or `0`, as StoryArt's server has it) it gets a new one,
   * unique even when many savers share a millisecond. With one, that version is created or replaced. The stored text is
   * the session as given, its `timestamp` set; nothing is dropped, defaulted, coerced or reordered.
   *
   * @param session - The session. Not changed.
   * @param options - Version, life and condition.
   * @returns What was written where.
   * @throws {SessionInvalidError} `SESSION_INVALID` when it is no session, or holds what JSON cannot.
   * @throws {SessionConflictError} `SESSION_CONFLICT` when `expect` does not hold; nothing was written.
   * @throws {StoryArtError} `INVALID_ARGUMENT` when an option or the session's timestamp cannot be used.
   * @throws {AdapterError} when the backend is unreachable, denies, is full or fails.
   * @example
   * ```ts
   * import { memoryAdapter, SessionStore } from 'storyart-sdk'
   *
   * const store = new SessionStore({ adapter: memoryAdapter() })
   * const saved = await store.save({ scriptText: 'SCENE 1' }, { timestamp: 1704067200000 })
   * console.log(saved.sessionKey, saved.savedAt) // storyart:session:1704067200000 2024-01-01T00:00:00.000Z
   * ```
   * @see `POST /api/v1/session/save` of the guide.
   */
  async save(session: Session, options: SaveOptions = {}): Promise<SaveResult> {
    return this.#write(options, () => prepareSession(session, 'the session to save'))
  }

  /** Saves what was parsed from a text, without serialising it again; see `prepareParsed`. @internal */
  async saveParsed(value: unknown, raw: string, options: CallOptions = {}): Promise<SaveResult> {
    return this.#write(options, () => prepareParsed(value, raw, 'the session to save'))
  }

  #write(options: SaveOptions, prepare: () => PreparedSession): Promise<SaveResult> {
    return this.run(options, async (signal) => {
      const ttlMs = options.ttlMs === undefined ? this.front.ttlMs : requireTtl(options.ttlMs)
      const expect = options.expect === undefined ? undefined : requireRevision(options.expect)
      const prepared = prepare()
      const timestamp = versionOf(prepared, options.timestamp)
      const summary = encodeFacts(factsOf(prepared.session))
      if (timestamp !== undefined) {
        return saveAs(this.adapter, prepared, timestamp, { ttlMs, expect, summary, signal })
      }
      if (expect !== undefined && expect !== 'absent') {
        throw new StoryArtError('INVALID_ARGUMENT', 'expect names a revision, but no timestamp says of which session')
      }
      return saveNew(this.adapter, prepared, this.#timestamps, { ttlMs, summary, signal })
    })
  }

  /** Writes a text exactly as it is, which must be a session; `summary: null` keeps none beside it. @internal */
  async saveText(raw: string, timestamp: number, options: SaveTextOptions = {}): Promise<SaveResult> {
    return this.run(options, async (signal) => {
      const session = decodeForStoring(raw, requireTimestamp(timestamp), `session ${timestamp}`)
      const { ttlMs = this.front.ttlMs, expect, summary = encodeFacts(factsOf(session)) } = options
      return saveRaw(this.adapter, raw, timestamp, {
        ttlMs: ttlMs ?? undefined,
        expect: expect === undefined ? undefined : requireRevision(expect),
        summary: summary ?? undefined,
        signal,
      })
    })
  }

  /**
   * Changes a version: reads it, applies the change, writes only if nobody wrote in between, else starts again.
   *
   * @param timestamp - The version, in ms since the epoch.
   * @param change - Makes the new session; called again after a meeting with another writer.
   * @param options - Life, attempts and signal.
   * @returns What was written; `null`, and nothing written, if there is no such version (any more).
   * @throws {SessionInvalidError} `SESSION_INVALID` when the stored or the changed session is none.
   * @throws {SessionConflictError} `SESSION_CONFLICT` when others wrote in between at every attempt.
   * @throws {StoryArtError} `INVALID_ARGUMENT` when an argument cannot be used.
   * @throws {AdapterError} when the backend is unreachable, denies, is full or fails.
   * @example
   * ```ts
   * import { memoryAdapter, SessionStore } from 'storyart-sdk'
   *
   * const store = new SessionStore({ adapter: memoryAdapter() })
   * const { timestamp } = await store.save({ scriptText: 'SCENE 1' })
   * await store.update(timestamp, (session) => ({ ...session, scriptText: 'SCENE 1, revised' }))
   * console.log((await store.get(timestamp))?.session.scriptText) // SCENE 1, revised
   * ```
   */
  async update(timestamp: number, change: SessionUpdate, options: UpdateOptions = {}): Promise<SaveResult | null> {
    return this.run(options, (signal) =>
      runUpdate({
        adapter: this.adapter,
        timestamp: requireTimestamp(timestamp),
        change,
        ttlMs: options.ttlMs === undefined ? 'keep' : requireTtl(options.ttlMs),
        attempts: options.attempts === undefined ? DEFAULT_ATTEMPTS : requireTtl(options.attempts, 'attempts'),
        random: this.front.random,
        wait: this.#wait,
        signal,
      }),
    )
  }

  /**
   * Removes a version.
   *
   * @param timestamp - The version, in ms since the epoch.
   * @param options - The signal.
   * @returns `true` if it was there.
   * @throws {StoryArtError} `INVALID_ARGUMENT` when the timestamp is no whole number of ms.
   * @throws {AdapterError} when the backend is unreachable, denies or fails.
   */
  async delete(timestamp: number, options: CallOptions = {}): Promise<boolean> {
    return this.run(options, (signal) => this.adapter.delete(requireTimestamp(timestamp), { signal }))
  }

  /**
   * Gives a version a new life from now.
   *
   * @param timestamp - The version, in ms since the epoch.
   * @param ttlMs - Its life in ms. Default: the store's.
   * @param options - The signal.
   * @returns `true` if it was there.
   * @throws {StoryArtError} `INVALID_ARGUMENT` when an argument cannot be used.
   * @throws {AdapterError} when the backend is unreachable, denies or fails.
   */
  async touch(timestamp: number, ttlMs?: number, options: CallOptions = {}): Promise<boolean> {
    const life = ttlMs === undefined ? this.front.ttlMs : requireTtl(ttlMs)
    return this.run(options, (signal) => this.adapter.touch(requireTimestamp(timestamp), life, { signal }))
  }

  /**
   * Removes what expired versions have left behind, such as entries in the index of Redis; never a live version.
   *
   * @param options - The signal.
   * @returns How many entries were removed.
   * @throws {AdapterError} when the backend is unreachable, denies or fails.
   */
  async prune(options: CallOptions = {}): Promise<PruneReport> {
    return this.run(options, async (signal) => ({ removed: (await this.adapter.prune?.({ signal })) ?? 0 }))
  }

  /**
   * Moves what waits in fallback tiers to the first tier, now. It also happens by itself, as soon as that tier answers.
   *
   * A session arrives under its own timestamp, and never over what somebody else has written there meanwhile: then both
   * are kept, the one that waited as a new version, and a `conflict` event says which.
   *
   * @param options - The signal.
   * @returns What arrived and what still waits. A first tier that cannot be reached is no error: everything waits then.
   * @throws {AdapterError} when a fallback tier cannot be asked what waits in it.
   * @example
   * ```ts
   * import { memoryAdapter, SessionStore } from 'storyart-sdk'
   *
   * const fallback = memoryAdapter()
   * await fallback.put(1704067200000, '{"scriptText":"SCENE 1"}') // left by an earlier store
   * const store = new SessionStore({ adapter: memoryAdapter(), fallback: [fallback] })
   * console.log(await store.sync()) // { synced: 1, conflicts: 0, waiting: 0 }
   * ```
   */
  async sync(options: CallOptions = {}): Promise<SyncReport> {
    return this.run(options, async (signal) => {
      return this.front.tiered?.sync({ signal }) ?? { synced: 0, conflicts: 0, waiting: 0 }
    })
  }

  /**
   * Listens to what happens without anyone asking; see {@link StoreEvents}. Without a fallback nothing does.
   *
   * What a listener throws, or rejects with, harms nothing; listeners of `error` are told.
   *
   * @param name - `fallback`, `recovered`, `synced`, `conflict` or `error`.
   * @param listener - Called at once whenever it happens, until the store is closed.
   * @returns Takes the listener away.
   * @throws {StoryArtError} `INVALID_ARGUMENT` when there is no such event or the listener is no function; `CLOSED`.
   * @example
   * ```ts
   * import { memoryAdapter, SessionStore } from 'storyart-sdk'
   *
   * const store = new SessionStore({ adapter: memoryAdapter(), fallback: [memoryAdapter()] })
   * const off = store.on('fallback', ({ timestamp, storage }) => console.log(`session ${timestamp} waits in ${storage}`))
   * off()
   * ```
   */
  on<K extends keyof StoreEvents>(name: K, listener: StoreListener<K>): () => void {
    this.enter({})
    const { events } = this.front
    if (!events.knows(name) || typeof listener !== 'function') {
      throw new StoryArtError('INVALID_ARGUMENT', `on takes one of ${events.names.join(', ')}, and a function`)
    }
    return events.on(name, listener)
  }
}

/** The version asked for: by argument, else by the session's own field, which StoryArt's server ignores when falsy. */
function versionOf(prepared: PreparedSession, argument: number | undefined): number | undefined {
  if (argument !== undefined) return requireTimestamp(argument)
  const own = prepared.session.timestamp
  return own === undefined || own === null || own === 0 ? undefined : requireTimestamp(own, 'the field timestamp')
}
