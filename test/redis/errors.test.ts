import { inspect } from 'node:util'
import { runInNewContext } from 'node:vm'
import * as node5 from 'redis'
import * as node4 from 'redis4'
import * as node6 from 'redis6'
import { describe, expect, it } from 'vitest'
import { codeOfRedisError, redisError } from '../../src/adapters/redis-errors.js'
import { AdapterError, type AdapterErrorCode, StoryArtError } from '../../src/errors.js'

/** One row of the table in docs/guide/redis.md each; the words are those of Redis 7, ioredis 5 and 6, and Node. */
const REPLIES: [AdapterErrorCode, string][] = [
  ['ADAPTER_UNAVAILABLE', 'LOADING Redis is loading the dataset in memory'],
  ['ADAPTER_UNAVAILABLE', 'BUSY Redis is busy running a script. You can only call SCRIPT KILL or SHUTDOWN NOSAVE.'],
  ['ADAPTER_UNAVAILABLE', "MASTERDOWN Link with MASTER is down and replica-serve-stale-data is set to 'no'."],
  ['ADAPTER_UNAVAILABLE', "READONLY You can't write against a read only replica."],
  ['ADAPTER_UNAVAILABLE', "-READONLY You can't write against a read only replica. script: 1, on @user_script:2."],
  ['ADAPTER_UNAVAILABLE', 'NOREPLICAS Not enough good replicas to write.'],
  ['ADAPTER_UNAVAILABLE', 'MISCONF Redis is configured to save RDB snapshots, but cannot persist to disk.'],
  ['ADAPTER_UNAVAILABLE', 'CLUSTERDOWN The cluster is down'],
  ['ADAPTER_UNAVAILABLE', 'TRYAGAIN Multiple keys request during rehashing of slot'],
  ['ADAPTER_UNAVAILABLE', 'ERR max number of clients reached'],
  ['ADAPTER_UNAVAILABLE', 'ERR Protocol error: invalid bulk length'],
  ['ADAPTER_DENIED', 'NOAUTH Authentication required.'],
  ['ADAPTER_DENIED', 'WRONGPASS invalid username-password pair or user is disabled.'],
  ['ADAPTER_DENIED', "NOPERM this user has no permissions to run the 'set' command"],
  ['ADAPTER_DENIED', 'DENIED Redis is running in protected mode'],
  ['ADAPTER_DENIED', 'ERR invalid password'],
  ['ADAPTER_QUOTA', "OOM command not allowed when used memory > 'maxmemory'."],
  [
    'ADAPTER_QUOTA',
    'ERR Error running script (call to f_1): @user_script:9: @user_script: 9: -OOM command not allowed when used memory',
  ],
  ['ADAPTER_FAILED', 'WRONGTYPE Operation against a key holding the wrong kind of value'],
  ['ADAPTER_FAILED', "ERR unknown command 'EVALSHA', with args beginning with: 'a' 'b'"],
  ['ADAPTER_FAILED', 'MOVED 3999 127.0.0.1:6381'],
]

