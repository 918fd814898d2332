/**
 * Waiting before the next try.
 * @module
 */

const FIRST_MS = 1000
const LAST_MS = 30_000

/** 1 s before the second try, twice as long before each further one, at most 30 s; of that between half and all. */
export function backoffMs(step: number, random: () => number): number {
  return Math.min(FIRST_MS * 2 ** Math.min(step, 16), LAST_MS) * (0.5 + random() / 2)
}
