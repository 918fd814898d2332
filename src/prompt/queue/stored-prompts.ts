/**
 * Every stored prompt of a beat with its place, in the order in which they are read.
 * @module
 */

import type { BeatAnalysis, LegacyBeatPrompts, PromptPair, Session, StoredPrompt } from '../../schema/index.js'
import { IMAGE_FORMATS, type ImageFormat } from '../image-format.js'
import { isRecord } from '../is-record.js'
import { pathTo } from '../path-to.js'

/** One stored prompt of a known kind. */
export interface PromptAt {
  /** The kind. */
  format: ImageFormat
  /** What is stored. */
  stored: StoredPrompt | PromptPair
  /** Where. */
  path: string
}

/** The stored prompts of one beat. */
export interface StoredPrompts {
  /** Those of known kinds: the beat's own, StorySwarm's `prompt`, the legacy entry's. The first usable one counts. */
  known: PromptAt[]
  /** The paths of all others. */
  unknown: string[]
  /** Whether the beat's own prompts are an empty object: still to be made. */
  pending: boolean
}

/** Prepares reading beat by beat, each beat of the session once and in order. */
export function storedPromptsOf(session: Session) {
  const legacy = new Map<string, { entry: LegacyBeatPrompts; index: number }[]>()
  for (const [index, entry] of (session.prompts ?? []).entries()) {
    const id = entry.beatId.trim()
    const entries = legacy.get(id)
    if (entries) entries.push({ entry, index })
    else legacy.set(id, [{ entry, index }])
  }
  return {
    /** The prompts of the next beat. */
    next(beat: BeatAnalysis, path: string): StoredPrompts {
      const own = beat.prompts ?? {}
      const old = legacy.get(beat.beatId.trim())?.shift()
      const known = kindsAt(own, pathTo(path, 'prompts'))
      if (beat.prompt != null) known.push({ format: 'cinematic', stored: beat.prompt, path: pathTo(path, 'prompt') })
      if (old) known.push(...kindsAt(old.entry, `prompts[${old.index}]`))
      const others = Object.entries<unknown>(own).filter(([kind, stored]) => stored != null && !isKnown(kind))
      return {
        known,
        unknown: others.map(([kind]) => pathTo(pathTo(path, 'prompts'), kind)),
        pending: isRecord(beat.prompts) && Object.keys(beat.prompts).length === 0,
      }
    },
    /** The legacy entries that belong to no beat. */
    leftOver: () => [...legacy.values()].flat().sort((a, b) => a.index - b.index),
  }
}

function kindsAt(kinds: Partial<Record<ImageFormat, StoredPrompt>>, path: string): PromptAt[] {
  return IMAGE_FORMATS.flatMap((format) => {
    const stored = kinds[format]
    return stored == null ? [] : [{ format, stored, path: pathTo(path, format) }]
  })
}

function isKnown(kind: string): boolean {
  return IMAGE_FORMATS.some((format) => format === kind)
}
