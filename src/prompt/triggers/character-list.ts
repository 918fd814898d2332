/**
 * Who is in an episode context, in whichever dialect.
 * @module
 */

import { isRecord } from '../is-record.js'
import { textOf } from '../text-of.js'

/** A character as the context writes it. */
type Row = Record<string, unknown>

/** What substitution needs to know of a character. */
export interface Person {
  /** The full name, trimmed. */
  name: string
  /** The trigger, trimmed; empty when there is none. */
  trigger: string
  /** The other names the context lists, trimmed. */
  aliases: string[]
}

/**
 * Lists the characters of a context that have a name: those of the episode, or where it lists none those of its
 * scenes, each name once.
 *
 * @param context - A context in any dialect; anything else has no characters.
 */
export function rowsOf(context: unknown): Row[] {
  const episode = episodeOf(context)
  const listed = named(episode.characters)
  if (listed.length) return listed
  const rows = new Map<string, Row>()
  for (const key of ['characters', 'character_appearances']) {
    for (const row of recordsIn(episode.scenes).flatMap((scene) => named(scene[key]))) {
      const name = nameIn(row)
      // One entry may say the trigger that another leaves out.
      if (!trimmed(rows.get(name)?.base_trigger)) rows.set(name, row)
    }
  }
  return [...rows.values()]
}

/** The list of the episode's characters as it stands: what {@link rowsOf} returns when all in it have names. */
export function characterList(context: unknown): unknown {
  return episodeOf(context).characters
}

function episodeOf(context: unknown): Row {
  const root = isRecord(context) ? context : {}
  return isRecord(root.episode) ? root.episode : root
}

/** Reads what substitution needs. */
export function personOf(row: Row): Person {
  return {
    name: nameIn(row),
    trigger: trimmed(row.base_trigger),
    aliases: [row.aliases].flat().map(trimmed).filter(Boolean),
  }
}

function recordsIn(list: unknown): Row[] {
  return Array.isArray(list) ? list.filter(isRecord) : []
}

function named(list: unknown): Row[] {
  // As a rule all have names: then the list itself will do.
  if (Array.isArray(list) && list.every((row) => isRecord(row) && hasName(row))) return list
  return recordsIn(list).filter(hasName)
}

function hasName(row: Row): boolean {
  return textOf(row.character_name) !== undefined || textOf(row.name) !== undefined
}

function nameIn(row: Row): string {
  return trimmed(row.character_name) || trimmed(row.name)
}

function trimmed(value: unknown): string {
  return textOf(value)?.trim() ?? ''
}
