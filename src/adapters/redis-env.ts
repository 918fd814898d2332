/**
 * Finding Redis the way StoryArt's server does.
 * @module
 */

import process from 'node:process'
import { StoryArtError } from '../errors.js'
import type { SessionAdapter } from './adapter.js'
import { type RedisUrlOptions, redisAdapter } from './redis-adapter.js'

/** The environment variables that say where Redis is. */
export interface RedisEnvironment {
  /** The whole address; goes before the other two. Its database is ignored. */
  REDIS_URL?: string | undefined
  /** Host name or address. Default: `localhost`. */
  REDIS_HOST?: string | undefined
  /** Port. Default: 6379. */
  REDIS_PORT?: string | undefined
}

/** How to make an adapter with {@link redisFromEnv}. */
export interface RedisFromEnvOptions extends Omit<RedisUrlOptions, 'url'> {
  /** Where to look. Default: `process.env`. */
  env?: RedisEnvironment | undefined
}

/**
 * Connects to the Redis that StoryArt's server would use in the same environment: `REDIS_URL`, else `REDIS_HOST` and
 * `REDIS_PORT`, else `localhost:6379`; always database 0, whatever the URL says. Blank variables count as missing.
 *
 * StoryArt's server means to force database 0 too, but leaves URLs with `rediss:`, a query or a trailing slash alone.
 *
 * @param options - The environment, and what {@link redisAdapter} takes beside a url.
 * @returns An adapter with a connection of its own.
 * @throws {StoryArtError} INVALID_ARGUMENT when a variable holds no URL or port. The message never holds its value.
 * @example
 * ```ts
 * import { SessionStore } from 'storyart-sdk'
 * import { redisFromEnv } from 'storyart-sdk/redis'
 *
 * const store = new SessionStore({ adapter: redisFromEnv() })
 * console.log(await store.latest()) // null
 * await store.close()
 * ```
 */
export function redisFromEnv({ env = process.env, ...options }: RedisFromEnvOptions = {}): SessionAdapter {
  return redisAdapter({ ...options, url: redisUrlOf(env) })
}

/** @internal */
export function redisUrlOf(env: RedisEnvironment): string {
  const url = presence(env.REDIS_URL)
  if (url !== undefined) return inDatabase0(url)
  const host = presence(env.REDIS_HOST) ?? 'localhost'
  const port = presence(env.REDIS_PORT) ?? '6379'
  if (!/^\d{1,5}$/.test(port) || Number(port) < 1 || Number(port) > 65_535)
    throw wrong('REDIS_PORT', 'a port from 1 to 65535')
  // An IPv6 address needs brackets in a URL.
  const name = host.includes(':') && !host.startsWith('[') ? `[${host}]` : host
  if (!URL.canParse(`redis://${name}:${port}`) || /[/?#@\s]/.test(name))
    throw wrong('REDIS_HOST', 'a host name or an address')
  return `redis://${name}:${port}/0`
}

function presence(value: string | undefined): string | undefined {
  return value === undefined || value.trim() === '' ? undefined : value.trim()
}

function inDatabase0(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (!url || !/^rediss?:$/.test(url.protocol) || url.hostname === '') {
    throw wrong('REDIS_URL', 'a URL such as redis://localhost:6379 or rediss://user:password@host:6380')
  }
  url.pathname = '/0'
  url.searchParams.delete('db')
  return url.href
}

/** The value stays out of the message: it may hold a password. */
function wrong(name: string, wanted: string): StoryArtError {
  return new StoryArtError('INVALID_ARGUMENT', `redisFromEnv: ${name} must be ${wanted}.`)
}
