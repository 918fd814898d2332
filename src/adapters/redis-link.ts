/**
 * The seam between the adapter and whatever client it was given.
 * @module
 */

/** One command as ioredis calls its method: the name, then the arguments. @internal */
export type RedisRequest = readonly [name: RedisCommand, ...args: readonly (string | number | Buffer)[]]

/** The commands the adapter uses; `getBuffer` is GET with bytes for a reply. @internal */
export type RedisCommand =
  | ('get' | 'getBuffer' | 'set' | 'strlen' | 'pttl' | 'pexpire' | 'del' | 'eval' | 'ping')
  | ('zadd' | 'zrem' | 'zrangebyscore' | 'zrevrangebyscore')

/** What became of one command. @internal */
export type RedisOutcome = PromiseSettledResult<unknown>

/** A connection as the rest of the adapter sees it. Every reply is checked where it is read. @internal */
export interface RedisLink {
  /** Whether two commands may go over two connections, so that the second can overtake the first. */
  readonly spread: boolean
  /** Sends one command. On a link that is not spread, commands arrive in the order in which they were sent. */
  send(request: RedisRequest): Promise<unknown>
  /** Sends many commands at once. Outcomes stand in the order of the requests; a failing one harms no other. */
  sendAll(requests: readonly RedisRequest[]): Promise<RedisOutcome[]>
}

/** The reply of a settled command; rethrows its error. @internal */
export function replyOf(outcome: RedisOutcome | undefined): unknown {
  if (outcome?.status === 'fulfilled') return outcome.value
  throw outcome ? outcome.reason : new Error('The server gave no reply to a command')
}
