/**
 * All texts of prompts in a session, wherever and in whichever form it keeps them.
 * @module
 */

import type { BeatAnalysis, LegacyBeatPrompts, Session } from '../schema/index.js'
import { isRecord } from './is-record.js'
import { pathTo } from './path-to.js'
import { mapShared, withValue } from './share.js'

/** Where the text of a prompt stands. */
export interface PromptPlace {
  /** The path of the text itself: `analyzedEpisode.scenes[0].beats[2].prompts.cinematic.prompt`. */
  path: string
  /** The id of the beat. */
  beatId: string
  /** Position of the beat within its scene, from 0; `null` for a legacy entry whose beat does not exist. */
  beatIndex: number | null
  /** The number of the scene; `null` if it has none, or there is no such beat. */
  sceneNumber: number | null
  /** The kind of prompt as stored, also one this library does not know. StorySwarm's `beat.prompt` is `cinematic`. */
  format: string
}

/** A beat and where it stands. */
export interface BeatPlace extends Omit<PromptPlace, 'format' | 'beatIndex'> {
  /** Position within its scene, from 0. */
  beatIndex: number
}

/** What {@link mapPrompts} calls. */
export interface PromptVisitor {
  /** Gets each beat, before its prompts. */
  beat?(beat: BeatAnalysis, place: BeatPlace): void
  /** Gets the text of each prompt, blank ones too, and returns what is to stand there. */
  prompt(text: string, place: PromptPlace): string
}

/**
 * Walks through all prompts in the order of the document: of each beat `prompts` of every kind, then StorySwarm's
 * `prompt`; then the legacy list, whose n-th entry with an id belongs to the n-th beat with that id.
 *
 * @returns The session with the texts replaced; what did not change is the same object, the order of keys is kept.
 */
export function mapPrompts(session: Session, visit: PromptVisitor): Session {
  const places = new Map<string, BeatPlace[]>()
  const legacy = session.prompts ?? []
  const episode = session.analyzedEpisode
  const scenes = episode?.scenes
  let changed = session
  if (episode && scenes) {
    const mapped = mapShared(scenes, (scene, sceneIndex) => {
      if (!scene.beats) return scene
      const sceneNumber = scene.sceneNumber ?? null
      const beats = mapShared(scene.beats, (beat, beatIndex) => {
        const path = `analyzedEpisode.scenes[${sceneIndex}].beats[${beatIndex}]`
        const place = { path, beatId: beat.beatId, beatIndex, sceneNumber }
        if (legacy.length > 0) push(places, beat.beatId.trim(), place)
        visit.beat?.(beat, place)
        return mapBeat(beat, place, visit)
      })
      return withValue(scene, 'beats', beats)
    })
    changed = withValue(changed, 'analyzedEpisode', withValue(episode, 'scenes', mapped))
  }
  if (!session.prompts) return changed
  const entries = mapShared(legacy, (entry, index) => {
    const at = places.get(entry.beatId.trim())?.shift()
    const { beatIndex, sceneNumber } = at ?? { beatIndex: null, sceneNumber: null }
    return mapLegacy(entry, { path: `prompts[${index}]`, beatId: entry.beatId, beatIndex, sceneNumber }, visit)
  })
  return withValue(changed, 'prompts', entries)
}

type Place = Omit<PromptPlace, 'format'>

function mapBeat(beat: BeatAnalysis, place: BeatPlace, visit: PromptVisitor): BeatAnalysis {
  let changed = beat
  if (isRecord(beat.prompts)) {
    changed = withValue(changed, 'prompts', mapKinds(beat.prompts, pathTo(place.path, 'prompts'), place, visit))
  }
  const path = pathTo(place.path, 'prompt')
  return withValue(changed, 'prompt', mapStored(beat.prompt, path, { ...place, format: 'cinematic' }, visit))
}

function mapLegacy(entry: LegacyBeatPrompts, place: Place, visit: PromptVisitor): LegacyBeatPrompts {
  const { beatId: _, ...kinds } = entry
  const mapped = mapKinds(kinds, place.path, place, visit)
  return mapped === kinds ? entry : { ...entry, ...mapped }
}

function mapKinds<T extends object>(
  kinds: T & Record<string, unknown>,
  path: string,
  place: Place,
  visit: PromptVisitor,
): T {
  let changed: T = kinds
  for (const [format, stored] of Object.entries(kinds)) {
    const mapped = mapStored(stored, pathTo(path, format), { ...place, format }, visit)
    if (mapped !== stored) changed = { ...changed, [format]: mapped }
  }
  return changed
}

/** A prompt in any form: a text, an object with `prompt`, a pair with `positive`. Anything else is left. */
function mapStored<T>(stored: T, path: string, place: PromptPlace, visit: PromptVisitor): T {
  // A text is replaced by a text, and an object by one of the same shape.
  if (typeof stored === 'string') return visit.prompt(stored, { ...place, path }) as T
  if (!isRecord(stored)) return stored
  for (const key of ['prompt', 'positive']) {
    const text = stored[key]
    if (typeof text !== 'string') continue
    return withValue<Record<string, unknown>, string>(
      stored,
      key,
      visit.prompt(text, { ...place, path: pathTo(path, key) }),
    ) as T
  }
  return stored
}

function push<T>(lists: Map<string, T[]>, key: string, element: T): void {
  const list = lists.get(key)
  if (list) list.push(element)
  else lists.set(key, [element])
}
