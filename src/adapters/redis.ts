/**
 * `storyart-sdk/redis`: sessions in Redis, shared with StoryArt's own server.
 * @module
 */

export {
  type RedisAdapterOptions,
  type RedisClientOptions,
  type RedisCommonOptions,
  type RedisUrlOptions,
  redisAdapter,
} from './redis-adapter.js'
export type { IoredisClient, IoredisPipeline } from './redis-client.js'
export { type RedisEnvironment, type RedisFromEnvOptions, redisFromEnv } from './redis-env.js'
export type { IoredisCommands } from './redis-link.js'
export type { NodeRedisClient } from './redis-node.js'
