/**
 * Timers as an option.
 * @module
 */

/** Runs `run` once after `ms`, unless the function it returns is called first. */
export type Schedule = (run: () => void, ms: number) => () => void

/** The default: a timer of the runtime. @internal */
export function scheduleTimeout(run: () => void, ms: number): () => void {
  const timer = setTimeout(run, ms)
  return () => clearTimeout(timer)
}
