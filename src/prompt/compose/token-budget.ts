/**
 * How long a prompt is, and what goes first when it is too long.
 * @module
 */

import { tagSpans } from '../syntax/tags.js'

/** A piece of a prompt under construction. */
export interface Fragment {
  /** The words. */
  text: string
  /** When it is dropped: lower ones first, of equal ones the last first; `null`: never. */
  drop: number | null
  /** What is written in its place once it is dropped; it goes, if ever, at a later turn of its own. Default: nothing. */
  instead?: Pick<Fragment, 'text' | 'drop'> | undefined
}

/**
 * Estimates how many tokens a prompt has: a quarter of its characters, tags not counted, rounded up.
 *
 * It is StoryArt's own estimate. Text models differ; for English prose it is right within about a fifth.
 *
 * @param text - The prompt.
 * @returns The number of tokens.
 * @example
 * ```ts
 * import { estimateTokens } from 'storyart-sdk/prompt'
 *
 * console.log(estimateTokens('a quiet pier <segment:yolo-face_yolov9c.pt-0,0.35,0.5>')) // 4
 * ```
 */
export function estimateTokens(text: string): number {
  return Math.ceil(lengthOf(text) / 4)
}

/** Joins pieces with commas, and drops as many as it takes to stay within the budget, as far as they may be dropped. */
export function joinWithin(fragments: readonly Fragment[], budgetTokens: number): string {
  const written = fragments.map(({ text }) => text)
  const turns = fragments.flatMap(({ drop, instead }, at) => [
    { drop, at, text: instead?.text ?? '' },
    { drop: instead?.drop ?? null, at, text: '' },
  ])
  const order = turns.filter((turn): turn is Turn => turn.drop !== null).sort((a, b) => a.drop - b.drop || b.at - a.at)
  const cost = (text: string) => (text ? lengthOf(text) + 2 : 0)
  let length = written.reduce((sum, text) => sum + cost(text), -2)
  for (const { at, text } of order) {
    if (length <= budgetTokens * 4) break
    length += cost(text) - cost(written[at] ?? '')
    written[at] = text
  }
  return written.filter(Boolean).join(', ')
}

/** Something that can be dropped: at its turn `text` takes its place. */
interface Turn {
  drop: number
  at: number
  text: string
}

function lengthOf(text: string): number {
  const { spans } = tagSpans(text)
  return spans.reduce((length, [start, end]) => length - (end - start), text.length)
}
