/**
 * Writing how characters look into the text of a beat.
 * @module
 */

import type { EnhancedEpisodeContext } from '../../schema/index.js'
import { sectionKey, splitSections } from '../syntax/sections.js'
import { tagSpans } from '../syntax/tags.js'
import { matcherOf } from '../triggers/matcher-of.js'
import type { AmbiguousMention, SkippedMention, Span } from '../triggers/mention.js'
import type { TriggerOptions } from '../triggers/triggers.js'
import { resolveAppearance } from './appearance.js'
import { type Look, readLook } from './look.js'

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
   * The sections that came with overrides and were not there already, such as `<segment:face,0.4,0.5>`, in the order of
   * the mentions. They stand at the end of `text`, unless it has a `<` that nothing closes.
   */
  sections: string[]
}

const POSSESSIVE = /^['\u2018\u2019\u02bc]s(?![\p{L}\p{M}\p{N}_])/iu

/**
 * Replaces each mention of a character in a beat's text by how the character looks in the scene.
 *
 * Mentions are found as {@link substituteTriggers} finds them. The first mention of a character that is no possessive
 * (or the first, when all are) becomes the override that {@link resolveAppearance} finds, behind the trigger when it
 * does not hold it; every other becomes the trigger. An override does not count when it is weak and the scene has words
 * of its own, or when it has a `<` that nothing closes. Who has no trigger is replaced by the override alone.
 *
 * Sections of an override (`<segment:...>` and the like, with what follows them) go to the end of the text, each once,
 * behind the sections there, so that no words fall into a section they are not of.
 *
 * Linear in the text; never throws. A second run may change the text again, other than with
 * {@link substituteTriggers}: overrides are free text and may hold names.
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
 *         character_appearances: [
 *           { character_name: 'Ada Marsh', location_context: { swarmui_prompt_override: look } },
 *         ],
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
  const lookOf = (character: string): Look => {
    const { sceneNumber, phase, weights } = options
    const look =
      looks.get(character) ?? readLook(resolveAppearance(context ?? {}, { sceneNumber, character, phase }), weights)
    looks.set(character, look)
    return look
  }
  // Who has no trigger among the characters may have an override, or a trigger in the scene.
  const helpless = skipped.filter(({ reason }) => reason === 'no-trigger')
  const left = skipped.filter(({ reason }) => reason !== 'no-trigger')
  const mentions = [...replaced, ...helpless].sort((a, b) => a.start - b.start)
  const dressed = new Map<string, Span>()
  for (const mention of mentions) {
    const before = dressed.get(mention.character)
    if (!before || (isPossessive(text, before) && !isPossessive(text, mention))) dressed.set(mention.character, mention)
  }

  const known = splitSections(text).sections.flatMap((section) => [section, section.slice(0, section.indexOf('>') + 1)])
  const seen = new Set(known.map(sectionKey))
  const applied: AppliedMention[] = []
  const sections: string[] = []
  let done = ''
  let from = 0
  for (const mention of mentions) {
    const { start, end, character } = mention
    const look = lookOf(character)
    const override = look.override !== '' && dressed.get(character) === mention
    const written = (override && look.override) || look.trigger || ('trigger' in mention && mention.trigger)
    if (!written) {
      if ('reason' in mention) left.push(mention)
      continue
    }
    applied.push({ start, end, text: mention.text, character, written, override })
    done += text.slice(from, start) + written
    from = end
    for (const section of override ? look.sections : []) {
      if (!seen.has(sectionKey(section))) sections.push(section)
      seen.add(sectionKey(section))
    }
  }
  done += text.slice(from)
  if (tagSpans(text).literalFrom === undefined) done = [done, ...sections].join(' ')
  return { text: done, applied, ambiguous, skipped: left.sort((a, b) => a.start - b.start), sections }
}

function isPossessive(text: string, { end }: Span): boolean {
  return POSSESSIVE.test(text.slice(end, end + 4))
}
