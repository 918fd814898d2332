/**
 * All prompts of a beat, wherever the session keeps them.
 * @module
 */

import type { BeatAnalysis, LegacyBeatPrompts, Session, SwarmUIPrompt } from '../../schema/index.js'
import type { ImageFormat } from '../image-format.js'
import { type PromptFlaw, readPrompt } from './prompt-text.js'

/** What a beat has of each kind. */
export type PromptReadings = Record<ImageFormat, SwarmUIPrompt | PromptFlaw>

/** Reads the prompts of one beat after the other. */
export interface PromptReader {
  /** The prompts of the next beat; every beat of the session is to be read once, in order. */
  read(beat: BeatAnalysis): PromptReadings
  /** Ids of the legacy entries that no beat read so far has taken. */
  leftOver(): string[]
}

/**
 * Reads beats in their order. A beat's own prompt comes first, then StorySwarm's `prompt` (it is the 16:9 one), then the
 * session's legacy list. Of several legacy entries with one id the first belongs to the first beat with that id, the
 * second to the second, so that nothing is painted twice.
 */
export function promptReader(session: Session): PromptReader {
  const legacy = new Map<string, LegacyBeatPrompts[]>()
  for (const entry of session.prompts ?? []) {
    const id = entry.beatId.trim()
    const entries = legacy.get(id)
    if (entries) entries.push(entry)
    else legacy.set(id, [entry])
  }
  return {
    read(beat) {
      const old = legacy.size > 0 ? legacy.get(beat.beatId.trim())?.shift() : undefined
      const own = beat.prompts
      return {
        cinematic: better(better(readPrompt(own?.cinematic), beat.prompt), old?.cinematic),
        vertical: better(readPrompt(own?.vertical), old?.vertical),
        marketingVertical: better(readPrompt(own?.marketingVertical), old?.marketingVertical),
      }
    },
    leftOver: () => [...legacy.values()].flat().map(({ beatId }) => beatId),
  }
}

/** The first prompt that can be painted, else the first flaw worth telling. */
function better(reading: SwarmUIPrompt | PromptFlaw, stored: Parameters<typeof readPrompt>[0]): typeof reading {
  if (typeof reading === 'object' || stored == null) return reading
  const other = readPrompt(stored)
  return typeof other === 'object' || reading === 'missing' ? other : reading
}
