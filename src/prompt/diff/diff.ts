/**
 * What has changed between two versions of a session.
 * @module
 */

import type { AnalyzedScene, Session } from '../../schema/index.js'
import { type BeatInScene, beats } from '../beats.js'
import { type ImageJob, type ImageQueueOptions, imageQueue } from '../queue/queue.js'
import { differingKeys } from '../same.js'
import { sessionContext } from '../session-context.js'
import { type ContextChange, diffContexts } from './diff-context.js'
import { movedAgainst } from './moved.js'

/** Where a beat stands in one version. */
export interface BeatPosition {
  /** The id of the beat. */
  beatId: string
  /** The number of its scene; `null` if it has none. */
  sceneNumber: number | null
  /** Position of its scene among all, from 0. */
  sceneIndex: number
  /** Position within its scene, from 0. */
  beatIndex: number
}

/** A beat that is in both versions and does not say the same. */
export interface ChangedBeat extends BeatPosition {
  /** The fields that differ; of the prompts each kind by itself: `core_action`, `prompts.cinematic`. */
  fields: string[]
}

/** A beat that stands in another scene, or among the beats of both versions in another order. */
export interface MovedBeat extends BeatPosition {
  /** Where it stood. */
  from: BeatPosition
}

/** A scene that is only in one version, or differs in more than its beats. */
export interface SceneChange {
  /** The number of the scene; `null` if it has none. */
  sceneNumber: number | null
  /** Position among the scenes of the newer version, or of the older if it was removed; from 0. */
  sceneIndex: number
  /** Whether it was not there before, is not there any more, or says something else. */
  change: 'added' | 'removed' | 'changed'
  /** The fields that differ, without the beats; empty for scenes that were added or removed. */
  fields: string[]
}

/** What {@link diffSessions} finds. */
export interface SessionDiff {
  /** Whether nothing at all has changed, apart from the order of keys. */
  same: boolean
  /** The fields of the session itself that differ, `analyzedEpisode` and `episodeContext` included. */
  fields: string[]
  /** The beats, each list in the order of the newer document; those removed in the order of the older. */
  beats: { added: BeatPosition[]; removed: BeatPosition[]; changed: ChangedBeat[]; moved: MovedBeat[] }
  /** The scenes: those of the newer document in order, then those removed. */
  scenes: SceneChange[]
  /** What the contexts say differently of how things look. A context that cannot be read says nothing. */
  context: ContextChange[]
  /** The pictures to make again: exactly `imageQueue(newer, { since: older })`. */
  jobs: ImageJob[]
}

/**
 * Compares two versions of a session: beats, scenes, what the context says of triggers, looks and places, and which
 * pictures must be made again.
 *
 * Beats are matched by id, blanks around it apart, the n-th with an id to the n-th; scenes the same way by number. A beat
 * has moved if its scene has another number, or if it is not among the most beats that kept their order: a beat put in
 * before others moves none of them. A changed context changes no picture by itself: pictures are made from the saved
 * prompts. Takes time linear in both sessions, but for sorting the beats that moved; never throws on valid sessions.
 *
 * @param older - The version to compare with.
 * @param newer - The version as it is now.
 * @param options - Which pictures count, as in {@link imageQueue}.
 * @returns The differences.
 * @example
 * ```ts
 * import { diffSessions } from 'storyart-sdk/prompt'
 *
 * const sessionOf = (...beats: { beatId: string; prompts: { cinematic: string } }[]) => ({
 *   analyzedEpisode: { scenes: [{ sceneNumber: 1, beats }] },
 * })
 * const pier = { beatId: 's1-b1', prompts: { cinematic: 'a pier' } }
 * const lamp = { beatId: 's1-b2', prompts: { cinematic: 'a lamp' } }
 * const older = sessionOf(pier, lamp)
 * const newer = sessionOf({ beatId: 's1-b9', prompts: { cinematic: 'fog' } }, pier, { ...lamp, prompts: { cinematic: 'a red lamp' } })
 * const { beats, jobs } = diffSessions(older, newer)
 * console.log(beats.added.length, beats.moved.length, beats.changed[0]?.fields.join()) // 1 0 prompts.cinematic
 * console.log(jobs.map((job) => job.prompt.prompt).join(', ')) // fog, a red lamp
 * ```
 */
