/**
 * Episode contexts of other dialects in the shape StoryArt writes.
 * @module
 */

import { fold } from '../fold.js'
import { isRecord } from '../is-record.js'
import { textOf } from '../text-of.js'
import { mapList, type Note, type Row, renamed, renamedAll, withKey } from './reshape.js'

const EPISODE = {
  episodeNumber: 'episode_number',
  episodeTitle: 'episode_title',
} as const
const ARTIFACT = {
  name: 'artifact_name',
  type: 'artifact_type',
  prompt_fragment: 'swarmui_prompt_fragment',
} as const

/** The context with the episode under `episode`, names and things by their real fields, and characters of the episode. */
export function normalContext(context: Row, note: Note): Row {
  const path = 'episodeContext'
  let changed = context
  if (
    !isRecord(changed.episode) &&
    ['characters', 'scenes', 'episodeNumber', 'episodeTitle'].some((key) => key in changed)
  ) {
    note(path, 'put under episode')
    const { episode: _, ...episode } = changed
    changed = { episode }
  }
  const { episode } = changed
  return isRecord(episode) ? withKey(changed, 'episode', normalEpisode(episode, `${path}.episode`, note)) : changed
}

function normalEpisode(episode: Row, path: string, note: Note): Row {
  let changed = renamedAll(episode, EPISODE, path, note)
  changed = mapList(changed, 'characters', path, (character, at) =>
    renamed(character, 'name', 'character_name', at, note),
  )
  changed = mapList(changed, 'scenes', path, (scene, at) => normalScene(scene, at, note))
  return withCharacters(changed, path, note)
}

function normalScene(scene: Row, path: string, note: Note): Row {
  let changed = scene
  const old = Array.isArray(scene.characters) ? scene.characters.filter(isRecord) : []
  // The first API calls them by `name`; the guide's `characters` stay, both StoryArt and the guide read them.
  const isFirst = old.some((entry) => textOf(entry.name) && !textOf(entry.character_name))
  for (const list of ['characters', 'character_appearances']) {
    changed = mapList(changed, list, path, (entry, at) => renamed(entry, 'name', 'character_name', at, note))
  }
  if (isFirst) changed = renamed(changed, 'characters', 'character_appearances', path, note)
  const { location } = changed
  if (!isRecord(location)) return changed
  const at = `${path}.location`
  return withKey(
    changed,
    'location',
    mapList(location, 'artifacts', at, (artifact, place) => renamedAll(artifact, ARTIFACT, place, note)),
  )
}

/** Where the episode lists no characters, those of its scenes: StoryArt looks for triggers there alone. */
function withCharacters(episode: Row, path: string, note: Note): Row {
  if (Array.isArray(episode.characters) && episode.characters.length > 0) return episode
  const found = new Map<string, Row>()
  const scenes = Array.isArray(episode.scenes) ? episode.scenes.filter(isRecord) : []
  for (const list of ['characters', 'character_appearances']) {
    for (const entry of scenes.flatMap((scene) => (Array.isArray(scene[list]) ? scene[list] : [])).filter(isRecord)) {
      const { character_name, aliases, base_trigger, visual_description } = entry
      const name = fold(character_name)
      if (!name || !textOf(base_trigger) || found.has(name)) continue
      const known = { ...(visual_description != null && { visual_description }) }
      found.set(name, { character_name, aliases: aliases ?? [], base_trigger, ...known })
    }
  }
  if (!found.size) return episode
  note(`${path}.characters`, 'listed the characters of the scenes')
  return withKey(episode, 'characters', [...found.values()])
}
