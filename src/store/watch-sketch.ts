/**
 * What many sessions were, in a few hundred characters: not enough to say what they were, but enough to say what of
 * them is no longer so, as long as that is not much. `docs/decisions/020-watch-cursor.md` says why.
 * @module
 */

/** What a sketch knows of a session; of `endsAt` only the hour. @internal */
export interface Sketched {
  readonly id: number
  readonly hash: number
  readonly endsAt: number
}

/** How finely the end of a life is known: clocks and ways to a backend differ by some ms between two looks. */
const SPAN_MS = 3_600_000
/** Never ends. */
const ENDLESS = 0xffffffff
/** Four parts, in each of which a session has a cell. Ten differences can be told apart 98 times of 100. */
const PARTS = 4
const CELLS_OF_PART = 8
const CELLS = PARTS * CELLS_OF_PART
/** Words of a cell: the id in two, its hash, its end, and a sum that shows whether they are of one session. */
const WORDS = 5
const DIGITS = 7

/**
 * An invertible Bloom lookup table: each session is mixed into four cells, by XOR. Two of them, one from before and one
 * from now, cancel out what has stayed; a cell in which only one session is left can be read, and taken out of its
 * other three.
 *
 * @internal
 */
export class Sketch {
  readonly #words: Uint32Array

  constructor(words = new Uint32Array(CELLS * WORDS)) {
    this.#words = words
  }

  copy(): Sketch {
    return new Sketch(this.#words.slice())
  }

  /** Adds a session, or takes it out again. */
  toggle({ id, hash, endsAt }: Sketched): void {
    this.#mix(wordsOf(id, hash, endsAt === Number.POSITIVE_INFINITY ? ENDLESS : Math.floor(endsAt / SPAN_MS)))
  }

  /**
   * The sessions that are in exactly one of the two; `undefined` if they are too many to be told apart. None if only ends
   * of lives differ.
   */
  differences(other: Sketch): Sketched[] | undefined {
    // Clocks that differ must not make everything look different.
    if (this.#core() === other.#core()) return []
    const rest = new Sketch(this.#words.map((word, at) => word ^ (other.#words[at] ?? 0)))
    const found: Sketched[] = []
    // Cells that were read are empty, and each reading empties one; damaged text must not go round in circles.
    for (let readings = 0; readings <= CELLS; readings++) {
      const cell = rest.#readable()
      if (!cell) break
      rest.#mix(cell)
      const [high = 0, low = 0, hash = 0, end = 0] = cell
      const endsAt = end === ENDLESS ? Number.POSITIVE_INFINITY : end * SPAN_MS
      found.push({ id: high * 2 ** 32 + low, hash, endsAt })
    }
    return rest.#words.every((word) => word === 0) ? found : undefined
  }

  /** Empty for one without sessions. */
  toString(): string {
    if (this.#words.every((word) => word === 0)) return ''
    return [...this.#words].map((word) => word.toString(36).padStart(DIGITS, '0')).join('')
  }

  /** Reads what `toString` wrote; `undefined` for anything else. */
  static parse(text: string): Sketch | undefined {
    if (text === '') return new Sketch()
    if (text.length !== CELLS * WORDS * DIGITS) return undefined
    return new Sketch(
      Uint32Array.from({ length: CELLS * WORDS }, (_, at) =>
        Number.parseInt(text.slice(at * DIGITS, (at + 1) * DIGITS), 36),
      ),
    )
  }

  /** Plain loops: a cursor is made of a hundred sessions for each change that is delivered. */
  #mix(words: readonly number[]): void {
    const sum = words[WORDS - 1] ?? 0
    for (let part = 0; part < PARTS; part++) {
      const cell = part * CELLS_OF_PART + ((sum >>> (3 * part)) % CELLS_OF_PART)
      for (let at = 0; at < WORDS; at++) {
        const place = cell * WORDS + at
        this.#words[place] = (this.#words[place] ?? 0) ^ (words[at] ?? 0)
      }
    }
  }

  /** Ids and hashes of all sessions, mixed: each is once in the first part. */
  #core(): string {
    const core = [0, 0, 0]
    for (let at = 0; at < CELLS_OF_PART * WORDS; at += WORDS) {
      for (const word of core.keys()) core[word] = (core[word] ?? 0) ^ (this.#words[at + word] ?? 0)
    }
    return core.join()
  }

  /** A cell that holds one session. */
  #readable(): number[] | undefined {
    for (let at = 0; at < CELLS * WORDS; at += WORDS) {
      const cell = [...this.#words.subarray(at, at + WORDS)]
      const [high = 0, low = 0, hash = 0, end = 0, sum = 0] = cell
      if (sum !== 0 && sum === sumOf(high, low, hash, end)) return cell
    }
    return undefined
  }
}

function wordsOf(id: number, hash: number, end: number): number[] {
  const [high, low] = [Math.floor(id / 2 ** 32), id >>> 0]
  return [high, low, hash, end, sumOf(high, low, hash, end)]
}

/** 32 bits of all the others, well mixed, never 0. */
function sumOf(high: number, low: number, hash: number, end: number): number {
  return mixed(mixed(mixed(mixed(0x9e3779b9, high), low), hash), end) >>> 0 || 1
}

function mixed(sum: number, word: number): number {
  const once = Math.imul(sum ^ word, 0x85ebca6b)
  const twice = Math.imul(once ^ (once >>> 13), 0xc2b2ae35)
  return twice ^ (twice >>> 16)
}
