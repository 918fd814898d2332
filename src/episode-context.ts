/**
 * Reading the episode context, in whatever form a session holds it.
 * @module
 */
import { SessionInvalidError, type SessionIssue } from './errors.js'
import { parseJson } from './parse-json.js'
import { conforms, faultsOf } from './schema/conforms.js'
import { type EnhancedEpisodeContext, EnhancedEpisodeContextSchema, type Session } from './schema/index.js'

/** A context, or why there is none. */
export type EpisodeContextResult =
  | {
      /** The context was read. */
      ok: true
      /** The context itself, with every field it had. */
      context: EnhancedEpisodeContext
    }
  | {
      /** The context could not be read. */
      ok: false
      /** Why: paths start with `episodeContext`; never empty. */
      issues: SessionIssue[]
    }

const PATH = 'episodeContext'
/** Text around text: once is how StoryArt stores it, twice happens, more is no accident. */
const MAX_ENCODINGS = 4

/**
 * Reads the episode context of a session, from its JSON text as a rule.
 *
 * Reads a session's field, a JSON text, a text that was encoded twice, or an object that is parsed already, with the
 * episode under `episode` or flat, as StoryArt's injector script writes it. The document is returned as it is.
 *
 * @param sessionOrText - A session, the text of its `episodeContext`, or the parsed context.
 * @returns The context.
 * @throws {SessionInvalidError} `SESSION_INVALID` when there is no context, when its text is not JSON (the issue
 * names line and column), or when a field is not what it claims to be.
 * @example
 * ```ts
 * import { parseEpisodeContext } from 'storyart-sdk'
 *
 * const context = parseEpisodeContext('{"episode":{"episode_number":2,"episode_title":"The Tide Clock"}}')
 * console.log(context.episode?.episode_title) // The Tide Clock
 * ```
 */
export function parseEpisodeContext(sessionOrText: Session | EnhancedEpisodeContext | string): EnhancedEpisodeContext {
  const result = safeParseEpisodeContext(sessionOrText)
  if (result.ok) return result.context
  const { path, message } = result.issues[0] ?? { path: PATH, message: 'cannot be read' }
  throw new SessionInvalidError(
    `The episode context cannot be used: ${path}: ${message}. DEFAULT_EPISODE_CONTEXT is an empty one.`,
    result.issues,
  )
}

/**
 * Reads the episode context like {@link parseEpisodeContext}, and says what is wrong instead of throwing.
 *
 * @param sessionOrText - A session, the text of its `episodeContext`, or the parsed context.
 * @returns The context, or the issues.
 * @example
 * ```ts
 * import { safeParseEpisodeContext } from 'storyart-sdk'
 *
 * const result = safeParseEpisodeContext({ scriptText: 'SCENE 1', episodeContext: '[Restored context]' })
 * console.log(result.ok ? 'read' : result.issues[0]?.message) // not JSON at line 1, column 2 (offset 1): a value is expected
 * ```
 */
export function safeParseEpisodeContext(sessionOrText: unknown): EpisodeContextResult {
  let value = contextIn(sessionOrText)
  for (let encodings = 0; typeof value === 'string'; encodings++) {
    if (!value.trim()) return failure([{ path: PATH, message: 'the context is empty' }])
    if (encodings === MAX_ENCODINGS)
      return failure([{ path: PATH, message: `encoded more than ${MAX_ENCODINGS} times` }])
    const parsed = parseJson(value)
    if (!parsed.ok) return failure([{ path: PATH, message: parsed.problem }])
    value = parsed.value
  }
  if (value === undefined || value === null) return failure([{ path: PATH, message: 'there is no context' }])
  if (conforms(EnhancedEpisodeContextSchema, value)) return { ok: true, context: value }
  return failure(
    faultsOf(EnhancedEpisodeContextSchema, value).map(({ path, message }) => ({
      path: path === '' || path.startsWith('[') ? `${PATH}${path}` : `${PATH}.${path}`,
      message,
    })),
  )
}

function failure(issues: SessionIssue[]): EpisodeContextResult {
  return { ok: false, issues }
}

/** The fields only a session has, should the one that holds the context be missing. */
const SESSION_FIELDS = ['analyzedEpisode', 'scriptText', 'storyUuid']

/** A session's context, or the value itself if it is no session. */
function contextIn(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value
  if (Object.hasOwn(value, PATH)) return (value as { episodeContext: unknown }).episodeContext
  if (Object.hasOwn(value, 'episode')) return value
  return SESSION_FIELDS.some((field) => Object.hasOwn(value, field)) ? undefined : value
}
