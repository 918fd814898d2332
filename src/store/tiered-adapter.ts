/**
 * A primary and what stands in for it, as one adapter.
 * @module
 */
import type {
  CallOptions,
  Health,
  ListPage,
  ListQuery,
  PutOptions,
  PutResult,
  RawSession,
  SessionAdapter,
} from '../adapters/adapter.js'
import { AdapterError, StoryArtError } from '../errors.js'
import { carry } from './carrier.js'
import { withDeadline } from './deadline.js'
import { isCallers, isUnavailable, reasonOf, subjectOf } from './failure.js'
import { mergePages } from './merge-pages.js'
import { Syncer, type SyncReport } from './syncer.js'
import type { Tier } from './tier.js'
import { type Copies, Tiers, type TiersOptions, type WaitingCopy } from './tiers.js'
import type { WaitingRoom } from './waiting-room.js'

/**
 * Writes to the primary; while that cannot be reached, to the first fallback tier that can. Reads both, and brings what
 * waits home.
 *
 * A copy that waits is newer than what the primary has, so it wins every read until it is there. Fallback tiers are
 * always looked at before the primary: what is carried over meanwhile is seen twice rather than never.
 *
 * @internal
 */
export class TieredAdapter implements SessionAdapter {
  readonly name: string
  readonly keyPrefix: string
  readonly durable: boolean
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
  }

  async put(id: number, raw: string, options: PutOptions = {}): Promise<PutResult> {
    const { expect, signal } = this.#begin(options)
    return this.#tiers.queue.run(id, signal, async () => {
      const copies = await this.#tiers.copiesOf(id, signal)
      const waiting = copies.found.find(({ room }) => !room.stale.has(id))
      if (expect === 'absent' && waiting) return { stored: false, reason: 'exists' }
      if (expect !== undefined && expect !== 'absent') return this.#replace(id, raw, options, waiting)
      return this.#write(id, raw, options, copies)
    })
  }
}
