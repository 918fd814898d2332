/**
 * Writing to a primary and what stands in for it. Everything here runs in the id's turn of the queue.
 * @module
 */
import type { CallOptions, PutOptions, PutResult } from '../adapters/adapter.js'
import { AdapterError } from '../errors.js'
import { carry } from './carrier.js'
import { isCallers, isUnavailable, reasonOf } from './failure.js'
import type { Tier } from './tier.js'
import type { Copies, Tiers } from './tiers.js'
import type { WaitingRoom } from './waiting-room.js'
import type { Over } from './written.js'

/** Writes a document, as `SessionAdapter.put` promises. @internal */
export async function putThrough(tiers: Tiers, id: number, raw: string, options: PutOptions): Promise<PutResult> {
  const { expect, signal } = options
  const copies = await tiers.copiesOf(id, signal)
  if (expect === 'absent') {
    if (copies.visible.length > 0) return { stored: false, reason: 'exists' }
    const hidden = copies.unsure.find(({ room }) => room.holds(id) && !room.stale.has(id))
    if (hidden) throw hidden.error
  }
  if (expect === undefined || expect === 'absent') return write(tiers, id, raw, options, copies)
  return replace(tiers, id, raw, options, copies)
}

/** The primary takes it, or the first fallback tier that can. */
async function write(tiers: Tiers, id: number, raw: string, options: PutOptions, copies: Copies): Promise<PutResult> {
  const failures: Failure[] = []
  try {
    const outcome = await putToPrimary(tiers, id, raw, options)
    if (outcome.stored) await supersede(id, raw, copies, options)
    return outcome
  } catch (error) {
    if (isCallers(error, options.signal) || !isUnavailable(error)) throw error
    failures.push([tiers.primary, error])
  }
  for (const room of tiers.rooms) {
    try {
      const outcome = await room.take(id, raw, options)
      if (outcome.stored) await supersede(id, raw, copies, options, room)
      if (!outcome.stored) return outcome
      return taken(tiers, room, id, raw, failures, options.expect === 'absent' ? 'nothing' : 'anything')
    } catch (error) {
      // The primary's refusal would be the caller's affair. Once it is away, any tier that can take it is right.
      if (isCallers(error, options.signal)) throw error
      failures.push([room, error])
    }
  }
  throw nobody(id, failures)
}

/**
 * Writes over exactly one revision. What waits goes to the primary first, so that there is one place where revisions
 * are compared; while that cannot be reached, it is where the copy waits.
 */
async function replace(
  tiers: Tiers,
  id: number,
  raw: string,
  options: PutOptions,
  { visible }: Copies,
): Promise<PutResult> {
  for (const { room, raw: waiting } of visible) {
    try {
      await carry(tiers, room, id, options.signal)
    } catch (error) {
      if (isCallers(error, options.signal) || !isUnavailable(error)) throw error
      const failures: Failure[] = [[tiers.primary, error]]
      try {
        const outcome = await room.take(id, raw, options)
        if (!outcome.stored) return outcome
      } catch (failure) {
        if (isCallers(failure, options.signal)) throw failure
        throw nobody(id, [...failures, [room, failure]])
      }
      return taken(tiers, room, id, raw, failures, { text: waiting })
    }
  }
  return putToPrimary(tiers, id, raw, options)
}

function putToPrimary({ primary, written }: Tiers, id: number, raw: string, options: PutOptions): Promise<PutResult> {
  return primary.ask('put', options.signal, (adapter) => {
    written.tried(id, raw, options.expect === 'absent' ? 'nothing' : 'anything')
    return adapter.put(id, raw, options)
  })
}

/** Removes a session wherever it is, as `SessionAdapter.delete` promises. @internal */
export async function deleteThrough(tiers: Tiers, id: number, { signal }: CallOptions): Promise<boolean> {
  const { found, visible, unsure } = await tiers.copiesOf(id, signal)
  // What cannot be looked at cannot be deleted, and would be back with the next sync.
  if (unsure[0]) throw unsure[0].error
  const wasThere = await tiers.primary.ask('delete', signal, (adapter) => adapter.delete(id, { signal }))
  for (const { room, raw } of found) await room.drop(id, raw)
  tiers.written.forget(id)
  return wasThere || visible.length > 0
}

