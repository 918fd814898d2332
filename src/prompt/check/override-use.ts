/**
 * Whether prompts hold the overrides the context has for them.
 * @module
 */

import { type Layer, LISTS, layersOf, nameOf } from '../appearance/find-character.js'
import { fold } from '../fold.js'
import { splitSections } from '../syntax/sections.js'
import { textOf } from '../text-of.js'
import type { Cast, Member } from './check-cast.js'

/** An override of a scene, and how often it is used. */
export interface OverrideUse {
  /** The scene in the context. */
  scene: Layer
  /** What holds the override. */
  layer: Layer
  /** Whose it is. */
  member: Member
  /** Whether the scene has no other override for this character, such as one for another phase. */
  alone: boolean
  /** How many prompts it is for. */
  asked: number
  /** How many of these hold at least half of its phrases. */
  used: number
  /** Its phrases. */
  phrases: string[]
}

/** As many phrases as are looked at. */
const MAX_PHRASES = 32

/** Lists the overrides of all scenes, and makes what counts their use. */
export function overrideUses(cast: Cast) {
  const uses: OverrideUse[] = []
  const byPlace = new Map<string, OverrideUse[]>()
  for (const scene of layersOf(cast.episode, 'scenes', 'default')) {
    const number = `${scene.row.scene_number}`.trim()
    for (const entry of LISTS.flatMap((list) => layersOf(scene, list, 'default'))) {
      const member = cast.memberOf(textOf(nameOf(entry)) ?? '') ?? cast.memberOf(textOf(entry.row.base_trigger) ?? '')
      if (!member) continue
      const place = placeOf(number, member)
      const looks = ['location_context', 'phases'].flatMap((key) => layersOf(entry, key, 'default'))
      for (const layer of [entry, ...looks]) {
        const override = textOf(layer.row.swarmui_prompt_override)
        const phrases = override ? [...phrasesIn(splitSections(override).prose)].slice(0, MAX_PHRASES) : []
        if (!phrases.length) continue
        const others = byPlace.get(place)
        if (others?.[0]) others[0].alone = false
        const use: OverrideUse = { scene, layer, member, alone: !others, asked: 0, used: 0, phrases }
        if (others) others.push(use)
        else byPlace.set(place, [use])
        uses.push(use)
      }
    }
  }
  return {
    uses,
    /** Counts a prompt of a scene with these characters. */
    count(text: string, sceneNumber: number | null, members: Iterable<Member>): void {
      let held: Set<string> | undefined
      for (const member of members) {
        for (const use of byPlace.get(placeOf(`${sceneNumber}`, member)) ?? []) {
          held ??= phrasesIn(text)
          use.asked++
          const found = use.phrases.filter((phrase) => held?.has(phrase)).length
          if (found * 2 >= use.phrases.length) use.used++
        }
      }
    },
  }
}

function placeOf(sceneNumber: string, { name }: Member): string {
  return JSON.stringify([sceneNumber, name])
}

/** What stands between commas, full stops, brackets and tags, folded. */
function phrasesIn(text: string): Set<string> {
  return new Set(
    fold(text)
      .split(/ ?[,.;()<>] ?/)
      .filter(Boolean),
  )
}
