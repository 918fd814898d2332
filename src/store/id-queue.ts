/**
 * One at a time, for each id.
 * @module
 */
import { abortable } from '../abort.js'

/** Runs pieces of work one after another if they are about the same id, at once if not. @internal */
export class IdQueue {
  readonly #last = new Map<number, Promise<void>>()

  /** Settles as `work` does when its turn has come; work whose signal aborts while it waits is never begun. */
  run<T>(id: number, signal: AbortSignal | undefined, work: () => Promise<T>): Promise<T> {
    const before = this.#last.get(id)
    const begin = async (): Promise<T> => {
      signal?.throwIfAborted()
      return work()
    }
    const turn = before ? before.then(begin) : begin()
    const end: Promise<void> = turn.then(ignore, ignore).then(() => {
      if (this.#last.get(id) === end) this.#last.delete(id)
    })
    this.#last.set(id, end)
    return before ? abortable(turn, signal) : turn
  }
}

function ignore(): void {}