/** Gives a session a new life wherever it is, as `SessionAdapter.touch` promises. @internal */
export async function touchThrough(tiers: Tiers, id: number, ttlMs: number, { signal }: CallOptions): Promise<boolean> {
  const { visible, unsure } = await tiers.copiesOf(id, signal)
  let wasThere = false
  try {
    wasThere = await tiers.primary.ask('touch', signal, (adapter) => adapter.touch(id, ttlMs, { signal }))
  } catch (error) {
    if (isCallers(error, signal) || !isUnavailable(error) || visible.length === 0) throw error
  }
  for (const { room } of visible) {
    const touched = await room.ask('touch', signal, (adapter) => adapter.touch(id, ttlMs, { signal }))
    wasThere ||= touched
  }
  const missed = unsure.find(({ room }) => !room.stale.has(id) && (!wasThere || room.holds(id)))
  if (missed) throw missed.error
  return wasThere
}

/** Keeps a summary beside the document it belongs to, wherever that is; needs no turn of the queue. @internal */
export async function describeThrough(
  tiers: Tiers,
  id: number,
  raw: string,
  summary: string,
  { signal }: CallOptions,
): Promise<void> {
  const { visible } = await tiers.copiesOf(id, signal)
  const tier = visible[0]?.room ?? tiers.primary
  await tier.ask('describe', signal, async (adapter) => adapter.describe?.(id, raw, summary, { signal }))
}

/** Removes leftovers in every tier that answers, and says how many there were. @internal */
export async function pruneThrough({ primary, rooms }: Tiers, { signal }: CallOptions): Promise<number> {
  let removed: number | undefined
  let failure: unknown
  for (const tier of [primary, ...rooms]) {
    try {
      const count = await tier.ask('prune', signal, async (adapter) => (await adapter.prune?.({ signal })) ?? 0)
      removed = (removed ?? 0) + count
    } catch (error) {
      if (isCallers(error, signal) || !isUnavailable(error)) throw error
      failure ??= error
    }
  }
  if (removed === undefined) throw failure
  return removed
}

/** Drops the copies that a write has made old. What cannot be dropped is never read again. */
async function supersede(
  id: number,
  raw: string,
  { found, unsure }: Copies,
  { expect }: PutOptions,
  by?: WaitingRoom,
): Promise<void> {
  for (const copy of found) {
    // The very text that was written: a sync will drop it, after it has made sure that there are two of it.
    if (copy.room === by || copy.raw === raw) continue
    try {
      await copy.room.drop(id, copy.raw)
    } catch {
      copy.room.stale.add(id)
    }
  }
  // What was to be written only where nothing is has made nothing old that nobody could see.
  if (expect !== 'absent') for (const { room } of unsure) if (room !== by) room.stale.add(id)
}

function taken(tiers: Tiers, room: WaitingRoom, id: number, raw: string, [first]: Failure[], over: Over): PutResult {
  tiers.written.held(id, raw, !tiers.rooms.some(({ stale }) => stale.has(id)), over)
  tiers.events.emit('fallback', { timestamp: id, storage: room.name, error: first?.[1] })
  return { stored: true, storage: room.name, degraded: true }
}

type Failure = [tier: Tier, error: unknown]

function nobody(id: number, failures: Failure[]): AdapterError {
  const told = failures.map(([{ name }, error]) => {
    const reason = reasonOf(error)
    return reason.startsWith(`${name}: `) ? reason : `${name}: ${reason}`
  })
  const [first] = failures
  return new AdapterError(
    'ADAPTER_UNAVAILABLE',
    `session ${id} was not saved, because no tier could take it. ${told.join(' | ')}`,
    { adapter: first?.[0].name ?? '', operation: 'put', cause: first?.[1] },
  )
}
