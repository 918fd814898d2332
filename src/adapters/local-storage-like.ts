/**
 * What the adapter needs of a browser. Types only.
 * @module
 */

/** The part of the DOM's `Storage` that is used; `localStorage` and `sessionStorage` are such. */
export interface StorageLike {
  /** How many keys there are. */
  readonly length: number
  /** The name of the key at an index from 0; `null` beyond the last. */
  key(index: number): string | null
  /** The value of a key; `null` if there is none. */
  getItem(key: string): string | null
  /** Writes a value, or throws and changes nothing. */
  setItem(key: string, value: string): void
  /** Removes a key; does nothing if there is none. */
  removeItem(key: string): void
}

/** The part of `navigator.locks` that is used to keep tabs from writing at the same time. */
export interface StorageLocks {
  /** Runs `work` while nobody else holds the lock of that name, and settles as it does. */
  request<T>(name: string, options: { signal?: AbortSignal }, work: () => Promise<T>): Promise<T>
  /** The locks held now in all tabs. */
  query(): Promise<{ held?: { name?: string }[] }>
}
