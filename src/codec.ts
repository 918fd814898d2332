/**
 * JSON text to validated session and back: the one place where a schema's refusal becomes an error.
 * @module
 */
import { asciiJson } from './ascii-json.js'
import { SessionInvalidError, type SessionIssue, StoryArtError } from './errors.js'
import { findJsonLoss } from './json-values.js'
import { parseJson } from './parse-json.js'
import { conforms, faultsOf } from './schema/conforms.js'
import {
  type CompletenessForm,
  type CompleteSession,
  type GuideSession,
  isComplete,
  type Session,
  SessionSchema,
  SessionTimestampSchema,
  StoryUuidSchema,
} from './schema/index.js'
import { incompleteness } from './schema/is-complete.js'

export { type EpisodeContextResult, parseEpisodeContext, safeParseEpisodeContext } from './episode-context.js'

/**
 * Reads a stored session.
 *
 * What is returned is the parsed document itself: every field, known or not, in its order. Validation adds a fraction
 * of the time that `JSON.parse` takes.
 *
 * @param raw - The JSON text as stored.
 * @param where - What is being read, for the error's message, such as `session 1704067200000`.
 * @returns The session.
 * @throws {SessionInvalidError} `SESSION_INVALID` when the text is not JSON (the one issue names line and column),
 * is no object, or holds what is not what it claims to be.
 * @example
 * ```ts
 * import { decodeSession } from 'storyart-sdk'
 *
 * const session = decodeSession('{"scriptText":"SCENE 1","mood":"blue"}', 'session 1704067200000')
 * console.log(JSON.stringify(session)) // {"scriptText":"SCENE 1","mood":"blue"}
 * ```
 */
export function decodeSession(raw: string, where: string): Session {
  const parsed = parseJson(raw)
  if (!parsed.ok) throw invalid(where, [{ path: '', message: parsed.problem }])
  if (conforms(SessionSchema, parsed.value)) return parsed.value
  throw invalid(where, faultsOf(SessionSchema, parsed.value))
}

/**
 * Reads a text that is to be stored as it is, and holds it to what {@link prepareSession} holds a value to.
 *
 * @throws {SessionInvalidError} `SESSION_INVALID` when it is no session, nests too deep, or names another timestamp.
 * @internal
 */
export function decodeForStoring(raw: string, timestamp: number, where: string): Session {
  const session = decodeSession(raw, where)
  const loss = findJsonLoss(session)
  if (loss) throw invalid(where, [loss])
  const own = session.timestamp
  if (own !== undefined && own !== null && own !== timestamp) {
    throw invalid(where, [{ path: 'timestamp', message: `must be ${timestamp}, a number, as the session's key says` }])
  }
  return session
}

/** A session that is ready to be written. */
export interface PreparedSession {
  /** The session that was given, validated and unchanged. */
  readonly session: Session
  /**
   * The JSON text to store: the session with `timestamp` set, in its place if the session has that field, else last,
   * as StoryArt's server writes it. Pure ASCII, unless that would make it much larger. Costs a concatenation.
   */
  encode(timestamp: number): string
}

/**
 * Validates a session that is to be saved, and serialises it once, whatever the number of timestamps it is tried under.
 *
 * @param session - A plain object. It may be changed afterwards without effect on what `encode` returns.
 * @param where - What is being written, for the error's message, such as `session 1704067200000`.
 * @returns The session and its encoder, which throws INVALID_ARGUMENT for a number that is no timestamp.
 * @throws {SessionInvalidError} `SESSION_INVALID` when the value is no session, or holds what JSON would silently
 * lose or change: `NaN`, a bigint, a function, a `Map`, a `Date`, `undefined` in an array, more than 500 levels, a cycle.
 * @example
 * ```ts
 * import { prepareSession } from 'storyart-sdk'
 *
 * const { encode } = prepareSession({ scriptText: 'Caf\u00e9' }, 'the session to save')
 * console.log(encode(1704067200000)) // {"scriptText":"Caf\u00e9","timestamp":1704067200000}
 * ```
 */
export function prepareSession(session: unknown, where: string): PreparedSession {
  requireStorable(session, where)
  const [before, after] = aroundTimestamp(session)
  return {
    session,
    encode(timestamp) {
      if (!conforms(SessionTimestampSchema, timestamp)) {
        throw new StoryArtError(
          'INVALID_ARGUMENT',
          'A timestamp is a whole number of ms since the epoch, from 1 to 8640000000000000.',
        )
      }
      return `${before}${timestamp}${after}`
    },
  }
}

