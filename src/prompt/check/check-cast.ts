/**
 * Who is in a context, for the check: the characters with their places, and who is meant by a name.
 * @module
 */

import type { EnhancedEpisodeContext } from '../../schema/index.js'
import { type Layer, LISTS, layersOf, nameOf } from '../appearance/find-character.js'
import { fold } from '../fold.js'
import { textOf } from '../text-of.js'
import { personOf } from '../triggers/character-list.js'
import { matcherOf } from '../triggers/matcher-of.js'
import type { Matches } from '../triggers/name-matcher.js'
import { type GluedTrigger, gluedTriggerFinder } from '../triggers/trigger-trie.js'

/** A character of the context. */
export interface Member {
  /** The full name. */
  name: string
  /** The trigger; empty if there is none. */
  trigger: string
  /** The other names the context lists. */
  aliases: string[]
  /** Where the character stands in the context. */
  layer: Layer
}

/** The characters of a context. */
export interface Cast {
  /** Where the episode stands in the context. */
  episode: Layer
  /** All who have a name, in the order of the context. */
  members: Member[]
  /** Who is meant by a name, an alias, a trigger or what a name implies; `undefined` if nobody. */
  memberOf(name: string): Member | undefined
  /** Finds names and triggers in a text. */
  mentions(text: string): Matches
  /** Finds triggers grown into words. */
  glued(text: string): GluedTrigger[]
}

/** Reads the cast; paths start with `episodeContext`. */
export function castOf(context: EnhancedEpisodeContext, except: readonly string[]): Cast {
  const root: Layer = { row: { ...context }, path: 'episodeContext', source: 'default', confidence: 'exact' }
  const episode = layersOf(root, 'episode', 'default')[0] ?? root
  const named = (layers: Layer[]) => layers.filter((layer) => textOf(nameOf(layer)))
  let layers = named(layersOf(episode, 'characters', 'character'))
  if (!layers.length) {
    const entries = layersOf(episode, 'scenes', 'default').flatMap((scene) =>
      LISTS.flatMap((list) => named(layersOf(scene, list, `scene.${list}`))),
    )
    // The first entry that says a trigger stands for the character, else the first of all.
    const byName = new Map<string, Layer>()
    for (const layer of entries) {
      const name = fold(nameOf(layer))
      if (!textOf(byName.get(name)?.row.base_trigger)) byName.set(name, layer)
    }
    layers = [...byName.values()]
  }
  const members = layers.map((layer): Member => ({ ...personOf(layer.row), layer }))
  const byName = new Map<string, Member>()
  for (const key of ['name', 'trigger', 'aliases'] as const) {
    for (const member of members) {
      for (const name of [member[key]].flat().map(fold)) if (name && !byName.has(name)) byName.set(name, member)
    }
  }
  const mentions = matcherOf(context, except)
  const known = new Map<string, Member | undefined>()
  return {
    episode,
    members,
    memberOf(name) {
      if (!known.has(name)) known.set(name, byName.get(fold(name)) ?? implied(name))
      return known.get(name)
    },
    mentions,
    glued: gluedTriggerFinder(members.map(({ trigger }) => trigger)),
  }

  function implied(name: string): Member | undefined {
    const { replaced, ambiguous, skipped } = mentions(name)
    const found = replaced[0]?.character ?? ambiguous[0]?.characters[0] ?? skipped[0]?.character
    return found === undefined ? undefined : byName.get(fold(found))
  }
}
