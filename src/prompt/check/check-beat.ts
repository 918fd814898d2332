/**
 * What in one beat will spoil its picture.
 * @module
 */

import type { BeatAnalysis } from '../../schema/index.js'
import type { BeatInScene } from '../beats.js'
import { imageDecision, wantsImage } from '../decision.js'
import { fold } from '../fold.js'
import { textOf } from '../text-of.js'
import { quoted, type Report } from './finding.js'

/** The beats of a session by id, as a reuse looks for them. */
export type BeatOrder = ReadonlyMap<string, BeatInScene & { order: number }>

/** Numbers the beats and finds each by its id, the first of several. */
export function orderOf(all: Iterable<BeatInScene>): Map<string, BeatInScene & { order: number }> {
  const byId = new Map<string, BeatInScene & { order: number }>()
  let order = 0
  for (const beat of all) {
    const id = beat.beatId.trim()
    if (!byId.has(id)) byId.set(id, { ...beat, order })
    order++
  }
  return byId
}

/** Checks id, decision, reuse and positions of a beat. */
export function checkBeat(at: BeatInScene & { order: number }, byId: BeatOrder, path: string, report: Report): void {
  const { beat, beatId, order } = at
  if (byId.get(beatId.trim())?.order !== order) {
    report('beat-duplicate', `${path}.beatId`, `Another beat has the id ${quoted(beatId)}`)
  }
  const decision = imageDecision(beat)
  const stored = typeof beat.imageDecision === 'string' ? beat.imageDecision : beat.imageDecision?.type
  if (decision === null) {
    if (textOf(stored)) report('decision-unknown', `${path}.imageDecision`, 'The image decision is none of the three')
    else report('decision-missing', `${path}.imageDecision`, 'The beat has no image decision')
  }
  if (decision === 'REUSE_IMAGE') checkReuse(at, byId, `${path}.imageDecision`, report)
  if (/^\s*n\/?a\b/i.test(beat.characterPositioning ?? '')) {
    report('positioning-none', `${path}.characterPositioning`, 'The positioning says that there is none')
  }
}

function checkReuse(
  { beat, order }: BeatInScene & { order: number },
  byId: BeatOrder,
  path: string,
  report: Report,
): void {
  const { reuseSourceBeatId, reuseSourceBeatLabel } = reuseOf(beat)
  const id = reuseSourceBeatId?.trim() ?? ''
  const at = `${path}.reuseSourceBeatId`
  const source = byId.get(id)
  const reused = `The beat reuses the picture of ${quoted(id)}`
  if (!id) report('reuse-without-source', at, 'The beat reuses a picture and does not say which')
  else if (!source) report('reuse-dangling', at, `${reused}, which does not exist`)
  else if (source.order === order) report('reuse-self', at, 'The beat reuses its own picture')
  else {
    if (source.order > order) report('reuse-forward', at, `${reused}, which comes later`)
    if (!wantsImage(source.beat)) report('reuse-chained', at, `${reused}, which has none of its own`)
    const label = reuseLabel(source)
    if (fold(reuseSourceBeatLabel) === fold(label)) return
    report('reuse-label', `${path}.reuseSourceBeatLabel`, `The label of the source is not ${quoted(label)}`)
  }
}

function reuseOf({ imageDecision: stored }: BeatAnalysis) {
  return typeof stored === 'object' && stored ? stored : {}
}

/** What StoryArt writes to name the source of a reused picture. */
export function reuseLabel({ sceneNumber, beatId }: Pick<BeatInScene, 'sceneNumber' | 'beatId'>): string {
  return sceneNumber === null ? `Beat ${beatId.trim()}` : `Scene ${sceneNumber}, Beat ${beatId.trim()}`
}
