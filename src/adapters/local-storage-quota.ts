/**
 * Writing into a storage that may be full.
 * @module
 */

import { failure, isQuotaError } from './local-storage-failure.js'
import type { StorageLike } from './local-storage-like.js'

/** An entry that may be removed to make room. @internal */
export interface Victim {
  /** Its key. */
  readonly key: string
  /** What is stored there, to be put back. */
  readonly value: string
  /** Expired entries are not put back when even their room does not suffice. */
  readonly expired: boolean
}

/** How a write with room to be made is done. @internal */
export interface RoomyWrite {
  /** Where to write. */
  readonly storage: StorageLike
  /** The key to write. */
  readonly key: string
  /** What to write. */
  readonly value: string
  /** What may be removed for it, in this order. Asked for only if the storage is full. */
  readonly victims: () => Victim[]
  /** A key for a moment's trial. */
  readonly probeKey: string
}

/**
 * Writes a value, removing victims one by one until it fits.
 *
 * No session is removed in vain: a trial tells first whether the room of all victims would suffice; and if the browser
 * counts otherwise than by length, what was removed is put back.
 *
 * @throws {AdapterError} ADAPTER_QUOTA when nothing helped; whatever else the storage throws as it is.
 * @internal
 */
export function writeMakingRoom({ storage, key, value, victims, probeKey }: RoomyWrite): void {
  const full = refusal(storage, key, value)
  if (full === undefined) return
  const candidates = victims().filter((victim) => victim.key !== key)
  const room = candidates.reduce((sum, victim) => sum + victim.key.length + victim.value.length, 0)
  const growth = value.length - (storage.getItem(key)?.length ?? -key.length)
  const removed: Victim[] = []
  let cause: unknown = full
  try {
    if (fits(storage, probeKey, value.slice(0, Math.max(0, growth - room - probeKey.length)))) {
      for (const victim of candidates) {
        storage.removeItem(victim.key)
        removed.push(victim)
        if (refusal(storage, key, value) === undefined) return
      }
    }
  } catch (error) {
    cause = error
  }
  const lost = putBack(storage, removed)
  if (lost.length === 0 && cause !== full) throw cause
  const outcome = lost.length > 0 ? `${lost} could not be put back after making room` : 'no session was changed'
  const what = `no room for the ${value.length} characters of ${key}; ${outcome}; delete old sessions or pass evict: 'oldest'`
  throw failure('ADAPTER_QUOTA', 'put', what, cause)
}

/** The quota error with which a write is refused; `undefined` when it was done. Any other error is thrown. */
function refusal(storage: StorageLike, key: string, value: string): unknown {
  try {
    storage.setItem(key, value)
    return undefined
  } catch (error) {
    if (isQuotaError(error)) return error
    throw error
  }
}

function fits(storage: StorageLike, probeKey: string, filler: string): boolean {
  if (filler === '') return true
  if (refusal(storage, probeKey, filler) !== undefined) return false
  storage.removeItem(probeKey)
  return true
}

/** Puts living sessions back, the newest first; tells the keys of those whose room another tab has taken meanwhile. */
function putBack(storage: StorageLike, removed: Victim[]): string[] {
  const lost: string[] = []
  for (const { key, value, expired } of removed.reverse()) {
    try {
      if (!expired) storage.setItem(key, value)
    } catch {
      lost.push(key)
    }
  }
  return lost
}
