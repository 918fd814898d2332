/**
 * Finding the names and triggers of all characters in one pass over a text.
 * @module
 */

import type { Person } from './character-list.js'
import type { Mentions, SkipReason } from './mention.js'
import { ARTICLES } from './name-words.js'
import { namesOf } from './names.js'
import { WordFilter } from './word-filter.js'
import { keyOf, MARKS, type Word, wordsOf, written } from './words.js'

/** All who bear one name. */
interface Owner {
  /** The trigger of the first. */
  trigger: string
  /** The full names of all, in the order of the cast. */
  characters: string[]
  /** Whether another has another trigger. */
  shared: boolean
  /** Whether the context says the name; otherwise it is only implied by a full one. */
  listed: boolean
}

/** What a matcher finds. */
export interface Matches extends Mentions {
  /**
   * Whether the text surely holds no further names once the triggers are in place: every word that could belong to a
   * name is replaced or part of a trigger, and every trigger starts and ends with a word.
   */
  settled: boolean
}

/** Where a sequence of words ends: what it is, and where each next word with the gap before it leads to. */
interface Branch {
  next?: Map<string, Branch>
  /** Whose trigger it is. */
  kept?: string
  /** Who bears the name, by its first word as written; under the empty text who bears it in any case. */
  names?: Map<string, Owner>
}

/**
 * What starts at a word: the longest of each kind. `last` is the index of its last word; `widened`: the quote or
 * parenthesis around it is part of it.
 */
interface Hits {
  kept: { character: string; last: number; end: number } | undefined
  name: { owner: Owner; last: number; start: number; end: number; widened: boolean } | undefined
}

/** More words than any name or trigger has: the bound that keeps the work linear in the text. */
const MAX_WORDS = 32

// Whose name a phrase to leave is.
const NOBODY: Owner = { trigger: '', characters: [''], shared: false, listed: true }

