/**
 * What a store has begun and not finished.
 * @module
 */
import type { Schedule } from './schedule.js'

/** Operations under way. @internal */
export class Running {
  readonly #operations = new Set<Promise<unknown>>()

  /** Counts an operation until it settles. */
  track<T>(operation: Promise<T>): Promise<T> {
    this.#operations.add(operation)
    const done = (): void => void this.#operations.delete(operation)
    operation.then(done, done)
    return operation
  }

  /** Resolves when everything has settled, or after `ms`. */
  async settled(ms: number, schedule: Schedule): Promise<void> {
    if (this.#operations.size === 0) return
    await new Promise<void>((resolve) => {
      const cancel = schedule(resolve, ms)
      void Promise.allSettled(this.#operations).then(() => {
        cancel()
        resolve()
      })
    })
  }
}
