/**
 * Putting each character's look into words that somebody else wrote.
 * @module
 */

import type { PromptRequestItem } from '../prompt/index.js'

interface Span {
  start: number
  end: number
}

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
  const taken: Span[] = []
  const isFree = (span: Span) => taken.every(({ start, end }) => span.end <= start || span.start >= end)

  const wanted = characters.filter(({ look }, index) => {
    const start = words.indexOf(look)
    if (start >= 0) taken.push({ start, end: start + look.length })
    return start < 0 && characters.findIndex((other) => other.look === look) === index
  })

  const edits: (Span & { text: string })[] = []
  const homeless: string[] = []
  for (const { trigger, look } of wanted) {
    const mentions = mentionsOf(trigger, words).filter(isFree)
    const mention = mentions.find(({ end }) => !POSSESSIVE.test(words.slice(end))) ?? mentions[0]
    if (!mention) {
      homeless.push(look)
      continue
    }
    const described = { ...mention, end: mention.end + (PARENTHESES.exec(words.slice(mention.end))?.[0].length ?? 0) }
    const span = isFree(described) ? described : mention
    taken.push(span)
    edits.push({ ...span, text: look })
  }
  if (homeless.length > 0) {
    const start = shotEnd(words, isFree)
    const looks = homeless.join(', ')
    edits.push({ start, end: start, text: start === 0 ? `${looks}, ` : `, ${looks}` })
  }
  return withEdits(words, edits)
}

function mentionsOf(trigger: string, words: string): Span[] {
  if (!trigger) return []
  const literal = trigger.replace(/[.*+?^${}()|[\]\\/-]/g, '\\$&')
  const mention = new RegExp(`(?<![\\p{L}\\p{N}_])${literal}(?![\\p{L}\\p{N}_])`, 'giu')
  return [...words.matchAll(mention)].map(({ 0: { length }, index }) => ({ start: index, end: index + length }))
}

/** Where the first part of the list ends, or 0 if it is not one. */
function shotEnd(words: string, isFree: (span: Span) => boolean): number {
  let depth = 0
  for (const { 0: mark, index } of words.matchAll(/\\[()]|[()]|, /g)) {
    if (mark === '(') depth += 1
    else if (mark === ')') depth -= 1
    else if (mark === ', ' && depth === 0 && isFree({ start: index, end: index + 1 })) return index
  }
  return 0
}

function withEdits(words: string, edits: readonly (Span & { text: string })[]): string {
  let edited = ''
  let from = 0
  for (const { start, end, text } of [...edits].sort((a, b) => a.start - b.start || a.end - b.end)) {
    edited += words.slice(from, start) + text
    from = end
  }
  return edited + words.slice(from)
}
