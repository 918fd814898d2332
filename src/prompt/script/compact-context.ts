/**
 * The part of an episode context that fits into a request to a language model.
 * @module
 */

import type { EnhancedEpisodeContext } from '../../schema/index.js'
import { type Layer, LISTS, layersOf, nameOf } from '../appearance/find-character.js'
import { textOf } from '../text-of.js'
import { personOf } from '../triggers/character-list.js'

/** What {@link compactContext} may be told. */
export interface CompactOptions {
  /** The one scene to keep; a numeric string means the same number. Default: all scenes. */
  sceneNumber?: number | string | undefined
}

/** A character in short. */
export interface CompactCharacter {
  character_name: string
  aliases: string[]
  base_trigger: string
  visual_description: string
  /** The phases in which a look of theirs is told; absent if there are none but the default. */
  available_phases?: string[]
}

/** Who is in a scene, in short. */
export interface CompactAppearance {
  character_name: string
  base_trigger?: string
  location_context?: { location_name: string }
  /** The phases of the scene with what starts each; absent if there are none but the default. */
  phases?: { context_phase: string; phase_trigger_text?: string }[]
}

/** A thing in a place, in short. */
export interface CompactArtifact {
  artifact_name: string
  swarmui_prompt_fragment: string
}

/** A scene in short. */
export interface CompactScene {
  scene_number: number | null
  scene_title: string
  /** The place; `null` if the scene has none. */
  location: { name: string; visual_description: string; artifacts: CompactArtifact[] } | null
  character_appearances: CompactAppearance[]
}

/** A context in short, under the field names of the whole one, so that the other helpers read it too. */
export interface CompactContext {
  episode: {
    episode_number: number | null
    episode_title: string
    characters: CompactCharacter[]
    scenes: CompactScene[]
  }
}

/**
 * Takes from a context what a language model needs to cut scenes into beats: characters with names and triggers, scenes
 * with place, things and who is in them. No looks, no overrides, no prose: of 139,000 characters some 10,000 stay.
 *
 * All dialects are read: flat contexts, `characters` as `character_appearances`, `name` as `character_name`, things under
 * `name` and `prompt_fragment`. A scene whose entries hold no `location_context` is none the less short: what cannot be
 * read is left out, never replaced by the whole. Keeps the order; linear in the context; never throws.
 *
 * @param context - The parsed context, as `parseEpisodeContext` returns it.
 * @param options - Which scene. Scenes with that number are all kept; none is an empty list. All characters are kept.
 * @returns The short context, a new object.
 * @example
 * ```ts
 * import { compactContext } from 'storyart-sdk/prompt'
 *
 * const context = {
 *   episode: {
 *     episode_title: 'The Lamp',
 *     characters: [{ character_name: 'Ada Marsh', base_trigger: 'ADAM_V1', location_contexts: [{ location_name: 'Quay' }] }],
 *     scenes: [
 *       { scene_number: 1, location: { name: 'Quay', artifacts: [{ artifact_name: 'Lamp', swarmui_prompt_fragment: 'a brass lamp' }] } },
 *       { scene_number: 2 },
 *     ],
 *   },
 * }
 * const { episode } = compactContext(context, { sceneNumber: 1 })
 * console.log(JSON.stringify(episode.scenes[0]?.location?.artifacts)) // [{"artifact_name":"Lamp","swarmui_prompt_fragment":"a brass lamp"}]
 * console.log(episode.scenes.length, episode.characters[0]?.base_trigger) // 1 ADAM_V1
 * ```
 */
export function compactContext(
  context: EnhancedEpisodeContext | null | undefined,
  { sceneNumber }: CompactOptions = {},
): CompactContext {
  const root: Layer = { row: { ...context }, path: '', source: 'default', confidence: 'exact' }
  const episode = layersOf(root, 'episode', 'default')[0] ?? root
  const { episode_number, episodeNumber, episode_title, episodeTitle } = episode.row
  const scenes = layersOf(episode, 'scenes', 'default').filter(
    ({ row }) => sceneNumber === undefined || `${row.scene_number}`.trim() === `${sceneNumber}`.trim(),
  )
  return {
    episode: {
      episode_number: numberIn(episode_number ?? episodeNumber),
      episode_title: words(episode_title ?? episodeTitle),
      characters: layersOf(episode, 'characters', 'character').map(shortCharacter),
      scenes: scenes.map(shortScene),
    },
  }
}

function shortCharacter(character: Layer): CompactCharacter {
  const { name, aliases, trigger } = personOf(character.row)
  const phases = layersOf(character, 'location_contexts', 'default').map(({ row }) => words(row.context_phase))
  const available = [...new Set(phases)].filter((phase) => phase && phase !== 'default')
  return {
    character_name: name,
    aliases,
    base_trigger: trigger,
    visual_description: words(character.row.visual_description),
    ...(available.length > 0 && { available_phases: available }),
  }
}

function shortScene(scene: Layer): CompactScene {
  const [location] = layersOf(scene, 'location', 'default')
  return {
    scene_number: numberIn(scene.row.scene_number),
    scene_title: words(scene.row.scene_title),
    location: location
      ? {
          name: words(location.row.name),
          visual_description: words(location.row.visual_description),
          artifacts: layersOf(location, 'artifacts', 'default').map(({ row }) => ({
            artifact_name: words(row.artifact_name ?? row.name),
            swarmui_prompt_fragment: words(row.swarmui_prompt_fragment ?? row.prompt_fragment),
          })),
        }
      : null,
    character_appearances: LISTS.flatMap((list) => layersOf(scene, list, 'default')).map(shortAppearance),
  }
}

function shortAppearance(entry: Layer): CompactAppearance {
  const [look] = layersOf(entry, 'location_context', 'default')
  const place = words(look?.row.location_name)
  const trigger = words(entry.row.base_trigger)
  const phases = layersOf(entry, 'phases', 'default').map(({ row }) => {
    const starts = words(row.phase_trigger_text)
    return { context_phase: words(row.context_phase) || 'default', ...(starts && { phase_trigger_text: starts }) }
  })
  return {
    character_name: words(nameOf(entry)),
    ...(trigger && { base_trigger: trigger }),
    ...(place && { location_context: { location_name: place } }),
    ...(phases.length > 1 && { phases }),
  }
}

function words(value: unknown): string {
  return textOf(value)?.trim() ?? ''
}

function numberIn(value: unknown): number | null {
  const number = typeof value === 'string' && value.trim() ? Number(value) : value
  return typeof number === 'number' && Number.isFinite(number) ? number : null
}
