/**
 * Cutting text into words, and comparing words as a reader does.
 * @module
 */

import { TITLES } from './name-words.js'
import { tagSpans } from './tags.js'

/** One word of a text. Offsets are UTF-16 code units. */
export interface Word {
  /** Where it starts. */
  start: number
  /** Just behind it, a possessive `'s` included. */
  end: number
  /** As `end`, without the possessive. */
  stem: number
  /** What the word is compared by. */
  key: string
  /** The key behind what stands between it and the word before, made alike; empty when that word is not listed. */
  edge: string
  /** How many quotes and parentheses stand there. */
  marks: number
}

/** How many different hashes of words there are. */
const HASHES = 1 << 14

// Half a surrogate pair counts as a letter: nothing may be written against it, or the two halves would join. The
// modifier letter apostrophe does not count: to a reader it is an apostrophe.
const LETTER = /(?!\u02bc)[\p{L}\p{M}\p{N}\p{Cs}_]/uy
const APOSTROPHE = /['\u2018\u2019\u02bc]/
/** Quotes and parentheses. */
export const MARKS = /['"\u2018-\u201f\xab\xbb()]/g

/** Not 0 for the codes of ASCII letters (the same in either case), digits and the underscore. */
const PLAIN = /* @__PURE__ */ Uint8Array.from({ length: 128 }, (_, code) =>
  /\w/.test(String.fromCharCode(code)) ? code | 32 : 0,
)

const WORD = /[\p{L}\p{M}\p{N}\p{Cs}_]/u

/** A word as written, but with one way to write accents and without apostrophes, except for that of the possessive. */
export function written(word: string): string {
  if (!/\W/.test(word)) return word
  return word.normalize().replace(/['\u2018\u2019\u02bc](s$)?/gi, (_, s) => (s ? `'${s}` : ''))
}

/** What a word is compared by: `O’Brien`, `O'BRIEN` and `obrien` are one. */
export function keyOf(word: string): string {
  return written(word).toLowerCase()
}

/** Makes what tells {@link wordsOf} which words to list: 1 at the hash of each key. */
export function hashesOf(keys: Iterable<string>): Uint8Array {
  const hashes = new Uint8Array(HASHES)
  for (const key of keys) {
    let hash = 0
    for (const char of key.replace("'", '')) hash = (hash * 31 + (char.charCodeAt(0) | 32)) | 0
    hashes[hash & (HASHES - 1)] = 1
  }
  return hashes
}

/**
 * Lists the words of a text: runs of letters, marks, digits and underscores, with the apostrophes inside of them. What
 * is in tags, and what is behind a `<` that nothing closes, is passed over.
 *
 * @param text - Any text.
 * @param hashes - The words to list, as {@link hashesOf} makes it: nearly all others are passed over without being cut
 *   out of the text. Default: all words are listed.
 */
export function wordsOf(text: string, hashes?: Uint8Array): Word[] {
  const words: Word[] = []
  const { spans, literalFrom = text.length } = tagSpans(text)
  let tags = 0
  let before: Word | undefined
  for (let at = 0; at < literalFrom; ) {
    if (hashes) {
      const from = at
      at = passOver(text, from, literalFrom, hashes)
      // What was passed over stands between the word before and the next one, unless it was no word at all.
      if (before && at > from && WORD.test(text.slice(from, at))) before = undefined
      if (at === literalFrom) break
    }
    let code = text.charCodeAt(at)
    if (code < 128 && !PLAIN[code]) {
      const tag = code === 60 ? spans[tags++] : undefined
      if (tag) before = undefined
      at = tag ? tag[1] : at + 1
      continue
    }
    const start = at
    let hash = 0
    let stemHash = 0
    let plain = true
    for (;;) {
      while (code < 128 && PLAIN[code]) {
        hash = (hash * 31 + (PLAIN[code] ?? 0)) | 0
        // Reading behind the end gives NaN, which slows down the one loop that matters.
        code = ++at < text.length ? text.charCodeAt(at) : 0
      }
      if (code < 128 && code !== 39) break
      const letter = code > 127 && behindLetter(text, at)
      if (letter) {
        plain = false
        at = letter
      } else if (at > start && APOSTROPHE.test(text.charAt(at)) && behindLetter(text, at + 1)) {
        stemHash = hash
        at++
      } else break
      code = text.charCodeAt(at)
    }
    if (at === start) {
      at++
      continue
    }
    const last = before
    before = undefined
    if (hashes && plain && !hashes[hash & (HASHES - 1)] && !hashes[stemHash & (HASHES - 1)]) continue
    const key = keyOf(text.slice(start, at))
    const stem = key.endsWith("'s") ? at - 2 : at
    const between = text.slice(last?.end ?? start, start)
    const bare = between.length > 1 ? between.replace(MARKS, '') : between
    // Nearly always it is one blank, which needs no closer look.
    const edge = last ? (bare === ' ' ? bare : gapOf(bare, last.key)) + key : ''
    before = { start, end: at, stem, key, edge, marks: between.length - bare.length }
    words.push(before)
  }
  return words
}

/**
 * The offset of the next thing to look at: a word whose hash is listed, one that is not plain, or a `<`. Nearly all of
 * a prompt is passed over here, so this loop does nothing else.
 */
function passOver(text: string, from: number, until: number, hashes: Uint8Array): number {
  let start = from
  let hash = 0
  for (let at = from; at < until; at++) {
    const code = text.charCodeAt(at)
    const plain = code < 128 ? (PLAIN[code] ?? 0) : 0
    if (plain) {
      hash = (hash * 31 + plain) | 0
      continue
    }
    if (code > 127 || code === 60 || (at > start && (code === 39 || hashes[hash & (HASHES - 1)]))) return start
    start = at + 1
    hash = 0
  }
  return start < until && hashes[hash & (HASHES - 1)] ? start : until
}

/** The offset behind the letter that stands at an offset, or 0 if none does. */
function behindLetter(text: string, at: number): number {
  LETTER.lastIndex = at
  LETTER.test(text)
  return LETTER.lastIndex
}

/** Blanks are alike, and behind a title or an initial so are a full stop and its absence. */
function gapOf(text: string, before: string): string {
  const gap = text.replace(/\s+/g, ' ')
  return gap.startsWith('.') && (TITLES.has(before) || before.length < 2) ? gap.slice(1) || ' ' : gap
}
