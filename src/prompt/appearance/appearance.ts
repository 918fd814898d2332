/**
 * How one character looks in one scene, and where each part of that is written.
 * @module
 */

import type { EnhancedEpisodeContext } from '../../schema/index.js'
import { fold, foldPlace } from '../fold.js'
import { isRecord } from '../is-record.js'
import { textOf } from '../text-of.js'
import type { AppearanceQuery, Sourced } from './appearance-query.js'
import { findCharacter, indexOf, type Layer, LISTS, layersOf, nameOf } from './find-character.js'

export type { AppearanceQuery, AppearanceSource, Sourced } from './appearance-query.js'

/** The parts of a character's description; `null` where no place says anything. */
export interface AppearanceDescriptions {
  /** From `physical_description`. */
  physical: Sourced<string> | null
  /** From `clothing_description`. */
  clothing: Sourced<string> | null
  /** From `hair_description`. */
  hair: Sourced<string> | null
  /** From `demeanor_description`. */
  demeanor: Sourced<string> | null
  /** From `visual_description`: the base description, the same in every scene. */
  visual: Sourced<string> | null
}

/** What {@link resolveAppearance} finds; `null` stands for "written nowhere". */
export interface Appearance {
  /** The character's full name as the context writes it; the name asked for when nobody bears it. */
  character: string
  /** Whether the context knows this character at all. */
  known: boolean
  /** What calls the character's LORA: `base_trigger`. */
  trigger: Sourced<string> | null
  /** The text that replaces the base description whole: `swarmui_prompt_override`. */
  override: Sourced<string> | null
  /** Each part of the description by itself, whether an override replaces it or not. */
  descriptions: AppearanceDescriptions
  /**
   * The one text to paint from: the override; else physical, clothing, hair and demeanor of one place, joined by
   * commas; else the base description. A weak override does not replace words written for this very scene.
   * When it is the override, it is the same object as {@link Appearance.override}.
   */
  description: Sourced<string> | null
  /** The LORA's weight: `lora_weight_adjustment`. 1 by default; a stored 0 means "none said". */
  loraWeight: Sourced<number>
  /** Helmet and visor, such as `HELMET_UP`: `gear_state`. */
  gearState: Sourced<string> | null
  /** What to write for a helmet in that state: one of the `helmet_fragment_...` fields. `null` without a state. */
  helmet: Sourced<string> | null
  /** When a face segment belongs into the prompt: `face_segment_rule`, such as `IF_FACE_VISIBLE`. */
  faceSegmentRule: Sourced<string> | null
}

/** The field that goes with a state of the helmet. */
const HELMETS = [
  [/off|hand|vehicle/i, 'helmet_fragment_off'],
  [/down|hud/i, 'helmet_fragment_visor_down'],
  [/up/i, 'helmet_fragment_visor_up'],
] as const

/**
 * Finds how a character looks in a scene: trigger, override, descriptions and LORA weight, each with its origin.
 *
 * Each value comes from the first of these places that has it, blanks, `null` and weight 0 counting as "not there":
 * the scene's entry in `characters[]`, then in `character_appearances[]` (of its phases the one asked for, then
 * `default`, then the first, then the single `location_context`, then the entry itself); then, marked weak, the
 * character's own `location_contexts[]` for the entry's location name, then for the scene's `location.name`, then its
 * `roadmap_location`; then the character itself.
 *
 * Entries are joined to `episode.characters[]` by name or alias, else by trigger, for most carry no trigger. Of several
 * scenes with one number the first that has the character counts; of several same-named location contexts the one
 * with the phase, else the first. Of several characters with the alias or trigger asked for, one who is in the scene
 * wins. Reads the flat dialect without `episode` too. Never throws; linear in the size of the context, whose names are
 * listed on the first call; a changed context is noticed.
 *
 * @param context - The parsed context, as `parseEpisodeContext` returns it.
 * @param query - Whom to look up, and where.
 * @returns Everything that is known; for an unknown character `known: false`, nulls, and weight 1.
 * @example
 * ```ts
 * import { resolveAppearance } from 'storyart-sdk/prompt'
 *
 * const context = {
 *   episode: {
 *     characters: [{ character_name: 'Ada Marsh', aliases: ['Ada'], base_trigger: 'ADAM_V1' }],
 *     scenes: [
 *       {
 *         scene_number: 2,
 *         character_appearances: [
 *           { character_name: 'Ada Marsh', location_context: { swarmui_prompt_override: 'ADAM_V1 in a yellow raincoat' } },
 *         ],
 *       },
 *     ],
 *   },
 * }
 * const { trigger, override, loraWeight } = resolveAppearance(context, { sceneNumber: 2, character: 'ada' })
 * console.log(trigger?.value, trigger?.source) // ADAM_V1 character
 * console.log(override?.value) // ADAM_V1 in a yellow raincoat
 * console.log(override?.path) // episode.scenes[0].character_appearances[0].location_context.swarmui_prompt_override
 * console.log(loraWeight.value) // 1
 * ```
 */
