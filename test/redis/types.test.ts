import type { Cluster as Cluster5, Redis as Redis5 } from 'ioredis'
import type { Cluster as Cluster6, Redis as Redis6 } from 'ioredis6'
import { describe, expectTypeOf, it } from 'vitest'
import type { SessionAdapter } from '../../src/adapters/adapter.js'
import {
  type IoredisClient,
  type RedisAdapterOptions,
  type RedisFromEnvOptions,
  redisAdapter,
  redisFromEnv,
} from '../../src/adapters/redis.js'

describe('the types of the entry', () => {
  it('take the clients of both majors as they are', () => {
    expectTypeOf<Redis5>().toExtend<IoredisClient>()
    expectTypeOf<Cluster5>().toExtend<IoredisClient>()
    expectTypeOf<Redis6>().toExtend<IoredisClient>()
    expectTypeOf<Cluster6>().toExtend<IoredisClient>()
  })

  it('refuse what is no client', () => {
    expectTypeOf<{ get(key: string): Promise<string | null> }>().not.toExtend<IoredisClient>()
    expectTypeOf<object>().not.toExtend<RedisAdapterOptions>()
    expectTypeOf<{ url: number }>().not.toExtend<RedisAdapterOptions>()
    expectTypeOf<{ keyPrefix: string }>().not.toExtend<RedisAdapterOptions>()
  })

  it('take a client or a url, each with its options', () => {
    expectTypeOf<{ client: Redis5; keyPrefix: string; healthTimeoutMs: number }>().toExtend<RedisAdapterOptions>()
    expectTypeOf<{
      url: string
      connectTimeoutMs: number
      commandTimeoutMs: undefined
    }>().toExtend<RedisAdapterOptions>()
    expectTypeOf<NodeJS.ProcessEnv>().toExtend<NonNullable<RedisFromEnvOptions['env']>>()
    expectTypeOf(redisAdapter).returns.toEqualTypeOf<SessionAdapter>()
    expectTypeOf(redisFromEnv).returns.toEqualTypeOf<SessionAdapter>()
  })
})
