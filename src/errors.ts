/**
 * The errors of the library: one base class, a closed union of codes, subclasses only where a field is added.
 * @module
 */

/**
 * Everything that can go wrong, by name. `docs/errors.md` says for each what it means and what to do.
 *
 * The union is closed within a major version: a `switch` over it can be exhaustive.
 */
export type StoryArtErrorCode =
  | 'INVALID_ARGUMENT'
  | 'SESSION_INVALID'
  | 'SESSION_CONFLICT'
  | 'ADAPTER_UNAVAILABLE'
  | 'ADAPTER_DENIED'
  | 'ADAPTER_QUOTA'
  | 'ADAPTER_FAILED'
  | 'TIMEOUT'
  | 'GENERATION_FAILED'
  | 'CLOSED'
  | 'SWARM_REFUSED'
  | 'SWARM_UNAVAILABLE'
  | 'SWARM_FAILED'
  | 'SWARM_LOST'
  | 'SWARM_DENIED'
  | 'SWARM_PROTOCOL'

const BRAND = Symbol.for('storyart-sdk.error')

/** What every error of the library may carry beside its message. */
export interface StoryArtErrorOptions {
  /** The error that led to this one. Default: none, and then the property does not exist. */
  cause?: unknown
}

/**
 * The base of every error this library throws.
 *
 * Messages say what failed, on which timestamp, and what to do. They never hold a document, a prompt, a token or a
 * password. An aborted call is the one exception to the class: it rejects with `signal.reason`, untouched.
 *
 * @example
 * ```ts
 * import { isStoryArtError, memoryAdapter, SessionStore } from 'storyart-sdk'
 *
 * const store = new SessionStore({ adapter: memoryAdapter() })
 * const failure = await store.get(-1).catch((error: unknown) => error)
 * console.log(isStoryArtError(failure) && failure.code) // INVALID_ARGUMENT
 * ```
 */
export class StoryArtError extends Error {
  /** Which of the closed set of failures this is. */
  readonly code: StoryArtErrorCode

  /**
   * @param code - Which failure.
   * @param message - What failed, where, and the remedy. Never a document or a secret.
   * @param options - The cause, if there is one.
   */
  constructor(code: StoryArtErrorCode, message: string, options: StoryArtErrorOptions = {}) {
    super(message, 'cause' in options ? { cause: options.cause } : undefined)
    this.name = 'StoryArtError'
    this.code = code
    // Two copies of the package (ESM and CJS in one process) must recognise each other's errors.
    Object.defineProperty(this, BRAND, { value: true })
  }
}

/** One place in a document that cannot be used as what it claims to be. */
export interface SessionIssue {
  /** Where, as one would write it in code: `analyzedEpisode.scenes[2].beats[14].prompts.cinematic.width`. Empty for the document itself. */
  path: string
  /** What is wrong there and what is expected; never the value itself. */
  message: string
}

/**
 * A document is not a session: not JSON, not an object, or broken at the paths in {@link SessionInvalidError.issues}.
 *
 * Code `SESSION_INVALID`.
 *
 * @example
 * ```ts
 * import { decodeSession, SessionInvalidError } from 'storyart-sdk'
 *
 * try {
 *   decodeSession('{"analyzedEpisode":{"scenes":[{"beats":[{"core_action":"waits"}]}]}}', 'session 1704067200000')
 * } catch (error) {
 *   console.log(error instanceof SessionInvalidError && error.issues[0]?.path) // analyzedEpisode.scenes[0].beats[0].beatId
 * }
 * ```
 */
export class SessionInvalidError extends StoryArtError {
  /** Every refusal, in document order, at most 1,000; never empty. */
  readonly issues: readonly SessionIssue[]

  /**
   * @param message - What was being read or written.
   * @param issues - Every refusal, in document order.
   * @param options - The cause, if there is one.
   */
  constructor(message: string, issues: readonly SessionIssue[], options: StoryArtErrorOptions = {}) {
    super('SESSION_INVALID', message, options)
    this.name = 'SessionInvalidError'
    this.issues = issues
  }
}

/** Why a conditional write was refused. */
export type ConflictReason = 'exists' | 'changed' | 'missing'

/**
 * A conditional write found something else than it expected; nothing was written.
 *
 * Code `SESSION_CONFLICT`. `exists`: `expect: 'absent'` met a session. `changed`: the stored revision is another one.
 * `missing`: a revision was expected and there is no session.
 *
 * @example
 * ```ts
 * import { memoryAdapter, SessionConflictError, SessionStore } from 'storyart-sdk'
 *
 * const store = new SessionStore({ adapter: memoryAdapter() })
 * const { timestamp } = await store.save({ scriptText: 'INT. LAB' })
 * const failed = await store.save({}, { timestamp, expect: 'absent' }).catch((error: unknown) => error)
 * console.log(failed instanceof SessionConflictError && failed.reason) // exists
 * ```
 */
export class SessionConflictError extends StoryArtError {
  /** The version that was to be written, in ms since the epoch. */
  readonly timestamp: number
  /** What was met. */
  readonly reason: ConflictReason

  /**
   * @param message - What was to be written.
   * @param timestamp - The version, in ms since the epoch.
   * @param reason - What was met.
   */
  constructor(message: string, timestamp: number, reason: ConflictReason) {
    super('SESSION_CONFLICT', message)
    this.name = 'SessionConflictError'
    this.timestamp = timestamp
    this.reason = reason
  }
}

/** The codes with which a backend's failure is reported. */
export type AdapterErrorCode = Extract<StoryArtErrorCode, `ADAPTER_${string}`>