/**
 * Prepares what has just been parsed, without serialising it again: the text itself is stored, in ASCII, with the
 * timestamp behind its last field.
 *
 * @param value - What `JSON.parse` made of the text. Its `timestamp` is the one to be written, or it has no such field.
 * @throws {SessionInvalidError} `SESSION_INVALID` as for {@link prepareSession}.
 * @internal
 */
export function prepareParsed(value: unknown, raw: string, where: string): PreparedSession {
  requireStorable(value, where)
  if ('timestamp' in value) return { session: value, encode: () => asciiJson(raw) }
  const comma = Object.keys(value).length > 0 ? ',' : ''
  const before = `${asciiJson(raw.slice(0, raw.lastIndexOf('}')))}${comma}"timestamp":`
  return { session: value, encode: (timestamp) => `${before}${timestamp}}` }
}

function requireStorable(value: unknown, where: string): asserts value is Session {
  if (!conforms(SessionSchema, value)) throw invalid(where, faultsOf(SessionSchema, value))
  const loss = findJsonLoss(value)
  if (loss) throw invalid(where, [loss])
}

/** The JSON text up to the timestamp's value, and what follows it. */
function aroundTimestamp(session: object): [before: string, after: string] {
  const keys = Object.keys(session)
  const place = keys.indexOf('timestamp')
  const head = membersOf(session, place < 0 ? keys : keys.slice(0, place))
  const tail = membersOf(session, place < 0 ? [] : keys.slice(place + 1))
  return [`{${head && `${head},`}"timestamp":`, `${tail && `,${tail}`}}`]
}

/** The JSON text of some fields, without the braces. */
function membersOf(source: object, keys: readonly string[]): string {
  // without a prototype `__proto__` is a key like any other, and nothing but the fields can have a say in the text
  const part: Record<string, unknown> = Object.create(null)
  for (const key of keys) part[key] = source[key as keyof typeof source]
  return asciiJson(JSON.stringify(part).slice(1, -1))
}

/**
 * Makes sure that a session has everything its readers require, and narrows it to the complete types.
 *
 * @param session - Anything.
 * @param form - Whose interfaces are to be met, as for `isComplete`. Default: StoryArt's.
 * @throws {SessionInvalidError} `SESSION_INVALID` when something is missing; the issues name it all.
 * @example
 * ```ts
 * import { assertComplete, isStoryArtError, type Session } from 'storyart-sdk'
 *
 * const session: Session = { scriptText: 'SCENE 1' }
 * try {
 *   assertComplete(session)
 *   console.log(session.analyzedEpisode.scenes.length)
 * } catch (error) {
 *   console.log(isStoryArtError(error) && error.code) // SESSION_INVALID
 * }
 * ```
 */
export function assertComplete(session: unknown, form?: 'storyart'): asserts session is CompleteSession
export function assertComplete(session: unknown, form: 'guide'): asserts session is GuideSession
export function assertComplete(session: unknown, form: CompletenessForm = 'storyart'): void {
  if (form === 'guide' ? isComplete(session, form) : isComplete(session)) return
  throw invalid('the session', incompleteness(session, form), 'is not complete')
}

/**
 * Reads a story's UUID.
 *
 * @param value - Anything, such as a session's `storyUuid`.
 * @param fallback - What to return in place of a value that is no UUID. Default: none, and such a value is an error.
 * @returns The value as it was given, if it is a UUID of any version, else the fallback, unchecked.
 * @throws {SessionInvalidError} `SESSION_INVALID` when the value is no UUID and there is no fallback.
 * @example
 * ```ts
 * import { parseStoryUuid } from 'storyart-sdk'
 *
 * console.log(parseStoryUuid('restored-1704067200000', '5d0c9c1e-0f5b-4a7c-9a51-2f4f3f0f7b11')) // 5d0c9c1e-0f5b-4a7c-9a51-2f4f3f0f7b11
 * ```
 */
export function parseStoryUuid(value: unknown, fallback?: string): string {
  if (conforms(StoryUuidSchema, value)) return value
  if (fallback !== undefined) return fallback
  throw invalid(
    'the story',
    faultsOf(StoryUuidSchema, value).map(({ message }) => ({ path: 'storyUuid', message })),
    'has no UUID',
  )
}

function invalid(where: string, issues: readonly SessionIssue[], what = 'cannot be used'): SessionInvalidError {
  const [first] = issues
  const more = issues.length > 1 ? ` (and ${issues.length - 1} more)` : ''
  const place = first?.path ? `${first.path}: ` : ''
  const subject = `${where.charAt(0).toUpperCase()}${where.slice(1)}`
  return new SessionInvalidError(`${subject} ${what}: ${place}${first?.message}${more}`, issues)
}
