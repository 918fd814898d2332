/**
 * What the parts of a store with a fallback have in common.
 * @module
 */
import type { SessionAdapter } from '../adapters/adapter.js'
import type { EventHub } from './events.js'
import { isCallers } from './failure.js'
import { GuardedAdapter } from './guarded-adapter.js'
import { IdQueue } from './id-queue.js'
import type { Schedule } from './schedule.js'
import { Tier } from './tier.js'
import { WaitingRoom } from './waiting-room.js'
import { WrittenTexts } from './written.js'

/** Stores of one process that wait in the same place take turns, so that one does not carry over what another deletes. */
const TURNS = new WeakMap<SessionAdapter, IdQueue>()

/** How to make {@link Tiers}. @internal */
export interface TiersOptions {
  adapter: SessionAdapter
  fallback: readonly SessionAdapter[]
  deadlineMs: number
  /** Life in ms of a session whose fallback tier cannot say how long it has to live. */
  ttlMs: number
  now: () => number
  random: () => number
  schedule: Schedule
  events: EventHub
}

/** A copy that waits. @internal */
export interface WaitingCopy {
  room: WaitingRoom
  raw: string
}

/** What the fallback tiers hold of one id. @internal */
export interface Copies {
  /** In the order of the tiers, stale ones included. */
  found: WaitingCopy[]
  /** Those of them that a read may hand out. */
  visible: WaitingCopy[]
  /** Tiers that could not be asked and may hold one, with the reason. */
  unsure: { room: WaitingRoom; error: unknown }[]
}

/** The primary, the fallback tiers in their order, and what keeps their users apart. @internal */
export class Tiers {
  readonly primary: Tier
  readonly rooms: readonly WaitingRoom[]
  readonly options: TiersOptions
  readonly events: EventHub
  /** One operation of an id at a time. */
  readonly queue: IdQueue
  readonly written = new WrittenTexts()
  /** The revisions of copies that have arrived and been told of, and are not known to be dropped. */
  readonly told = new Map<number, string>()
  readonly #end = new AbortController()

  constructor(options: TiersOptions, onRecovered: () => void) {
    this.options = options
    this.events = options.events
    const { now, random } = options
    const shared = {
      now,
      random,
      end: this.#end.signal,
      onRecovered: (tier: Tier): void => {
        this.events.emit('recovered', { storage: tier.name })
        onRecovered()
      },
    }
    const [place = options.adapter] = options.fallback
    this.queue = TURNS.get(place) ?? new IdQueue()
    TURNS.set(place, this.queue)
    this.primary = new Tier(new GuardedAdapter(options.adapter, options), shared)
    this.rooms = options.fallback.map((adapter) => new WaitingRoom(new GuardedAdapter(adapter, options), shared))
  }

  /** Aborts when the store closes: the end of all that runs in the background. */
  get end(): AbortSignal {
    return this.#end.signal
  }

  /** Ends all that runs in the background. */
  stop(reason: unknown): void {
    this.#end.abort(reason)
  }

  /** Looks for copies of an id in every fallback tier. */
  async copiesOf(id: number, signal: AbortSignal | undefined): Promise<Copies> {
    const copies: Copies = { found: [], visible: [], unsure: [] }
    for (const room of this.rooms) {
      try {
        const found = await room.find(id, signal)
        if (!found) continue
        const copy = { room, raw: found.raw }
        copies.found.push(copy)
        if (!room.stale.has(id)) copies.visible.push(copy)
      } catch (error) {
        if (isCallers(error, signal)) throw error
        if (room.mayHold(id)) copies.unsure.push({ room, error })
      }
    }
    return copies
  }
}
