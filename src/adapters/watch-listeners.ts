/**
 * Those who want to hear of changes: none harms another, and what they need is opened for the first and released after
 * the last.
 * @module
 */

/** Opens what brings the news, and returns what ends it. @internal */
export type OpenNews<T> = (tell: (news: T) => void) => () => void

/** @internal */
export class WatchListeners<T> {
  readonly #listeners = new Set<(news: T) => void>()
  readonly #open: OpenNews<T> | undefined
  #release: (() => void) | undefined

  constructor(open?: OpenNews<T>) {
    this.#open = open
  }

  /** Adds a listener; the function it returns takes it away, once. */
  add(listener: (news: T) => void): () => void {
    const own = (news: T): void => listener(news) // so that one function given twice is two listeners
    this.#listeners.add(own)
    if (this.#listeners.size === 1) this.#release = this.#open?.(this.tell)
    return () => {
      if (this.#listeners.delete(own) && this.#listeners.size === 0) this.clear()
    }
  }

  readonly tell = (news: T): void => {
    for (const listener of this.#listeners) {
      try {
        listener(news)
      } catch {
        // Whoever wrote has nothing to do with those who listen.
      }
    }
  }

  /** Takes all listeners away. */
  clear(): void {
    this.#listeners.clear()
    const release = this.#release
    this.#release = undefined
    release?.()
  }
}
