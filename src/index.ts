/**
 * StoryArt sessions: the store, its adapters for every runtime, the schemas, the prompt helpers and the errors.
 * @module
 */
export * from './adapters/adapter.js'
export { type HttpAdapter, type HttpAdapterOptions, httpAdapter, type RequestHeaders } from './adapters/http.js'
export type { ToldChange } from './adapters/http-watch.js'
export { type LocalStorageAdapterOptions, localStorageAdapter } from './adapters/local-storage.js'
export type { StorageLike, StorageLocks } from './adapters/local-storage-like.js'
export { type MemoryAdapterOptions, memoryAdapter } from './adapters/memory.js'
export {
  assertComplete,
  decodeSession,
  type EpisodeContextResult,
  type PreparedSession,
  parseEpisodeContext,
  parseStoryUuid,
  prepareSession,
  safeParseEpisodeContext,
} from './codec.js'
export * from './errors.js'
export * from './prompt/index.js'
export { revisionOf } from './revision.js'
export * from './schema/index.js'
export * from './store/index.js'
