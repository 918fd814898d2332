/**
 * Every beat of a session, with its place.
 * @module
 */

import type { AnalyzedScene, BeatAnalysis, Session } from '../schema/index.js'

/** A beat and where it stands: `analyzedEpisode.scenes[sceneIndex].beats[beatIndex]`. */
export interface BeatInScene {
  /** The beat itself, not a copy. */
  beat: BeatAnalysis
  /** The beat's id; unique only by convention. */
  beatId: string
  /** Position among the beats of its scene, from 0. */
  beatIndex: number
  /** The scene itself, not a copy. */
  scene: AnalyzedScene
  /** Position among the scenes, from 0. */
  sceneIndex: number
  /** The scene's number, which may repeat; `null` if it has none. */
  sceneNumber: number | null
  /** The scene's title; empty if it has none. */
  sceneTitle: string
}

/**
 * Walks through the beats of a session in the order of the document: scene by scene, beat by beat.
 *
 * Scenes and beats with the same number or id are all there, each once. A session without an analysis has no beats.
 *
 * @param session - The session, as the store returns it.
 * @returns An iterator over the beats; it can be walked once.
 * @example
 * ```ts
 * import { beats } from 'storyart-sdk/prompt'
 *
 * const session = {
 *   analyzedEpisode: {
 *     scenes: [
 *       { sceneNumber: 1, beats: [{ beatId: 's1-b1' }, { beatId: 's1-b2' }] },
 *       { sceneNumber: 2, beats: [{ beatId: 's2-b1' }] },
 *     ],
 *   },
 * }
 * console.log([...beats(session)].map(({ sceneNumber, beatIndex }) => `${sceneNumber}/${beatIndex}`).join(' ')) // 1/0 1/1 2/0
 * ```
 */
export function* beats(session: Session): Generator<BeatInScene, void, undefined> {
  for (const [sceneIndex, scene] of (session.analyzedEpisode?.scenes ?? []).entries()) {
    for (const [beatIndex, beat] of (scene.beats ?? []).entries()) {
      yield {
        beat,
        beatId: beat.beatId,
        beatIndex,
        scene,
        sceneIndex,
        sceneNumber: scene.sceneNumber ?? null,
        sceneTitle: scene.title ?? '',
      }
    }
  }
}
