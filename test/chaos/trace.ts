/**
 * What happened lately, to be read when something is wrong.
 */

const KEPT = 4000

export interface Happening {
  /** Since the start of the run. */
  atMs: number
  what: string
  /** The session it is about, if it is about one; `all` if it is about every one. */
  about: number | 'all' | undefined
}

export class Trace {
  readonly #started = performance.now()
  #happenings: Happening[] = []

  note(what: string, about?: number | 'all'): void {
    const atMs = Math.round(performance.now() - this.#started)
    this.#happenings.push({ atMs, what, about })
    if (this.#happenings.length > 2 * KEPT) this.#happenings = this.#happenings.slice(-KEPT)
  }

  /** The last lines, and before them those that are about one session or about all. */
  tell(id: number | undefined, last = 25): string[] {
    const early = this.#happenings.slice(0, -last).filter(({ about }) => about === 'all' || about === id)
    const lines = [...early.filter(({ about }) => about !== undefined).slice(-100), ...this.#happenings.slice(-last)]
    return lines.map(
      ({ atMs, what, about }) =>
        `${String(atMs).padStart(8)} ms  ${what}${typeof about === 'number' ? ` ${about}` : ''}`,
    )
  }
}
