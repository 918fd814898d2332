/**
 * How long to leave a backend alone.
 * @module
 */

const FIRST_MS = 250
const LAST_MS = 10_000

/**
 * 250 ms at step 0, twice as long at each further one, at most 10 s; of that between half and the whole, at random, so
 * that many processes that lost one backend together do not all come back to it together.
 *
 * @internal
 */
export function backoffMs(step: number, random: () => number): number {
  return Math.min(FIRST_MS * 2 ** Math.min(step, 16), LAST_MS) * (0.5 + random() / 2)
}
