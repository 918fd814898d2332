/**
 * From whatever a Redis client throws to one of the library's codes. `docs/guide/redis.md` holds the same table.
 * @module
 */

import { AdapterError, type AdapterErrorCode, isStoryArtError, type StoryArtError } from '../errors.js'

/** What was being done when it failed. @internal */
export interface RedisFailure {
  /** The adapter's operation, such as `put`. */
  readonly operation: string
  /** The session, if it was about one. */
  readonly id?: number | undefined
  /** What the caller must know about the state things are in now. */
  readonly state?: string
}

/** The first word of an error reply. */
const REPLIES: ReadonlyMap<string, AdapterErrorCode> = new Map([
  ['LOADING', 'ADAPTER_UNAVAILABLE'],
  ['BUSY', 'ADAPTER_UNAVAILABLE'],
  ['MASTERDOWN', 'ADAPTER_UNAVAILABLE'],
  ['READONLY', 'ADAPTER_UNAVAILABLE'],
  ['NOREPLICAS', 'ADAPTER_UNAVAILABLE'],
  ['MISCONF', 'ADAPTER_UNAVAILABLE'],
  ['CLUSTERDOWN', 'ADAPTER_UNAVAILABLE'],
  ['TRYAGAIN', 'ADAPTER_UNAVAILABLE'],
  ['NOAUTH', 'ADAPTER_DENIED'],
  ['WRONGPASS', 'ADAPTER_DENIED'],
  ['NOPERM', 'ADAPTER_DENIED'],
  ['DENIED', 'ADAPTER_DENIED'],
  ['OOM', 'ADAPTER_QUOTA'],
])

/** Error replies that begin with nothing but `ERR`. */
const PLAIN_REPLIES: readonly [RegExp, AdapterErrorCode][] = [
  [/^ERR max number of clients/, 'ADAPTER_UNAVAILABLE'],
  [/^ERR invalid password/, 'ADAPTER_DENIED'],
]

/** Codes of Node's sockets and resolvers. */
const SOCKET_CODES =
  /^(ECONN(REFUSED|RESET|ABORTED)|EPIPE|ETIMEDOUT|E(HOST|NET)(UNREACH|DOWN)|ENOTFOUND|EAI_AGAIN|ENOENT|NR_CLOSED|UNCERTAIN_STATE)$/

/** What ioredis says by itself when there is no server to say it. */
const CLIENT_MESSAGES =
  /^(Connection is closed|Command timed out|Command aborted due to connection close|Socket timeout|Stream isn't writeable|Cluster isn't ready|Cluster is (ended|disconnect)|None of startup nodes|Node is disconnected|Failed to refresh slots cache|Too many Cluster redirections|All sentinels are unreachable|No answer within )/

const REMEDIES: Record<AdapterErrorCode, string> = {
  ADAPTER_UNAVAILABLE: 'the server cannot answer now; see that it runs and can be reached, and try again later',
  ADAPTER_DENIED: 'see that user, password and permissions are right',
  ADAPTER_QUOTA: 'the server is full; remove sessions or raise its maxmemory',
  ADAPTER_FAILED: 'trying again will not help',
}

/** Which code an error of a Redis client stands for. @internal */
export function codeOfRedisError(error: unknown): AdapterErrorCode {
  const root = rootOf(error)
  const message = messageOf(root)
  // Redis before 7 wraps what a script met into an ERR of its own.
  const met = message.replace(/^ERR Error running script.*@user_script:\s?\d+:\s*-?/, '')
  const word = /^-?([A-Z]+)\b/.exec(met)?.[1]
  const byReply = word === undefined ? undefined : REPLIES.get(word)
  if (byReply) return byReply
  for (const [pattern, code] of PLAIN_REPLIES) if (pattern.test(met)) return code
  if (nameOf(root) === 'MaxRetriesPerRequestError' || CLIENT_MESSAGES.test(message)) return 'ADAPTER_UNAVAILABLE'
  return SOCKET_CODES.test(socketCodeOf(root)) ? 'ADAPTER_UNAVAILABLE' : 'ADAPTER_FAILED'
}

/** The library's error for what a client threw; errors of the library pass. @internal */
export function redisError({ operation, id, state }: RedisFailure, error: unknown): StoryArtError {
  if (isStoryArtError(error)) return error
  const code = codeOfRedisError(error)
  const what = id === undefined ? operation : `${operation} of session ${id}`
  const reason = reasonOf(error)
  const after = state === undefined ? '' : ` ${state};`
  return new AdapterError(code, `redis: ${what} failed (${reason});${after} ${REMEDIES[code]}.`, {
    adapter: 'redis',
    operation,
    cause: cleanCause(error, reason),
  })
}

/** Why it failed, in one line without arguments of commands and without credentials. */
function reasonOf(error: unknown): string {
  const root = rootOf(error)
  return redact(messageOf(root)) || socketCodeOf(root) || nameOf(root)
}

/** Errors of ioredis carry the whole command, and so the whole document, into every log that prints them. */
function cleanCause(error: unknown, reason: string): Error {
  const cause = new Error(reason)
  cause.name = nameOf(rootOf(error))
  return cause
}

function redact(message: string): string {
  return message
    .replace(/,? with args beginning with[\s\S]*$/, '')
    .replace(/\/\/[^/@\s]*@/g, '//')
    .replace(/\s+/g, ' ')
    .trim()
    .replace(/\.$/, '')
    .slice(0, 200)
}

/** A Cluster that finds no node keeps what the last node said inside. */
function rootOf(error: unknown): unknown {
  if (typeof error !== 'object' || error === null || !('lastNodeError' in error)) return error
  return error.lastNodeError instanceof Error ? error.lastNodeError : error
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : 'Error'
}

function socketCodeOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : ''
}
