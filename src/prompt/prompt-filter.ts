/**
 * Which prompts of a session are meant.
 * @module
 */

import type { ImageFormat } from './image-format.js'
import type { PromptPlace } from './map-prompts.js'

/** Which prompts are looked at. What is not said leaves all. */
export interface PromptFilter {
  /** The kinds, also ones this library does not know. Default: all. */
  formats?: readonly (ImageFormat | (string & {}))[] | undefined
  /** The numbers of the scenes. Default: all, and legacy prompts whose beat does not exist. */
  scenes?: readonly number[] | undefined
  /** The ids of the beats; blanks around them do not count. Default: all. */
  beats?: readonly string[] | undefined
}

/** Makes the test for a place; without a format only scene and beat are tested. */
export function promptFilter({ formats, scenes, beats }: PromptFilter) {
  const kinds = formats && new Set<string>(formats)
  const numbers = scenes && new Set(scenes)
  const ids = beats && new Set(beats.map((id) => id.trim()))
  return ({
    format,
    sceneNumber,
    beatId,
  }: Pick<PromptPlace, 'sceneNumber' | 'beatId'> & { format?: string }): boolean =>
    (!kinds || format === undefined || kinds.has(format)) &&
    (!numbers || (sceneNumber !== null && numbers.has(sceneNumber))) &&
    (!ids || ids.has(beatId.trim()))
}
