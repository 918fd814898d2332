/**
 * Writing: a version given by the caller, or a new one that nobody else has.
 * @module
 */
import type { PutOptions, SessionAdapter, Whereabouts } from '../adapters/adapter.js'
import type { PreparedSession } from '../codec.js'
import { type ConflictReason, SessionConflictError } from '../errors.js'
import { SESSION_KEY_PREFIX } from '../schema/index.js'
import { type SaveResult, withRevision } from './record.js'
import type { TimestampSource } from './timestamps.js'

/** A store in which so many versions in a row are taken is broken, or made to look so. */
const MAX_REFUSALS = 10_000

/** @internal */
export async function saveAs(
  adapter: SessionAdapter,
  prepared: PreparedSession,
  timestamp: number,
  options: PutOptions,
): Promise<SaveResult> {
  return saveRaw(adapter, prepared.encode(timestamp), timestamp, options)
}

/** Writes a text that is known to be a session. @internal */
export async function saveRaw(
  adapter: SessionAdapter,
  raw: string,
  timestamp: number,
  options: PutOptions,
): Promise<SaveResult> {
  const outcome = await adapter.put(timestamp, raw, options)
  if (!outcome.stored) throw conflict(timestamp, outcome.reason)
  return resultOf(adapter, timestamp, raw, outcome)
}

/** @internal */
export async function saveNew(
  adapter: SessionAdapter,
  prepared: PreparedSession,
  timestamps: TimestampSource,
  options: PutOptions,
): Promise<SaveResult> {
  for (let refusals = 0; ; refusals++) {
    timestamps.skip(refusals)
    const timestamp = timestamps.next()
    const raw = prepared.encode(timestamp)
    const outcome = await adapter.put(timestamp, raw, { ...options, expect: 'absent' })
    if (outcome.stored) return resultOf(adapter, timestamp, raw, outcome)
    if (refusals >= MAX_REFUSALS) throw conflict(timestamp, outcome.reason)
  }
}

/** @internal */
export function resultOf(
  adapter: SessionAdapter,
  timestamp: number,
  raw: string,
  { storage = adapter.name, degraded = false }: Whereabouts,
): SaveResult {
  return withRevision(
    {
      timestamp,
      sessionKey: `${adapter.keyPrefix ?? ''}${SESSION_KEY_PREFIX}${timestamp}`,
      storage,
      savedAt: new Date(timestamp).toISOString(),
      degraded,
    },
    raw,
  )
}

const REMEDY: Record<ConflictReason, string> = {
  exists: 'there is one already; save without a timestamp to get a new version',
  changed: 'somebody else has written it since; read it again, or use update',
  missing: 'there is none any more; save without expect to create it',
}

function conflict(timestamp: number, reason: ConflictReason): SessionConflictError {
  return new SessionConflictError(`session ${timestamp} was not written: ${REMEDY[reason]}`, timestamp, reason)
}
