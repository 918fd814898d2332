/**
 * The one slot in which StoryArt itself keeps a session when it reaches no server.
 * @module
 */

import type { StorageLike } from './local-storage-like.js'

/** StoryArt's key. @internal */
export const LEGACY_KEY = 'storyart-latest-session'

/** The session in the slot, under its own timestamp. @internal */
export interface LegacySession {
  /** The timestamp at its end. */
  readonly id: number
  /** The whole value of the slot. */
  readonly raw: string
}

/** How much of the end may hold the timestamp and what follows it. */
const TAIL = 512

/**
 * The timestamp at the end of the outermost object, followed by nothing but simple members.
 *
 * It cannot match inside a nested object (one brace closes the text) nor inside a string (there a quote is escaped).
 */
const TIMESTAMP = /[{,]\s*"timestamp"\s*:\s*"?(\d{1,16})"?\s*(?:,\s*"[^"\\]*"\s*:\s*(?:"[^"\\]*"|[\w.+-]+)\s*)*\}\s*$/

/**
 * Reads the slot, without parsing the document: StoryArt appends the timestamp last, so a look at the end finds it.
 *
 * @returns `undefined` if the slot is empty, or has no timestamp by which it could be asked for.
 * @internal
 */
export function readLegacySlot(storage: StorageLike): LegacySession | undefined {
  const raw = storage.getItem(LEGACY_KEY)
  if (raw === null) return undefined
  const id = Number(TIMESTAMP.exec(raw.slice(-TAIL))?.[1])
  return Number.isSafeInteger(id) && id > 0 ? { id, raw } : undefined
}
