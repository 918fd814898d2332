/**
 * Leaving alone what does not answer.
 * @module
 */
import { abortable } from '../abort.js'
import { AdapterError } from '../errors.js'
import { backoffMs } from './backoff.js'
import { reasonOf } from './failure.js'

/** What a breaker needs. @internal */
export interface BreakerOptions {
  /** The name of what it stands before. */
  name: string
  now: () => number
  random: () => number
  /** Whether it answers again. */
  probe: () => Promise<boolean>
  /** Told when it does. */
  onRecovered: () => void
}

/** Who starts a probe: a call, which waits for the outcome, or the timer, for which no call waits. */
type Prober = 'call' | 'timer'

/**
 * Opens when a backend does not answer. While it is open nobody else waits for that backend: calls are refused at once,
 * and one probe at a time finds out whether it is back, after 250 ms, then after twice as long each time, up to 10 s.
 *
 * @internal
 */
export class Breaker {
  readonly #options: BreakerOptions
  #failure: unknown
  #open = false
  #step = 0
  #delayMs = 0
  #failedAt = 0
  #closedAt = Number.NEGATIVE_INFINITY
  #closings = 0
  #rests = 0
  #probing: { outcome: Promise<boolean>; by: Prober } | undefined

  constructor(options: BreakerOptions) {
    this.#options = options
  }

  get open(): boolean {
    return this.#open
  }

  /** Why it opened the last time. */
  get failure(): unknown {
    return this.#failure
  }

  /** Counts the intervals: another number means that somebody has probed, or that it has opened again. */
  get rests(): number {
    return this.#rests
  }

  /** How long until a probe is due, in ms. A clock that went back makes it due. */
  get dueInMs(): number {
    const elapsed = this.#options.now() - this.#failedAt
    return elapsed < 0 ? 0 : Math.max(0, this.#delayMs - elapsed)
  }

  /**
   * Lets a call pass, or throws `ADAPTER_UNAVAILABLE` at once. The first call after the interval probes and waits for
   * the outcome, and so do those who come meanwhile.
   *
   * @returns What `fail` must be told, so that a call from before a recovery cannot undo it.
   */
  async admit(operation: string, signal: AbortSignal | undefined): Promise<number> {
    if (this.#open && (this.#probing ? this.#probing.by === 'call' : this.dueInMs === 0)) {
      await abortable(this.probe('call'), signal)
    }
    if (!this.#open) return this.#closings
    const { name } = this.#options
    const message = `${name}: ${operation} was not tried, because it could not be reached a moment ago (${reasonOf(this.#failure)}); it is asked again within ${Math.ceil(this.dueInMs)} ms`
    throw new AdapterError('ADAPTER_UNAVAILABLE', message, { adapter: name, operation, cause: this.#failure })
  }

  /** A call that was let pass got no answer. */
  fail(error: unknown, admitted: number): void {
    if (this.#open || admitted !== this.#closings) return
    const wellMs = this.#options.now() - this.#closedAt
    // What fails again right after a recovery goes on where it was: a probe that says yes to what then says no must
    // not lead to a probe every 250 ms.
    this.#step = wellMs >= 0 && wellMs < this.#delayMs ? this.#step + 1 : 0
    this.#open = true
    this.#failure = error
    this.#rest()
  }

  /** Asks whether it is back, or waits for the one who asks. Resolves whether it is; never rejects. */
  probe(by: Prober): Promise<boolean> {
    if (!this.#open) return Promise.resolve(true)
    this.#probing ??= { outcome: this.#ask(), by }
    return this.#probing.outcome
  }

  async #ask(): Promise<boolean> {
    const well = await this.#options.probe()
    this.#probing = undefined
    if (!well) {
      this.#step++
      this.#rest()
      return false
    }
    this.#open = false
    this.#closings++
    this.#closedAt = this.#options.now()
    this.#options.onRecovered()
    return true
  }

  #rest(): void {
    this.#rests++
    this.#failedAt = this.#options.now()
    this.#delayMs = backoffMs(this.#step, this.#options.random)
  }
}
