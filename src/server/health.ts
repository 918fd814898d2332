/**
 * Health in the words of StoryArt's server, and true.
 * @module
 */
import type { HealthAnswer } from '../wire-answers.js'
import { type Answer, json } from './answer.js'
import type { Call } from './call.js'

/** @internal */
export async function getHealth({ store, signal, report }: Call): Promise<Answer> {
  const { ok, tiers, waiting, error = 'no tier answers' } = await store.health({ signal })
  const reachable = tiers.filter((tier) => tier.ok)
  const redis = reachable.some(({ storage }) => storage === 'redis') ? 'connected' : 'disconnected'
  const memory = (await holdsInMemory({ store, signal }, tiers, waiting)) ? 'active' : 'empty'
  if (reachable.length === 0) {
    const down = { success: false, status: 'unhealthy', redis, memory } as const
    const told = {
      ...down,
      error: 'The storage does not answer: try again later',
      id: report(new Error(error)),
    } satisfies HealthAnswer
    return json(503, told, { 'Retry-After': '2' })
  }
  return json(200, { success: true, status: ok ? 'healthy' : 'degraded', redis, memory } satisfies HealthAnswer)
}

/** Whether there are sessions that would end with the process: in a first tier that forgets, or waiting in a fallback. */
async function holdsInMemory(
  { store, signal }: Pick<Call, 'store' | 'signal'>,
  tiers: readonly { storage: string; ok: boolean }[],
  waiting: number | null,
): Promise<boolean> {
  const [first, ...others] = tiers
  if (first?.storage === 'memory' && first.ok) return (await store.list({ limit: 1, signal })).sessions.length > 0
  return others.some(({ storage }) => storage === 'memory') && waiting !== 0
}
