/**
 * What a store tells by itself.
 * @module
 */

/** What happens to sessions without anyone asking, by name, with what a listener is told. See `SessionStore.on`. */
export interface StoreEvents {
  /** A fallback tier took a write, because the tiers before it could not be reached. */
  fallback: FallbackEvent
  /** A tier that could not be reached answers again. */
  recovered: RecoveredEvent
  /** A session that waited in a fallback tier is in the primary now. */
  synced: SyncedEvent
  /** A session that waited met another text in the primary under its own timestamp; both are kept. */
  conflict: ConflictEvent
  /** Something failed that no caller waits for; what waited goes on waiting. */
  error: FailureEvent
}

/** Told with `fallback`. */
export interface FallbackEvent {
  /** The version that was written. */
  timestamp: number
  /** The name of the adapter that took it. */
  storage: string
  /** Why the primary did not: an `AdapterError` with code `ADAPTER_UNAVAILABLE`. */
  error: unknown
}

/** Told with `recovered`. */
export interface RecoveredEvent {
  /** The name of the adapter that answers again. */
  storage: string
}

/** Told with `synced`. */
export interface SyncedEvent {
  /** The version. */
  timestamp: number
  /** The name of the adapter where it is now. */
  storage: string
  /** The name of the adapter where it waited. */
  from: string
}

/** Told with `conflict`. */
export interface ConflictEvent {
  /** The version both were saved as; the primary's text stays there. */
  timestamp: number
  /** The version under which the one that waited is now. */
  savedAs: number
  /** The name of the adapter where both are now. */
  storage: string
}

/** Told with `error`. */
export interface FailureEvent {
  /** What was thrown, by an adapter or by a listener. */
  error: unknown
  /** The version it was about, if it was about one. */
  timestamp?: number
}

/** Hears one kind of event. */
export type StoreListener<K extends keyof StoreEvents> = (event: StoreEvents[K]) => void

type Listeners = { [K in keyof StoreEvents]: Set<StoreListener<K>> }

/** Tells listeners, and is not harmed by them. @internal */
export class EventHub {
  readonly #listeners: Listeners = {
    fallback: new Set(),
    recovered: new Set(),
    synced: new Set(),
    conflict: new Set(),
    error: new Set(),
  }

  /** Whether there are events of this name. */
  knows(name: PropertyKey): name is keyof StoreEvents {
    return Object.hasOwn(this.#listeners, name)
  }

  /** The names of all events. */
  get names(): string[] {
    return Object.keys(this.#listeners)
  }

  on<K extends keyof StoreEvents>(name: K, listener: StoreListener<K>): () => void {
    const own: StoreListener<K> = (event) => listener(event) // so that one function given twice is two listeners
    const listeners: Set<StoreListener<K>> = this.#listeners[name]
    listeners.add(own)
    return () => void listeners.delete(own)
  }

  emit<K extends keyof StoreEvents>(name: K, event: StoreEvents[K]): void {
    const listeners: Set<StoreListener<K>> = this.#listeners[name]
    // What a listener throws, also later, is told as an error; what an error's listener throws has nobody to hear it.
    const failed = (error: unknown): void => {
      if (name !== 'error') this.emit('error', { error })
    }
    for (const listener of [...listeners]) {
      try {
        const answer: unknown = listener(event)
        if (answer instanceof Promise) answer.catch(failed)
      } catch (error) {
        failed(error)
      }
    }
  }

  clear(): void {
    for (const listeners of Object.values(this.#listeners)) listeners.clear()
  }
}