const CLIENT_ERRORS: [AdapterErrorCode, string][] = [
  ['ADAPTER_UNAVAILABLE', 'Connection is closed.'],
  ['ADAPTER_UNAVAILABLE', 'Command timed out'],
  ['ADAPTER_UNAVAILABLE', 'Command aborted due to connection close'],
  ['ADAPTER_UNAVAILABLE', "Socket timeout. Expecting data, but didn't receive any in 10ms."],
  ['ADAPTER_UNAVAILABLE', "Stream isn't writeable and enableOfflineQueue options is false"],
  ['ADAPTER_UNAVAILABLE', "Cluster isn't ready and enableOfflineQueue options is false"],
  ['ADAPTER_UNAVAILABLE', 'Cluster is ended.'],
  ['ADAPTER_UNAVAILABLE', 'Cluster is disconnecting.'],
  ['ADAPTER_UNAVAILABLE', 'None of startup nodes is available'],
  ['ADAPTER_UNAVAILABLE', 'Node is disconnected'],
  ['ADAPTER_UNAVAILABLE', 'Failed to refresh slots cache.'],
  ['ADAPTER_UNAVAILABLE', 'Too many Cluster redirections. Last error: ReplyError: MOVED 1 127.0.0.1:1'],
  ['ADAPTER_UNAVAILABLE', 'Protocol error, got "{" as reply type byte. Please report this.'],
  ['ADAPTER_UNAVAILABLE', 'All sentinels are unreachable. Retrying from scratch after 10ms.'],
  ['ADAPTER_UNAVAILABLE', 'Reached the max retries per request limit (which is 20).'],
  ['ADAPTER_UNAVAILABLE', 'The queue is full'],
  ['ADAPTER_UNAVAILABLE', 'Cluster closed'],
  ['ADAPTER_UNAVAILABLE', 'Cannot find node 127.0.0.1:1'],
  ['ADAPTER_UNAVAILABLE', 'Could not find shard'],
  ['ADAPTER_UNAVAILABLE', 'None of the sentinels are available'],
  ['ADAPTER_UNAVAILABLE', "Couldn't connect to any sentinel node"],
  ['ADAPTER_UNAVAILABLE', "couldn't connect to any sentinels"],
  ['ADAPTER_UNAVAILABLE', 'no valid master node'],
  ['ADAPTER_UNAVAILABLE', 'Master Node Not Enumerated'],
  ['ADAPTER_UNAVAILABLE', 'Timeout waiting for a client'],
  ['ADAPTER_FAILED', 'Connection in subscriber mode, only subscriber commands may be used'],
  ['ADAPTER_FAILED', 'something nobody has thought of'],
]

const SOCKET_CODES = [
  ...['ECONNREFUSED', 'ECONNRESET', 'ECONNABORTED', 'EPIPE', 'ETIMEDOUT', 'EHOSTUNREACH', 'EHOSTDOWN'],
  ...['ENETUNREACH', 'ENETDOWN', 'ENOTFOUND', 'EAI_AGAIN', 'ENOENT'],
]

/** The classes of node-redis as its majors make them: none has a name or a code, and one not even a message. */
const NODE_REDIS_ERRORS: [AdapterErrorCode, string, Error][] = [4, 5, 6].flatMap((major) => {
  const made = major === 4 ? node4 : major === 5 ? node5 : node6
  const cause = Object.assign(new Error('connect ECONNREFUSED 127.0.0.1:1'), { code: 'ECONNREFUSED' })
  const errors = [
    new made.AbortError(),
    new made.ClientClosedError(),
    new made.ClientOfflineError(),
    new made.ConnectionTimeoutError(),
    new made.DisconnectsClientError(),
    new made.ReconnectStrategyError(new Error('I have had enough'), cause),
    new made.RootNodesUnavailableError(),
    new made.SocketClosedUnexpectedlyError(),
    new made.ErrorReply("READONLY You can't write against a read only replica."),
  ]
  if ('TimeoutError' in made) {
    errors.push(new made.TimeoutError(), new made.SocketTimeoutError(10))
    errors.push(new made.SocketTimeoutDuringMaintenanceError(10), new made.CommandTimeoutDuringMaintenanceError(10))
  }
  if ('MaxCommandRedirectionsError' in made) errors.push(new made.MaxCommandRedirectionsError())
  return [
    ...errors.map((error): [AdapterErrorCode, string, Error] => [
      'ADAPTER_UNAVAILABLE',
      `${error.constructor.name} of node-redis ${major}`,
      error,
    ]),
    ['ADAPTER_DENIED', `ErrorReply of node-redis ${major}`, new made.ErrorReply('NOAUTH Authentication required.')],
    ['ADAPTER_FAILED', `WatchError of node-redis ${major}`, new made.WatchError()],
  ]
})

/** As ioredis makes it: with the whole command. */
function replyError(message: string): Error {
  const error = Object.assign(new Error(message), { command: { name: 'set', args: ['key', 'THE DOCUMENT'] } })
  error.name = 'ReplyError'
  return error
}

