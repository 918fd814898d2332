/**
 * The store's room: the one place others import it from.
 * @module
 */
export type {
  ConflictEvent,
  FailureEvent,
  FallbackEvent,
  RecoveredEvent,
  StoreEvents,
  StoreListener,
  SyncedEvent,
} from './events.js'
export type { StoreHealth, TierHealth } from './health.js'
export type {
  IterateOptions,
  ListOptions,
  RangeOptions,
  SaveOptions,
  SessionReaderOptions,
  SessionStoreOptions,
  UpdateOptions,
  WaitOptions,
  WatchOptions,
} from './options.js'
export type { SessionPage } from './pages.js'
export type { PruneReport, SaveResult, SessionRecord, SkippedSession } from './record.js'
export type { Schedule } from './schedule.js'
export { SessionReader } from './session-reader.js'
export { SessionStore } from './session-store.js'
export type { SessionSummary } from './summary.js'
export type { SyncReport } from './syncer.js'
export type { SessionUpdate } from './update.js'
export type { SessionChange, SessionWatch } from './watch.js'
export type { SessionChangeType } from './watch-lookout.js'
