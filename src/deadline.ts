/**
 * An end to waiting.
 * @module
 */

/** How long to wait, and for whom. @internal */
export interface Deadline {
  ms: number
  /** Runs `run` once after `ms`, unless the function it returns is called first. */
  schedule: (run: () => void, ms: number) => () => void
  /** The caller's signal, who may lose patience sooner. */
  signal: AbortSignal | undefined
  /** Makes the error to reject with when the time is up. */
  expired: () => Error
}

/**
 * Settles as `work` does, unless the time is up or the caller aborts first. Then the signal that `work` was given is
 * aborted, and whatever `work` does with that, its outcome is dropped. No timer and no listener is left either way.
 * `work` must not throw by itself: it is an async function.
 *
 * @internal
 */
export function withDeadline<T>(work: (signal: AbortSignal) => Promise<T>, deadline: Deadline): Promise<T> {
  const { ms, schedule, signal, expired } = deadline
  if (signal?.aborted) return Promise.reject(signal.reason)
  return new Promise<T>((resolve, reject) => {
    const controller = new AbortController()
    const stop = (reason: unknown): void => {
      settle()
      reject(reason) // first, so that what `work` says of the abort comes too late
      controller.abort(reason)
    }
    const onAbort = (): void => stop(signal?.reason)
    const cancel = schedule(() => stop(expired()), ms)
    const settle = (): void => {
      cancel()
      signal?.removeEventListener('abort', onAbort)
    }
    signal?.addEventListener('abort', onAbort, { once: true })
    work(controller.signal).then(
      (answer) => {
        settle()
        resolve(answer)
      },
      (error) => {
        settle()
        reject(error)
      },
    )
  })
}
