/**
 * Sessions in Redis, in the keys and the format that StoryArt's own server reads and writes.
 * @module
 */

import { abortable } from '../abort.js'
import { AdapterError, StoryArtError } from '../errors.js'
import type { AdapterChange, CallOptions, SessionAdapter } from './adapter.js'
import { requirePositive, requireQuery } from './arguments.js'
import { changeRequest, endOfChanges, isPlace, readChanges, STREAM_START } from './redis-changes.js'
import type { IoredisClient } from './redis-client.js'
import { givenSource, ownedSource, type RedisSource } from './redis-connect.js'
import { codeOfRedisError, redisError } from './redis-errors.js'
import { redisKeys } from './redis-keys.js'
import { type RedisLink, replyOf } from './redis-link.js'
import { listSessions } from './redis-list.js'
import { listMarks } from './redis-marks.js'
import type { NodeRedisClient } from './redis-node.js'
import { pruneIndex, unlist } from './redis-prune.js'
import { putSession } from './redis-put.js'
import { integerOf } from './redis-reply.js'
import { describeDocument, touchDocument } from './redis-summary.js'
import { textOfBytes } from './redis-text.js'
import { followChanges } from './redis-watch.js'
import { within } from './redis-within.js'
import { WatchListeners } from './watch-listeners.js'

/** What every {@link redisAdapter} takes. */
export interface RedisCommonOptions {
  /** Stands before all keys, so that several stores can share one database. Default: nothing, as StoryArt's server. */
  keyPrefix?: string | undefined
  /** How long `health` waits for an answer, in ms. Default: 2000. */
  healthTimeoutMs?: number | undefined
  /** Randomness from 0 to below 1, for the marks of `prune`. Default: `Math.random`. */
  random?: (() => number) | undefined
  /** A clock for latencies, in ms. Default: `performance.now`. */
  now?: (() => number) | undefined
}

/** Use a connection of the caller's, who configures and closes it. */
export interface RedisClientOptions extends RedisCommonOptions {
  /**
   * A `Redis` or `Cluster` of ioredis 5 or 6, or a client, cluster, pool or sentinel of node-redis 4, 5 or 6, which has
   * to be connected before the first call.
   */
  client: IoredisClient | NodeRedisClient
}

/** Open an own connection; needs the package `ioredis`. */
export interface RedisUrlOptions extends RedisCommonOptions {
  /** `redis://[user[:password]@]host[:port][/database]`, or `rediss://` for TLS. */
  url: string
  /** How long to wait for a connection, in ms; tried at most three times. Default: 2000. */
  connectTimeoutMs?: number | undefined
  /** How long a command may take, waiting for a connection included, in ms. Default: 5000. */
  commandTimeoutMs?: number | undefined
}

/** How to make a {@link redisAdapter}. */
export type RedisAdapterOptions = RedisClientOptions | RedisUrlOptions

/**
 * Keeps sessions in Redis exactly as StoryArt's server does: documents under `storyart:session:{id}`, the index in
 * `storyart:sessions:index`. Either reads what the other wrote.
 *
 * Every command names one key, so it runs unchanged on a Cluster. A document is written before its index entry: what
 * is listed can be read. Summaries under `storyart:summary:{id}` and the latest changes in the stream `storyart:changes`
 * are the only additions; they may vanish at any time. Nothing is connected before the first call. A caller's client gets
 * no listener and is never closed; watching opens a connection of its own, a duplicate, and closes it.
 *
 * @param options - A client, or a url.
 * @returns An adapter named `redis`.
 * @throws {StoryArtError} INVALID_ARGUMENT when there is neither a client it knows nor a url; when a call comes before
 * a client of node-redis is connected, or gets an id, life, limit or bound that is no such number, or text with half a
 * surrogate pair.
 * @throws {AdapterError} ADAPTER_UNAVAILABLE when the server does not answer or says "not now".
 * @throws {AdapterError} ADAPTER_DENIED when user, password or permissions are wrong.
 * @throws {AdapterError} ADAPTER_QUOTA when the server is out of memory.
 * @throws {AdapterError} ADAPTER_FAILED when a key holds something else than it should, or ioredis is not installed.
 * @throws {StoryArtError} CLOSED when a call comes after `close`.
 * @example
 * ```ts
 * import { redisAdapter } from 'storyart-sdk/redis'
 *
 * const adapter = redisAdapter({ url: process.env.REDIS_URL ?? 'redis://localhost:6379' })
 * await adapter.put(1770000000000, '{"scriptText":"INT. LAB"}', { ttlMs: 60_000, summary: 'a lab' })
 * console.log((await adapter.get(1770000000000))?.raw) // {"scriptText":"INT. LAB"}
 * console.log((await adapter.list({ limit: 10 })).entries[0]?.summary) // a lab
 * console.log(await adapter.delete(1770000000000)) // true
 * await adapter.close()
 * ```
 */