/** What an {@link AdapterError} says beside code and message. */
export interface AdapterErrorDetails extends StoryArtErrorOptions {
  /** The adapter's name, such as `redis`. */
  adapter: string
  /** The adapter's operation that failed, such as `put`. */
  operation: string
}

/**
 * A backend failed. `ADAPTER_UNAVAILABLE`: it did not answer, or said "not now"; trying again later is right.
 * `ADAPTER_DENIED`: wrong or missing credentials. `ADAPTER_QUOTA`: it is full. `ADAPTER_FAILED`: anything else.
 *
 * @example
 * ```ts
 * import { AdapterError, SessionStore } from 'storyart-sdk'
 * import { redisAdapter } from 'storyart-sdk/redis'
 *
 * await using store = new SessionStore({ adapter: redisAdapter({ url: 'redis://localhost:1' }) })
 * const failed = await store.latest().catch((error: unknown) => error)
 * console.log(failed instanceof AdapterError && `${failed.adapter} ${failed.operation} ${failed.code}`) // redis list ADAPTER_UNAVAILABLE
 * ```
 */
export class AdapterError extends StoryArtError {
  override readonly code: AdapterErrorCode
  /** The adapter's name, such as `redis`. */
  readonly adapter: string
  /** The adapter's operation that failed, such as `put`. */
  readonly operation: string

  /**
   * @param code - Which kind of failure.
   * @param message - What failed and the remedy.
   * @param details - Adapter, operation and cause.
   */
  constructor(code: AdapterErrorCode, message: string, details: AdapterErrorDetails) {
    super(code, message, 'cause' in details ? { cause: details.cause } : {})
    this.name = 'AdapterError'
    this.code = code
    this.adapter = details.adapter
    this.operation = details.operation
  }
}

/** The codes with which the image server's failures are reported. */
export type SwarmErrorCode = Extract<StoryArtErrorCode, `SWARM_${string}`>

/** What a {@link SwarmError} may carry beside its message. */
export interface SwarmErrorOptions extends StoryArtErrorOptions {
  /** The server's own words. Default: `null`. */
  detail?: string | null | undefined
}

/**
 * The image server failed, or a request to it would have. `SWARM_REFUSED`: the request cannot be done as it is, and was not
 * queued. `SWARM_UNAVAILABLE`: the server or its backends are away; trying again later is right. `SWARM_FAILED`: it was
 * tried and there is no picture. `SWARM_LOST`: nobody knows whether it is still being painted; see
 * `SwarmUIClient.recover`. `SWARM_DENIED`: wrong or missing credentials. `SWARM_PROTOCOL`: what answers is no SwarmUI of a
 * known version, or broke off.
 *
 * @example
 * ```ts
 * import { SwarmError } from 'storyart-sdk'
 * import { SwarmUIClient } from 'storyart-sdk/swarmui'
 *
 * await using client = new SwarmUIClient({ baseUrl: 'http://localhost:1', transport: 'http' })
 * const failed = await client.status().catch((error: unknown) => error)
 * console.log(failed instanceof SwarmError && failed.code) // SWARM_UNAVAILABLE
 * ```
 */
export class SwarmError extends StoryArtError {
  override readonly code: SwarmErrorCode
  /**
   * The server's own words, or `null`. They may quote the prompt, so they are no part of the message, and a logger that
   * walks over properties passes over them.
   */
  declare readonly detail: string | null

  /**
   * @param code - Which kind of failure.
   * @param message - What failed and the remedy.
   * @param options - The server's words, and the cause.
   */
  constructor(code: SwarmErrorCode, message: string, options: SwarmErrorOptions = {}) {
    super(code, message, 'cause' in options ? { cause: options.cause } : {})
    this.name = 'SwarmError'
    this.code = code
    Object.defineProperty(this, 'detail', { value: options.detail ?? null })
  }
}

/**
 * What was waited for did not come in time: code `TIMEOUT`.
 *
 * @example
 * ```ts
 * import { memoryAdapter, SessionStore, TimeoutError } from 'storyart-sdk'
 *
 * const store = new SessionStore({ adapter: memoryAdapter() })
 * const beats = [{ beatId: 's1-b1', core_action: 'Fog.' }]
 * const { timestamp } = await store.save({ analyzedEpisode: { scenes: [{ sceneNumber: 1, beats }] } })
 * const failed = await store.waitForPrompts(timestamp, { timeoutMs: 20 }).catch((error: unknown) => error)
 * console.log(failed instanceof TimeoutError && failed.timeoutMs) // 20
 * ```
 */
export class TimeoutError extends StoryArtError {
  /** How long it was waited for, in ms. */
  readonly timeoutMs: number

  /**
   * @param message - What was waited for, and the remedy.
   * @param timeoutMs - How long it was waited for, in ms.
   */
  constructor(message: string, timeoutMs: number) {
    super('TIMEOUT', message)
    this.name = 'TimeoutError'
    this.timeoutMs = timeoutMs
  }
}

/**
 * Tells this library's errors from all others, also across two copies of the package and after minification.
 *
 * @param value - Anything that was thrown.
 * @returns `true` for a {@link StoryArtError} of any copy of the library.
 * @example
 * ```ts
 * import { isStoryArtError, parseStoryUuid } from 'storyart-sdk'
 *
 * try {
 *   parseStoryUuid('restored-1704067200000')
 * } catch (error) {
 *   if (!isStoryArtError(error)) throw error
 *   console.log(error.code) // SESSION_INVALID
 * }
 * ```
 */
export function isStoryArtError(value: unknown): value is StoryArtError {
  return typeof value === 'object' && value !== null && (value as { [BRAND]?: unknown })[BRAND] === true
}
