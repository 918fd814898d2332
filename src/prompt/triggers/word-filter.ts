/**
 * Passing over the words of a text that no name holds: nearly all of a prompt.
 * @module
 */

/** The longest text for which room is kept between calls, in code units. */
const KEPT_ROOM = 65_536

/** Not 0 for the codes of ASCII letters (the same in either case), digits and the underscore. */
export const PLAIN: Uint8Array = /* @__PURE__ */ Uint8Array.from({ length: 128 }, (_, code) =>
  /\w/.test(String.fromCharCode(code)) ? code | 32 : 0,
)

const APOSTROPHE = 39
const LETTER_S = 115
/** Stands for every code that is not ASCII, and for itself. */
const FOREIGN = 127

// What is known of two codes in a row.
/** A word begins so, if no letter stands before. */
const START = 1
/** The second is to be looked at, wherever it stands. */
const ALWAYS = 2
/** The first belongs to no word. */
const GAP = 4
/** A word of more than its first letter goes on so. */
const ONWARD = 8

const PAIRS = /* @__PURE__ */ Uint8Array.from({ length: 16_384 }, (_, pair) => {
  const first = pair >> 7
  const second = pair & 127
  return (
    (second === APOSTROPHE || second === FOREIGN ? ALWAYS | ONWARD : 0) |
    (isLetter(first) || first === APOSTROPHE ? 0 : GAP) |
    (isLetter(first) ? 0 : ONWARD)
  )
})

/** The hash of a word so far, and one more code of it as {@link PLAIN} has it. */
function hashWith(hash: number, plain: number): number {
  return (hash * 31 + plain) | 0
}

/** Knows a set of words, and tells where in a text they may stand. */
export class WordFilter {
  /** The key of the plain word that {@link next} has found; `undefined` if that word is to be looked at closely. */
  known: string | undefined
  /** Just behind that word. */
  end = 0
  /** The words by their hashes; of two with one hash the first is looked at closely. */
  readonly #words = new Map<number, string>()
  /** Not 0 at the last bits of each of those hashes: asked first, for a map answers slowly. */
  readonly #endings = new Uint8Array(1024)
  readonly #pairs = PAIRS.slice()
  readonly #encoder = new TextEncoder()
  /** The codes of the text, and 0 behind it. */
  #codes = new Uint8Array(0)

  /** @param keys - The words, as `keyOf` makes them. */
  constructor(keys: Iterable<string>) {
    for (const key of keys) {
      const hash = hashOf(key)
      this.#words.set(hash, key)
      this.#endings[hash & 1023] = 1
      const letters = key.replace("'", '')
      this.#mark(letters, START)
      if (letters.length > 1) this.#mark(letters.slice(1), ONWARD)
    }
  }

  /** Whether a word may be one of the set; a wrong "yes" is as rare as two words of one hash. */
  has(key: string): boolean {
    return this.#words.has(hashOf(key))
  }

