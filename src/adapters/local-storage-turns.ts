/**
 * One writer at a time among all tabs, and none that has not seen what the one before wrote.
 * @module
 */

import type { StorageLike, StorageLocks } from './local-storage-like.js'

/** Far more than a write ever takes to arrive, and well under a second. */
const MAX_LOOKS = 500

/**
 * Turns of writing.
 *
 * A lock alone is not enough: browsers pass a write on to other processes a moment later, and the lock is often there
 * first (measured in Chromium: two tabs that count upwards under a lock lose a third of their steps). So every writer
 * counts its writes in a key, and holds a second lock whose name tells the count: locks are the same for all tabs at any
 * moment. Whoever gets the turn looks for the highest count among the held locks, and waits until the key has it, too.
 * As a browser passes on the writes of a tab in order, all that was written before has then arrived as well.
 *
 * @internal
 */
export class WriteTurns {
  readonly #storage: StorageLike
  readonly #locks: StorageLocks | undefined
  readonly #name: string
  #release: (() => void) | undefined
  #closed = false

  /** @param name - The key of the count and the name of the lock. Without locks every turn comes at once. */
  constructor(storage: StorageLike, locks: StorageLocks | undefined, name: string) {
    this.#storage = storage
    this.#locks = locks
    this.#name = name
  }

  /** Runs `work` when it is its turn. */
  async take<T>(work: () => Promise<T>, signal: AbortSignal | undefined): Promise<T> {
    const locks = this.#locks
    if (!locks) return work()
    return locks.request(this.#name, signal ? { signal } : {}, async () => {
      const count = await this.#arrived(locks)
      try {
        return await work()
      } finally {
        if (!this.#closed) await this.#announce(locks, count + 1)
      }
    })
  }

  /** Gives back the lock that tells the count. */
  close(): void {
    this.#closed = true
    this.#release?.()
  }

  /** Waits, by asking again, until this tab sees the last write of every other; tells the count. */
  async #arrived(locks: StorageLocks): Promise<number> {
    for (let looks = 1; ; looks++) {
      const { held = [] } = await locks.query()
      const announced = Math.max(0, ...held.map(({ name = '' }) => this.#countIn(name)))
      const seen = Number(this.#storage.getItem(this.#name)) || 0
      // Somebody may have cleared the storage: then the count never comes, and a new one begins.
      if (seen >= announced || looks === MAX_LOOKS) return Math.max(seen, announced)
    }
  }

  #countIn(lockName: string): number {
    const start = `${this.#name}@`
    return lockName.startsWith(start) ? Number(lockName.slice(start.length)) || 0 : 0
  }

  async #announce(locks: StorageLocks, count: number): Promise<void> {
    try {
      this.#storage.setItem(this.#name, String(count).padStart(12, '0'))
    } catch {
      return // No room for the count: a lock that told it would make the others wait for what never comes.
    }
    const before = this.#release
    await new Promise<void>((granted) => {
      const held = (): Promise<void> => {
        granted()
        return new Promise((resolve) => {
          this.#release = resolve
        })
      }
      // A page that is being left gets no lock any more, and needs none.
      locks.request(`${this.#name}@${count}`, {}, held).then(undefined, () => granted())
    })
    before?.()
    if (this.#closed) this.#release?.()
  }
}
