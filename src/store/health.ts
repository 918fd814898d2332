/**
 * How the store and its tiers are.
 * @module
 */
import type { Health } from '../adapters/adapter.js'
import { isCallers } from './failure.js'
import type { Tiers } from './tiers.js'

/** How one tier is. */
export interface TierHealth extends Health {
  /** The name of its adapter. */
  storage: string
  /** Whether what it holds survives the end of the process. */
  durable: boolean
}

/** How a store is: the first tier's health, and what there is beside it. */
export interface StoreHealth extends Health {
  /** The name of the first tier's adapter. */
  storage: string
  /** Every tier, the first one included, in the order in which they are tried. */
  tiers: TierHealth[]
  /** How many sessions wait in fallback tiers; `null` if one of these could not be asked. */
  waiting: number | null
}

/** @internal */
export async function healthOfTiers(
  tiers: Tiers,
  count: () => Promise<number>,
  signal: AbortSignal | undefined,
): Promise<StoreHealth> {
  // While the breaker is open this is its probe, so that there is never more than one.
  await tiers.primary.breaker.probe('call')
  const all = await Promise.all(
    [tiers.primary, ...tiers.rooms].map(async ({ adapter }): Promise<TierHealth> => {
      return { storage: adapter.name, durable: adapter.durable, ...(await adapter.health({ signal })) }
    }),
  )
  let waiting: number | null
  try {
    waiting = await count()
  } catch (error) {
    if (isCallers(error, signal)) throw error
    waiting = null
  }
  const { ok, latencyMs, error } = all[0] ?? { ok: false, latencyMs: 0 }
  return { storage: tiers.primary.name, ok, latencyMs, ...(error !== undefined && { error }), tiers: all, waiting }
}
