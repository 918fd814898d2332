/**
 * Where sessions lie in a storage, and which of its keys are ours.
 * @module
 */

import { parseEntry, type StorageEntry } from './local-storage-entry.js'
import { type LegacySession, readLegacySlot } from './local-storage-legacy.js'
import type { StorageLike } from './local-storage-like.js'
import type { Victim } from './local-storage-quota.js'

/** What is there under an id. @internal */
export interface Found {
  /** The value of the key. */
  readonly value: string
  /** `undefined`: the value is damaged. */
  readonly entry: StorageEntry | undefined
  /** Whether the key is StoryArt's slot. */
  readonly legacy: boolean
}

/** The sessions of one storage and key prefix. @internal */
export class StoredSessions {
  /** A key for a moment's trial. */
  readonly probeKey: string
  readonly #storage: StorageLike
  readonly #start: string
  readonly #legacy: boolean
  readonly #now: () => number

  constructor(storage: StorageLike, keyPrefix: string, legacy: boolean, now: () => number) {
    this.probeKey = `${keyPrefix}storyart:probe`
    this.#storage = storage
    this.#start = `${keyPrefix}storyart:session:`
    this.#legacy = legacy
    this.#now = now
  }

  /** The key of a session. */
  keyOf(id: number): string {
    return this.#start + id
  }

  /** The id whose key this is: the very one it has, not `007`, `1e3` or ` 7`. */
  idOf(key: string | null): number | undefined {
    const id = Number(key?.slice(this.#start.length))
    return Number.isSafeInteger(id) && id > 0 && key === this.keyOf(id) ? id : undefined
  }

  /** The session in StoryArt's slot, unless that is turned off. */
  legacy(): LegacySession | undefined {
    return this.#legacy ? readLegacySlot(this.#storage) : undefined
  }

  /** What is there now; `undefined` for nothing and for what has expired. */
  find(id: number, slot = (): LegacySession | undefined => this.legacy()): Found | undefined {
    const value = this.#storage.getItem(this.keyOf(id))
    const entry = value === null ? undefined : parseEntry(value)
    if (value !== null && !(entry && this.#isOver(entry))) return { value, entry, legacy: false }
    const old = slot()
    if (old?.id !== id) return undefined
    // Encoding a whole document to count its bytes is not worth it: in mostly English text characters are near enough.
    const { raw } = old
    const plain = { expiresAt: 0, sizeBytes: raw.length, packedBytes: 0, summary: undefined, payload: raw }
    return { value: raw, entry: plain, legacy: true }
  }

  /** The ids of all entries, expired and damaged ones too, ascending. */
  ids(): number[] {
    const ids: number[] = []
    for (let index = 0; index < this.#storage.length; index++) {
      const id = this.idOf(this.#storage.key(index))
      if (id !== undefined) ids.push(id)
    }
    return ids.sort((a, b) => a - b)
  }

  /**
   * What may go: expired entries and a trial that a crash left behind, then the living if they may, oldest first.
   * Damaged entries stay, to be mended.
   */
  removable(living: boolean): Victim[] {
    const victims: Victim[] = []
    const trial = this.#storage.getItem(this.probeKey)
    if (trial !== null) victims.push({ key: this.probeKey, value: trial, expired: true })
    for (const key of this.ids().map((id) => this.keyOf(id))) {
      const value = this.#storage.getItem(key) ?? ''
      const entry = parseEntry(value)
      if (entry) victims.push({ key, value, expired: this.#isOver(entry) })
    }
    return victims.filter(({ expired }) => expired || living).sort((a, b) => Number(b.expired) - Number(a.expired))
  }

  #isOver({ expiresAt }: StorageEntry): boolean {
    return expiresAt > 0 && expiresAt <= this.#now()
  }
}
