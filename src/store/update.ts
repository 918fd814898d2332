/**
 * Read, change, write if nobody wrote in between, else again.
 * @module
 */
import type { SessionAdapter } from '../adapters/adapter.js'
import { decodeSession, prepareSession } from '../codec.js'
import { SessionConflictError } from '../errors.js'
import { revisionOf } from '../revision.js'
import type { Session } from '../schema/index.js'
import type { SaveResult } from './record.js'
import { resultOf } from './save.js'
import { encodeFacts, factsOf } from './summary.js'

/**
 * Changes a session: returns the new one, or changes the given one in place and returns nothing.
 *
 * It is called again, with the session as it is then, whenever somebody else wrote in between.
 */
export type SessionUpdate = (session: Session) => Session | undefined | Promise<Session | undefined>

/** What an update is run with. @internal */
export interface UpdateRun {
  adapter: SessionAdapter
  timestamp: number
  change: SessionUpdate
  ttlMs: number | 'keep'
  attempts: number
  random: () => number
  wait: (ms: number, signal?: AbortSignal) => Promise<void>
  signal: AbortSignal | undefined
}

/** @internal */
export async function runUpdate(run: UpdateRun): Promise<SaveResult | null> {
  const { adapter, timestamp, signal } = run
  const where = `session ${timestamp}`
  for (let attempt = 1; attempt <= run.attempts; attempt++) {
    const stored = await adapter.get(timestamp, { signal })
    if (stored === null) return null
    const before = decodeSession(stored.raw, where)
    const after = (await run.change(before)) ?? before
    signal?.throwIfAborted()
    const prepared = prepareSession(after, where)
    const raw = prepared.encode(timestamp)
    if (raw === stored.raw && run.ttlMs === 'keep') return resultOf(adapter, timestamp, raw, stored)
    const summary = encodeFacts(factsOf(prepared.session))
    const expect = revisionOf(stored.raw)
    const outcome = await adapter.put(timestamp, raw, { ttlMs: run.ttlMs, expect, summary, signal })
    if (outcome.stored) return resultOf(adapter, timestamp, raw, outcome)
    // Deleted or expired meanwhile: writing would bring back what somebody wanted gone.
    if (outcome.reason === 'missing') return null
    if (attempt < run.attempts) await run.wait(pause(attempt, run.random), signal)
  }
  throw new SessionConflictError(
    `${where} was not updated: others wrote it in between, ${run.attempts} times in a row; try again later or raise attempts`,
    timestamp,
    'changed',
  )
}

/** A random share of a growing span, at most 100 ms: those who met once should not meet again. */
function pause(attempt: number, random: () => number): number {
  return random() * Math.min(100, 2 ** Math.min(attempt, 7))
}
