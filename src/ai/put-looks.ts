/**
 * Putting each character's look into words that somebody else wrote.
 * @module
 */

import type { PromptRequestItem } from '../prompt/index.js'

/** What to put in place of the words from `start` to `end`. */
type Edit = [start: number, end: number, text: string]

const POSSESSIVE = /^['\u2019]s/i
const PARENTHESES = /^\s*\([^()]*\)/

/**
 * Writes each look where its trigger stands first, in place of whatever is said in parentheses behind it. Those who have
 * no place come behind the shot, in the order of the characters. A look that is there already stays.
 *
 * All places are found in the words as they came, so nothing that is put in can be taken for them: no look is written
 * into another, or lost with the parentheses behind another.
 */
export function putLooks(words: string, characters: PromptRequestItem['characters']): string {
  const edits: Edit[] = []
  const isFree = (from: number, to: number) => edits.every(([start, end]) => to <= start || from >= end)
  const put = (...edit: Edit) => isFree(edit[0], edit[1]) && edits.push(edit) > 0

  const wanted = characters.filter(({ look }, index) => {
    const start = words.indexOf(look)
    // What is put in its own place keeps it from others.
    if (start >= 0) put(start, start + look.length, look)
    return start < 0 && characters.findIndex((other) => other.look === look) === index
  })
  const homeless = wanted.filter(({ trigger, look }) => {
    const mentions = mentionsOf(trigger, words).map(([start, end]) => ({ start, end, rest: words.slice(end) }))
    const others = mentions.filter(({ rest }) => POSSESSIVE.test(rest))
    return ![...mentions.filter((mention) => !others.includes(mention)), ...others].some(
      ({ start, end, rest }) =>
        put(start, end + (PARENTHESES.exec(rest)?.[0].length ?? 0), look) || put(start, end, look),
    )
  })
  if (homeless.length > 0) {
    const at = shotEnd(words, isFree)
    const looks = homeless.map(({ look }) => look).join(', ')
    edits.push([at, at, at === 0 ? `${looks}, ` : `, ${looks}`])
  }

  let from = 0
  const pieces = edits
    .sort((a, b) => a[0] - b[0] || a[1] - b[1])
    .map(([start, end, text]) => {
      const piece = words.slice(from, start) + text
      from = end
      return piece
    })
  return pieces.join('') + words.slice(from)
}

/** Where the trigger stands as a word of its own. */
function mentionsOf(trigger: string, words: string): [start: number, end: number][] {
  if (!trigger) return []
  const literal = trigger.replace(/[.*+?^${}()|[\]\\/-]/g, '\\$&')
  const mention = new RegExp(`(?<![\\p{L}\\p{N}_])${literal}(?![\\p{L}\\p{N}_])`, 'giu')
  return [...words.matchAll(mention)].map(({ 0: { length }, index }) => [index, index + length])
}

/** Where the first part of the list ends, or 0 if it is not one. */
function shotEnd(words: string, isFree: (from: number, to: number) => boolean): number {
  let depth = 0
  for (const { 0: mark, index } of words.matchAll(/\\[()]|[()]|, /g)) {
    if (mark === '(') depth += 1
    else if (mark === ')') depth -= 1
    else if (mark === ', ' && depth === 0 && isFree(index, index + 1)) return index
  }
  return 0
}
