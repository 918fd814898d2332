/**
 * Whether a beat gets a picture of its own.
 * @module
 */

import type { BeatAnalysis, ImageDecisionType } from '../schema/index.js'

const DECISIONS: ReadonlySet<string> = /*@__PURE__*/ new Set(['NEW_IMAGE', 'REUSE_IMAGE', 'NO_IMAGE'])

/**
 * Reads a beat's image decision, an object or a bare text, whatever its case and blanks.
 *
 * @param beat - The beat.
 * @returns The decision; `null` if there is none, or none of the three.
 * @example
 * ```ts
 * import { imageDecision } from 'storyart-sdk/prompt'
 *
 * console.log(imageDecision({ beatId: 's1-b1', imageDecision: { type: 'REUSE_IMAGE' } })) // REUSE_IMAGE
 * console.log(imageDecision({ beatId: 's1-b2', imageDecision: ' new_image' })) // NEW_IMAGE
 * console.log(imageDecision({ beatId: 's1-b3' })) // null
 * ```
 */
export function imageDecision(beat: BeatAnalysis): ImageDecisionType | null {
  const stored = beat.imageDecision
  const text = typeof stored === 'string' ? stored : stored?.type
  if (isDecision(text)) return text
  const type = text
    ?.trim()
    .toUpperCase()
    .replace(/[\s-]+/g, '_')
  return isDecision(type) ? type : null
}

/** Whether a picture is to be made for the beat: unless the decision is to show another one again, or none. */
export function wantsImage(beat: BeatAnalysis): boolean {
  const type = imageDecision(beat)
  return type !== 'REUSE_IMAGE' && type !== 'NO_IMAGE'
}

function isDecision(type: string | null | undefined): type is ImageDecisionType {
  return type != null && DECISIONS.has(type)
}