const AROUND_NAME = /^[\s.,;:!?\u2026]*$/
// Both read what stands before a name, NUL, and what stands behind it.
const QUOTED = /['"\u2018-\u201f\xab\xbb]\0['"\u2018-\u201f\xab\xbb]/
const COMPOUND =
  /[\\/@#]\0|[\p{L}\p{M}\p{N}\p{Cs}_][-.\u2010\u2011]?\0|\0[\\/]|\0[-.\u2010\u2011]?[\p{L}\p{M}\p{N}\p{Cs}_]/u

/**
 * Compiles the names and triggers of a cast.
 *
 * @param people - The cast.
 * @param except - Phrases to leave.
 * @returns A function that finds them in a text; its work is linear in the text, whatever the cast.
 */
export function compileMatcher(people: readonly Person[], except: readonly string[]): (text: string) => Matches {
  const root: Branch = {}
  const keys = new Set<string>()
  let whole = true

  const grow = (text: string, words: Word[]): Branch | undefined => {
    if (!words.length || words.length > MAX_WORDS || /[<>]/.test(text)) return undefined
    let branch = root
    for (const { key, edge } of words) {
      keys.add(key)
      branch.next ??= new Map()
      const next: Branch = branch.next.get(edge || key) ?? {}
      branch.next.set(edge || key, next)
      branch = next
    }
    return branch
  }

  for (const phrase of except) {
    const branch = grow(phrase, wordsOf(phrase))
    if (branch) branch.names = new Map([['', NOBODY]])
  }
  for (const { name: character, trigger: given, aliases } of people) {
    const words = wordsOf(given)
    const branch = grow(given, words)
    if (branch) branch.kept ??= character
    if (branch && (words[0]?.start || words.at(-1)?.stem !== given.length)) whole = false
    const trigger = branch ? given : ''
    for (const { text, words, listed, exact } of namesOf(character, aliases)) {
      const outside = text.slice(0, words[0]?.start) + text.slice(words.at(-1)?.end)
      const branch = AROUND_NAME.test(outside.replace(MARKS, '')) ? grow(text, words) : undefined
      if (!branch) continue
      branch.names ??= new Map()
      if (branch.names.get('') === NOBODY) continue
      const writing = exact ? firstWord(text, words) : ''
      const owner = branch.names.get(writing)
      // A name the context says outranks an implied one: "Rose" is Rose, not Anna Rose.
      if (!owner || (listed && !owner.listed)) {
        branch.names.set(writing, { trigger, characters: [character], shared: false, listed })
      } else if (listed === owner.listed) {
        if (owner.characters.at(-1) !== character) owner.characters.push(character)
        owner.shared ||= keyOf(owner.trigger) !== keyOf(trigger)
      }
    }
  }
  const filter = new WordFilter(keys)
  return (text) => matchesIn(text, wordsOf(text, filter), root, whole)
}

function matchesIn(text: string, words: Word[], root: Branch, whole: boolean): Matches {
  const matches: Matches = { replaced: [], ambiguous: [], skipped: [], settled: whole }
  if (!words.length) return matches

  // A word of a trigger is no name, in whichever of several overlapping triggers it stands.
  let keptTo = 0
  const taken: boolean[] = []
  for (let at = 0; at < words.length; at++) {
    const { kept } = hitsAt(text, words, at, words.length, root)
    if (kept) {
      const { character, last, end } = kept
      const start = words[at]?.start ?? 0
      if (at >= keptTo) {
        matches.skipped.push({ start, end, text: text.slice(start, end), character, reason: 'already-a-trigger' })
      }
      keptTo = Math.max(keptTo, last + 1)
    }
    taken.push(at < keptTo)
  }

  let free = 0
  for (let at = 0; at < words.length; at++) {
    if (taken[at]) continue
    for (free = Math.max(free, at); free < words.length && !taken[free]; ) free++
    const { name } = hitsAt(text, words, at, free, root)
    if (!name || name.widened) matches.settled = false
    if (!name) continue
    const { owner, last, start, end } = name
    const { trigger, shared, characters } = owner
    const [character = ''] = characters
    const span = { start, end, text: text.slice(start, end) }
    const apart = owner === NOBODY ? 'excepted' : apartFor(text, start, Math.max(end, words[last]?.end ?? 0))
    const reason = apart ?? (shared || trigger ? undefined : 'no-trigger')
    if (reason) matches.skipped.push({ ...span, character, reason })
    else if (shared) matches.ambiguous.push({ ...span, characters: Object.freeze(characters) })
    else matches.replaced.push({ ...span, trigger, character })
    if (reason || shared) matches.settled = false
    at = last
  }
  if (matches.skipped.length > 1) matches.skipped.sort((a, b) => a.start - b.start)
  return matches
}

/** Why a name at a place is no mention of anybody, if so. */
function apartFor(text: string, start: number, end: number): SkipReason | undefined {
  const around = `${text.slice(Math.max(0, start - 3), start)}\0${text.slice(end, end + 3)}`
  return QUOTED.test(around) ? 'quoted' : COMPOUND.test(around) ? 'compound' : undefined
}

const NOTHING: Hits = /* @__PURE__ */ Object.freeze({ kept: undefined, name: undefined })

/** Follows the words from one on, before another. */
function hitsAt(text: string, words: readonly Word[], from: number, until: number, root: Branch): Hits {
  const first = words[from]
  let branch = first && root.next?.get(first.key)
  if (!first || (!branch && first.stem === first.end)) return NOTHING
  const hits: Hits = { kept: undefined, name: undefined }
  let stem = first.stem < first.end ? root.next?.get(first.key.slice(0, -2)) : undefined
  let marks = 0
  for (let last = from, word = first; ; ) {
    if (stem) arrive(hits, stem, text, words, from, last, word.stem, marks)
    if (branch) arrive(hits, branch, text, words, from, last, word.end, marks)
    const next = ++last < until && branch?.next ? words[last] : undefined
    if (!next || !branch?.next) return hits
    word = next
    marks += word.marks
    stem = word.stem < word.end ? branch.next.get(word.edge.slice(0, -2)) : undefined
    branch = branch.next.get(word.edge)
  }
}

/** Notes what ends at a place. */
function arrive(
  hits: Hits,
  { kept, names }: Branch,
  text: string,
  words: readonly Word[],
  from: number,
  last: number,
  end: number,
  marks: number,
): void {
  if (kept) hits.kept = { character: kept, last, end }
  const owner = names && (names.get(firstWord(text, words, from, end)) ?? names.get(''))
  if (!owner) return
  const start = words[from]?.start ?? 0
  // Quotes and parentheses come in pairs: the other half belongs to the name, and without it this is none.
  const widened = marks % 2 === 1
  const closed = widened && end === words[last]?.end ? text.charAt(end).search(MARKS) + 1 : 0
  const opened = widened && !closed ? text.charAt(start - 1).search(MARKS) + 1 : 0
  if (!widened || closed || opened) hits.name = { owner, last, start: start - opened, end: end + closed, widened }
}

/** The first word of a name as written; an article before it does not count. */
function firstWord(text: string, words: readonly Word[], from = 0, end = text.length): string {
  const word = words[ARTICLES.has(words[from]?.key ?? '') ? from + 1 : from]
  return word ? written(text.slice(word.start, Math.min(word.end, end))) : ''
}
