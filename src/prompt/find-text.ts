/**
 * Every place of a text or a pattern in a text.
 * @module
 */

/** A place where a text or pattern was found. */
export interface FoundText {
  /** Where it starts, in UTF-16 code units. */
  start: number
  /** Just behind it. */
  end: number
  /** What stands there. */
  text: string
  /** What the groups of the pattern hold, from the first on. */
  groups: readonly (string | undefined)[]
  /** What the named groups of the pattern hold. */
  named: Readonly<Record<string, string | undefined>>
}

const NO_GROUPS: readonly string[] = /* @__PURE__ */ Object.freeze([])
const NO_NAMES = /* @__PURE__ */ Object.freeze({})

/**
 * Prepares the search for a text or a pattern.
 *
 * @param wanted - A text, taken literally, or a pattern, of which every match counts whether it has the flag `g` or not
 *   (`y` and `lastIndex` do not count, and the pattern is left as it is). The empty text is nowhere.
 * @param caseSensitive - Whether a text must be written the same; a pattern says that itself.
 * @returns A function that lists all places that do not overlap, from left to right.
 */
export function textFinder(wanted: string | RegExp, caseSensitive: boolean): (text: string) => Iterable<FoundText> {
  if (wanted === '') return () => []
  if (typeof wanted === 'string' && caseSensitive) return (text) => literally(text, wanted)
  const pattern =
    typeof wanted === 'string'
      ? new RegExp(wanted.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&'), 'giu')
      : new RegExp(wanted.source, `${wanted.flags.replace(/[gy]/g, '')}g`)
  return (text) => byPattern(text, pattern)
}

function* literally(text: string, wanted: string): Generator<FoundText> {
  for (let start = text.indexOf(wanted); start >= 0; ) {
    const end = start + wanted.length
    yield { start, end, text: wanted, groups: NO_GROUPS, named: NO_NAMES }
    start = text.indexOf(wanted, end)
  }
}

function* byPattern(text: string, pattern: RegExp): Generator<FoundText> {
  for (const match of text.matchAll(pattern)) {
    const [found, ...groups] = match
    const { index, groups: named } = match
    yield { start: index, end: index + found.length, text: found, groups, named: named ?? NO_NAMES }
  }
}
