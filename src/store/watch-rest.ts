/**
 * Waiting that ends sooner when it must.
 * @module
 */
import type { Schedule } from './schedule.js'

/** Resolves after `ms`, or as soon as the signal aborts or `wake` is called; leaves no timer and no listener. @internal */
export function rest(
  ms: number,
  schedule: Schedule,
  signal: AbortSignal,
  onWake: (wake: () => void) => void = () => undefined,
): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) {
      resolve()
      return
    }
    const end = (): void => {
      cancel()
      signal.removeEventListener('abort', end)
      resolve()
    }
    const cancel = schedule(end, ms)
    signal.addEventListener('abort', end, { once: true })
    onWake(end)
  })
}
