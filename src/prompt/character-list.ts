/**
 * Who is in an episode context, in whichever dialect.
 * @module
 */

import { isRecord } from './is-record.js'
import { textOf } from './text-of.js'

/** What substitution needs to know of a character. */
export interface Person {
  /** The full name, trimmed. */
  name: string
  /** The trigger, trimmed; empty when there is none. */
  trigger: string
  /** The listed names beside the full one, trimmed. */
  aliases: string[]
}

/**
 * Lists the characters of a context: those of the episode, or where it lists none those of its scenes, each name once.
 *
 * @param context - A context in any dialect; anything else has no characters.
 */
export function charactersOf(context: unknown): Person[] {
  const root = isRecord(context) ? context : {}
  const episode = isRecord(root.episode) ? root.episode : root
  const listed = peopleIn(episode.characters)
  if (listed.length) return listed

  const scenes = Array.isArray(episode.scenes) ? episode.scenes.filter(isRecord) : []
  const people = new Map<string, Person>()
  for (const key of ['characters', 'character_appearances']) {
    for (const person of scenes.flatMap((scene) => peopleIn(scene[key]))) {
      // One entry may say the trigger that another leaves out.
      if (!people.get(person.name)?.trigger) people.set(person.name, person)
    }
  }
  return [...people.values()]
}

function peopleIn(list: unknown): Person[] {
  const rows = Array.isArray(list) ? list.filter(isRecord) : []
  return rows.flatMap((row) => {
    const name = trimmed(row.character_name) || trimmed(row.name)
    return name ? [{ name, trigger: trimmed(row.base_trigger), aliases: [row.aliases].flat().map(trimmed).filter(Boolean) }] : []
  })
}

function trimmed(value: unknown): string {
  return textOf(value)?.trim() ?? ''
}
