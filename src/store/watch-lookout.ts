/**
 * Seeing what changes: hearing of it where the backend tells, and looking again and again, since not everybody who writes
 * tells.
 * @module
 */
import type { ChangeLog, SessionAdapter } from '../adapters/adapter.js'
import { isStoryArtError } from '../errors.js'
import { isUnavailable } from './failure.js'
import type { Schedule } from './schedule.js'
import { type Known, KnownSessions } from './watch-known.js'
import { type Look, lookAt, lookBelow, type SightOfMany } from './watch-look.js'
import { rest } from './watch-rest.js'

/** What happened to a session. */
export type SessionChangeType = 'saved' | 'updated' | 'deleted'

/** Sessions looked at in one call. A poll makes two: the newest ones, and older ones in turn. */
const PAGE = 100
/** Sessions in one call of the first look, which has to see all. */
const FIRST_PAGE = 500
/** Looks on their way at once: fewer than the listeners on one signal that Node warns of. */
const LOOKS_AT_ONCE = 8
/** How long word of a change that was seen may still be on its way, so that the two are not told as two. */
const WORD_MS = 100
/** A session that is gone so shortly before its end has come to its end. */
const LATE_MS = 250

/** What a lookout works with. @internal */
export interface LookoutOptions {
  adapter: SessionAdapter
  now: () => number
  schedule: Schedule
  /** How long to wait between two polls, in ms; asked before each. */
  pollMs: () => number
  tell: (id: number, type: SessionChangeType) => void
  /** It can go on no more. */
  fail: (error: unknown) => void
}

/** @internal */
export class Lookout {
  /** What is there, for all that has been told. */
  readonly known = new KnownSessions()
  /** Resolves once every later change will be told. */
  readonly live: Promise<void>
  readonly #options: LookoutOptions
  readonly #look: Look
  readonly #end = new AbortController()
  readonly #unwatch: (() => void) | undefined
  /** Sessions there is word of, and whether they were surely written. */
  readonly #word = new Map<number, boolean>()
  /** How far the backend's own record of changes was read; empty where it keeps none. */
  #heard = ''
  /** How far of it all was told. */
  #place = ''
  /** Where the next look at older sessions begins. */
  #older = Number.POSITIVE_INFINITY
  /** One thing at a time, or a look would overtake a later one. */
  #turn = Promise.resolve()
  /** Whether the backend keeps a record of changes that may be read here. */
  #hasRecord = false

