/**
 * What in an episode context keeps prompts from being good.
 * @module
 */

import { type Layer, LISTS, layersOf, nameOf } from '../appearance/find-character.js'
import { fold } from '../fold.js'
import { textOf } from '../text-of.js'
import { ARTICLES, STOP_WORDS, TITLES } from '../triggers/name-words.js'
import { doubledTriggers } from '../triggers/trigger-damage.js'
import { wordsOf } from '../triggers/words.js'
import type { Cast, Member } from './check-cast.js'
import { quoted, type Report } from './finding.js'
import type { OverrideUse } from './override-use.js'

/** What the check of a context needs to know of the analysis. */
export interface ContextQuestion {
  cast: Cast
  /** The numbers of the analyzed scenes; `null` if nothing is analyzed. */
  analyzed: ReadonlySet<number> | null
  /** Which overrides the prompts have. */
  overrides: readonly OverrideUse[]
  report: Report
}

/** Checks characters, then scenes, then the places of the flat form. */
export function checkContext({ cast, analyzed, overrides, report }: ContextQuestion): void {
  const { episode, members } = cast
  const scenes = layersOf(episode, 'scenes', 'default')
  if (!members.length && !scenes.length) {
    report('context-empty', 'episodeContext', 'The context has neither characters nor scenes')
    return
  }
  const owners = new Map<string, Member>()
  for (const member of members) checkMember(member, owners, cast, report)
  if (!scenes.length) report('context-without-scenes', 'episodeContext', 'The context has no scenes')
  const byScene = new Map<string, OverrideUse[]>()
  for (const use of overrides) {
    const uses = byScene.get(use.scene.path)
    if (uses) uses.push(use)
    else byScene.set(use.scene.path, [use])
  }
  for (const scene of scenes) {
    const number = Number(scene.row.scene_number ?? Number.NaN)
    const about = Number.isFinite(number) ? { sceneNumber: number } : {}
    if (analyzed && !analyzed.has(number)) {
      report('scene-not-analyzed', `${scene.path}.scene_number`, 'The analysis has no such scene', about)
    }
    const [location] = layersOf(scene, 'location', 'default')
    if (location) checkLocation(location, about, report)
    else report('location-undescribed', `${scene.path}.location`, 'The scene has no location', about)
    for (const entry of LISTS.flatMap((list) => layersOf(scene, list, 'default')))
      checkLooks(entry, cast, about, report)
    for (const { layer, member, used, asked, alone } of byScene.get(scene.path) ?? []) {
      const path = `${layer.path}.swarmui_prompt_override`
      const message = `The override of ${quoted(member.name)} is in ${used} of ${asked} prompts`
      if (used === asked || (used > 0 && !alone)) continue
      report(used * 2 < asked ? 'override-unused' : 'override-partly-used', path, message, about)
    }
  }
  for (const location of layersOf(episode, 'locations', 'default')) checkLocation(location, {}, report)
}

function checkMember(member: Member, owners: Map<string, Member>, cast: Cast, report: Report): void {
  const { name, trigger, layer } = member
  if (!trigger) report('character-without-trigger', `${layer.path}.base_trigger`, `${quoted(name)} has no trigger`)
  const owner = owners.get(fold(trigger))
  if (trigger && owner && fold(owner.name) !== fold(name)) {
    const message = `${quoted(name)} and ${quoted(owner.name)} have the same trigger`
    report('trigger-shared', `${layer.path}.base_trigger`, message)
  } else if (trigger) owners.set(fold(trigger), member)
  const list = layer.row.aliases
  for (const [index, alias] of [list].flat().entries()) {
    const words = textOf(alias) ? wordsOf(String(alias)) : []
    if (!words.length || words.some(({ key }) => !isNoName(key))) continue
    const path = `${layer.path}.aliases${Array.isArray(list) ? `[${index}]` : ''}`
    report('alias-unusable', path, `The alias ${quoted(alias)} of ${quoted(name)} is a title or a common word`)
  }
  checkLooks(layer, cast, {}, report)
}

function isNoName(key: string): boolean {
  return TITLES.has(key) || STOP_WORDS.has(key) || ARTICLES.has(key)
}

/** Overrides whose text is damaged already. */
function checkLooks(entry: Layer, cast: Cast, about: { sceneNumber?: number }, report: Report): void {
  const looks = ['location_context', 'location_contexts', 'phases'].flatMap((key) => layersOf(entry, key, 'default'))
  for (const { row, path } of [entry, ...looks]) {
    const text = textOf(row.swarmui_prompt_override)
    const doubled = text ? doubledTriggers(text, cast.mentions(text)) : []
    if (!doubled.length) continue
    const message = `The override of ${quoted(nameOf(entry))} has the trigger ${quoted(doubled[0]?.text)} twice in a row`
    report('trigger-doubled', `${path}.swarmui_prompt_override`, message, about)
  }
}

function checkLocation({ row, path, ...layer }: Layer, about: { sceneNumber?: number }, report: Report): void {
  if (!textOf(row.visual_description)) {
    const message = `The location ${textOf(row.name) ? quoted(row.name) : 'without name'} has no visual description`
    report('location-undescribed', `${path}.visual_description`, message, about)
  }
  for (const artifact of layersOf({ row, path, ...layer }, 'artifacts', 'default')) {
    const { artifact_name, name, swarmui_prompt_fragment, prompt_fragment } = artifact.row
    if (textOf(swarmui_prompt_fragment) ?? textOf(prompt_fragment)) continue
    const message = `The artifact ${quoted(artifact_name ?? name ?? '')} has no prompt fragment`
    report('artifact-without-fragment', `${artifact.path}.swarmui_prompt_fragment`, message, about)
  }
}
