/**
 * How the store and its tiers are.
 * @module
 */
import { abortable } from '../abort.js'
import type { Health, SessionAdapter } from '../adapters/adapter.js'
import { isCallers, reasonOf } from './failure.js'
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
  const [first, ...others] = await Promise.all([
    healthOfPrimary(tiers, signal),
    ...tiers.rooms.map(({ adapter }) => healthOf(adapter, signal)),
  ])
  let waiting: number | null
  try {
    waiting = await count()
  } catch (error) {
    if (isCallers(error, signal)) throw error
    waiting = null
  }
  return wholeHealth(first, others, waiting)
}

/** @internal */
export async function healthOf(adapter: SessionAdapter, signal: AbortSignal | undefined): Promise<TierHealth> {
  return { storage: adapter.name, durable: adapter.durable ?? true, ...(await adapter.health({ signal })) }
}

/** @internal */
export function wholeHealth(first: TierHealth, others: TierHealth[], waiting: number | null): StoreHealth {
  const { durable: _, ...health } = first
  return { ...health, tiers: [first, ...others], waiting }
}

/** While the breaker is open, this is its probe: there is never more than one. */
async function healthOfPrimary({ primary, options }: Tiers, signal: AbortSignal | undefined): Promise<TierHealth> {
  if (!primary.breaker.open) return healthOf(primary.adapter, signal)
  const started = options.now()
  const answers = await abortable(primary.breaker.probe('call'), signal)
  const latencyMs = Math.max(0, options.now() - started)
  const tier = { storage: primary.name, durable: primary.adapter.durable }
  // It answers; whether it says that it is well is another question.
  if (answers) return { ...tier, ok: true, ...primary.probed, latencyMs }
  return { ...tier, ok: false, latencyMs, error: reasonOf(primary.breaker.failure) }
}
