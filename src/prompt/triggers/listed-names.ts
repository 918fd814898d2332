/**
 * Whom a beat lists.
 * @module
 */

import type { BeatAnalysis } from '../../schema/index.js'
import { textOf } from '../text-of.js'

/** The names of the characters in a beat, by whichever field the writer put them in; each once, blanks left out. */
export function listedNames({ characters, primaryCharacter, secondaryCharacters }: BeatAnalysis): string[] {
  const names = characters ?? [primaryCharacter, ...(secondaryCharacters ?? [])]
  return [...new Set(names.map((name) => textOf(name)?.trim() ?? ''))].filter(Boolean)
}