export function resolveAppearance(context: EnhancedEpisodeContext, query: AppearanceQuery): Appearance {
  const { person, scene, entries, sure } = findCharacter(context, query)
  const layers = LISTS.flatMap((list) => {
    const listed = entries.filter(({ source }) => source === `scene.${list}`)
    const single = listed.flatMap((entry) => layersOf(entry, 'location_context', entry.source))
    const phases = listed.flatMap((entry) => layersOf(entry, 'phases', 'scene.phase'))
    return [...inPhase([...phases, ...single], query.phase), ...inPhase(single, query.phase), ...listed]
  })
  const location = scene?.row.location
  const places = [
    ...layers.map(({ row }) => row.location_name),
    isRecord(location) && location.name,
    scene?.row.roadmap_location,
  ]
  const contexts = person ? layersOf(person, 'location_contexts', 'character.location_contexts', 'weak') : []
  const byPlace = indexOf(contexts, ({ row }) => [row.location_name], foldPlace)
  for (const place of places.map(foldPlace)) layers.push(...inPhase(byPlace.get(place) ?? [], query.phase))
  if (person) layers.push(person)
  const known = person ?? entries[0]
  const read = sure ? layers : layers.map((layer): Layer => ({ ...layer, confidence: 'weak' }))

  const text = (key: string) => firstOf(read, key, textOf)
  const override = text('swarmui_prompt_override')
  const visual = text('visual_description')
  const words = firstWords(read)
  const gearState = text('gear_state')
  const helmet = HELMETS.find(([states]) => states.test(gearState?.value ?? ''))?.[1]
  const outranked = override?.confidence === 'weak' && words?.confidence === 'exact'
  return {
    character: textOf(known && nameOf(known)) ?? query.character,
    known: known !== undefined,
    trigger: text('base_trigger'),
    override,
    descriptions: {
      physical: text('physical_description'),
      clothing: text('clothing_description'),
      hair: text('hair_description'),
      demeanor: text('demeanor_description'),
      visual,
    },
    description: (outranked ? words : override) ?? words ?? visual,
    loraWeight: firstOf(read, 'lora_weight_adjustment', weightOf) ??
      firstOf(read, 'lora_weight', weightOf) ?? { value: 1, source: 'default', path: '', confidence: 'exact' },
    gearState,
    helmet: helmet === undefined ? null : text(helmet),
    faceSegmentRule: text('face_segment_rule'),
  }
}

/** The one context of several that a phase asks for, as a list of one or none. */
function inPhase(layers: readonly Layer[], phase = 'default'): Layer[] {
  const named = (name: string) => layers.filter(({ row }) => fold(row.context_phase) === name)
  return [...named(fold(phase)), ...named('default'), ...layers].slice(0, 1)
}

/** The first value of a key that can be read, with its origin. */
function firstOf<T>(layers: Layer[], key: string, read: (value: unknown) => T | undefined): Sourced<T> | null {
  for (const { row, path, source, confidence } of layers) {
    const value = read(row[key])
    if (value) return { value, source, path: `${path}.${key}`, confidence }
  }
  return null
}

/** The words of the first place that has any: parts of two places together may describe two outfits. */
function firstWords(layers: Layer[]): Sourced<string> | null {
  for (const { row, path, source, confidence } of layers) {
    const value = ['physical', 'clothing', 'hair', 'demeanor']
      .map((part) => textOf(row[`${part}_description`])?.trim())
      .filter(Boolean)
      .join(', ')
    if (value) return { value, source, path, confidence }
  }
  return null
}

/** 0 is how unset weights are stored. */
function weightOf(value: unknown): number | undefined {
  return Number(value) || undefined
}
