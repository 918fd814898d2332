/**
 * Bringing home what waits: when asked, when the primary is back, and again while something is left.
 * @module
 */
import { abortable } from '../abort.js'
import { backoffMs } from './backoff.js'
import { carry } from './carrier.js'
import { isCallers } from './failure.js'
import type { Tiers } from './tiers.js'
import type { WaitingRoom } from './waiting-room.js'

/** What a sync did. */
export interface SyncReport {
  /** Sessions that waited and are in the primary now, under their own timestamps. */
  synced: number
  /** Sessions that met another text there and were saved beside it, as new versions. */
  conflicts: number
  /** Sessions that still wait in a fallback tier. */
  waiting: number
}

/** Runs one pass at a time, and a timer only while something waits. @internal */
export class Syncer {
  readonly #tiers: Tiers
  /** All passes and probes that were begun; never rejects. */
  #work: Promise<unknown> = Promise.resolve()
  #queued = false
  #cancelTimer: (() => void) | undefined
  /** All that was ever carried. */
  #synced = 0
  #conflicts = 0
  /** Why something was left behind the last time. */
  failure: unknown
  /** Passes in a row that left something behind without carrying anything. */
  #idle = 0

  constructor(tiers: Tiers) {
    this.#tiers = tiers
  }

  /** Begins a pass in the background, unless one is about to begin. */
  soon(): void {
    if (this.#queued || this.#tiers.end.aborted) return
    this.#queued = true
    const { end, events } = this.#tiers
    this.#work = this.#work.then(async () => {
      this.#queued = false
      try {
        await this.#pass(end)
      } catch (error) {
        if (!end.aborted) events.emit('error', { error })
      } finally {
        this.arm()
      }
    })
  }

  /**
   * Makes a pass now, after one that runs already, and reports what either carries from here on. Asks every tier,
   * also those that did not answer a moment ago.
   */
  async run(signal: AbortSignal | undefined): Promise<SyncReport> {
    const { primary, rooms } = this.#tiers
    const [synced, conflicts] = [this.#synced, this.#conflicts]
    const pass = this.#work.then(async () => {
      signal?.throwIfAborted()
      await Promise.all([primary, ...rooms].map(({ breaker }) => breaker.probe('call')))
      await this.#pass(signal)
      const waiting = await this.waiting(signal)
      return { synced: this.#synced - synced, conflicts: this.#conflicts - conflicts, waiting }
    })
    this.#work = pass.then(ignore, ignore)
    try {
      return await abortable(pass, signal)
    } finally {
      this.arm()
    }
  }

  /** Sees to it that there will be another attempt, if something is known to wait. */
  arm(): void {
    const { primary, rooms, options, end } = this.#tiers
    if (this.#cancelTimer || end.aborted || !rooms.some((room) => room.occupied && !room.refused)) return
    const { open, dueInMs, rests } = primary.breaker
    const delay = open ? dueInMs : backoffMs(this.#idle, options.random)
    this.#cancelTimer = options.schedule(() => {
      this.#cancelTimer = undefined
      // Somebody else has probed meanwhile, and another interval has begun.
      if (primary.breaker.open && primary.breaker.rests !== rests) this.arm()
      else this.#attempt()
    }, delay)
  }

  /** Ends the timer and waits for what runs. `Tiers.stop` comes first. */
  async stop(): Promise<void> {
    this.#cancelTimer?.()
    this.#cancelTimer = undefined
    await this.#work
  }

  /** Counts what waits. */
  async waiting(signal: AbortSignal | undefined): Promise<number> {
    const counts = await Promise.all(
      this.#tiers.rooms.map(async (room) => (await room.ids(signal)).filter((id) => !room.stale.has(id)).length),
    )
    return counts.reduce((sum, count) => sum + count, 0)
  }

  #attempt(): void {
    const { breaker } = this.#tiers.primary
    if (!breaker.open) {
      this.soon()
      return
    }
    // A recovery begins a pass by itself.
    const probe = breaker.probe('timer').then((well) => {
      if (!well) this.arm()
    })
    this.#work = Promise.all([this.#work, probe])
  }

  /** Carries everything that waits, oldest first, until the primary stops answering. */
  async #pass(signal: AbortSignal | undefined): Promise<void> {
    const { primary, rooms, queue, events } = this.#tiers
    let carried = false
    const journeys = await this.#journeys(signal)
    for (const { room, id } of journeys) {
      if (primary.breaker.open) break
      if (room.breaker.open) continue
      try {
        const end = await queue.run(id, signal, () => carry(this.#tiers, room, id, signal))
        if (end === 'synced') this.#synced++
        if (end === 'conflict') this.#conflicts++
        carried = true
      } catch (error) {
        if (isCallers(error, signal)) throw error
        this.failure = error
        const away = primary.breaker.open || room.breaker.open
        if (!away) events.emit('error', { error, timestamp: id })
      }
    }
    this.#idle = carried || !rooms.some((room) => room.occupied) ? 0 : this.#idle + 1
  }

  async #journeys(signal: AbortSignal | undefined): Promise<{ room: WaitingRoom; id: number }[]> {
    const journeys: { room: WaitingRoom; id: number }[] = []
    for (const room of this.#tiers.rooms) {
      if (room.refused) continue
      try {
        for (const id of await room.ids(signal)) journeys.push({ room, id })
      } catch (error) {
        if (isCallers(error, signal)) throw error
        if (!room.breaker.open) this.#tiers.events.emit('error', { error })
      }
    }
    return journeys.sort((a, b) => a.id - b.id)
  }
}

function ignore(): void {}
