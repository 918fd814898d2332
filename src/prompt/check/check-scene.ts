/**
 * What in one scene will spoil its pictures.
 * @module
 */

import type { AnalyzedScene } from '../../schema/index.js'
import type { Report } from './finding.js'

/** What the check of a scene needs to know. */
export interface SceneQuestion {
  scene: AnalyzedScene
  path: string
  /** The numbers of the scenes before. */
  seen: Set<number>
  /** The numbers of the scenes in the context; empty if it has none. */
  inContext: ReadonlySet<number>
  /** What the script says of the length of each scene. */
  durations: ReadonlyMap<number, string>
  report: Report
}

/** Checks number, beats and length of a scene. */
export function checkScene({ scene, path, seen, inContext, durations, report }: SceneQuestion): void {
  const { sceneNumber } = scene
  const about = { sceneNumber: sceneNumber ?? null }
  if (sceneNumber != null) {
    if (seen.has(sceneNumber)) {
      report('scene-duplicate', `${path}.sceneNumber`, `Another scene has the number ${sceneNumber}`, about)
    }
    seen.add(sceneNumber)
    if (inContext.size > 0 && !inContext.has(sceneNumber)) {
      report('scene-without-context', `${path}.sceneNumber`, `The context has no scene ${sceneNumber}`, about)
    }
  }
  checkDuration(scene, path, durations.get(sceneNumber ?? Number.NaN), report)
  if (!scene.beats?.length) report('scene-empty', `${path}.beats`, 'The scene has no beats', about)
}

function checkDuration(
  { metadata, sceneNumber }: AnalyzedScene,
  path: string,
  asked: string | undefined,
  report: Report,
) {
  const stored = metadata?.targetDuration
  if (stored == null) return
  const at = `${path}.metadata.targetDuration`
  const about = { sceneNumber: sceneNumber ?? null }
  const minutes = minutesOf(`${stored}`)
  const script = asked === undefined ? '' : minutesOf(asked)
  if (!minutes) report('scene-duration', at, 'The target duration says no minutes', about)
  else if (script && script !== minutes) {
    report('scene-duration', at, `The target duration is ${minutes} minutes, the script asks for ${script}`, about)
  }
}

/** The numbers in a length, as `3` or `15-20`; empty if there are none. */
function minutesOf(text: string): string {
  return (text.slice(0, 100).match(/\d+(?:\.\d+)?/g) ?? []).slice(0, 2).map(Number).join('-')
}