export function diffSessions(
  older: Session,
  newer: Session,
  options: Omit<ImageQueueOptions, 'since'> = {},
): SessionDiff {
  const fields = differingKeys(older, newer)
  return {
    same: fields.length === 0,
    fields,
    beats: diffBeats(older, newer),
    scenes: diffScenes(older.analyzedEpisode?.scenes ?? [], newer.analyzedEpisode?.scenes ?? []),
    context: fields.includes('episodeContext') ? diffContexts(contextOf(older), contextOf(newer)) : [],
    jobs: imageQueue(newer, { ...options, since: older }),
  }
}

function contextOf(session: Session) {
  const context = sessionContext(session)
  return typeof context === 'string' ? {} : context
}

function diffBeats(older: Session, newer: Session): SessionDiff['beats'] {
  const before = numbered(beats(older), ({ beatId }) => beatId.trim())
  const added: BeatPosition[] = []
  const changed: ChangedBeat[] = []
  const pairs: { from: BeatInScene & { order: number }; to: BeatInScene }[] = []
  for (const [key, to] of numbered(beats(newer), ({ beatId }) => beatId.trim())) {
    const from = before.get(key)
    before.delete(key)
    if (!from) {
      added.push(positionOf(to))
      continue
    }
    pairs.push({ from, to })
    const fields = from.beat === to.beat ? [] : changedFields(from, to)
    if (fields.length > 0) changed.push({ ...positionOf(to), fields })
  }
  const outOfOrder = movedAgainst(pairs.map(({ from }) => from.order))
  const moved = pairs
    .filter(({ from, to }, at) => outOfOrder.has(at) || from.sceneNumber !== to.sceneNumber)
    .map(({ from, to }) => ({ ...positionOf(to), from: positionOf(from) }))
  return { added, removed: [...before.values()].map(positionOf), changed, moved }
}

function changedFields({ beat: from }: BeatInScene, { beat: to }: BeatInScene): string[] {
  return differingKeys(from, to).flatMap((field) =>
    field === 'prompts' && from.prompts && to.prompts
      ? differingKeys(from.prompts, to.prompts).map((format) => `prompts.${format}`)
      : [field],
  )
}

function diffScenes(older: readonly AnalyzedScene[], newer: readonly AnalyzedScene[]): SceneChange[] {
  const placed = (scenes: readonly AnalyzedScene[]) =>
    numbered(
      scenes.map((scene, sceneIndex) => ({ scene, sceneIndex, sceneNumber: scene.sceneNumber ?? null })),
      ({ sceneNumber }) => `${sceneNumber}`,
    )
  const before = placed(older)
  const changes: SceneChange[] = []
  for (const [key, { scene, sceneNumber, sceneIndex }] of placed(newer)) {
    const from = before.get(key)
    before.delete(key)
    const fields = from ? differingKeys({ ...from.scene, beats: null }, { ...scene, beats: null }) : []
    if (!from) changes.push({ sceneNumber, sceneIndex, change: 'added', fields })
    else if (fields.length > 0) changes.push({ sceneNumber, sceneIndex, change: 'changed', fields })
  }
  for (const { sceneNumber, sceneIndex } of before.values()) {
    changes.push({ sceneNumber, sceneIndex, change: 'removed', fields: [] })
  }
  return changes
}

/** Elements by what names them and which of its kind each is, with their order. */
function numbered<T extends object>(
  elements: Iterable<T>,
  nameOf: (element: T) => string,
): Map<string, T & { order: number }> {
  const counts = new Map<string, number>()
  const byKey = new Map<string, T & { order: number }>()
  for (const element of elements) {
    const name = nameOf(element)
    const count = counts.get(name) ?? 0
    counts.set(name, count + 1)
    byKey.set(`${count} ${name}`, { ...element, order: byKey.size })
  }
  return byKey
}

function positionOf({ beatId, sceneNumber, sceneIndex, beatIndex }: BeatInScene): BeatPosition {
  return { beatId, sceneNumber, sceneIndex, beatIndex }
}
