/**
 * How one character is written into a prompt.
 * @module
 */

import { splitSections } from '../syntax/sections.js'
import { tagSpans } from '../syntax/tags.js'
import { compileMatcher } from '../triggers/name-matcher.js'
import type { Appearance } from './appearance.js'

/** How one character is written. */
export interface Look {
  /** The trigger, perhaps with its weight; empty when there is none. */
  trigger: string
  /** The override with the trigger in it; empty when there is none. */
  override: string
  /** The sections of the override. */
  sections: string[]
}

/** Makes the texts from what is known; `weights` writes a LORA weight other than 1 as `(trigger:1.2)`. */
export function readLook(found: Appearance, weights = false): Look {
  const name = found.trigger?.value.trim() ?? ''
  const weight = found.loraWeight.value
  // Brackets and colons of its own would break the weight, tags the prompt.
  const weighted = weights && weight !== 1 && !/[():]/.test(name) ? `(${name}:${weight})` : name
  const trigger = name && !/[<>]/.test(name) ? weighted : ''

  const override = found.override === found.description ? (found.override?.value ?? '') : ''
  if (tagSpans(override).literalFrom !== undefined) return { trigger, override: '', sections: [] }
  const { prose: whole, sections } = splitSections(override)
  // Behind it the sentence goes on.
  const prose = whole.replace(/[.,;]$/, '')
  if (!prose && !sections.length) return { trigger, override: '', sections }
  const { skipped } = compileMatcher([{ name: found.character, trigger: name, aliases: [] }], [])(prose)
  const present = skipped.find(({ reason }) => reason === 'already-a-trigger')
  if (!present) return { trigger, override: [trigger, prose].filter(Boolean).join(', '), sections }
  const written = prose.charAt(present.end) === ':' || weighted === name ? present.text : weighted
  return { trigger, override: prose.slice(0, present.start) + written + prose.slice(present.end), sections }
}
