/**
 * Cancelling a promise that cannot be cancelled itself.
 * @module
 */

/**
 * Settles as `work` does, unless the signal aborts first: then rejects with `signal.reason`, untouched.
 *
 * The work itself goes on; its outcome is dropped, also when it rejects later. The listener is removed either way.
 *
 * @internal
 */
export function abortable<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (!signal) return work
  if (signal.aborted) {
    work.catch(() => undefined) // nobody is left to hear it, and an unheard rejection ends a Node process
    return Promise.reject(signal.reason)
  }
  return new Promise<T>((resolve, reject) => {
    const onAbort = (): void => reject(signal.reason)
    signal.addEventListener('abort', onAbort, { once: true })
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort))
  })
}
