/**
 * The end of a store with a fallback.
 * @module
 */

import { withDeadline } from '../deadline.js'
import { AdapterError, StoryArtError } from '../errors.js'
import { reasonOf } from './failure.js'
import type { Syncer } from './syncer.js'
import type { Tiers } from './tiers.js'
import type { WaitingRoom } from './waiting-room.js'

/**
 * Tries to bring home what waits, ends all that runs, and closes the adapters.
 *
 * A tier that would lose sessions with the process stays open, so that the caller can still save them, and the promise
 * rejects with how many they are.
 *
 * @internal
 */
export async function closeTiers(tiers: Tiers, syncer: Syncer, used: boolean): Promise<void> {
  const { primary, rooms } = tiers
  const endangered = rooms.filter((room) => !room.adapter.durable)
  if (used || (await countIn(endangered)) > 0) await lastSync(tiers, syncer)
  tiers.stop(new StoryArtError('CLOSED', `${primary.name}: the store is closed`))
  await syncer.stop()

  const held: WaitingRoom[] = []
  let lost = 0
  for (const room of endangered) {
    const count = await countIn([room])
    if (count > 0) held.push(room)
    lost += count
  }
  const adapters = [primary, ...rooms.filter((room) => !held.includes(room))].map(({ adapter }) => adapter)
  const ends = await Promise.allSettled(adapters.map((adapter) => adapter.close()))
  if (lost > 0) {
    const names = held.map(({ name }) => name).join(', ')
    const cause = primary.breaker.open ? primary.breaker.failure : syncer.failure
    throw new AdapterError(
      'ADAPTER_UNAVAILABLE',
      `${primary.name}: ${lost} saved ${lost === 1 ? 'session waits' : 'sessions wait'} in ${names} alone and would be lost with the process (${reasonOf(cause)}); the adapter ${names} was left open: read it, or pass it on as fallback of another store`,
      { adapter: primary.name, operation: 'close', cause },
    )
  }
  for (const end of ends) if (end.status === 'rejected') throw end.reason
}

/** One attempt, within one deadline. What it could not do shows in what still waits. */
async function lastSync(tiers: Tiers, syncer: Syncer): Promise<void> {
  if ((await countIn(tiers.rooms)) === 0) return
  const { deadlineMs: ms, schedule } = tiers.options
  const expired = (): Error =>
    new AdapterError('ADAPTER_UNAVAILABLE', `no sync within ${ms} ms`, {
      adapter: tiers.primary.name,
      operation: 'close',
    })
  await withDeadline((signal) => syncer.run(signal), { ms, schedule, signal: undefined, expired }).catch(ignore)
}

/** How many sessions wait; of a tier that does not answer, how many it was given. */
async function countIn(rooms: readonly WaitingRoom[]): Promise<number> {
  let count = 0
  for (const room of rooms) {
    if (room.refused) continue
    const ids = await room.ids(undefined).catch(() => room.knownIds)
    count += ids.filter((id) => !room.stale.has(id)).length
  }
  return count
}

function ignore(): void {}
