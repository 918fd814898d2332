/**
 * What the store hands out: records and results, with revisions computed only when looked at.
 * @module
 */
import { revisionOf } from '../revision.js'
import type { Session } from '../schema/index.js'

/** A version that was passed over, and why. */
export interface SkippedSession {
  /** The version, in ms since the epoch. */
  timestamp: number
  /** `expired`: only its index entry is left. `unreadable`: what is stored there is no session. */
  reason: 'expired' | 'unreadable'
  /** What is wrong with an unreadable one; never its text. */
  message?: string
}

/** A session as it was read. */
export interface SessionRecord {
  /** The version, in ms since the epoch. It comes from the key, whatever the document says. */
  timestamp: number
  /** The same moment as ISO 8601 text. */
  savedAt: string
  /** The name of the adapter it was read from, such as `redis`. */
  storage: string
  /**
   * `true` if it waits in a fallback tier, or if a newer one may wait in a tier that could not be asked (the latter only
   * from `latest`, `nearest` and `sessions`).
   */
  degraded: boolean
  /** The stored document itself: every field, in its own order. */
  session: Session
  /**
   * Names exactly this text: pass it as `expect` to write only if nobody wrote in between.
   * Computed when first looked at, about 10 ms for 850 KB.
   */
  readonly revision: string
  /** Newer versions that were passed over to reach this one. Only from `latest` and `nearest`; empty if there were none. */
  skipped?: SkippedSession[]
}

/** What a write did. */
export interface SaveResult {
  /** The version, in ms since the epoch. */
  timestamp: number
  /** The key it has in Redis, such as `storyart:session:1704067200000`. */
  sessionKey: string
  /** The name of the adapter that took it, such as `redis`. */
  storage: string
  /** The version's moment as ISO 8601 text. */
  savedAt: string
  /** Names exactly what is stored now. Computed when first looked at. */
  readonly revision: string
  /** `true` if a fallback tier had to take it, because the first could not be reached. It will be synced. */
  degraded: boolean
}

/** What `prune` did. */
export interface PruneReport {
  /** Entries that were removed. */
  removed: number
}

/** Under this a record keeps its text; two copies of the package read each other's records. */
const RAW = Symbol.for('storyart-sdk.raw')

/** Adds `revision` as an own, enumerable property that costs nothing until it is read. @internal */
export function withRevision<T extends object>(value: T, raw: string): T & { readonly revision: string } {
  let revision: string | undefined
  return Object.defineProperties(value, {
    [RAW]: { value: raw },
    revision: {
      enumerable: true,
      get: () => {
        revision ??= revisionOf(raw)
        return revision
      },
    },
  }) as T & { readonly revision: string } // what defineProperties has just made true
}

/** The text a record was read from, exactly as stored. @internal */
export function rawOf(record: SessionRecord): string {
  const raw: unknown = Reflect.get(record, RAW)
  return typeof raw === 'string' ? raw : JSON.stringify(record.session)
}
