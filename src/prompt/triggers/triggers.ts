/**
 * Putting LORA triggers in the place of characters' names.
 * @module
 */

import type { EnhancedEpisodeContext } from '../../schema/index.js'
import { matcherOf } from './matcher-of.js'
import type { Mentions, ReplacedMention, SkippedMention } from './mention.js'
import type { Matches } from './name-matcher.js'

/** What {@link substituteTriggers} may be told. */
export interface TriggerOptions {
  /**
   * Phrases to leave as they are, such as `Ave Maria`: whole words, in any case, with either kind of quotes. They count
   * as names of nobody: a longer name that starts at the same word, or any that starts before, is still replaced.
   * Default: none.
   */
  except?: readonly string[] | undefined
}

/** What {@link substituteTriggers} returns. All offsets are those of the original text. */
export interface TriggerSubstitution extends Mentions {
  /** The text with the triggers in place. */
  text: string
}

/**
 * Puts the LORA trigger of each character in the place of their names.
 *
 * A character's names are the full name; the aliases; what a quoted nickname implies (`Ada 'Addie' Marsh` is also
 * Addie, Addie Marsh and Ada Marsh); the name without title or parenthesis; the surname, alone or behind the title,
 * unless it is another character's name too; and `Marsh, Ada`. A lone title among the aliases, an article or a
 * stop-word is never a name. The longest name counts, over all characters. Names are whole words: letters, marks,
 * digits and underscores of any script join, so nothing inside of a run of Chinese letters is a name. Names of several
 * words match in any case, single words only as the context writes them.
 *
 * Left alone: tags; triggers already there, in any case; names that characters with different triggers share; names
 * alone in quotes, in paths and in compounds; everything behind an unclosed `<`. A possessive `'s` stays.
 *
 * What this returns it never changes again. Should the text with the triggers in place hold further names, which takes
 * triggers made of names or of loose punctuation, nothing is replaced and the reason is `unstable`.
 *
 * Characters come from `episode.characters`, else from the scenes. No name and no trigger is what has more than 32
 * words, `<` or `>`, or neither letter nor digit. Linear in the text; never throws.
 *
 * @param text - A prompt, or any other text.
 * @param context - The episode context. Its names are compiled on the first call; a changed context is noticed.
 * @param options - Phrases to leave.
 * @returns The text, and what was replaced and left.
 * @example
 * ```ts
 * import { substituteTriggers } from 'storyart-sdk/prompt'
 *
 * const context = {
 *   episode: {
 *     characters: [
 *       { character_name: "Dr. Ada 'Addie' Marsh", base_trigger: 'ADAM_V1 woman' },
 *       { character_name: 'Theo Marsh', aliases: ['Theo'], base_trigger: 'THEOM_V1 man' },
 *     ],
 *   },
 * }
 * const result = substituteTriggers("Addie's lamp beside Theo, sign 'Theo', Marsh <lora:Theo>", context)
 * console.log(result.text) // ADAM_V1 woman's lamp beside THEOM_V1 man, sign 'Theo', Marsh <lora:Theo>
 * console.log(result.replaced.map(({ character }) => character).join(', ')) // Dr. Ada 'Addie' Marsh, Theo Marsh
 * console.log(result.ambiguous[0]?.text, result.skipped[0]?.reason) // Marsh quoted
 * ```
 */
export function substituteTriggers(
  text: string,
  context: EnhancedEpisodeContext | null | undefined,
  options: TriggerOptions = {},
): TriggerSubstitution {
  return substitute(text, matcherOf(context, options.except))
}

/**
 * Prepares {@link substituteTriggers} for many texts with one context.
 *
 * @param context - The episode context as it is now; later changes to it have no effect.
 * @param options - Phrases to leave.
 * @returns A function that substitutes in a text.
 * @example
 * ```ts
 * import { compileTriggers } from 'storyart-sdk/prompt'
 *
 * const ada = { character_name: 'Ada Marsh', aliases: ['Ada'], base_trigger: 'ADAM_V1' }
 * const substitute = compileTriggers({ episode: { characters: [ada] } })
 * console.log(substitute('Ada reads').text) // ADAM_V1 reads
 * console.log(substitute('ada marsh sleeps').text) // ADAM_V1 sleeps
 * ```
 */
export function compileTriggers(
  context: EnhancedEpisodeContext | null | undefined,
  options: TriggerOptions = {},
): (text: string) => TriggerSubstitution {
  const find = matcherOf(context, options.except)
  return (text) => substitute(text, find)
}

function substitute(text: string, find: (text: string) => Matches): TriggerSubstitution {
  const { replaced, ambiguous, skipped, settled } = find(text)
  const done = splice(text, replaced)
  if (settled || !replaced.length || !find(done).replaced.length) return { text: done, replaced, ambiguous, skipped }
  const left = replaced.map(({ trigger: _, ...mention }): SkippedMention => ({ ...mention, reason: 'unstable' }))
  return { text, replaced: [], ambiguous, skipped: [...skipped, ...left].sort((a, b) => a.start - b.start) }
}

function splice(text: string, replaced: readonly ReplacedMention[]): string {
  let result = ''
  let from = 0
  for (const { start, end, trigger } of replaced) {
    result += text.slice(from, start) + trigger
    from = end
  }
  return result + text.slice(from)
}
