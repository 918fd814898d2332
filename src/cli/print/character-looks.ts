/**
 * How the prompts of a session describe a character.
 * @module
 */
import { safeParseEpisodeContext } from 'storyart-sdk'
import {
  type CharacterDescription,
  characterDescriptions,
  type PromptFilter,
  resolveAppearance,
  substituteTriggers,
} from 'storyart-sdk/prompt'
import type { NamedSession } from '../arguments/session-argument.js'
import { CliError } from '../cli-error.js'
import { EXIT } from '../exit-codes.js'
import type { Tool } from '../tool.js'
import { counted } from './in-words.js'
import { printBlocks } from './print-blocks.js'

/** Prints the descriptions of a character, and returns in how many places they stand. */
export async function printDescriptions(
  tool: Tool,
  { session, name }: NamedSession,
  character: string,
  filter: PromptFilter,
): Promise<number> {
  const trigger = triggerOf(session, character, tool)
  const variants = characterDescriptions(session, trigger, filter)
  await printBlocks(tool.print, variants, linesOf, 'nothing found')
  const places = variants.reduce((sum, { count }) => sum + count, 0)
  const descriptions = variants.filter(({ description }) => description !== null).length
  tool.talk(
    `${trigger}: ${counted(descriptions, 'description')} and ${counted(places, 'mention')} in the prompts of ${name}`,
  )
  return places
}

const SHOWN_BEATS = 6

function linesOf({ description, count, places }: CharacterDescription): string[] {
  const ids = [...new Set(places.map(({ beatId }) => beatId))]
  const more = ids.length > SHOWN_BEATS ? ` and ${ids.length - SHOWN_BEATS} more` : ''
  return [
    `${counted(count, 'mention')} in ${ids.slice(0, SHOWN_BEATS).join(', ')}${more}`,
    `  ${description ?? 'without a description'}`,
    '',
  ]
}

/** Prompts hold triggers and not names. Whom the context does not know may be named by the trigger itself. */
function triggerOf(session: NamedSession['session'], name: string, tool: Tool): string {
  const character = name.trim()
  const read = safeParseEpisodeContext(session)
  if (!read.ok) {
    tool.talk(`"${character}" is taken as a trigger: the episode context cannot be read`)
    return character
  }
  // As in a prompt, where a nickname names somebody, too.
  const { text, replaced, ambiguous } = substituteTriggers(character, read.context)
  const [shared] = ambiguous
  if (shared) {
    const names = shared.characters.join(', ')
    throw new CliError(EXIT.usage, `"${character}" may be ${names}: name one in full, or by the trigger`)
  }
  if (replaced[0]?.text === character) return text
  // Here names count in any case. A trigger belongs to the character, whatever the scene.
  const found = resolveAppearance(read.context, { sceneNumber: '', character })
  if (found.trigger) return found.trigger.value
  const why = found.known ? `${found.character} has no trigger` : 'the episode context knows nobody of that name'
  tool.talk(`"${character}" is taken as a trigger: ${why}`)
  return character
}
