/**
 * How long to leave a server alone, and what may be tried again.
 * @module
 */

import { isStoryArtError } from '../errors.js'

const FIRST_MS = 1_000
const LAST_MS = 60_000

/** 1 s at step 0, twice as long at each further one, at most a minute; of that between half and the whole, at random. @internal */
export function delayMs(step: number, random: () => number): number {
  return Math.round(Math.min(FIRST_MS * 2 ** Math.min(step, 16), LAST_MS) * (0.5 + random() / 2))
}

/** Failures that every other job would meet, too. @internal */
export function stopsAll(error: unknown): boolean {
  return isStoryArtError(error) && /^(SWARM_DENIED|SWARM_UNAVAILABLE|ADAPTER_\w+|CLOSED)$/.test(error.code)
}

/** Decides whether to try again, and how long to wait before. @internal */
export class Patience {
  readonly #limits: { attempts: number; patienceMs: number; now: () => number; random: () => number }
  #failures = 0
  #step = 0
  #awaySince: number | null = null

  constructor(limits: { attempts: number; patienceMs: number; now: () => number; random: () => number }) {
    this.#limits = limits
  }

  /** The delay in ms before the next try; `null` if there shall be none. */
  after(error: unknown): number | null {
    const { attempts, patienceMs, now, random } = this.#limits
    const code = isStoryArtError(error) ? error.code : null
    if (code === 'SWARM_UNAVAILABLE') {
      // Not being there is no failure of the job, so only time counts.
      this.#awaySince ??= now()
      if (now() - this.#awaySince >= patienceMs) return null
    } else if (code === 'SWARM_FAILED' || code === 'SWARM_PROTOCOL' || code === 'SWARM_LOST') {
      this.#awaySince = null
      this.#failures++
      if (this.#failures >= attempts) return null
    } else return null
    return delayMs(this.#step++, random)
  }
}
