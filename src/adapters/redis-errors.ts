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

/** What is known of an error. */
interface Told {
  readonly message: string
  readonly code: string
  readonly name: string
}

/** How the message of an error begins, what its `code` is, or what its class is called. */
const SIGNS: readonly [AdapterErrorCode, RegExp][] = [
  // Replies of a server.
  [
    'ADAPTER_UNAVAILABLE',
    /^(LOADING|BUSY|MASTERDOWN|READONLY|NOREPLICAS|MISCONF|CLUSTERDOWN|TRYAGAIN|ERR max number of clients)\b/,
  ],
  ['ADAPTER_DENIED', /^(NOAUTH|WRONGPASS|NOPERM|DENIED|ERR invalid password)\b/],
  ['ADAPTER_QUOTA', /^OOM\b/],
  // Sockets and resolvers of Node; and the one class of node-redis whose errors say nothing.
  [
    'ADAPTER_UNAVAILABLE',
    /^(E(CONN(REFUSED|RESET|ABORTED)|PIPE|TIMEDOUT|(HOST|NET)(UNREACH|DOWN)|NOTFOUND|AI_AGAIN|NOENT)|TimeoutError)$/,
  ],
  // What ioredis and node-redis say by themselves when there is no server to say it.
  [
    'ADAPTER_UNAVAILABLE',
    /^((ERR )?Protocol error|Connection (is closed|timeout)|Command (timed out|timeout|aborted)|Socket (timeout|closed)|Stream isn't writeable|Cluster (isn't ready|is ended|is disconnecting|closed)|None of (startup nodes|the sentinels)|Node is disconnected|Failed to refresh slots cache|Too many Cluster redirections|All (sentinels are unreachable|the root nodes)|Reached the max retries|The (client is (closed|offline)|command was aborted|queue is full)|Disconnects client|Cannot find node|Could not find shard|Couldn't connect to any|no valid master node|Master Node Not|Timeout waiting|No answer within)\b/i,
  ],
]

const REMEDIES: Record<AdapterErrorCode, string> = {
  ADAPTER_UNAVAILABLE: 'the server cannot answer now; see that it runs and can be reached, and try again later',
  ADAPTER_DENIED: 'see that user, password and permissions are right',
  ADAPTER_QUOTA: 'the server is full; remove sessions or raise its maxmemory',
  ADAPTER_FAILED: 'trying again will not help',
}

/** Which code an error of a Redis client stands for. @internal */
export function codeOfRedisError(error: unknown): AdapterErrorCode {
  const { message, code, name } = told(error)
  // Redis before 7 wraps what a script met into an ERR of its own; some replies keep their minus.
  const met = message.replace(/^ERR Error running script.*@user_script:\s?\d+:\s*/, '').replace(/^-/, '')
  const signs = [met, code, name]
  return SIGNS.find(([, sign]) => signs.some((text) => sign.test(text)))?.[0] ?? 'ADAPTER_FAILED'
}

/** The library's error for what a client threw; errors of the library pass. @internal */
export function redisError({ operation, id, state }: RedisFailure, error: unknown): StoryArtError {
  if (isStoryArtError(error)) return error
  const adapterCode = codeOfRedisError(error)
  const { message, code, name } = told(error)
  const reason = redact(message) || code || name
  // Errors of ioredis carry the whole command, and so the whole document, into every log that prints them.
  const cause = Object.assign(new Error(reason), { name })
  const what = id === undefined ? operation : `${operation} of session ${id}`
  const after = state === undefined ? '' : ` ${state};`
  return new AdapterError(adapterCode, `redis: ${what} failed (${reason});${after} ${REMEDIES[adapterCode]}.`, {
    adapter: 'redis',
    operation,
    cause,
  })
}

/** One line without arguments of commands and without credentials. */
function redact(message: string): string {
  return message
    .replace(/,? with args beginning with[\s\S]*$/, '')
    .replace(/\/\/[^/@\s]*@/g, '//')
    .replace(/\s+/g, ' ')
    .trim()
    .replace(/\.$/, '')
    .slice(0, 200)
}

/** What an error says. By structure, not by class: it may come from another realm, as in some test runners. */
function told(error: unknown): Told {
  const {
    message,
    code,
    name,
    constructor: made,
    lastNodeError,
    socketError,
  }: Partial<Record<string, unknown>> = Object(error)
  // A Cluster that finds no node, and a client that gives up, keep inside what the last one said.
  const inner = lastNodeError ?? socketError
  if (typeof inner === 'object' && inner !== null) return told(inner)
  return {
    message: typeof message === 'string' ? message : String(error),
    code: typeof code === 'string' ? code : '',
    name: name === 'Error' && typeof made === 'function' ? made.name : String(name ?? 'Error'),
  }
}
