/**
 * Counting versions.
 * @module
 */
import type { SessionAdapter } from '../adapters/adapter.js'
import { incomplete } from './failure.js'
import type { PageQuery } from './pages.js'

const BATCH = 1000

/** Counts the live versions of a range; throws where one that belongs to it could not be looked at. @internal */
export async function countSessions(adapter: SessionAdapter, { from, signal, ...query }: PageQuery): Promise<number> {
  let { before } = query
  for (let total = 0; ; ) {
    const page = await adapter.list({ limit: BATCH, before, from, details: false }, { signal })
    if (page.degraded) throw incomplete(adapter.name)
    total += page.entries.length
    if (page.next === undefined) return total
    before = page.next
  }
}
