/**
 * A fallback tier: everything in it waits for the primary.
 * @module
 */
import type { ListEntry, PutOptions, PutResult, RawSession, SessionAdapter } from '../adapters/adapter.js'
import { isUnavailable } from './failure.js'
import { IdQueue } from './id-queue.js'
import { Tier } from './tier.js'

const BATCH = 1000

/** Taking a text in and dropping one exclude each other per adapter, since two stores of a process may share it. */
const LOCKS = new WeakMap<SessionAdapter, IdQueue>()

/**
 * What waits is what the adapter holds, whoever put it there: this store, another one, or an earlier run.
 *
 * @internal
 */
export class WaitingRoom extends Tier {
  /** Copies that a newer write has replaced elsewhere, and that could not be dropped: no read may hand them out. */
  readonly stale = new Set<number>()
  /** Whether this is the primary under another name, so that nothing may be dropped from it. */
  refused = false
  /** The ids known to wait here, with the moment they were seen. Others may put more in at any time. */
  readonly #known = new Map<number, number>()
  #moment = 0
  #asked = false

  /** Whether anything is known to wait here. */
  get occupied(): boolean {
    return this.#known.size > 0
  }

  /** The ids known to wait here. */
  get knownIds(): number[] {
    return [...this.#known.keys()]
  }

  /** Whether this id is known to wait here. */
  holds(id: number): boolean {
    return this.#known.has(id)
  }

  /** Whether the id, or any, may wait here for all this store knows. Only of use when the adapter cannot be asked. */
  mayHold(id?: number): boolean {
    return !this.#asked || (id === undefined ? this.occupied : this.#known.has(id))
  }

  /** Reads a copy, a stale one too. */
  async find(id: number, signal: AbortSignal | undefined): Promise<RawSession | null> {
    const found = await this.ask('get', signal, (adapter) => adapter.get(id, { signal }))
    if (found) this.#see(id)
    else this.#forget(id)
    return found
  }

  /** What the adapter says of a copy beside its text. */
  async entryOf(id: number, signal: AbortSignal | undefined): Promise<ListEntry | undefined> {
    const query = { limit: 1, from: id, before: id + 1 }
    const { entries } = await this.ask('list', signal, (adapter) => adapter.list(query, { signal }))
    return entries.find((entry) => entry.id === id)
  }

  /** All ids that wait here, oldest first. */
  async ids(signal: AbortSignal | undefined): Promise<number[]> {
    const found: number[] = []
    const started = this.#moment
    for (let from: number | undefined; ; ) {
      const query = { limit: BATCH, from, order: 'oldest', details: false } as const
      const page = await this.ask('list', signal, (adapter) => adapter.list(query, { signal }))
      found.push(...page.entries.map(({ id }) => id))
      if (page.next === undefined) break
      from = page.next
    }
    const there = new Set(found)
    // What was taken in meanwhile may lie where the walk had already passed.
    for (const [id, moment] of this.#known) if (moment <= started && !there.has(id)) this.#forget(id)
    for (const id of found) if (!this.#known.has(id)) this.#see(id)
    this.#asked = true
    return found
  }

  /** Takes a text in. */
  async take(id: number, raw: string, options: PutOptions): Promise<PutResult> {
    const { signal } = options
    return this.#alone(id, signal, async () => {
      try {
        const outcome = await this.ask('put', signal, (adapter) => adapter.put(id, raw, options))
        if (outcome.stored) {
          this.#see(id)
          this.stale.delete(id)
        }
        return outcome
      } catch (error) {
        if (isUnavailable(error)) this.#see(id) // it may have taken it all the same
        throw error
      }
    })
  }

  /** Drops a copy if it still has this text. */
  async drop(id: number, raw: string): Promise<void> {
    await this.#alone(id, undefined, async () => {
      const found = await this.find(id, undefined)
      if (found?.raw !== raw) return
      await this.ask('delete', undefined, (adapter) => adapter.delete(id))
      this.#forget(id)
    })
  }

  #see(id: number): void {
    this.#known.set(id, ++this.#moment)
  }

  #forget(id: number): void {
    this.#known.delete(id)
    this.stale.delete(id)
  }

  #alone<T>(id: number, signal: AbortSignal | undefined, work: () => Promise<T>): Promise<T> {
    const { inner } = this.adapter
    const lock = LOCKS.get(inner) ?? new IdQueue()
    LOCKS.set(inner, lock)
    return lock.run(id, signal, work)
  }
}
