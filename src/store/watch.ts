/**
 * Changes as an async iterator.
 * @module
 */
import type { ChangeLog } from '../adapters/adapter.js'
import { StoryArtError } from '../errors.js'
import { decodeWatchCursor, encodeWatchCursor, type Picture, pictureOf } from './watch-cursor.js'
import type { KnownSessions } from './watch-known.js'
import type { Lookout, SessionChangeType } from './watch-lookout.js'

/** What happened to a session. */
export interface SessionChange {
  /** `saved`: there is a new one. `updated`: it was written again. `deleted`: it was removed before its life had ended. */
  type: SessionChangeType
  /** The version, in ms since the epoch. */
  timestamp: number
  /**
   * Stands for all that has been delivered up to this change: pass it as `since` to go on from here, in this process or
   * in another. ASCII letters, digits and `.`, `-`, `~`, at most 4 kB, so that it fits into a header.
   */
  cursor: string
  /** The name of the adapter that holds it; missing for a deleted one. */
  storage?: string
}

/** What {@link SessionReader.watch} returns: an iterator over changes. */
export interface SessionWatch extends AsyncIterableIterator<SessionChange, undefined, undefined>, AsyncDisposable {
  /**
   * Begins to watch, as the first `next` does, and resolves once every later change will be delivered: with a cursor, so
   * that there is one before the first change.
   */
  ready(): Promise<string>
  /** Ends it and releases what it used. */
  return(): Promise<IteratorReturnResult<undefined>>
}

/** Where a watch gets its changes from. @internal */
export interface WatchSource {
  /** The clock, in ms since the epoch. */
  readonly now: () => number
  /** Begins; the same lookout for all, which resolves when it is live. */
  join(watch: Watch): Lookout
  leave(watch: Watch): void
}

/** Settles a call of `next`. */
interface Waiter {
  resolve(result: IteratorResult<SessionChange, undefined>): void
  reject(error: unknown): void
}

const DONE: IteratorReturnResult<undefined> = { done: true, value: undefined }

/**
 * One consumer. Of each session at most one change waits for it, however slow it is.
 *
 * @internal
 */
export class Watch implements SessionWatch {
  readonly pollMs: number
  readonly #source: WatchSource
  readonly #signal: AbortSignal | undefined
  readonly #since: Picture | undefined
  /** What was not delivered yet; `fresh`: before it there was no such session for this consumer. */
  readonly #undelivered = new Map<number, { type: SessionChangeType; fresh: boolean }>()
  readonly #waiters: Waiter[] = []
  #lookout: Lookout | undefined
  #live: Promise<void> | undefined
  /** Changes count from now on. */
  #listens = false
  /** They may be delivered. */
  #isLive = false
  #ended = false
  #failure: { error: unknown } | undefined

  constructor(source: WatchSource, pollMs: number, since: string | undefined, signal: AbortSignal | undefined) {
    this.pollMs = pollMs
    this.#source = source
    this.#since = since === undefined ? undefined : decodeWatchCursor(since)
    this.#signal = signal
  }

