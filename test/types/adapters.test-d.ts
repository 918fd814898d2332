/** The adapters, and what whoever writes one promises. Checked by `tsc`, never run. */
import type { Redis } from 'ioredis'
import type { createClient } from 'redis'
import {
  type AdapterChange,
  type CallOptions,
  type ChangeLog,
  type Expectation,
  type Health,
  type HttpAdapter,
  type HttpAdapterOptions,
  httpAdapter,
  type ListEntry,
  type ListPage,
  type ListQuery,
  type LocalStorageAdapterOptions,
  localStorageAdapter,
  type MemoryAdapterOptions,
  memoryAdapter,
  type PutOptions,
  type PutResult,
  type RawSession,
  type RequestHeaders,
  revisionOf,
  type SessionAdapter,
  SessionStore,
  type StorageLike,
  type StorageLocks,
  type ToldChange,
  type Whereabouts,
} from 'storyart-sdk'
import { type FileAdapterOptions, fileAdapter } from 'storyart-sdk/file'
import { type IndexedDbAdapterOptions, indexedDbAdapter } from 'storyart-sdk/indexeddb'
import {
  type IoredisClient,
  type IoredisCommands,
  type IoredisPipeline,
  type NodeRedisClient,
  type RedisAdapterOptions,
  type RedisClientOptions,
  type RedisCommonOptions,
  type RedisEnvironment,
  type RedisFromEnvOptions,
  type RedisUrlOptions,
  redisAdapter,
  redisFromEnv,
} from 'storyart-sdk/redis'
import { expectTypeOf } from 'vitest'

/** The least somebody else's adapter is made of. */
export function smallest(found: string | null): SessionAdapter {
  const adapter: SessionAdapter = {
    name: 'mine',
    put: async (_id, _raw, { expect } = {}) =>
      expect === 'absent' ? { stored: false, reason: 'exists' } : { stored: true },
    get: async () => (found === null ? null : { raw: found }),
    list: async ({ limit }) => ({ entries: limit > 0 ? [{ id: 1, ttlMs: null }] : [] }),
    delete: async () => true,
    touch: async () => false,
    health: async () => ({ ok: true, latencyMs: 0 }),
    close: async () => undefined,
  }
  const { close: _close, ...unclosed } = adapter
  // @ts-expect-error an adapter can be closed
  const wrong: SessionAdapter = unclosed
  // @ts-expect-error missing is null, not undefined
  const vague: SessionAdapter = { ...adapter, get: async () => undefined }
  // @ts-expect-error no such reason
  const odd: SessionAdapter = { ...adapter, put: async () => ({ stored: false, reason: 'full' }) }
  void [wrong, vague, odd, new SessionStore({ adapter })]
  return adapter
}

/** A refusal says why; where it is stored, only a success may say. */
export function results(result: PutResult, page: ListPage, log: ChangeLog, health: Health): void {
  if (result.stored) expectTypeOf(result.storage).toEqualTypeOf<string | undefined>()
  else expectTypeOf(result.reason).toEqualTypeOf<'exists' | 'changed' | 'missing'>()
  // @ts-expect-error only a refusal has a reason
  void result.reason
  expectTypeOf(page.entries).toEqualTypeOf<ListEntry[]>()
  expectTypeOf(page.next).toEqualTypeOf<number | undefined>()
  expectTypeOf(page.entries[0]?.ttlMs).toEqualTypeOf<number | null | undefined>()
  expectTypeOf(log.changes).toEqualTypeOf<AdapterChange[]>()
  expectTypeOf<AdapterChange>().toEqualTypeOf<{ id: number; written?: boolean }>()
  expectTypeOf(health.code).toExtend<string | undefined>()
  expectTypeOf<RawSession>().toExtend<Whereabouts>()
  expectTypeOf<PutOptions>().toExtend<CallOptions>()
  expectTypeOf<PutOptions['ttlMs']>().toEqualTypeOf<number | 'keep' | undefined>()
  expectTypeOf<PutOptions['expect']>().toEqualTypeOf<Expectation | undefined>()
  expectTypeOf<ListQuery['order']>().toEqualTypeOf<'newest' | 'oldest' | undefined>()
  expectTypeOf(revisionOf).toEqualTypeOf<(text: string) => string>()
}

