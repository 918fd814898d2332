import { describe, expect, it } from 'vitest'
import { redisFromEnv } from '../../src/adapters/redis.js'
import { redisUrlOf } from '../../src/adapters/redis-env.js'

describe('the server the environment names', () => {
  const rows: [what: string, env: Record<string, string | undefined>, url: string][] = [
    ['nothing', {}, 'redis://localhost:6379/0'],
    ['blank variables', { REDIS_URL: ' ', REDIS_HOST: '', REDIS_PORT: '' }, 'redis://localhost:6379/0'],
    ['a host', { REDIS_HOST: 'cache' }, 'redis://cache:6379/0'],
    ['a port', { REDIS_PORT: '6382' }, 'redis://localhost:6382/0'],
    ['host and port', { REDIS_HOST: '10.0.0.7', REDIS_PORT: '6382' }, 'redis://10.0.0.7:6382/0'],
    ['an IPv6 address', { REDIS_HOST: '::1' }, 'redis://[::1]:6379/0'],
    ['an IPv6 address in brackets', { REDIS_HOST: '[::1]' }, 'redis://[::1]:6379/0'],
    ['a URL before host and port', { REDIS_URL: 'redis://a:1', REDIS_HOST: 'b', REDIS_PORT: '2' }, 'redis://a:1/0'],
    ['a URL without a port', { REDIS_URL: 'redis://a' }, 'redis://a/0'],
    ['a URL with another database', { REDIS_URL: 'redis://a:1/5' }, 'redis://a:1/0'],
    ['a URL with a trailing slash', { REDIS_URL: 'redis://a:1/' }, 'redis://a:1/0'],
    ['a database and a trailing slash', { REDIS_URL: 'redis://a:1/5/' }, 'redis://a:1/0'],
    ['a query', { REDIS_URL: 'redis://a:1/3?x=1' }, 'redis://a:1/0?x=1'],
    ['a database in the query', { REDIS_URL: 'redis://a:1?db=3&x=1' }, 'redis://a:1/0?x=1'],
    ['TLS', { REDIS_URL: 'rediss://a:1/5' }, 'rediss://a:1/0'],
    ['user and password', { REDIS_URL: 'redis://me:p%40ss@a:1/5' }, 'redis://me:p%40ss@a:1/0'],
    ['a password alone', { REDIS_URL: ' redis://:p@a:1 ' }, 'redis://:p@a:1/0'],
    ['capitals', { REDIS_URL: 'REDIS://a:1/5' }, 'redis://a:1/0'],
  ]
  for (const [what, env, url] of rows) it(what, () => expect(redisUrlOf(env)).toBe(url))
})

describe('what names no server is refused without being shown', () => {
  const wrong = [
    ...[
      'a:1',
      'localhost:6379',
      'http://a:1',
      'redis:/a',
      'redis://',
      'redis:///5',
      'redis://?x',
      'redis://a:secret',
      'secret',
    ].map((url) => ({
      REDIS_URL: url,
    })),
    ...['x', '0', '65536', '1.5', '-1', '1e3', '6379/5'].map((port) => ({ REDIS_PORT: port })),
    ...['a b', 'a/5', 'me:secret@a', 'a?x', 'a#x', 'a:1:x'].map((host) => ({ REDIS_HOST: host })),
  ]
  for (const env of wrong) {
    it(JSON.stringify(env), () => {
      const [name] = Object.keys(env)
      expect(() => redisFromEnv({ env })).toThrow(
        expect.objectContaining({
          code: 'INVALID_ARGUMENT',
          message: expect.stringMatching(new RegExp(`^redisFromEnv: ${name} must be (?!.*secret)`)),
        }),
      )
    })
  }
})

it('looks into process.env unless told otherwise', async () => {
  const before = process.env.REDIS_PORT
  process.env.REDIS_URL = ''
  process.env.REDIS_PORT = 'none'
  try {
    expect(() => redisFromEnv()).toThrow('redisFromEnv: REDIS_PORT must be a port from 1 to 65535.')
  } finally {
    delete process.env.REDIS_URL
    if (before === undefined) delete process.env.REDIS_PORT
    else process.env.REDIS_PORT = before
  }
})
