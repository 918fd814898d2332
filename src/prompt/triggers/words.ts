/**
 * Cutting text into words, and comparing words as a reader does.
 * @module
 */

import { tagSpans } from '../syntax/tags.js'
import { TITLES } from './name-words.js'
import { PLAIN, type WordFilter } from './word-filter.js'

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

// Half a surrogate pair counts as a letter: nothing may be written against it, or the two halves would join. The
// modifier letter apostrophe does not count: to a reader it is an apostrophe.
const LETTER = /(?!\u02bc)[\p{L}\p{M}\p{N}\p{Cs}_]/uy
const APOSTROPHE = /['\u2018\u2019\u02bc]/
/** Quotes and parentheses. */
export const MARKS = /['"\u2018-\u201f\xab\xbb()]/g

/** A word as written, but with one way to write accents and without apostrophes, except for that of the possessive. */
export function written(word: string): string {
  if (!/\W/.test(word)) return word
  return word.normalize().replace(/['\u2018\u2019\u02bc](s$)?/gi, (_, s) => (s ? `'${s}` : ''))
}

/** What a word is compared by: `O’Brien`, `O'BRIEN` and `obrien` are one. */
export function keyOf(word: string): string {
  return written(word).toLowerCase()
}

/**
 * Lists the words of a text: runs of letters, marks, digits and underscores, with the apostrophes inside of them. What
 * is in tags, and what is behind a `<` that nothing closes, is passed over.
 *
 * @param text - Any text.
 * @param filter - The words to list: nearly all others are passed over without being cut out of the text. Default: all
 *   words are listed.
 */
export function wordsOf(text: string, filter?: WordFilter): Word[] {
  const words: Word[] = []
  const { spans, literalFrom = text.length } = tagSpans(text)
  filter?.load(text)
  let tags = 0
  let before: Word | undefined
  for (let at = 0; at < literalFrom; ) {
    if (filter) {
      const from = at
      at = filter.next(from, spans[tags]?.[0] ?? literalFrom)
      if (before && filter.hasLetter(from, at)) before = undefined
      if (at === literalFrom) break
      if (filter.known) {
        before = wordBehind(before, text, at, filter.end, filter.known)
        words.push(before)
        at = before.end
        continue
      }
    }
    let code = text.charCodeAt(at)
    if (code < 128 && !PLAIN[code]) {
      const tag = code === 60 ? spans[tags++] : undefined
      if (tag) before = undefined
      at = tag ? tag[1] : at + 1
      continue
    }
    const start = at
    for (;;) {
      while (code < 128 && PLAIN[code]) {
        // Reading behind the end gives NaN, which slows down the one loop that matters.
        code = ++at < text.length ? text.charCodeAt(at) : 0
      }
      if (code < 128 && code !== 39) break
      const letter = code > 127 && behindLetter(text, at)
      if (letter) at = letter
      else if (at > start && APOSTROPHE.test(text.charAt(at)) && behindLetter(text, at + 1)) {
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
    const key = keyOf(text.slice(start, at))
    if (filter && !filter.has(key) && !(key.endsWith("'s") && filter.has(key.slice(0, -2)))) continue
    before = wordBehind(last, text, start, at, key)
    words.push(before)
  }
  return words
}

/** The word at a place, behind another one or none. */
function wordBehind(last: Word | undefined, text: string, start: number, end: number, key: string): Word {
  const stem = key.endsWith("'s") ? end - 2 : end
  if (!last) return { start, end, stem, key, edge: '', marks: 0 }
  // Nearly always it is one blank, which needs no closer look.
  if (start - last.end === 1 && text.charCodeAt(last.end) === 32) {
    return { start, end, stem, key, edge: ` ${key}`, marks: 0 }
  }
  const between = text.slice(last.end, start)
  const bare = between.length > 1 ? between.replace(MARKS, '') : between
  return { start, end, stem, key, edge: gapOf(bare, last.key) + key, marks: between.length - bare.length }
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
