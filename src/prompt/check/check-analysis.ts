/**
 * Checking scenes, beats and prompts in one walk.
 * @module
 */

import type { BeatAnalysis, Session } from '../../schema/index.js'
import { layersOf } from '../appearance/find-character.js'
import { type BeatInScene, beats } from '../beats.js'
import { wantsImage } from '../decision.js'
import type { ImageFormat } from '../image-format.js'
import { isRecord } from '../is-record.js'
import { readPrompt } from '../queue/prompt-text.js'
import { type PromptAt, type StoredPrompts, storedPromptsOf } from '../queue/stored-prompts.js'
import { sceneScripts } from '../script/scene-scripts.js'
import { listedNames } from '../triggers/listed-names.js'
import { checkBeat, orderOf } from './check-beat.js'
import type { Cast, Member } from './check-cast.js'
import { checkPrompt } from './check-prompt.js'
import { checkScene } from './check-scene.js'
import { quoted, type Report } from './finding.js'
import type { overrideUses } from './override-use.js'

/** What the check of an analysis needs to know. */
export interface AnalysisQuestion {
  session: Session
  /** Who is in the context. */
  cast: Cast
  /** Whether the context knows anybody; otherwise nobody can be missing in it. */
  known: boolean
  /** Gets each prompt that will be painted. */
  countOverrides: ReturnType<typeof overrideUses>['count']
  report: Report
}

/** Checks scene by scene, beat by beat; then what concerns all, and the legacy entries that belong to no beat. */
export function checkAnalysis({ session, cast, known, countOverrides, report }: AnalysisQuestion): void {
  const all = [...beats(session)]
  if (!all.length) report('analysis-missing', 'analyzedEpisode', 'There are no beats')
  const byId = orderOf(all)
  const stored = storedPromptsOf(session)
  const unknown = known ? unknownNames(all, cast) : new Map<string, number>()
  const inContext = new Set(layersOf(cast.episode, 'scenes', 'default').map(({ row }) => Number(row.scene_number)))
  const durations = durationsIn(session.scriptText)
  const seen = new Set<number>()
  const models = new Set<string>()

  let order = 0
  for (const [sceneIndex, scene] of (session.analyzedEpisode?.scenes ?? []).entries()) {
    const path = `analyzedEpisode.scenes[${sceneIndex}]`
    checkScene({ scene, path, seen, inContext, durations, report })
    for (let at = all[order]; at?.sceneIndex === sceneIndex; at = all[order]) checkOne({ ...at, order: order++ })
  }
  if (models.size > 1) report('model-mixed', 'analyzedEpisode', `The prompts name ${models.size} models`)
  for (const { entry, index } of stored.leftOver()) {
    report('prompt-without-beat', `prompts[${index}].beatId`, 'No beat has this id', { beatId: entry.beatId })
  }

  function checkOne(at: BeatInScene & { order: number }): void {
    const { beat, beatId, beatIndex, sceneIndex, sceneNumber } = at
    const path = `analyzedEpisode.scenes[${sceneIndex}].beats[${beatIndex}]`
    const about = { beatId, sceneNumber }
    const tell: Report = (code, where, message, more) => report(code, where, message, { ...about, ...more })
    checkBeat(at, byId, path, tell)
    const listed = checkListed(beat, path, tell)
    const { unknown: others, ...prompts } = stored.next(beat, path)
    for (const other of others) tell('prompt-unknown-format', other, 'Nothing paints prompts of this kind')
    if (!wantsImage(beat)) return
    for (const { path: at, prompt, textPath } of usablePrompts(prompts, path, tell)) {
      if (prompt.model) models.add(prompt.model)
      checkPrompt({ prompt, place: { ...about, path: at, textPath }, listed, cast, report })
      countOverrides(prompt.prompt, sceneNumber, listed)
    }
  }

  function checkListed(beat: BeatAnalysis, path: string, tell: Report): Set<Member> {
    const listed = new Set<Member>()
    for (const name of listedNames(beat)) {
      const member = cast.memberOf(name)
      if (member) listed.add(member)
      const count = unknown.get(name)
      if (count === undefined) continue
      unknown.delete(name)
      const where = count > 1 ? `${count} beats list` : 'The beat lists'
      tell('character-unknown', `${path}.characters`, `${where} ${quoted(name)}, whom the context does not know`)
    }
    return listed
  }
}

/** In how many beats each name is listed that the context does not know. */
function unknownNames(all: readonly BeatInScene[], cast: Cast): Map<string, number> {
  const counts = new Map<string, number>()
  for (const { beat } of all) {
    for (const name of listedNames(beat)) if (!cast.memberOf(name)) counts.set(name, (counts.get(name) ?? 0) + 1)
  }
  return counts
}

/** The prompts that will be painted, one of each kind; what is in the way of others is told. */
function usablePrompts({ known, pending }: Omit<StoredPrompts, 'unknown'>, path: string, tell: Report) {
  const usable = new Map<ImageFormat, { prompt: ReturnType<typeof asPrompt>; path: string; textPath: string }>()
  for (const { format, stored, path } of known) {
    const prompt = asPrompt(stored)
    if (!prompt || usable.has(format)) continue
    if (typeof stored === 'string') tell('prompt-plain-text', path, 'The prompt is a text without parameters')
    const textPath = typeof stored === 'string' ? path : `${path}.${'prompt' in (stored ?? {}) ? 'prompt' : 'positive'}`
    usable.set(format, { prompt, path, textPath })
  }
  for (const { format, stored, path } of known) {
    if (usable.has(format)) continue
    const flaw = readPrompt(stored)
    if (flaw === 'empty') tell('prompt-empty', path, 'The prompt is blank')
    else if (flaw === 'placeholder') tell('prompt-placeholder', path, 'The prompt is the note of a failure')
  }
  const at = `${path}.prompts`
  if (!known.length && pending) tell('prompts-pending', at, 'The prompts are still to be made')
  else if (!known.length) tell('prompt-missing', at, 'The beat wants a picture and has no prompt')
  return [...usable.values()].flatMap(({ prompt, ...place }) => (prompt ? [{ prompt, ...place }] : []))
}

function asPrompt(stored: PromptAt['stored']) {
  const reading = readPrompt(stored)
  return isRecord(reading) ? reading : null
}

function durationsIn(scriptText: Session['scriptText']): Map<number, string> {
  const durations = new Map<number, string>()
  for (const { sceneNumber, header } of sceneScripts(scriptText).scenes) {
    if (header.targetDuration && !durations.has(sceneNumber)) durations.set(sceneNumber, header.targetDuration)
  }
  return durations
}
