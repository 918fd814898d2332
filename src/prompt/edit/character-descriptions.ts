/**
 * How prompts describe a character, side by side.
 * @module
 */

import type { Session } from '../../schema/index.js'
import { textFinder } from '../find-text.js'
import { mapPrompts, type PromptPlace } from '../map-prompts.js'
import { type PromptFilter, promptFilter } from '../prompt-filter.js'

/** One way in which prompts describe a character. */
export interface CharacterDescription {
  /** What stands in the parentheses right behind the trigger, without them; `null` where none do, or none close. */
  description: string | null
  /** How often it stands there. */
  count: number
  /** Each place, in the order of the document; `start` is where the trigger starts, in UTF-16 code units. */
  places: (PromptPlace & { start: number })[]
}

const BEFORE = /[\p{L}\p{M}\p{N}_]$/u
const BEHIND = /^[\p{L}\p{M}\p{N}_]/u

/**
 * Collects how the prompts of a session describe a character: the balanced parentheses right behind each mention of the
 * trigger, as in `ADAM_V1 woman (grey coat, round glasses)`.
 *
 * Every mention counts, not only the first of a prompt; a parenthesis further on belongs to something else. The trigger
 * is taken as a whole word, in any case. Blanks around and within a description are made alike, so that two are the same
 * when a reader would call them so. Linear in the session; never throws on a valid one.
 *
 * @param session - The session.
 * @param trigger - The character's LORA trigger. A blank one is nowhere.
 * @param options - Which prompts. Default: all.
 * @returns The descriptions, the most frequent first; more than one is worth a look.
 * @example
 * ```ts
 * import { characterDescriptions } from 'storyart-sdk/prompt'
 *
 * const beats = [
 *   { beatId: 's1-b1', prompts: { cinematic: 'ADAM_V1 (grey coat (torn)) beside THEO_V1 (bald)' } },
 *   { beatId: 's1-b2', prompts: { cinematic: 'ADAM_V1 asleep, ADAM_V1 (grey coat (torn)) awake' } },
 * ]
 * const session = { analyzedEpisode: { scenes: [{ sceneNumber: 1, beats }] } }
 * const [first, second] = characterDescriptions(session, 'ADAM_V1')
 * console.log(first?.count, first?.description) // 2 grey coat (torn)
 * console.log(second?.count, second?.description) // 1 null
 * ```
 */
export function characterDescriptions(
  session: Session,
  trigger: string,
  options: PromptFilter = {},
): CharacterDescription[] {
  const find = textFinder(trigger.trim(), false)
  const meant = promptFilter(options)
  const variants = new Map<string | null, CharacterDescription>()
  mapPrompts(session, {
    prompt(text, place) {
      if (!meant(place)) return text
      const closings = closingsOf(text)
      for (const { start, end } of find(text)) {
        if (BEFORE.test(text.slice(Math.max(0, start - 2), start)) || BEHIND.test(text.slice(end, end + 2))) continue
        const opening = end + (/^\s*/.exec(text.slice(end, end + 32))?.[0].length ?? 0)
        const closing = text.charAt(opening) === '(' ? closings.get(opening) : undefined
        const description =
          closing === undefined
            ? null
            : text
                .slice(opening + 1, closing)
                .replace(/\s+/g, ' ')
                .trim()
        const variant: CharacterDescription = variants.get(description) ?? { description, count: 0, places: [] }
        variant.count++
        variant.places.push({ ...place, start })
        variants.set(description, variant)
      }
      return text
    },
  })
  return [...variants.values()].sort((a, b) => b.count - a.count)
}

/** Where each parenthesis that is closed is closed. */
function closingsOf(text: string): Map<number, number> {
  const closings = new Map<number, number>()
  const open: number[] = []
  for (const { index, 0: bracket } of text.matchAll(/[()]/g)) {
    if (bracket === '(') open.push(index)
    else {
      const opening = open.pop()
      if (opening !== undefined) closings.set(opening, index)
    }
  }
  return closings
}