describe('the code of an error', () => {
  for (const [code, message] of REPLIES) {
    it(`${code}: reply ${message}`, () => expect(codeOfRedisError(replyError(message))).toBe(code))
  }
  for (const [code, message] of CLIENT_ERRORS) {
    it(`${code}: a client says ${message}`, () => expect(codeOfRedisError(new Error(message))).toBe(code))
  }
  for (const code of SOCKET_CODES) {
    it(`ADAPTER_UNAVAILABLE: socket error ${code}`, () => {
      expect(codeOfRedisError(Object.assign(new Error('x'), { code }))).toBe('ADAPTER_UNAVAILABLE')
    })
  }

  for (const [code, what, error] of NODE_REDIS_ERRORS) {
    it(`${code}: ${what}`, () => expect(codeOfRedisError(error)).toBe(code))
  }

  it('is found in errors of another realm', () => {
    const error: unknown = runInNewContext("Object.assign(new Error('x'), { code: 'ECONNRESET' })")
    expect(codeOfRedisError(error)).toBe('ADAPTER_UNAVAILABLE')
    expect(redisError({ operation: 'get' }, error).message).toContain('failed (x);')
  })

  it('is that of the last node, if a Cluster found none', () => {
    const lastNodeError = replyError('WRONGPASS invalid username-password pair')
    const error = Object.assign(new Error('Failed to refresh slots cache.'), { lastNodeError })
    expect(codeOfRedisError(error)).toBe('ADAPTER_DENIED')
    expect(redisError({ operation: 'get' }, error).message).toContain('WRONGPASS')
  })

  it('is found in what is no Error at all', () => {
    expect(codeOfRedisError('NOAUTH Authentication required.')).toBe('ADAPTER_DENIED')
    expect(codeOfRedisError(undefined)).toBe('ADAPTER_FAILED')
    expect(codeOfRedisError({ lastNodeError: 7 })).toBe('ADAPTER_FAILED')
  })
})

describe('the error a caller sees', () => {
  it('says what failed on which session, why, and what to do', () => {
    const error = redisError({ operation: 'put', id: 7 }, replyError('OOM command not allowed.'))
    expect(error).toBeInstanceOf(AdapterError)
    expect(error).toMatchObject({ code: 'ADAPTER_QUOTA', adapter: 'redis', operation: 'put' })
    expect(error.message).toBe(
      'redis: put of session 7 failed (OOM command not allowed); the server is full; remove sessions or raise its maxmemory.',
    )
    expect(error.cause).toMatchObject({ name: 'ReplyError', message: 'OOM command not allowed' })
  })

  it('holds no document, no password and no address with a password, wherever one looks', () => {
    const message = "ERR unknown command 'SET', with args beginning with: 'key' 'THE DOCUMENT'"
    const documents = inspect(redisError({ operation: 'put', id: 7 }, replyError(message)), { depth: 20 })
    expect(documents).toContain("ERR unknown command 'SET'")
    expect(documents).not.toContain('THE DOCUMENT')
    const url = inspect(redisError({ operation: 'get' }, new Error('cannot use redis://me:secret@host:1/0')))
    expect(url).toContain('redis://host:1/0')
    expect(url).not.toContain('secret')
    expect(redisError({ operation: 'get' }, new Error('x'.repeat(10_000))).message.length).toBeLessThan(400)
  })

  it('names the code where an error has no message, as Node does for several addresses at once', () => {
    const error = Object.assign(new AggregateError([]), { code: 'ECONNREFUSED' })
    expect(redisError({ operation: 'list' }, error).message).toMatch(/^redis: list failed \(ECONNREFUSED\); /)
  })

  it('is the error of the library itself, where there is one', () => {
    const error = new StoryArtError('INVALID_ARGUMENT', 'x')
    expect(redisError({ operation: 'put' }, error)).toBe(error)
  })
})
