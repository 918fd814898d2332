/**
 * Traces of a substitution that went wrong.
 * @module
 */

import type { Span } from './mention.js'
import type { Matches } from './name-matcher.js'
import { keyOf, wordsOf } from './words.js'

const BETWEEN = /^[\s'"\u2018-\u201f]+$/
const OF = /^ of (?:an?|the|this|that|his|her|its|their) /

/**
 * Triggers that repeat themselves: `chen chen chen chen`, `ADA_V1 woman ADA_V1 woman`, and the half of one right behind or
 * before it, `chen chen chen`. Blanks and quotes alone stand between; a comma makes a list.
 */
export function doubledTriggers(text: string, { skipped }: Matches): Span[] {
  return skipped.filter(({ reason, start, end, text: trigger }) => {
    if (reason !== 'already-a-trigger') return false
    const words = wordsOf(trigger)
    const first = words[0]?.key
    const last = words.at(-1)?.key
    const room = trigger.length + 4
    const [behind] = wordsOf(text.slice(end, end + room))
    const [before] = wordsOf(text.slice(Math.max(0, start - room), start)).slice(-1)
    const repeated =
      behind !== undefined &&
      BETWEEN.test(text.slice(end, end + behind.start)) &&
      (behind.key === last || (behind.key === first && follows(text, end + behind.start, trigger)))
    // The half before it counts only if it is no whole trigger, which has been counted itself.
    const halved =
      before !== undefined &&
      first !== last &&
      before.key === first &&
      BETWEEN.test(text.slice(Math.max(0, start - room) + before.end, start))
    return repeated || halved
  })
}

function follows(text: string, at: number, trigger: string): boolean {
  return keyOf(text.slice(at, at + trigger.length)) === keyOf(trigger)
}

/** Triggers that took the place of an ordinary word: `the ghost_v1 of a smile`. */
export function triggersAsWords(text: string, { skipped }: Matches): Span[] {
  return skipped.filter(({ reason, end }) => reason === 'already-a-trigger' && OF.test(text.slice(end, end + 12)))
}