export function everywhere(now: (() => number) | undefined): void {
  expectTypeOf(memoryAdapter).toEqualTypeOf<(options?: MemoryAdapterOptions) => SessionAdapter>()
  void memoryAdapter({ now })
  // @ts-expect-error a clock is a function
  void memoryAdapter({ now: 0 })
}

export function browsers(storage: Storage, mine: StorageLike, locks: StorageLocks, factory: IDBFactory): void {
  expectTypeOf(localStorageAdapter).toEqualTypeOf<(options?: LocalStorageAdapterOptions) => SessionAdapter>()
  expectTypeOf<LockManager>().toExtend<StorageLocks>()
  const options: LocalStorageAdapterOptions[] = [
    { storage, evict: 'oldest', compress: true, legacy: false, locks },
    { storage: mine, locks: false, keyPrefix: undefined, now: undefined },
    // @ts-expect-error no such way to make room
    { evict: 'newest' },
    // @ts-expect-error what keeps texts also removes them
    { storage: { getItem: () => null, setItem: () => undefined } },
  ]
  expectTypeOf(indexedDbAdapter).toEqualTypeOf<(options?: IndexedDbAdapterOptions) => SessionAdapter>()
  void indexedDbAdapter({ indexedDB: factory, durability: 'relaxed', databaseName: undefined, now: undefined })
  // @ts-expect-error no such durability
  void indexedDbAdapter({ durability: 'default' })
  void options
}

export function http(url: string | undefined, headers: RequestHeaders): void {
  expectTypeOf<RequestHeaders>().toEqualTypeOf<HeadersInit>()
  expectTypeOf(httpAdapter).toEqualTypeOf<(options: HttpAdapterOptions) => HttpAdapter>()
  // Addresses that are not configured may be handed over as they are.
  const adapter = httpAdapter({ baseUrls: [url, null, 'http://localhost:8000'], headers: async () => headers })
  expectTypeOf(adapter).toExtend<SessionAdapter>()
  adapter.watch((change) => {
    expectTypeOf(change).toEqualTypeOf<ToldChange>()
    expectTypeOf(change.written).toEqualTypeOf<boolean>()
  })
  // @ts-expect-error addresses are a list
  void httpAdapter({ baseUrls: 'http://localhost:8000' })
  // @ts-expect-error at least the addresses must be told
  void httpAdapter()
}

export function file(): void {
  expectTypeOf(fileAdapter).toEqualTypeOf<(directory: string, options?: FileAdapterOptions) => SessionAdapter>()
  void fileAdapter('/sessions', { now: undefined, wait: undefined, staleLockMs: undefined })
  // @ts-expect-error a directory is needed
  void fileAdapter()
}

export function redis(ioredis: Redis, node: ReturnType<typeof createClient>): void {
  expectTypeOf(redisAdapter).toEqualTypeOf<(options: RedisAdapterOptions) => SessionAdapter>()
  expectTypeOf<RedisAdapterOptions>().toEqualTypeOf<RedisClientOptions | RedisUrlOptions>()
  expectTypeOf<RedisUrlOptions>().toExtend<RedisCommonOptions>()
  expectTypeOf(ioredis).toExtend<IoredisClient>()
  expectTypeOf(ioredis).toExtend<IoredisCommands>()
  expectTypeOf(ioredis.pipeline()).toExtend<IoredisPipeline>()
  expectTypeOf(node).toExtend<NodeRedisClient>()
  void redisAdapter({ client: ioredis, keyPrefix: undefined, healthTimeoutMs: undefined })
  void redisAdapter({ client: node })
  void redisAdapter({ url: 'redis://localhost', connectTimeoutMs: undefined, commandTimeoutMs: 500 })
  // @ts-expect-error a client or a url
  void redisAdapter({ keyPrefix: 'test:' })
  // @ts-expect-error a url is an option
  void redisAdapter('redis://localhost')
  expectTypeOf(redisFromEnv).toEqualTypeOf<(options?: RedisFromEnvOptions) => SessionAdapter>()
  expectTypeOf(process.env).toExtend<RedisEnvironment>()
  // @ts-expect-error the environment says where
  void redisFromEnv({ url: 'redis://localhost' })
}
