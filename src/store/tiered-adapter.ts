/**
 * A primary and what stands in for it, as one adapter.
 * @module
 */
import type {
  AdapterChange,
  CallOptions,
  ChangeLog,
  Health,
  ListPage,
  ListQuery,
  PutOptions,
  PutResult,
  RawSession,
  SessionAdapter,
} from '../adapters/adapter.js'
import { StoryArtError } from '../errors.js'
import { healthOfTiers, type StoreHealth } from './health.js'
import { Syncer, type SyncReport } from './syncer.js'
import type { Tier } from './tier.js'
import { closeTiers } from './tiered-close.js'
import { getThrough, listThrough } from './tiered-read.js'
import { deleteThrough, describeThrough, pruneThrough, putThrough, touchThrough } from './tiered-write.js'
import { Tiers, type TiersOptions } from './tiers.js'

/**
 * Writes to the primary; while that cannot be reached, to the first fallback tier that can. Reads both, and brings what
 * waits home. A copy that waits is newer than what the primary has, so it wins every read until it is there.
 *
 * @internal
 */
export class TieredAdapter implements SessionAdapter {
  readonly name: string
  readonly keyPrefix: string
  readonly durable: boolean
  readonly watch?: (listener: (change: AdapterChange) => void) => () => void
  readonly changesSince?: (place?: string, options?: CallOptions) => Promise<ChangeLog>
  readonly #tiers: Tiers
  readonly #syncer: Syncer
  #used = false
  #closing: Promise<void> | undefined

  constructor(options: TiersOptions) {
    this.#tiers = new Tiers(options, () => this.#syncer.soon())
    this.#syncer = new Syncer(this.#tiers)
    const { name, keyPrefix, durable } = this.#tiers.primary.adapter
    this.name = name
    this.keyPrefix = keyPrefix
    this.durable = durable
    const telling = [this.#tiers.primary, ...this.#tiers.rooms].filter(({ adapter }) => adapter.watch)
    if (telling.length > 0) this.watch = (listener) => watchAll(telling, listener)
    const { primary } = this.#tiers
    const { changesSince } = primary.adapter
    if (changesSince) {
      this.changesSince = (place, options = {}) =>
        primary.ask('changesSince', options.signal, () => changesSince(place, options))
    }
  }

  async put(id: number, raw: string, options: PutOptions = {}): Promise<PutResult> {
    this.#begin(options)
    try {
      return await this.#alone(id, options, () => putThrough(this.#tiers, id, raw, options))
    } finally {
      this.#syncer.arm()
    }
  }

  async get(id: number, options: CallOptions = {}): Promise<RawSession | null> {
    this.#begin(options)
    return getThrough(this.#tiers, id, options)
  }

  async list(query: ListQuery, options: CallOptions = {}): Promise<ListPage> {
    this.#begin(options)
    return listThrough(this.#tiers, query, options)
  }

  async delete(id: number, options: CallOptions = {}): Promise<boolean> {
    this.#begin(options)
    return this.#alone(id, options, () => deleteThrough(this.#tiers, id, options))
  }

  async touch(id: number, ttlMs: number, options: CallOptions = {}): Promise<boolean> {
    this.#begin(options)
    return this.#alone(id, options, () => touchThrough(this.#tiers, id, ttlMs, options))
  }

  async describe(id: number, raw: string, summary: string, options: CallOptions = {}): Promise<void> {
    this.#begin(options)
    await describeThrough(this.#tiers, id, raw, summary, options)
  }

  async prune(options: CallOptions = {}): Promise<number> {
    this.#begin(options)
    return pruneThrough(this.#tiers, options)
  }

  async health(options: CallOptions = {}): Promise<Health> {
    const { ok, latencyMs, error } = await this.report(options)
    return { ok, latencyMs, ...(error !== undefined && { error }) }
  }

  /** How every tier is, and what waits. */
  async report(options: CallOptions): Promise<StoreHealth> {
    this.#begin(options)
    return healthOfTiers(this.#tiers, () => this.#syncer.waiting(options.signal), options.signal)
  }

  /** Brings home what waits, now. */
  async sync(options: CallOptions): Promise<SyncReport> {
    this.#begin(options)
    return this.#syncer.run(options.signal)
  }

  close(): Promise<void> {
    this.#closing ??= closeTiers(this.#tiers, this.#syncer, this.#used)
    return this.#closing
  }

  #begin({ signal }: CallOptions): void {
    if (this.#closing) throw new StoryArtError('CLOSED', `${this.name}: the store is closed; make a new one`)
    signal?.throwIfAborted()
    if (this.#used) return
    this.#used = true
    this.#syncer.soon() // an earlier run may have left something waiting
  }

  #alone<T>(id: number, { signal }: CallOptions, work: () => Promise<T>): Promise<T> {
    return this.#tiers.queue.run(id, signal, work)
  }
}

/** Whichever tier tells: what became of the session, a look at all of them shows. */
function watchAll(tiers: readonly Tier[], listener: (change: AdapterChange) => void): () => void {
  const ends = tiers.map(({ adapter }) => adapter.watch?.(listener))
  return () => {
    for (const end of ends) end?.()
  }
}
