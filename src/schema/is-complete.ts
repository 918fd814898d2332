/**
 * Whether nothing is missing: the guards that narrow to the complete types.
 * @module
 */
import { type CompleteEpisodeContext, CompleteEpisodeContextSchema } from './complete-context.js'
import { type CompleteSession, CompleteSessionSchema } from './complete-session.js'
import { conforms, faultsOf } from './conforms.js'
import { type GuideEpisodeContext, GuideEpisodeContextSchema, type GuideSession, GuideSessionSchema } from './guide.js'
import type { Fault } from './rule.js'

/**
 * Whose interfaces are to be met: those of StoryArt's app, or those of the format guide, which differ in a few fields.
 */
export type CompletenessForm = 'storyart' | 'guide'

/**
 * Tells whether a session has everything StoryArt's own interfaces require, and narrows it to them.
 *
 * That is: a script that is not blank, a context that is JSON with an `episode`, a UUID, and an analysis with at least
 * one scene in which every required field is there. Prompts may be missing, but those that are there are objects with
 * all seven parameters. Never throws.
 *
 * @param session - Anything.
 * @param form - `'guide'` asks for the guide's interfaces instead: `vertical` beside every `cinematic`, while
 * `visualSignificance` and `imageDecision` may be missing. Default: StoryArt's.
 * @returns `true` if nothing is missing; `assertComplete` and `validateCompleteness` say what is.
 * @example
 * ```ts
 * import { isComplete, type Session } from 'storyart-sdk'
 *
 * const session: Session = { scriptText: 'SCENE 1' }
 * console.log(isComplete(session)) // false
 * ```
 */
export function isComplete(session: unknown, form?: 'storyart'): session is CompleteSession
export function isComplete(session: unknown, form: 'guide'): session is GuideSession
export function isComplete(session: unknown, form: CompletenessForm = 'storyart'): boolean {
  const schema = form === 'guide' ? GuideSessionSchema : CompleteSessionSchema
  return conforms(schema, session) && contextFault(session.episodeContext) === undefined
}

/**
 * Tells whether an episode context has everything StoryArt's own interfaces require, and narrows it to them.
 *
 * @param context - A parsed context.
 * @param form - `'guide'` asks for the guide's interfaces instead: `characters` in every scene and `hair_description`
 * in every look. Default: StoryArt's, with `character_appearances` and every description of a place.
 * @returns `true` if nothing is missing. Never throws.
 * @example
 * ```ts
 * import { DEFAULT_EPISODE_CONTEXT, isCompleteContext } from 'storyart-sdk'
 *
 * console.log(isCompleteContext(DEFAULT_EPISODE_CONTEXT)) // false
 * ```
 */
export function isCompleteContext(context: unknown, form?: 'storyart'): context is CompleteEpisodeContext
export function isCompleteContext(context: unknown, form: 'guide'): context is GuideEpisodeContext
export function isCompleteContext(context: unknown, form: CompletenessForm = 'storyart'): boolean {
  return conforms(form === 'guide' ? GuideEpisodeContextSchema : CompleteEpisodeContextSchema, context)
}

/**
 * What keeps a session from being complete, in document order; empty exactly if `isComplete` says `true`.
 *
 * @internal
 */
export function incompleteness(session: unknown, form: CompletenessForm): Fault[] {
  const faults = faultsOf(form === 'guide' ? GuideSessionSchema : CompleteSessionSchema, session)
  const text =
    typeof session === 'object' && session !== null && 'episodeContext' in session ? session.episodeContext : undefined
  const fault = contextFault(text)
  return fault ? [...faults, fault] : faults
}

/** What is wrong inside the text of a context; a context that is no text at all is the schema's to report. */
function contextFault(text: unknown): Fault | undefined {
  if (typeof text !== 'string') return undefined
  const path = 'episodeContext'
  if (!text.trim()) return { path, message: 'expected JSON, received an empty text' }
  let context: unknown
  try {
    context = JSON.parse(text)
  } catch {
    return { path, message: 'expected JSON, received another text' }
  }
  const episode = typeof context === 'object' && context !== null && 'episode' in context ? context.episode : undefined
  const found = typeof episode === 'object' && episode !== null && !Array.isArray(episode)
  return found ? undefined : { path, message: 'expected JSON of an object with an object `episode`' }
}
