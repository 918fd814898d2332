/**
 * How far a session has come, and what it takes to get further.
 * @module
 */
import type { BeatAnalysis } from './beat.js'
import { conforms, faultsOf } from './conforms.js'
import { incompleteness } from './is-complete.js'
import { type Session, SessionSchema } from './session.js'

/**
 * How far a session has come. `none`: it would be refused. `loadable`: it can be read and saved. `complete`: nothing is
 * missing but prompts. `prompted`: complete, and every beat that wants a picture has a usable prompt.
 */
export type CompletenessLevel = 'none' | 'loadable' | 'complete' | 'prompted'

/** One thing that is missing or deserves a look. */
export interface CompletenessFinding {
  /** `error` keeps the session from being complete (or loadable), `warning` from being prompted, `info` from nothing. */
  severity: 'error' | 'warning' | 'info'
  /** Where, as one would write it in code. Empty for the session itself. */
  path: string
  /** What is missing or wrong; never the value. */
  message: string
  /** What to do about it. */
  remedy: string
}

/** What {@link validateCompleteness} found. */
export interface Completeness {
  /** How far the session has come. */
  level: CompletenessLevel
  /** Errors first, then warnings, then infos; each in document order. At most 1,000 errors. */
  findings: CompletenessFinding[]
}

/**
 * Says how far a session has come, and what keeps it from the next level.
 *
 * A session is complete if it meets StoryArt's interfaces or the guide's (see `isComplete`); if it meets neither, what
 * is missing from the nearer of the two is reported. Takes time linear in the session and never throws.
 *
 * @param session - Anything; what would be refused has level `none`.
 * @returns The level and the findings.
 * @example
 * ```ts
 * import { validateCompleteness } from 'storyart-sdk'
 *
 * const { level, findings } = validateCompleteness({ scriptText: 'SCENE 1', storyUuid: 'restored-1704067200000' })
 * console.log(level) // loadable
 * console.log(findings.map((finding) => finding.path).join(' ')) // storyUuid episodeContext analyzedEpisode
 * ```
 */
export function validateCompleteness(session: unknown): Completeness {
  if (!conforms(SessionSchema, session)) return { level: 'none', findings: errors(faultsOf(SessionSchema, session)) }
  const asStoryArt = incompleteness(session, 'storyart')
  const asGuide = asStoryArt.length > 0 ? incompleteness(session, 'guide') : []
  const missing = errors(asGuide.length < asStoryArt.length ? asGuide : asStoryArt)
  const { warnings, infos } = lookAtPrompts(session)
  const level = missing.length > 0 ? 'loadable' : warnings.length > 0 ? 'complete' : 'prompted'
  return { level, findings: [...missing, ...warnings, ...infos] }
}

function errors(faults: readonly { path: string; message: string }[]): CompletenessFinding[] {
  return faults.map(({ path, message }) => ({ severity: 'error', path, message, remedy: remedyFor(path) }))
}

const REMEDIES: readonly (readonly [RegExp, string])[] = [
  [/^$/, 'Give the session as a plain object.'],
  [/^scriptText$/, 'Set it to the script: the analysis is made from it, and StoryArt refuses to save without it.'],
  [/^episodeContext/, 'Set it to JSON.stringify(context), with the episode under `episode`.'],
  [
    /^storyUuid$/,
    "Set it to the story's UUID; parseStoryUuid(value, fallback) puts a known one in place of a placeholder.",
  ],
  [/^analyzedEpisode(\.scenes)?$/, 'Run the analysis and save again.'],
  [/\.prompts/, 'Make the prompts again; normalizeSession turns prompts stored as text into objects.'],
  [/\.imageDecision/, 'Run the analysis again, or decide: NEW_IMAGE, REUSE_IMAGE with its source, or NO_IMAGE.'],
]

function remedyFor(path: string): string {
  return REMEDIES.find(([place]) => place.test(path))?.[1] ?? 'Run the analysis again, or set the field.'
}

/** What StoryArt writes in place of a prompt that could not be made. */
const PLACEHOLDER = /^\[Beat .*: Generation failed\]$/

function lookAtPrompts(session: Session): { warnings: CompletenessFinding[]; infos: CompletenessFinding[] } {
  const warnings: CompletenessFinding[] = []
  const infos: CompletenessFinding[] = []
  const legacy = new Map((session.prompts ?? []).map((entry) => [entry.beatId, entry]))
  let undecided = 0
  for (const [s, scene] of (session.analyzedEpisode?.scenes ?? []).entries()) {
    const beats = scene.beats ?? []
    const at = `analyzedEpisode.scenes[${s}].beats`
    if (beats.length === 0) {
      const remedy = 'Run the analysis again, or take the scene out.'
      warnings.push({ severity: 'warning', path: at, message: 'the scene has no beats', remedy })
    }
    for (const [b, beat] of beats.entries()) {
      const decision = decisionOf(beat)
      if (!decision) undecided++
      if (decision === 'REUSE_IMAGE' || decision === 'NO_IMAGE') continue
      const texts = promptTexts(beat, legacy.get(beat.beatId))
      if (texts.some((text) => !PLACEHOLDER.test(text))) continue
      warnings.push({
        severity: 'warning',
        path: `${at}[${b}].prompts`,
        message:
          texts.length > 0
            ? 'generation failed: the prompt is a placeholder'
            : 'the beat wants a picture and has no prompt',
        remedy: 'Make the prompt, for instance with fillPrompts.',
      })
    }
  }
  if (undecided > 0) {
    infos.push({
      severity: 'info',
      path: 'analyzedEpisode',
      message: `${undecided} beats have no image decision: they are taken to want a picture, and StoryArt's own pipeline skips them`,
      remedy: 'Set imageDecision on each beat.',
    })
  }
  return { warnings, infos }
}

function decisionOf({ imageDecision }: BeatAnalysis): string {
  const type = typeof imageDecision === 'string' ? imageDecision : imageDecision?.type
  return (type ?? '').trim().toUpperCase()
}

/** Every text of a beat that could be sent, wherever the writers of sessions put it. */
function promptTexts(beat: BeatAnalysis, legacy: object | undefined): string[] {
  const stored: unknown[] = [
    ...Object.values(beat.prompts ?? {}),
    ...Object.values(legacy ? { ...legacy, beatId: undefined } : {}),
  ]
  stored.push(typeof beat.prompt === 'object' ? beat.prompt?.positive : beat.prompt)
  const texts = stored.map((prompt) =>
    typeof prompt === 'object' && prompt !== null && 'prompt' in prompt ? prompt.prompt : prompt,
  )
  return texts.flatMap((text) => (typeof text === 'string' && text.trim() ? [text.trim()] : []))
}
