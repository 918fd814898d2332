/**
 * Free text made fit for a prompt.
 * @module
 */

import { escapeBrackets } from '../syntax/brackets.js'
import { tagSpans } from '../syntax/tags.js'
import { textOf } from '../text-of.js'

const SMALL_FIRST =
  /^(?:An?|The|This|That|He|She|They|His|Her|Their|Its?|In|On|At|As|With|Inside|Outside|Behind|Before|Below|Above|Beyond|Beneath|Between|Under|Over|Through|From|Every|Each|Two|Three|Both)\b/

/** A text that says something: not blank, and no `N/A`. */
export function said(value: unknown): string | undefined {
  const text = textOf(value)
  return text === undefined || /^\s*n\/?a\b/i.test(text) ? undefined : text
}

/** The texts of a list that say something. */
export function saidIn(values: unknown): string[] {
  return [values].flat().flatMap((value) => said(value) ?? [])
}

/**
 * Makes words that only describe: no tags and no template slots, square brackets as plain text, parentheses in pairs,
 * single blanks, no full stop, as the list goes on behind them.
 */
export function plain(text: string): string {
  const words = paired(text.replace(/[<>{}]/g, ' '))
    .replace(/\s+/g, ' ')
    .replace(/ (?=[,.;:])/g, '')
    .replace(/^[\s.,;:]+|[\s.,;:\\]+$/g, '')
  const begun = SMALL_FIRST.test(words) ? words.charAt(0).toLowerCase() + words.slice(1) : words
  return escapeBrackets(begun)
}

/** Makes words that were written for a prompt: tags and control stay, what would break them goes. */
export function promptWords(text: string): string {
  const { spans, literalFrom } = tagSpans(text)
  if (literalFrom !== undefined) return plain(text)
  let words = ''
  let from = 0
  for (const [start, end] of [...spans, [text.length, text.length] as const]) {
    words += text.slice(from, start).replace(/\s+/g, ' ') + text.slice(start, end)
    from = end
  }
  return escapeBrackets(words.replace(/^[\s.,;]+|[\s.,;\\]+$/g, ''), { keepControl: true })
}

/** The text without parentheses that have no counterpart. */
function paired(text: string): string {
  const single = new Set<number>()
  const open: number[] = []
  for (const { 0: char, index } of text.matchAll(/\\[()]|[()]/g)) {
    if (char === '(') open.push(index)
    else if (char === ')' && open.pop() === undefined) single.add(index)
  }
  for (const index of open) single.add(index)
  return text.replace(/[()]/g, (char, at: number) => (single.has(at) ? '' : char))
}
