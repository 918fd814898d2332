/**
 * What two versions of an episode context say differently of how things look.
 * @module
 */

import type { EnhancedEpisodeContext } from '../../schema/index.js'
import { type Layer, LISTS, layersOf, nameOf } from '../appearance/find-character.js'
import { fold, foldPlace } from '../fold.js'
import { same } from '../same.js'

/** What of the context has changed. */
export type ContextAspect =
  | 'character'
  | 'trigger'
  | 'aliases'
  | 'description'
  | 'override'
  | 'weight'
  | 'scene'
  | 'location'
  | 'artifact'
  | 'image-config'

/** One change of the context that can change a picture. */
export interface ContextChange {
  /** What has changed. */
  aspect: ContextAspect
  /** Whether it was not there before, is not there any more, or says something else. */
  change: 'added' | 'removed' | 'changed'
  /** Where it stands in the newer context, or where it stood in the older: `episode.characters[1].base_trigger`. */
  path: string
  /** The full name of the character, if it is about one. */
  character?: string
  /** The number of the scene, if it is about one. */
  sceneNumber?: number
}

interface Fact extends Pick<ContextChange, 'aspect' | 'path' | 'character' | 'sceneNumber'> {
  value: unknown
}

/** The changes that can change pictures, in the order of the newer context; at the end what is only in the older. */
export function diffContexts(older: EnhancedEpisodeContext, newer: EnhancedEpisodeContext): ContextChange[] {
  const before = factsOf(older)
  const after = factsOf(newer)
  const changes: ContextChange[] = []
  for (const [key, { value, ...fact }] of after) {
    const old = before.get(key)
    if (!old) changes.push({ ...fact, change: 'added' })
    else if (!same(old.value, value)) changes.push({ ...fact, change: 'changed' })
  }
  for (const [key, { value: _, ...fact }] of before) if (!after.has(key)) changes.push({ ...fact, change: 'removed' })
  return changes
}

/** Each thing a context says, under a name that does not depend on its position. */
function factsOf(context: EnhancedEpisodeContext): Map<string, Fact> {
  const facts = new Map<string, Fact>()
  const counts = new Map<string, number>()
  const numbered = (key: string): string => {
    const count = counts.get(key) ?? 0
    counts.set(key, count + 1)
    return JSON.stringify([key, count])
  }
  const root: Layer = { row: { ...context }, path: '', source: 'default', confidence: 'exact' }
  const episode = layersOf(root, 'episode', 'default')[0] ?? root

  const tell = (
    under: string,
    layer: Layer,
    keys: Partial<Record<string, ContextAspect>>,
    about: Partial<Fact>,
  ): void => {
    for (const [key, aspect] of Object.entries(keys)) {
      const value = layer.row[key]
      if (!aspect || isNothing(value)) continue
      facts.set(`${under}.${key}`, { ...about, aspect, path: join(layer.path, key), value: normal(value) })
    }
  }
  const looks = (under: string, layer: Layer, about: Partial<Fact>): void => {
    tell(under, layer, LOOKS, about)
    for (const key of ['location_context', 'phases', 'location_contexts']) {
      for (const look of layersOf(layer, key, 'default')) {
        const place = `${foldPlace(look.row.location_name)} ${fold(look.row.context_phase)}`
        tell(numbered(`${under}.${key}.${place}`), look, LOOKS, about)
      }
    }
  }

  tell('', episode, { image_config: 'image-config' }, {})
  for (const character of layersOf(episode, 'characters', 'character')) {
    const under = numbered(`character ${fold(nameOf(character))}`)
    const about = { character: String(nameOf(character) ?? '') }
    facts.set(under, { ...about, aspect: 'character', path: character.path, value: true })
    looks(under, character, about)
  }
  for (const scene of layersOf(episode, 'scenes', 'default')) {
    const under = numbered(`scene ${scene.row.scene_number}`)
    const number = Number(scene.row.scene_number)
    const about = Number.isFinite(number) ? { sceneNumber: number } : {}
    facts.set(under, { ...about, aspect: 'scene', path: scene.path, value: true })
    for (const list of LISTS) {
      for (const entry of layersOf(scene, list, 'default')) {
        const name = nameOf(entry)
        const whom = { ...about, character: String(name ?? '') }
        const key = numbered(`${under}.${list}.${fold(name)}`)
        facts.set(key, { ...whom, aspect: 'character', path: entry.path, value: true })
        looks(key, entry, whom)
      }
    }
    for (const location of layersOf(scene, 'location', 'default')) places(under, location, about, tell, numbered)
  }
  for (const location of layersOf(episode, 'locations', 'default')) {
    places(numbered(`location ${foldPlace(location.row.name)}`), location, {}, tell, numbered)
  }
  return facts
}

type Tell = (under: string, layer: Layer, keys: Partial<Record<string, ContextAspect>>, about: Partial<Fact>) => void

function places(under: string, location: Layer, about: Partial<Fact>, tell: Tell, numbered: (key: string) => string) {
  tell(
    `${under}.location`,
    location,
    { name: 'location', visual_description: 'location', atmosphere: 'location' },
    about,
  )
  for (const artifact of layersOf(location, 'artifacts', 'default')) {
    const name = fold(artifact.row.artifact_name ?? artifact.row.name)
    tell(numbered(`${under}.artifact ${name}`), artifact, ARTIFACT, about)
  }
}

const LOOKS: Partial<Record<string, ContextAspect>> = {
  base_trigger: 'trigger',
  aliases: 'aliases',
  visual_description: 'description',
  physical_description: 'description',
  clothing_description: 'description',
  hair_description: 'description',
  demeanor_description: 'description',
  swarmui_prompt_override: 'override',
  lora_weight_adjustment: 'weight',
  lora_weight: 'weight',
}

const ARTIFACT: Partial<Record<string, ContextAspect>> = {
  artifact_name: 'artifact',
  name: 'artifact',
  swarmui_prompt_fragment: 'artifact',
  prompt_fragment: 'artifact',
  always_present: 'artifact',
  scene_specific: 'artifact',
}

/** Blank, `null`, weight 0 and an empty list all say nothing. */
function isNothing(value: unknown): boolean {
  return (
    value == null ||
    value === 0 ||
    (typeof value === 'string' && !value.trim()) ||
    (Array.isArray(value) && !value.length)
  )
}

/** Blanks around a text change nothing. */
function normal(value: unknown): unknown {
  return typeof value === 'string' ? value.trim() : value
}

function join(path: string, key: string): string {
  return path ? `${path}.${key}` : key
}
