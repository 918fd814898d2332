/**
 * The scenes of a context by their number, so that looking one up does not depend on how many there are.
 * @module
 */

import type { EnhancedEpisodeContext } from '../../schema/index.js'
import { isRecord } from '../is-record.js'

type Row = Record<string, unknown>

/** Scenes by number. */
export interface SceneIndex {
  /** The first scene with this number; a numeric text is the same number. */
  first(sceneNumber: number): Row | undefined
  /** The context with the scenes of this number alone, for looking characters up. */
  narrowed(sceneNumber: number | null): EnhancedEpisodeContext
}

/** Reads the scenes once. */
export function sceneIndex(context: EnhancedEpisodeContext): SceneIndex {
  const read: unknown = context.episode ?? context
  const episode = isRecord(read) ? read : {}
  const { scenes } = episode
  const byNumber = new Map<string, Row[]>()
  for (const scene of Array.isArray(scenes) ? scenes.filter(isRecord) : []) {
    const number = `${scene.scene_number}`.trim()
    const same = byNumber.get(number)
    if (same) same.push(scene)
    else byNumber.set(number, [scene])
  }
  return {
    first: (sceneNumber) => byNumber.get(`${sceneNumber}`)?.[0],
    narrowed(sceneNumber) {
      if (!Array.isArray(scenes)) return context
      const one: Row = { ...episode, scenes: byNumber.get(`${sceneNumber ?? ''}`) ?? [] }
      return read === context ? one : { ...context, episode: one }
    },
  }
}