  /** Makes a text the one that {@link next} reads. */
  load(text: string): void {
    const { length } = text
    if (length >= this.#codes.length || this.#codes.length > KEPT_ROOM) this.#codes = new Uint8Array(length * 2 + 64)
    const codes = this.#codes
    // Codes are read from bytes several times as fast as from a string. ASCII has as many bytes as it has codes.
    const { read, written } = this.#encoder.encodeInto(text, codes)
    if (read !== length || written !== length) {
      for (let at = 0; at < length; at++) codes[at] = Math.min(text.charCodeAt(at), FOREIGN)
    }
    codes[length] = 0
  }

  /**
   * The offset of the next word that may be one of the set or is not plain; `until` if there is none.
   *
   * @param from - Where to begin: not inside of a word.
   * @param until - Where to end: at a `<` or at the end of the text.
   */
  next(from: number, until: number): number {
    const codes = this.#codes
    const pairs = this.#pairs
    const always = ALWAYS // what is local is not loaded anew in each round
    this.known = undefined
    // One branch for four codes, and one that is seldom taken: where words end cannot be foreseen.
    let code = 0
    let before = GAP
    let closely = from
    for (let at = from; at <= until; at++) {
      while (at >= closely && at + 3 <= until) {
        const a = codes[at] as number
        const b = codes[at + 1] as number
        const c = codes[at + 2] as number
        const d = codes[at + 3] as number
        const ofA = pairs[(code << 7) | a] as number
        const ofB = pairs[(a << 7) | b] as number
        const ofC = pairs[(b << 7) | c] as number
        const ofD = pairs[(c << 7) | d] as number
        const starts =
          (ofA & (before >> 2) & (ofB >> 3)) |
          (ofB & (ofA >> 2) & (ofC >> 3)) |
          (ofC & (ofB >> 2) & (ofD >> 3)) |
          (ofD & (ofC >> 2))
        if ((starts & START) | ((ofA | ofB | ofC | ofD) & always)) closely = at + 4
        else {
          code = d
          before = ofD
          at += 4
        }
      }
      if (at > until) break
      const first = code
      code = codes[at] as number
      const pair = pairs[(first << 7) | code] as number
      const hit = pair & (always | ((before >> 2) & START))
      before = pair
      if (hit === 0) continue
      if (hit & always && at < until) {
        if (code === FOREIGN || (at > from && isLetter(codes[at - 1]) && isLetter(codes[at + 1]))) {
          let start = at
          while (start > from && isLetter(codes[start - 1])) start--
          const end = this.#passed(start)
          if (end === start) return start
          at = end - 1
          code = codes[at] as number
          before = 0
          continue
        }
        code = 0 // a quote, and so a gap
      }
      if (hit & START && this.#goesOn(at) && this.#meet(at - 1)) return at - 1
    }
    return until
  }

  /** Whether there is a letter in a part of the text. */
  hasLetter(from: number, until: number): boolean {
    for (let at = from; at < until; at++) if (isLetter(this.#codes[at])) return true
    return false
  }

  /** Notes what a word of the set, or the rest of one, begins with. */
  #mark(word: string, flag: number): void {
    const [first = '', second = ''] = word
    const pair = (word.charCodeAt(0) << 7) | word.charCodeAt(1)
    if (second && (this.#pairs[pair] ?? 0) & flag) return // as nearly always in a large cast
    const behind = second ? codesOf(second) : Array.from(PLAIN.keys()).filter((code) => !PLAIN[code])
    for (const one of codesOf(first)) {
      for (const other of behind) this.#pairs[(one << 7) | other] = flag | (this.#pairs[(one << 7) | other] ?? 0)
    }
  }

  /** Whether a word of the set has this code behind its first letter, and then the next one. */
  #goesOn(at: number): boolean {
    const [code = 0, next = 0] = [this.#codes[at], this.#codes[at + 1]]
    return ((this.#pairs[(code << 7) | next] ?? 0) & ONWARD) !== 0
  }

  /** Whether the word that starts at an offset may be one of the set; if it surely is, notes which. */
  #meet(start: number): boolean {
    const codes = this.#codes
    let hash = 0
    let end = start
    for (;;) {
      const plain = PLAIN[codes[end] as number] as number
      if (!plain) break
      hash = hashWith(hash, plain)
      end++
    }
    const word = this.#endings[hash & 1023] ? this.#words.get(hash) : undefined
    if (word === undefined) return false
    const behind = codes[end]
    const whole = behind !== FOREIGN && !(behind === APOSTROPHE && isLetter(codes[end + 1]))
    this.known = whole && this.#isAt(start, end, word) ? word : undefined
    this.end = end
    return true
  }

  /** The offset behind a word with apostrophes that is surely none of the set, as most are; its start if it may be one. */
  #passed(start: number): number {
    const codes = this.#codes
    let hash = 0
    let stem = 0
    let end = start
    let mark = start
    for (; ; end++) {
      const code = codes[end] as number
      if (code === FOREIGN) return start
      if (code === APOSTROPHE && isLetter(codes[end + 1])) {
        stem = hash
        mark = end
        continue
      }
      const plain = PLAIN[code] as number
      if (!plain) break
      hash = hashWith(hash, plain)
    }
    const possessive = mark === end - 2 && PLAIN[codes[end - 1] as number] === LETTER_S
    return this.#words.has(hash) || (possessive && this.#words.has(stem)) ? start : end
  }

  #isAt(start: number, end: number, word: string): boolean {
    if (word.length !== end - start) return false
    for (let at = start; at < end; at++) {
      if (((this.#codes[at] as number) | 32) !== (word.charCodeAt(at - start) | 32)) return false
    }
    return true
  }
}

/** The hash of a key; an apostrophe does not count. */
function hashOf(key: string): number {
  let hash = 0
  for (let at = 0; at < key.length; at++) {
    const code = key.charCodeAt(at)
    if (code !== APOSTROPHE) hash = hashWith(hash, code | 32)
  }
  return hash
}

/** Whether a code is a plain letter, or may be another one. */
function isLetter(code = 0): boolean {
  return code === FOREIGN || PLAIN[code] !== 0
}

/** The codes of a plain letter in either case. */
function codesOf(letter: string): number[] {
  return [letter, letter.toUpperCase()].map((one) => one.charCodeAt(0)).filter((code) => code < FOREIGN)
}
