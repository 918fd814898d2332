import type { Cluster as Cluster5, Redis as Redis5 } from 'ioredis'
import type { Cluster as Cluster6, Redis as Redis6 } from 'ioredis6'
import type * as node5 from 'redis'
import type * as node4 from 'redis4'
import type * as node6 from 'redis6'
import { describe, expectTypeOf, it } from 'vitest'
import type { SessionAdapter } from '../../src/adapters/adapter.js'
import {
  type IoredisClient,
  type NodeRedisClient,
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

  it('take the clients of node-redis as they are', () => {
    expectTypeOf<ReturnType<typeof node4.createClient>>().toExtend<NodeRedisClient>()
    expectTypeOf<ReturnType<typeof node4.createCluster>>().toExtend<NodeRedisClient>()
    expectTypeOf<node4.RedisClientType>().toExtend<NodeRedisClient>()
    expectTypeOf<ReturnType<typeof node5.createClient>>().toExtend<NodeRedisClient>()
    expectTypeOf<ReturnType<typeof node5.createClientPool>>().toExtend<NodeRedisClient>()
    expectTypeOf<ReturnType<typeof node5.createCluster>>().toExtend<NodeRedisClient>()
    expectTypeOf<ReturnType<typeof node5.createSentinel>>().toExtend<NodeRedisClient>()
    expectTypeOf<node5.RedisClientType>().toExtend<NodeRedisClient>()
    expectTypeOf<ReturnType<typeof node6.createClient>>().toExtend<NodeRedisClient>()
    expectTypeOf<ReturnType<typeof node6.createClientPool>>().toExtend<NodeRedisClient>()
    expectTypeOf<ReturnType<typeof node6.createCluster>>().toExtend<NodeRedisClient>()
    expectTypeOf<ReturnType<typeof node6.createSentinel>>().toExtend<NodeRedisClient>()
    expectTypeOf<node6.RedisClientType>().toExtend<NodeRedisClient>()
  })

  it('refuse what is no client', () => {
    expectTypeOf<Redis5>().not.toExtend<NodeRedisClient>()
    expectTypeOf<ReturnType<typeof node4.createClient>>().not.toExtend<IoredisClient>()
    expectTypeOf<{
      client: ReturnType<ReturnType<typeof node5.createClient>['legacy']>
    }>().not.toExtend<RedisAdapterOptions>()
    expectTypeOf<{ client: string }>().not.toExtend<RedisAdapterOptions>()
    expectTypeOf<{ get(key: string): Promise<string | null> }>().not.toExtend<IoredisClient>()
    expectTypeOf<object>().not.toExtend<RedisAdapterOptions>()
    expectTypeOf<{ url: number }>().not.toExtend<RedisAdapterOptions>()
    expectTypeOf<{ keyPrefix: string }>().not.toExtend<RedisAdapterOptions>()
  })

  it('take a client or a url, each with its options', () => {
    expectTypeOf<{ client: Redis5; keyPrefix: string; healthTimeoutMs: number }>().toExtend<RedisAdapterOptions>()
    expectTypeOf<{ client: ReturnType<typeof node4.createClient>; keyPrefix: string }>().toExtend<RedisAdapterOptions>()
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
