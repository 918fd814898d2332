/**
 * New versions: a millisecond each, never the same twice.
 * @module
 */

/**
 * Hands out timestamps that rise, also when the clock stands still or jumps back.
 *
 * Other processes hand out theirs; who meets a taken one calls `skip` and asks again. The first steps are single
 * milliseconds, so that versions stay near the moment of saving; later ones are random and double, so that many savers
 * in one millisecond do not walk through each other's versions one by one.
 *
 * @internal
 */
export class TimestampSource {
  readonly #now: () => number
  readonly #random: () => number
  #last = 0

  constructor(now: () => number, random: () => number) {
    this.#now = now
    this.#random = random
  }

  next(): number {
    this.#last = Math.max(Math.floor(this.#now()), this.#last + 1, 1)
    return this.#last
  }

  skip(refusals: number): void {
    if (refusals > 3) this.#last += Math.floor(this.#random() * 2 ** Math.min(refusals - 2, 10))
  }
}