  constructor(options: LookoutOptions) {
    this.#options = options
    const { adapter, now } = options
    this.#look = { adapter, now, signal: this.#end.signal }
    this.#unwatch = adapter.watch?.(({ id, written = false }) => {
      const waits = this.#word.size > 0
      this.#word.set(id, written || this.#word.get(id) === true)
      if (!waits) this.#then(() => this.#follow())
    })
    this.live = this.#lookAtAll()
    this.#turn = this.live
    this.live.then(
      () => void this.#keepPolling(),
      (error: unknown) => this.#fail(error),
    )
  }

  get place(): string {
    return this.#place
  }

  /** What the backend's own record tells after a place; nothing where it keeps none. */
  async told(since: string): Promise<ChangeLog> {
    const { adapter } = this.#options
    if (this.#hasRecord && adapter.changesSince) return adapter.changesSince(since, { signal: this.#end.signal })
    return { changes: [], place: '', complete: adapter.changesSince === undefined }
  }

  stop(reason: unknown): void {
    this.#unwatch?.()
    this.#end.abort(reason)
  }

  async #keepPolling(): Promise<void> {
    while (!this.#end.signal.aborted) {
      await rest(this.#options.pollMs(), this.#options.schedule, this.#end.signal)
      await this.#then(() => this.#poll())
    }
  }

  #then(work: () => Promise<void>): Promise<void> {
    this.#turn = this.#turn.then(async () => {
      try {
        if (!this.#end.signal.aborted) await work()
      } catch (error) {
        // Not now; what was missed is seen by a later look.
        if (!isUnavailable(error)) this.#fail(error)
      }
    }, ignore)
    return this.#turn
  }

  #fail(error: unknown): void {
    if (this.#end.signal.aborted) return
    this.stop(error)
    this.#options.fail(error)
  }

  async #lookAtAll(): Promise<void> {
    // First, so that of what is written meanwhile too much is told rather than too little.
    await this.#findRecord()
    for (let before = Number.POSITIVE_INFINITY; before !== Number.NEGATIVE_INFINITY; ) {
      const sight = await lookBelow(this.#look, before, FIRST_PAGE)
      for (const [id, known] of sight.found) this.known.set(id, known)
      before = sight.from
    }
  }

  async #findRecord(): Promise<void> {
    try {
      const end = await this.#options.adapter.changesSince?.(undefined, { signal: this.#end.signal })
      this.#hasRecord = end !== undefined
      this.#heard = end?.place ?? ''
      this.#settle()
    } catch (error) {
      // Who may not read it can still look.
      if (isUnavailable(error) || !isStoryArtError(error)) throw error
    }
  }

  /** Reads on in the backend's own record. */
  async #hear(): Promise<void> {
    if (!this.#hasRecord) return
    const { changes, place, complete } = await this.told(this.#heard)
    this.#heard = place
    if (!complete) for (const id of this.known.ids()) this.#word.set(id, true)
    for (const { id, written = false } of changes) this.#word.set(id, written || this.#word.get(id) === true)
    this.#settle()
  }

  /** What was read in the record has all been told once there is no word left to follow. */
  #settle(): void {
    if (this.#word.size === 0) this.#place = this.#heard
  }

  /** Looks at what there is word of, and tells it. Looking first, so that whatever is written later has another mark. */
  async #follow(): Promise<void> {
    await this.#hear()
    const word = [...this.#word].slice(0, LOOKS_AT_ONCE)
    for (const [id] of word) this.#word.delete(id)
    try {
      const sights = await Promise.all(word.map(([id]) => lookAt(this.#look, id)))
      for (const [at, [id, written]] of word.entries()) {
        const { known, unsure } = sights[at] ?? { known: undefined, unsure: true }
        if (known || !unsure) this.#learn(id, known, written)
      }
    } catch (error) {
      for (const [id, written] of word) this.#word.set(id, written || this.#word.get(id) === true)
      throw error
    }
    this.#settle()
    if (this.#word.size > 0) this.#then(() => this.#follow())
  }

  async #poll(): Promise<void> {
    const newest = await lookBelow(this.#look, Number.POSITIVE_INFINITY, PAGE)
    const changed = this.#differences(newest)
    if (newest.from !== Number.NEGATIVE_INFINITY) {
      const older = await lookBelow(this.#look, Math.min(this.#older, newest.from), PAGE)
      this.#older = older.from === Number.NEGATIVE_INFINITY ? Number.POSITIVE_INFINITY : older.from
      for (const [id, known] of this.#differences(older)) changed.set(id, known)
    }
    if (changed.size > 0 && this.#unwatch) await rest(WORD_MS, this.#options.schedule, this.#end.signal)
    await this.#hear()
    if (this.#word.size > 0) this.#then(() => this.#follow())
    for (const [id, known] of changed) if (!this.#word.has(id)) this.#learn(id, known, false)
  }

  /** What is not as it was known to be. */
  #differences({ found, from, before, unsure }: SightOfMany): Map<number, Known | undefined> {
    const changed = new Map<number, Known | undefined>()
    for (const [id, known] of found) {
      const old = this.known.get(id)
      if (old?.hash === known.hash)
        this.known.set(id, known) // it may have got a new life
      else changed.set(id, known)
    }
    if (!unsure) for (const id of this.known.ids(from, before)) if (!found.has(id)) changed.set(id, undefined)
    return changed
  }

  /** Tells a change, and from then on knows it. */
  #learn(id: number, known: Known | undefined, written: boolean): void {
    const old = this.known.get(id)
    const now = this.#options.now()
    if (known) {
      this.known.set(id, known)
      if (!old || old.endsAt <= now) this.#options.tell(id, 'saved')
      else if (written || old.hash !== known.hash) this.#options.tell(id, 'updated')
    } else if (old) {
      this.known.delete(id)
      if (old.endsAt > now + LATE_MS) this.#options.tell(id, 'deleted')
    }
  }
}

function ignore(): void {}
