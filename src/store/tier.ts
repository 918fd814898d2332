/**
 * An adapter among others: behind a breaker, and as a room where sessions wait.
 * @module
 */
import type { Health, SessionAdapter } from '../adapters/adapter.js'
import { Breaker } from './breaker.js'
import { isUnavailable } from './failure.js'
import type { GuardedAdapter } from './guarded-adapter.js'

/** What all tiers of a store share. @internal */
export interface TierOptions {
  now: () => number
  random: () => number
  /** Aborts what runs in the background when the store closes. */
  end: AbortSignal
  onRecovered: (tier: Tier) => void
}

/** @internal */
export class Tier {
  readonly adapter: GuardedAdapter
  readonly breaker: Breaker
  /** What the last probe was told. */
  probed: Health | undefined

  constructor(adapter: GuardedAdapter, { now, random, end, onRecovered }: TierOptions) {
    this.adapter = adapter
    const probe = async (): Promise<boolean> => {
      try {
        this.probed = await adapter.health({ signal: end })
        const { ok, code = 'ADAPTER_UNAVAILABLE' } = this.probed
        return ok || code !== 'ADAPTER_UNAVAILABLE' // who says no answers, and the caller has to hear it
      } catch {
        return false // closed or cut short: either way it is not known to answer
      }
    }
    this.breaker = new Breaker({ name: adapter.name, now, random, probe, onRecovered: () => onRecovered(this) })
  }

  get name(): string {
    return this.adapter.name
  }

  /** Calls the adapter, unless it did not answer a moment ago. */
  async ask<T>(
    operation: string,
    signal: AbortSignal | undefined,
    call: (adapter: SessionAdapter) => Promise<T>,
  ): Promise<T> {
    const admitted = await this.breaker.admit(operation, signal)
    try {
      return await call(this.adapter)
    } catch (error) {
      if (isUnavailable(error)) this.breaker.fail(error, admitted)
      throw error
    }
  }
}
