/**
 * What the adapter needs of an ioredis client, by structure: no version of ioredis stands in the public types.
 * @module
 */

/** The commands the adapter uses. Every reply is checked where it is read. */
export interface IoredisCommands {
  /** The text of a string key. */
  get(key: string): unknown
  /** The bytes of a string key. */
  getBuffer(key: string): unknown
  /** Sets a key that does not expire. */
  set(key: string, value: string | Buffer): unknown
  /** Sets a key that does not expire, if there is none. */
  set(key: string, value: string | Buffer, condition: 'NX'): unknown
  /** Sets a key with a life in ms. */
  set(key: string, value: string | Buffer, unit: 'PX', ttlMs: number): unknown
  /** Sets a key with a life in ms, if there is none. */
  set(key: string, value: string | Buffer, unit: 'PX', ttlMs: number, condition: 'NX'): unknown
  /** Length of a string key in bytes. */
  strlen(key: string): unknown
  /** Remaining life in ms; -1 without end, -2 without key. */
  pttl(key: string): unknown
  /** Gives a key a life in ms. */
  pexpire(key: string, ttlMs: number): unknown
  /** Removes a key. */
  del(key: string): unknown
  /** Puts a member into a sorted set, or gives it another score. */
  zadd(key: string, score: number, member: string): unknown
  /** Gives a member of a sorted set another score, if it is there. */
  zadd(key: string, condition: 'XX', score: number, member: string): unknown
  /** Removes a member from a sorted set. */
  zrem(key: string, member: string): unknown
  /** Members by rising score. */
  zrangebyscore(
    key: string,
    min: string,
    max: string,
    scores: 'WITHSCORES',
    limit: 'LIMIT',
    offset: number,
    count: number,
  ): unknown
  /** Members by falling score. */
  zrevrangebyscore(
    key: string,
    max: string,
    min: string,
    scores: 'WITHSCORES',
    limit: 'LIMIT',
    offset: number,
    count: number,
  ): unknown
  /** Runs a script. */
  eval(script: string, keyCount: number, ...args: (string | Buffer)[]): unknown
  /** Runs a script the server knows. */
  evalsha(sha: string, keyCount: number, ...args: (string | Buffer)[]): unknown
  /** Asks for a sign of life. */
  ping(): unknown
}

/** Commands to be sent together. */
export interface IoredisPipeline extends IoredisCommands {
  /** Sends them: one pair of error and reply a command, in order. */
  exec(): Promise<[error: Error | null, reply: unknown][] | null>
}

/** A `Redis` or `Cluster` of ioredis 5 or 6, or whatever has these members and behaves like it. */
export interface IoredisClient extends IoredisCommands {
  /** `true` for a `Cluster`: keys may live on different servers. */
  readonly isCluster?: boolean
  /** Starts to collect commands. Not used on a `Cluster`. */
  pipeline(): IoredisPipeline
}

/** One command, to be sent now or with others. @internal */
export type RedisRequest = (to: IoredisCommands) => unknown

/** What became of one command. @internal */
export type RedisOutcome = PromiseSettledResult<unknown>

/** A connection as the rest of the adapter sees it; what speaks another client's language is one more of these. @internal */
export interface RedisLink {
  /** Whether two commands may go to two servers, so that the second can overtake the first. */
  readonly spread: boolean
  /** Sends one command. On a link that is not spread, commands arrive in the order in which they were sent. */
  send(request: RedisRequest): Promise<unknown>
  /** Sends many commands at once. Outcomes stand in the order of the requests; a failing one harms no other. */
  sendAll(requests: readonly RedisRequest[]): Promise<RedisOutcome[]>
}

/** @internal */
export function ioredisLink(client: IoredisClient): RedisLink {
  const send = async (request: RedisRequest): Promise<unknown> => request(client)
  return {
    spread: client.isCluster === true,
    send,
    async sendAll(requests) {
      if (requests.length === 0) return []
      // A pipeline of a Cluster must stay within one node, and ours never does.
      if (client.isCluster === true || requests.length === 1) return Promise.allSettled(requests.map(send))
      const pipeline = client.pipeline()
      for (const request of requests) request(pipeline)
      return ((await pipeline.exec()) ?? []).map(([error, value]) =>
        error ? { status: 'rejected', reason: error } : { status: 'fulfilled', value },
      )
    },
  }
}

/** The reply of a settled command; rethrows its error. @internal */
export function replyOf(outcome: RedisOutcome | undefined): unknown {
  if (outcome?.status === 'fulfilled') return outcome.value
  throw outcome ? outcome.reason : new Error('The server gave no reply to a command')
}
