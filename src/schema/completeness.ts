/**
 * How far a session has come, and what it takes to get further.
 * @module
 */
import type { BeatAnalysis } from './beat.js'
import { conforms, faultsOf } from './conforms.js'
import { incompleteness } from './is-complete.js'
import { type Session, SessionSchema } from './session.js'
import type { LegacyBeatPrompts } from './swarmui-prompt.js'

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
  const findings = [...missing, ...lookAtPrompts(session)]
  const prompted = findings.every(({ severity }) => severity === 'info')
  return { level: missing.length > 0 ? 'loadable' : prompted ? 'prompted' : 'complete', findings }
}

function errors(faults: readonly { path: string; message: string }[]): CompletenessFinding[] {
  return faults.map(({ path, message }) => ({ severity: 'error', path, message, remedy: remedyFor(path) }))
}

const ANALYSE = 'Run the analysis and save again.'
const PROMPT = 'Make the prompt, for instance with fillPrompts.'
const REMEDIES: readonly (readonly [RegExp, string])[] = [
  [/^$/, 'Give the session as a plain object.'],
  [/^scriptText$/, 'Set it to the script: the analysis is made from it, and StoryArt refuses to save without it.'],
  [/^episodeContext/, 'Set it to JSON.stringify(context), with the episode under `episode`.'],
  [
    /^storyUuid$/,
    "Set it to the story's UUID; parseStoryUuid(value, fallback) puts a known one in place of a placeholder.",
  ],
  [/^analyzedEpisode(\.scenes)?$/, ANALYSE],
  [/\.prompts/, 'Make the prompts again; normalizeSession turns prompts stored as text into objects.'],
  [/\.imageDecision/, 'Run the analysis again, or decide: NEW_IMAGE, REUSE_IMAGE with its source, or NO_IMAGE.'],
]

function remedyFor(path: string): string {
  return REMEDIES.find(([place]) => place.test(path))?.[1] ?? 'Run the analysis again, or set the field.'
}

/** What StoryArt writes in place of a prompt that could not be made. */
const PLACEHOLDER = /^\s*\[Beat .*: Generation failed\]\s*$/

/** What keeps the beats from being prompted; the rules are those by which the image queue reads prompts. */
function lookAtPrompts(session: Session): CompletenessFinding[] {
  const legacy = legacyPrompts(session)
  const warnings: CompletenessFinding[] = []
  const infos: CompletenessFinding[] = []
  let total = 0
  let undecided = 0
  const scenes = session.analyzedEpisode?.scenes ?? []
  for (const [s, scene] of scenes.entries()) {
    const beats = scene.beats ?? []
    const path = `analyzedEpisode.scenes[${s}].beats`
    if (beats.length === 0) infos.push({ severity: 'info', path, message: 'the scene has no beats', remedy: ANALYSE })
    for (const [b, beat] of beats.entries()) {
      total++
      const old = legacy.get(beat.beatId.trim())?.shift()
      const decision = decisionOf(beat)
      if (!decision) undecided++
      if (decision === 'REUSE_IMAGE' || decision === 'NO_IMAGE') continue
      const texts = promptTexts(beat, old)
      if (texts.some((text) => !PLACEHOLDER.test(text))) continue
      const message = texts.length > 0 ? 'the prompt is a placeholder for one that failed' : 'the beat has no prompt'
      warnings.push({ severity: 'warning', path: `${path}[${b}].prompts`, message, remedy: PROMPT })
    }
  }
  const path = 'analyzedEpisode'
  // that there are no scenes is an error already
  if (total === 0 && scenes.length > 0) {
    warnings.push({ severity: 'warning', path, message: 'there are no beats', remedy: ANALYSE })
  }
  if (undecided > 0) {
    const message = `${undecided} of ${total} beats have no image decision; StoryArt's own pipeline passes over them`
    infos.push({ severity: 'info', path, message, remedy: 'Set imageDecision on every beat.' })
  }
  return [...warnings, ...infos]
}

/** The legacy list by beat; of several entries with one id each beat with that id takes one. */
function legacyPrompts({ prompts }: Session): Map<string, LegacyBeatPrompts[]> {
  const byBeat = new Map<string, LegacyBeatPrompts[]>()
  for (const entry of prompts ?? []) {
    const id = entry.beatId.trim()
    const entries = byBeat.get(id)
    if (entries) entries.push(entry)
    else byBeat.set(id, [entry])
  }
  return byBeat
}

function decisionOf({ imageDecision }: BeatAnalysis): string {
  const type = typeof imageDecision === 'string' ? imageDecision : imageDecision?.type
  return (type ?? '')
    .trim()
    .toUpperCase()
    .replace(/[\s-]+/g, '_')
}

/** Every text of a beat that is not blank and could be painted, wherever the writers of sessions put it. */
function promptTexts({ prompts, prompt }: BeatAnalysis, legacy: LegacyBeatPrompts | undefined): string[] {
  const pair = typeof prompt === 'object' ? prompt?.positive : prompt
  const kinds = [prompts, legacy].flatMap((by) => [by?.cinematic, by?.vertical, by?.marketingVertical])
  return [...kinds, pair].flatMap((stored) => {
    const text = typeof stored === 'object' ? stored?.prompt : stored
    return text?.trim() ? [text] : []
  })
}
