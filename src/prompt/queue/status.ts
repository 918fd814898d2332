/**
 * How far the prompts of a session are.
 * @module
 */

import type { Session } from '../../schema/index.js'
import { beats } from '../beats.js'
import { wantsImage } from '../decision.js'
import { IMAGE_FORMATS, type ImageFormat } from '../image-format.js'
import { promptReader } from './prompt-reader.js'
import type { PromptFlaw } from './prompt-text.js'

/** A beat that wants a picture and has no prompt of any kind that can be painted. */
export interface MissingPrompt {
  /** The number of the scene; `null` if it has none. */
  sceneNumber: number | null
  /** The id of the beat. */
  beatId: string
  /** Position of the beat within its scene, from 0. */
  beatIndex: number
  /** `placeholder`: the generator failed and left its note; `empty`: the text is blank; `missing`: nothing is there. */
  reason: PromptFlaw
}

/** A stored prompt from which `imageQueue` makes no job, whatever the options. */
export interface PromptProblem {
  /** The number of the scene; `null` if it has none, or there is no such beat. */
  sceneNumber: number | null
  /** The id of the beat. */
  beatId: string
  /** Position of the beat within its scene, from 0; `null` if there is no such beat. */
  beatIndex: number | null
  /** The kind of prompt as stored; `null` for a whole entry of the legacy list. */
  format: string | null
  /** `unknown-format`: no kind this library knows; `no-beat`: an entry of `session.prompts` whose beat does not exist. */
  reason: 'empty' | 'placeholder' | 'unknown-format' | 'no-beat'
}

/** What {@link promptStatus} counts. */
export interface PromptStatus {
  /** Whether there are beats and none is in {@link PromptStatus.missing}. */
  promptsReady: boolean
  /** All beats. */
  totalBeats: number
  /** The beats that want a picture: all but those whose decision is REUSE_IMAGE or NO_IMAGE. */
  wantedBeats: number
  /** All prompts that can be painted, also of beats that want no picture. */
  totalPrompts: number
  /** The same by kind. */
  promptsByFormat: Record<ImageFormat, number>
  /** The beats that want a picture and have no usable prompt, in the order of the document. */
  missing: MissingPrompt[]
  /** Stored prompts that cannot be painted, in the order of the document; legacy entries without beat come last. */
  problems: PromptProblem[]
}

/**
 * Counts what there is to paint, and says what is missing.
 *
 * One usable prompt of any kind is enough for a beat. A session without beats is not ready; one whose beats all want no
 * picture is. Prompts are read as `imageQueue` reads them.
 *
 * @param session - The session, as the store returns it.
 * @returns Counts, missing prompts and unusable ones.
 * @example
 * ```ts
 * import { promptStatus } from 'storyart-sdk/prompt'
 *
 * const session = {
 *   analyzedEpisode: {
 *     scenes: [{ sceneNumber: 1, beats: [{ beatId: 's1-b1', prompts: { cinematic: 'a lighthouse' } }, { beatId: 's1-b2' }] }],
 *   },
 * }
 * const { promptsReady, totalBeats, totalPrompts, missing } = promptStatus(session)
 * console.log(promptsReady, totalBeats, totalPrompts) // false 2 1
 * console.log(missing.map(({ beatId, reason }) => `${beatId}: ${reason}`).join()) // s1-b2: missing
 * ```
 */
export function promptStatus(session: Session): PromptStatus {
  const prompts = promptReader(session)
  const promptsByFormat = { cinematic: 0, vertical: 0, marketingVertical: 0 }
  const missing: MissingPrompt[] = []
  const problems: PromptProblem[] = []
  let totalBeats = 0
  let wantedBeats = 0
  for (const { beat, beatId, beatIndex, sceneNumber } of beats(session)) {
    totalBeats++
    const place = { sceneNumber, beatId, beatIndex }
    const readings = prompts.read(beat)
    let reason: PromptFlaw | null = 'missing'
    for (const format of IMAGE_FORMATS) {
      const reading = readings[format]
      if (typeof reading === 'object') {
        promptsByFormat[format]++
        reason = null
      } else if (reading !== 'missing') {
        problems.push({ ...place, format, reason: reading })
        if (reason && reason !== 'placeholder') reason = reading
      }
    }
    for (const [format, stored] of Object.entries(beat.prompts ?? {})) {
      if (stored != null && !isKnown(format)) problems.push({ ...place, format, reason: 'unknown-format' })
    }
    if (!wantsImage(beat)) continue
    wantedBeats++
    if (reason) missing.push({ ...place, reason })
  }
  for (const beatId of prompts.leftOver()) {
    problems.push({ sceneNumber: null, beatId, beatIndex: null, format: null, reason: 'no-beat' })
  }
  const { cinematic, vertical, marketingVertical } = promptsByFormat
  return {
    promptsReady: totalBeats > 0 && missing.length === 0,
    totalBeats,
    wantedBeats,
    totalPrompts: cinematic + vertical + marketingVertical,
    promptsByFormat,
    missing,
    problems,
  }
}

function isKnown(format: string): boolean {
  return IMAGE_FORMATS.some((known) => known === format)
}
