/**
 * Carrying one session from where it waits to the primary.
 * @module
 */
import type { Expectation, PutOptions } from '../adapters/adapter.js'
import { decodeSession, prepareSession } from '../codec.js'
import { AdapterError, isStoryArtError } from '../errors.js'
import { revisionOf } from '../revision.js'
import type { Tiers, WaitingCopy } from './tiers.js'
import type { WaitingRoom } from './waiting-room.js'

/** How a journey ended: `gone` if there was nothing to carry (any more). @internal */
export type Carried = 'synced' | 'conflict' | 'gone'

/** Others who write one session so often in a row keep it busy; it can wait a little longer. */
const MAX_ATTEMPTS = 8
/** An index with so many versions in a row is broken, or made to look so. */
const MAX_STEPS = 10_000

/**
 * Writes the copy of an id that waits in a tier to the primary, and drops it once the primary has acknowledged it.
 *
 * It never replaces what somebody else wrote: only nothing, the same text, or what this store itself wrote before it.
 * Whatever else is there stays, and the copy is saved beside it. May be interrupted anywhere and begun again.
 *
 * Must run in the id's turn of the queue.
 *
 * @internal
 */
export async function carry(
  tiers: Tiers,
  room: WaitingRoom,
  id: number,
  signal: AbortSignal | undefined,
): Promise<Carried> {
  const copy = await room.find(id, signal)
  if (!copy) return 'gone'
  const { raw } = copy
  const waiting: WaitingCopy = { room, raw }
  if (room.stale.has(id)) {
    // Replaced by a newer write; unless another store has put something else there since.
    if (!tiers.written.has(id, raw)) return saveBeside(tiers, waiting, id, await stampOf(tiers, room, id, signal))
    await room.drop(id, raw)
    return 'gone'
  }
  const stamp = await stampOf(tiers, room, id, signal)
  const { primary, written } = tiers
  const put = (options: PutOptions) =>
    primary.ask('put', signal, (adapter) => {
      written.carried(id, raw)
      return adapter.put(id, raw, options)
    })
  for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
    const fresh = await put({ ...stamp, expect: 'absent' })
    if (fresh.stored) return arrived(tiers, waiting, id)
    const there = await primary.ask('get', signal, (adapter) => adapter.get(id, { signal }))
    if (there === null) continue
    // The same text is written again: a write that was cut short may have left it out of the index.
    const expect = revisionOf(there.raw)
    if (there.raw !== raw) {
      const older = written.older(id, there.raw, raw)
      if (older === null) return saveBeside(tiers, waiting, id, stamp)
      if (older === raw) {
        await room.drop(id, raw)
        return 'gone'
      }
    } else if (await isSameBackend(tiers, waiting, id, { ...stamp, expect })) {
      throw refusal(tiers, room)
    }
    const over = await put({ ...stamp, expect })
    if (over.stored) return arrived(tiers, waiting, id)
  }
  throw new AdapterError(
    'ADAPTER_FAILED',
    `${primary.name}: session ${id} was not synced, because others kept writing it meanwhile; it goes on waiting`,
    { adapter: primary.name, operation: 'put' },
  )
}

async function arrived(tiers: Tiers, waiting: WaitingCopy, id: number): Promise<Carried> {
  const event = { timestamp: id, storage: tiers.primary.name, from: waiting.room.name }
  await dropAndTell(tiers, waiting, id, () => tiers.events.emit('synced', event))
  return 'synced'
}

/**
 * Drops a copy that has arrived, and tells so once. Also if the drop fails: it may still happen, and then nobody would
 * come here again to tell.
 */
async function dropAndTell(tiers: Tiers, { room, raw }: WaitingCopy, id: number, tell: () => void): Promise<void> {
  const isTold = tiers.told.has(id) && tiers.told.get(id) === revisionOf(raw)
  try {
    await room.drop(id, raw)
    tiers.told.delete(id)
  } catch (error) {
    tiers.told.set(id, revisionOf(raw))
    throw error
  } finally {
    if (!isTold) tell()
  }
}

/** The remaining life and the summary, to be written with the text. */
async function stampOf(
  tiers: Tiers,
  room: WaitingRoom,
  id: number,
  signal: AbortSignal | undefined,
): Promise<PutOptions> {
  const { ttlMs = tiers.options.ttlMs, summary } = (await room.entryOf(id, signal)) ?? {}
  const life = ttlMs === null || ttlMs === Number.POSITIVE_INFINITY ? undefined : Math.max(1, Math.ceil(ttlMs))
  return { ttlMs: life, summary, signal }
}

/** Keeps both: what is in the primary under its own timestamp, the copy as a new version right after it. */
async function saveBeside(tiers: Tiers, waiting: WaitingCopy, id: number, stamp: PutOptions): Promise<Carried> {
  const { primary, events } = tiers
  const { signal } = stamp
  const textAt = textsOf(waiting.raw, id)
  for (let savedAs = id + 1; savedAs <= id + MAX_STEPS; savedAs++) {
    const raw = textAt(savedAs)
    if ((await tiers.copiesOf(savedAs, signal)).found.length > 0) continue
    const put = (expect: Expectation) =>
      primary.ask('put', signal, (adapter) => adapter.put(savedAs, raw, { ...stamp, expect }))
    if (!(await put('absent')).stored) {
      // It may be this very text, from a run that ended before it could drop the copy; perhaps even before it was listed.
      const there = await primary.ask('get', signal, (adapter) => adapter.get(savedAs, { signal }))
      if (there?.raw !== raw || !(await put(revisionOf(raw))).stored) continue
    }
    const event = { timestamp: id, savedAs, storage: primary.name }
    await dropAndTell(tiers, waiting, id, () => events.emit('conflict', event))
    return 'conflict'
  }
  throw new AdapterError(
    'ADAPTER_FAILED',
    `${primary.name}: session ${id} was not synced, because the next ${MAX_STEPS} versions are taken; it goes on waiting`,
    { adapter: primary.name, operation: 'put' },
  )
}

/** The text under another timestamp. What is no session has no timestamp in it, and is kept as it is. */
function textsOf(raw: string, id: number): (timestamp: number) => string {
  try {
    const { encode } = prepareSession(decodeSession(raw, `session ${id}`), `session ${id}`)
    return encode
  } catch (error) {
    if (!isStoryArtError(error) || error.code !== 'SESSION_INVALID') throw error
    return () => raw
  }
}

/**
 * Whether the fallback tier is the primary by another name, as two adapters on one database are: then what waits is all
 * there is, and dropping it would be deleting it. A mark written to the one shows whether it appears in the other.
 */
async function isSameBackend(
  tiers: Tiers,
  { room, raw }: WaitingCopy,
  id: number,
  stamp: PutOptions,
): Promise<boolean> {
  const summary = `sync ${tiers.options.random()}`
  const put = (options: PutOptions) =>
    tiers.primary.ask('put', options.signal, (adapter) => adapter.put(id, raw, options))
  await put({ ...stamp, summary })
  if ((await room.entryOf(id, stamp.signal))?.summary !== summary) return false
  await put(stamp)
  room.refused = true
  return true
}

function refusal(tiers: Tiers, { name }: WaitingRoom): AdapterError {
  const message = `${name}: the fallback tier is the primary ${tiers.primary.name} itself; give it a storage of its own`
  return new AdapterError('ADAPTER_FAILED', message, { adapter: name, operation: 'put' })
}
