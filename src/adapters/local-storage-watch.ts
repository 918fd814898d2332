/**
 * Hearing of what is written to a storage, by this tab and by others.
 * @module
 */

import type { AdapterChange } from './adapter.js'
import { LEGACY_KEY } from './local-storage-legacy.js'
import type { StorageLike } from './local-storage-like.js'
import type { StoredSessions } from './local-storage-sessions.js'
import { WatchListeners } from './watch-listeners.js'

/** A write: of which key, and whether it surely was one of a document. */
interface KeyChange {
  key: string
  written: boolean
}

/** Who listens to a storage: the browser tells a tab nothing of its own writes, so all adapters on one storage share this. */
const LISTENERS = new WeakMap<StorageLike, WatchListeners<KeyChange>>()

function listenersOf(storage: StorageLike, isReal: boolean): WatchListeners<KeyChange> {
  const known = LISTENERS.get(storage)
  if (known) return known
  const listeners = new WatchListeners<KeyChange>(isReal ? (tell) => otherTabs(storage, tell) : undefined)
  LISTENERS.set(storage, listeners)
  return listeners
}

/** `storage` events come to every tab but the one that writes. */
function otherTabs(storage: StorageLike, tell: (change: KeyChange) => void): () => void {
  const onStorage = ({ key, storageArea }: StorageEvent): void => {
    // It may have been a new life or a summary: a look will show. Of a storage that was emptied no key is told.
    if (key !== null && storageArea === storage) tell({ key, written: false })
  }
  globalThis.addEventListener('storage', onStorage)
  return () => globalThis.removeEventListener('storage', onStorage)
}

/** The changes of the sessions below one prefix, as one adapter tells and hears them. @internal */
export class StorageChanges {
  readonly #sessions: StoredSessions
  readonly #listeners: WatchListeners<KeyChange>
  readonly #ends = new Set<() => void>()

  /** @param isReal - Whether tabs share the storage. */
  constructor(storage: StorageLike, sessions: StoredSessions, isReal: boolean) {
    this.#sessions = sessions
    this.#listeners = listenersOf(storage, isReal)
  }

  tell(id: number, written: boolean): void {
    this.#listeners.tell({ key: this.#sessions.keyOf(id), written })
  }

  listen(listener: (change: AdapterChange) => void): () => void {
    const remove = this.#listeners.add(({ key, written }) => {
      const id = key === LEGACY_KEY ? this.#sessions.legacy()?.id : this.#sessions.idOf(key)
      if (id !== undefined) listener({ id, written })
    })
    const end = (): void => {
      this.#ends.delete(end)
      remove()
    }
    this.#ends.add(end)
    return end
  }

  /** Takes the listeners of this adapter away. */
  close(): void {
    for (const end of this.#ends) end()
  }
}