  async ready(): Promise<string> {
    await this.#begin()
    if (!this.#isLive || this.#ended) throw new StoryArtError('CLOSED', 'this watch has ended: begin another one')
    return this.#cursor()
  }

  next(): Promise<IteratorResult<SessionChange, undefined>> {
    return new Promise((resolve, reject) => {
      this.#waiters.push({ resolve, reject })
      this.#begin().catch(ignore) // told by `end`
      this.#deliver()
    })
  }

  async return(): Promise<IteratorReturnResult<undefined>> {
    this.end()
    return DONE
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.end()
  }

  [Symbol.asyncIterator](): this {
    return this
  }

  /** A change was seen. */
  tell(timestamp: number, type: SessionChangeType): void {
    if (!this.#listens) return
    const before = this.#undelivered.get(timestamp)
    const fresh = before?.fresh ?? type === 'saved'
    if (type === 'deleted' && fresh) this.#undelivered.delete(timestamp)
    else this.#undelivered.set(timestamp, { type: type === 'deleted' ? type : fresh ? 'saved' : 'updated', fresh })
    this.#deliver()
  }

  /** No more comes: because it was ended, or because it cannot go on. */
  end(failure?: { error: unknown }): void {
    if (this.#ended) return
    this.#ended = true
    this.#failure = failure
    this.#signal?.removeEventListener('abort', this.#onAbort)
    if (this.#lookout) this.#source.leave(this)
    this.#undelivered.clear()
    this.#deliver()
  }

  readonly #onAbort = (): void => this.end({ error: this.#signal?.reason })

  #begin(): Promise<void> {
    this.#live ??= this.#start()
    return this.#live
  }

  async #start(): Promise<void> {
    if (this.#ended) return
    if (this.#signal?.aborted) this.#onAbort()
    this.#signal?.throwIfAborted()
    this.#signal?.addEventListener('abort', this.#onAbort, { once: true })
    try {
      const lookout = this.#source.join(this)
      this.#lookout = lookout
      await lookout.live
      this.#listens = true
      if (this.#since) this.#catchUp(this.#since, await lookout.told(this.#since.place), lookout.known)
    } catch (error) {
      this.#signal?.throwIfAborted()
      this.end({ error })
      throw error
    }
    if (this.#ended) return
    this.#isLive = true
    this.#deliver()
  }

  /** What is not as it was for whoever had this cursor, or may not be. */
  #catchUp({ sessions, floor, older }: Picture, log: ChangeLog, known: KnownSessions): void {
    const named = new Set(sessions.map(({ id }) => id))
    const written = new Set(log.changes.flatMap(({ id, written }) => (written ? [id] : [])))
    const now = this.#source.now()
    for (const { id, hash, endsAt } of sessions) {
      const there = known.get(id)
      if (!there && endsAt > now) this.tell(id, 'deleted')
      const same = there && hash !== 0 && there.hash === hash && log.complete && !written.has(id)
      if (there && !same) this.tell(id, 'updated')
    }
    const newer = known.ids(floor)
    for (const id of newer) if (!named.has(id)) this.tell(id, 'saved')
    const differences = older?.differences(known.sketchWithout(newer))
    for (const { id, endsAt } of differences ?? []) if (!known.get(id) && endsAt > now) this.tell(id, 'deleted')
    // A session that is in both with one hash only has an end that looks a little different: its hashes cancel out.
    const hashes = new Map<number, number>()
    for (const { id, hash } of differences ?? []) hashes.set(id, (hashes.get(id) ?? 0) ^ hash)
    for (const id of known.ids(undefined, floor)) {
      const same = differences && known.get(id)?.hash !== 0 && !hashes.get(id)
      if (!same || !log.complete || written.has(id)) this.tell(id, 'updated')
    }
    for (const { id } of log.changes) if (id < floor && !named.has(id) && !known.get(id)) this.tell(id, 'deleted')
  }

  #deliver(): void {
    for (let waiter = this.#waiters[0]; waiter; waiter = this.#waiters[0]) {
      const [first] = this.#isLive ? this.#undelivered : []
      if (first) {
        const [timestamp, { type }] = first
        this.#undelivered.delete(timestamp)
        const storage = type === 'deleted' ? undefined : this.#lookout?.known.get(timestamp)?.storage
        const cursor = this.#cursor()
        waiter.resolve({ done: false, value: { type, timestamp, cursor, ...(storage !== undefined && { storage }) } })
      } else if (this.#ended) {
        const failure = this.#failure
        this.#failure = undefined // told once; then it is merely over
        if (failure) waiter.reject(failure.error)
        else waiter.resolve(DONE)
      } else {
        return
      }
      this.#waiters.shift()
    }
  }

  #cursor(): string {
    const lookout = this.#lookout
    return lookout ? encodeWatchCursor(pictureOf(lookout.known, this.#undelivered, lookout.place)) : ''
  }
}

function ignore(): void {}