export function redisAdapter(options: RedisAdapterOptions): SessionAdapter {
  const { keyPrefix = '', healthTimeoutMs = 2000, random = Math.random, now = () => performance.now() } = options
  const keys = redisKeys(keyPrefix)
  const source = sourceOf(options)
  const running = new Set<Promise<unknown>>()
  const feeds = new Set<Promise<void>>()
  const listeners = new WatchListeners<AdapterChange>((tell) => {
    const end = new AbortController()
    const feed = followChanges({ source, keys, now }, tell, end.signal)
    feeds.add(feed)
    void feed.then(() => feeds.delete(feed))
    return () => end.abort()
  })
  let closed = false

  function refuseClosed(): void {
    if (closed) throw new StoryArtError('CLOSED', 'redis: the adapter is closed; make a new one.')
  }

  /** Nothing is read or written for a closed adapter, an aborted caller or an id that is none. */
  function run<T>(
    operation: string,
    id: number | undefined,
    call: CallOptions | undefined,
    work: (link: RedisLink) => Promise<T>,
  ): Promise<T> {
    refuseClosed()
    const signal = call?.signal
    signal?.throwIfAborted()
    if (id !== undefined) requirePositive('redis', 'id', id)
    const attempt = async (): Promise<T> => {
      try {
        return await work(await source.link())
      } catch (error) {
        if (signal?.aborted && error === signal.reason) throw error
        throw redisError({ operation, id }, source.explain(error))
      }
    }
    const outcome = attempt()
    running.add(outcome)
    const end = (): unknown => running.delete(outcome)
    outcome.then(end, end)
    return abortable(outcome, signal)
  }

  return {
    name: 'redis',
    keyPrefix,

    async put(id, raw, call = {}) {
      if (call.ttlMs !== undefined && call.ttlMs !== 'keep') requirePositive('redis', 'ttlMs', call.ttlMs)
      return run('put', id, call, (link) => putSession(link, keys, id, raw, call))
    },

    get: async (id, call) =>
      run('get', id, call, async (link) => {
        const bytes = await link.send(['getBuffer', keys.document(id)])
        return bytes === null ? null : { raw: textOfBytes(bytes, 'get', id) }
      }),

    async list(query, call) {
      requireQuery('redis', query)
      const list = query.marks ? listMarks : listSessions
      return run('list', undefined, call, (link) => list(link, keys, query, call?.signal))
    },

    delete: async (id, call) =>
      run('delete', id, call, async (link) => {
        const [document] = await link.sendAll([
          ['del', keys.document(id)],
          ['del', keys.summary(id)],
        ])
        const wasThere = integerOf(replyOf(document)) === 1
        await unlist(link, keys, id, random).catch(unlessFull)
        // That it cannot be told takes nothing from the deletion: watchers also look.
        if (wasThere) await link.sendAll([changeRequest(keys, id, false)])
        return wasThere
      }),

    async touch(id, ttlMs, call) {
      requirePositive('redis', 'ttlMs', ttlMs)
      return run('touch', id, call, (link) => touchDocument(link, keys, id, ttlMs))
    },

    describe: async (id, raw, summary, call) =>
      run('describe', id, call, (link) => describeDocument(link, keys, id, raw, summary)),

    prune: async (call) => run('prune', undefined, call, (link) => pruneIndex(link, keys, random, call?.signal)),

    watch(listener) {
      refuseClosed()
      return listeners.add(listener)
    },

    changesSince: async (place, call) =>
      run('changesSince', undefined, call, async (link) => {
        if (place === undefined) return { changes: [], place: await endOfChanges(link, keys), complete: true }
        // A place of another backend says nothing here.
        return isPlace(place)
          ? readChanges(link, keys, place)
          : { ...(await readChanges(link, keys, STREAM_START)), complete: false }
      }),

    async health(call) {
      const started = now()
      const ping = run('health', undefined, call, (link) => within(healthTimeoutMs, link.send(['ping'])))
      try {
        await ping
        return { ok: true, latencyMs: now() - started }
      } catch (error) {
        call?.signal?.throwIfAborted()
        const reason = {
          ok: false,
          latencyMs: now() - started,
          error: error instanceof Error ? error.message : String(error),
        }
        return error instanceof AdapterError ? { ...reason, code: error.code } : reason
      }
    },

    async close() {
      closed = true
      listeners.clear()
      await Promise.all(feeds)
      if (source.owned) await Promise.allSettled(running)
      await source.close()
    },
  }
}

function sourceOf(options: RedisAdapterOptions): RedisSource {
  if ('client' in options && options.client) return givenSource(options.client)
  if (!('url' in options) || typeof options.url !== 'string') {
    throw new StoryArtError('INVALID_ARGUMENT', 'redisAdapter: pass { client } or { url }.')
  }
  const { url, connectTimeoutMs = 2000, commandTimeoutMs = 5000 } = options
  return ownedSource(url, { connectTimeoutMs, commandTimeoutMs })
}

/**
 * A server that is full takes no mark, and so its index keeps the entry of a session that is gone, like one that has
 * expired. That must not fail the delete: it is what makes room.
 */
function unlessFull(error: unknown): void {
  if (codeOfRedisError(error) !== 'ADAPTER_QUOTA') throw error
}
