/**
 * The seam between the adapter and whatever client it was given.
 * @module
 */

/** The commands of ioredis that the adapter uses. Every reply is checked where it is read. */
export interface IoredisCommands {
  /** The text of a string key. */
  get(...args: never[]): unknown
  /** The bytes of a string key. */
  getBuffer(...args: never[]): unknown
  /** Sets a string key, with a life or without, if there is none or in any case. */
  set(...args: never[]): unknown
  /** Length of a string key in bytes. */
  strlen(...args: never[]): unknown
  /** Remaining life in ms; -1 without end, -2 without key. */
  pttl(...args: never[]): unknown
  /** Gives a key a life in ms. */
  pexpire(...args: never[]): unknown
  /** Removes a key. */
  del(...args: never[]): unknown
  /** Puts a member into a sorted set, or gives it another score. */
  zadd(...args: never[]): unknown
  /** Removes a member from a sorted set. */
  zrem(...args: never[]): unknown
  /** Members by rising score. */
  zrangebyscore(...args: never[]): unknown
  /** Members by falling score. */
  zrevrangebyscore(...args: never[]): unknown
  /** Adds an entry to a stream, and drops the oldest. */
  xadd(...args: never[]): unknown
  /** Entries of a stream after a given one; waits for some. */
  xread(...args: never[]): unknown
  /** Entries of a stream, oldest first. */
  xrange(...args: never[]): unknown
  /** Entries of a stream, newest first. */
  xrevrange(...args: never[]): unknown
  /** Runs a script on one key. */
  eval(...args: never[]): unknown
  /** Asks for a sign of life. */
  ping(...args: never[]): unknown
}

/** One command as ioredis calls its method: the name, then the arguments. @internal */
export type RedisRequest = readonly [name: keyof IoredisCommands, ...args: readonly (string | number | Buffer)[]]

/** What became of one command: its error, or `null` and its reply. A pipeline of ioredis answers so. @internal */
export type RedisOutcome = readonly [error: unknown, reply?: unknown]

/** A connection as the rest of the adapter sees it. @internal */
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
  if (!outcome) throw new Error('The server gave no reply to a command')
  const [error, reply] = outcome
  if (error) throw error
  return reply
}

/** Waits for commands that were sent one by one. @internal */
export function outcomesOf(replies: readonly Promise<unknown>[]): Promise<RedisOutcome[]> {
  return Promise.all(
    replies.map((reply) =>
      reply.then(
        (value): RedisOutcome => [null, value],
        (error: unknown): RedisOutcome => [error ?? new Error('The client rejected without a reason')],
      ),
    ),
  )
}
