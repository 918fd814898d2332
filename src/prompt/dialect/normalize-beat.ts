/**
 * Beats of other dialects in the shape StoryArt writes.
 * @module
 */

import { imageDecision } from '../decision.js'
import { IMAGE_FORMATS } from '../image-format.js'
import { isRecord } from '../is-record.js'
import { readPrompt } from '../queue/prompt-text.js'
import { textOf } from '../text-of.js'
import { type Note, type Row, renamedAll, withKey } from './reshape.js'

const NAMES = {
  beatNumber: 'beat_number',
  narrativeText: 'beat_script_text',
  scriptText: 'beat_script_text',
  emotionalTone: 'emotional_tone',
  suggestedCameraAngle: 'cameraAngleSuggestion',
  shotSuggestion: 'cameraAngleSuggestion',
  visualElements: 'locationAttributes',
  locationId: 'resolvedLocationId',
} as const

/** The beat by its real field names, with its prompts as objects and its decision as one. */
export function normalBeat(beat: Row, path: string, note: Note): Row {
  const changed = withDecision(withListed(renamedAll(beat, NAMES, path, note), path, note), path, note)
  return withStorySwarm(withObjects(changed, path, note), path, note)
}

function withListed(beat: Row, path: string, note: Note): Row {
  const { primaryCharacter, secondaryCharacters, ...rest } = beat
  if (beat.characters != null || (primaryCharacter == null && secondaryCharacters == null)) return beat
  const others = secondaryCharacters ?? []
  if (!Array.isArray(others) || (primaryCharacter != null && typeof primaryCharacter !== 'string')) return beat
  const first = textOf(primaryCharacter)
  note(`${path}.characters`, 'put together from primaryCharacter and secondaryCharacters')
  return { ...rest, characters: [...new Set([...(first ? [first] : []), ...others])] }
}

function withDecision(beat: Row, path: string, note: Note): Row {
  const stored = beat.imageDecision
  if (typeof stored !== 'string' || !stored.trim()) return beat
  note(`${path}.imageDecision`, 'the text became an object')
  return withKey(beat, 'imageDecision', { type: imageDecision({ beatId: ' ', imageDecision: stored }) ?? stored })
}

/** Plain texts of the known kinds as objects. */
function withObjects(beat: Row, path: string, note: Note): Row {
  const { prompts } = beat
  if (!isRecord(prompts)) return beat
  let changed = prompts
  for (const format of IMAGE_FORMATS) {
    const stored = prompts[format]
    if (typeof stored !== 'string') continue
    note(`${path}.prompts.${format}`, 'the text became an object')
    changed = withKey(changed, format, { prompt: stored })
  }
  return withKey(beat, 'prompts', changed)
}

/** StorySwarm's `prompt` as the cinematic one, unless there is another. */
function withStorySwarm(beat: Row, path: string, note: Note): Row {
  const { prompt, ...rest } = beat
  const kinds = beat.prompts ?? {}
  const isPair = isRecord(prompt) && (prompt.positive == null || typeof prompt.positive === 'string')
  if (!(typeof prompt === 'string' || isPair) || !isRecord(kinds)) return beat
  const reading = readPrompt(prompt)
  if (typeof reading === 'string' || isUsable(kinds.cinematic)) return beat
  // A pair may hold more than the two texts: that goes with them.
  const { positive: _, negative: __, ...more } = isPair ? prompt : {}
  note(`${path}.prompt`, 'became prompts.cinematic')
  return { ...rest, prompts: { ...kinds, cinematic: { ...reading, ...more } } }
}

/** Whether a stored value is a prompt that can be painted, or none of ours to judge. */
export function isUsable(stored: unknown): boolean {
  if (stored == null) return false
  if (typeof stored === 'string') return typeof readPrompt(stored) === 'object'
  return (
    !isRecord(stored) || typeof stored.prompt !== 'string' || typeof readPrompt({ prompt: stored.prompt }) === 'object'
  )
}
