/**
 * The clients the adapter takes, by structure: no version of ioredis or node-redis stands in the public types.
 * @module
 */

import { StoryArtError } from '../errors.js'
import { type IoredisCommands, outcomesOf, type RedisLink, type RedisRequest } from './redis-link.js'
import { type NodeRedisClient, nodeRedisLink } from './redis-node.js'

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

/** @internal */
export function linkTo(client: unknown): RedisLink {
  if (isIoredis(client)) return ioredisLink(client)
  if (isNodeRedis(client)) return nodeRedisLink(client)
  throw new StoryArtError(
    'INVALID_ARGUMENT',
    'redisAdapter: this client is neither one of ioredis (5, 6) nor of node-redis (4, 5, 6; without legacy mode).',
  )
}

/** @internal */
export function ioredisLink(client: IoredisClient): RedisLink {
  const spread = client.isCluster === true
  const send = async ([name, ...args]: RedisRequest): Promise<unknown> => Reflect.apply(client[name], client, args)
  return {
    spread,
    send,
    async sendAll(requests) {
      // A pipeline of a Cluster must stay within one node, and ours never does.
      if (spread || requests.length < 2) return outcomesOf(requests.map(send))
      const pipeline = client.pipeline()
      for (const [name, ...args] of requests) Reflect.apply(pipeline[name], pipeline, args)
      return (await pipeline.exec()) ?? []
    },
  }
}

function isIoredis(client: unknown): client is IoredisClient {
  return has(client, 'getBuffer') && has(client, 'pipeline')
}

/** A client in legacy mode of version 4 has the same members, but wants callbacks. */
function isNodeRedis(client: unknown): client is NodeRedisClient {
  if (!has(client, 'sendCommand') || typeof Reflect.get(client, 'isOpen') !== 'boolean') return false
  const options: unknown = Reflect.get(client, 'options')
  return !(isObject(options) && Reflect.get(options, 'legacyMode') === true)
}

function has(client: unknown, method: string): client is object {
  return isObject(client) && typeof Reflect.get(client, method) === 'function'
}

/** Not `instanceof`: a client may come from another realm, as in some test runners. */
function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null
}
