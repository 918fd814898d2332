/**
 * Writing how characters look into the text of a beat.
 * @module
 */

import type { EnhancedEpisodeContext } from '../schema/index.js'
import { resolveAppearance } from './appearance.js'
import { matcherOf } from './matcher-of.js'
import type { AmbiguousMention, SkippedMention, Span } from './mention.js'
import { compileMatcher } from './name-matcher.js'
import { sectionKey, splitSections } from './sections.js'
import { parseTags } from './tags.js'
import type { TriggerOptions } from './triggers.js'

/** What {@link applyAppearance} needs to know. */
export interface ApplyAppearanceOptions extends TriggerOptions {
  /** The scene's number as the context knows it; a numeric string matches the same number. */
  sceneNumber: number | string
  /** The phase of the scene, such as `arrival`. Default: `default`, then the first there is. */
  phase?: string | undefined
  /** Whether a LORA weight other than 1 is written as `(trigger:1.2)`. Default: `false`. */
  weights?: boolean | undefined
}

/** A name that was replaced. */
export interface AppliedMention extends Span {
  /** The full name of the character. */
  character: string
  /** What stands there now. */
  written: string
  /** Whether that holds the override; otherwise it is the trigger alone. */
  override: boolean
}

/** What {@link applyAppearance} returns. All offsets are those of the original text. */
export interface AppliedAppearance {
  /** The text with the looks in place. */
  text: string
  /** The names replaced, in the order of the text. */
  applied: AppliedMention[]
  /** The names left because several characters share them. */
  ambiguous: AmbiguousMention[]
  /** The triggers already there, and the names left for another reason. */
  skipped: SkippedMention[]
  /**
   * The sections that came with overrides, such as `<segment:face,0.4,0.5>`, in the order of the mentions: they stand at
   * the end of `text`, unless it had them already or has a `<` that nothing closes.
   */
  sections: string[]
}

/** How one character is written. */
interface Look {
  trigger: string
  full: string
  sections: string[]
}

/**
 * Replaces each mention of a character in a beat's text by how the character looks in the scene.
 *
 * Mentions are found as {@link substituteTriggers} finds them. The first mention of a character that is no possessive
 * (or the first, when all are) becomes the override that {@link resolveAppearance} finds, behind the trigger when it
 * does not hold it; every other becomes the trigger. An override does not count when it is weak and the scene has words of its own, or when
 * it has a `<` that nothing closes. Sections of an override (`<segment:...>` and the like with what follows them) go to the
 * end of the text, each once, behind the sections there: nothing ever falls into another section. A character without a trigger is
 * replaced when there is an override. Linear in the text; never throws.
 *
 * Other than with {@link substituteTriggers}, a second run may change the text again: overrides are free text and may hold names.
 *
 * @param text - The beat's text.
 * @param context - The episode context.
 * @param options - The scene.
 * @returns The text, and what was replaced and left.
 * @example
 * ```ts
 * import { applyAppearance } from 'storyart-sdk/prompt'
 *
 * const look = 'ADAM_V1 in a yellow raincoat <segment:face,0.4,0.5>'
 * const context = {
 *   episode: {
 *     characters: [{ character_name: 'Ada Marsh', aliases: ['Ada'], base_trigger: 'ADAM_V1' }],
 *     scenes: [
 *       {
 *         scene_number: 2,
 *         character_appearances: [{ character_name: 'Ada Marsh', location_context: { swarmui_prompt_override: look } }],
 *       },
 *     ],
 *   },
 * }
 * const { text } = applyAppearance("Ada's lamp is out, Ada waits", context, { sceneNumber: 2 })
 * console.log(text) // ADAM_V1's lamp is out, ADAM_V1 in a yellow raincoat waits <segment:face,0.4,0.5>
 * ```
 */
export function applyAppearance(
  text: string,
  context: EnhancedEpisodeContext | null | undefined,
  options: ApplyAppearanceOptions,
): AppliedAppearance {
  const { replaced, ambiguous, skipped } = matcherOf(context, options.except)(text)
  const looks = new Map<string, Look>()
  const lookOf = ({ character }: { character: string }): Look => {
    const look = looks.get(character) ?? readLook(context ?? {}, character, options)
    looks.set(character, look)
    return look
  }
  const mentions = [...replaced, ...skipped.filter((mention) => mention.reason === 'no-trigger' && lookOf(mention).full)]
  mentions.sort((a, b) => a.start - b.start)
  ...
}
