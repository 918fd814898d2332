/**
 * What the store's calls take.
 * @module
 */
import type { CallOptions, Expectation, SessionAdapter } from '../adapters/adapter.js'
import type { SkippedSession } from './record.js'
import type { Schedule } from './schedule.js'

/** How to make a {@link SessionReader}. */
export interface SessionReaderOptions {
  /** Where sessions are kept. There is no default: what may be lost with the process is for the caller to say. */
  adapter: SessionAdapter
  /** The clock, in ms since the epoch. Default: `Date.now`. */
  now?: (() => number) | undefined
  /**
   * How long one call of an adapter may take, in ms, from 1 to 2147483647; thirty times as long for `prune`. What takes
   * longer counts as unreachable. Default: 2000.
   */
  deadlineMs?: number | undefined
  /** Sets timers. Default: `setTimeout`. */
  schedule?: Schedule | undefined
}

/** How to make a {@link SessionStore}. */
export interface SessionStoreOptions extends SessionReaderOptions {
  /**
   * Who takes a save when `adapter` cannot be reached, in the order of trying. What such a tier holds, now or from an
   * earlier run, waits there: it is seen by every read, and moved to `adapter` as soon as that answers. So it must be a
   * storage of its own. Default: none.
   */
  fallback?: readonly SessionAdapter[] | undefined
  /** Life of a saved session in ms. Default: {@link SESSION_TTL_MS}, seven days. */
  ttlMs?: number | undefined
  /** Randomness from 0 to below 1, for spreading those who meet. Default: `Math.random`. */
  random?: (() => number) | undefined
  /** Waits between two attempts of `update`; must reject with `signal.reason` on abort. Default: a timer. */
  wait?: ((ms: number, signal?: AbortSignal) => Promise<void>) | undefined
}

/** How to save. */
export interface SaveOptions extends CallOptions {
  /** The version to create or replace, in ms since the epoch. Default: the session's own `timestamp`, else a new one. */
  timestamp?: number | undefined
  /** Life in ms. Default: the store's. */
  ttlMs?: number | undefined
  /** Save only if there is no such version (`'absent'`), or only over exactly this revision. Default: in any case. */
  expect?: Expectation | undefined
}

/** How to write a text as it is. @internal */
export interface SaveTextOptions extends CallOptions {
  /** Life in ms, `keep` the remaining one, or `null`: no end. Default: the store's. */
  ttlMs?: number | 'keep' | null | undefined
  /** The same as in {@link SaveOptions}. */
  expect?: Expectation | undefined
  /** What to keep as summary, or `null`: none. Default: one made from the session. */
  summary?: string | null | undefined
}

/** How to update. */
export interface UpdateOptions extends CallOptions {
  /** A new life in ms. Default: what remains of the old one. */
  ttlMs?: number | undefined
  /** How often to try when others keep writing in between. Default: 100. */
  attempts?: number | undefined
}

/** Which versions: `from <= timestamp < before`. */
export interface RangeOptions extends CallOptions {
  /** Inclusive start, in ms since the epoch. Default: none. */
  from?: number | undefined
  /** Exclusive end, in ms since the epoch. Default: none. */
  before?: number | undefined
}

/** Which page. */
export interface ListOptions extends RangeOptions {
  /** Sessions on a page, 1 to 1000. Default: 50. */
  limit?: number | undefined
  /** Where an earlier page ended. Default: start with the newest. */
  cursor?: string | undefined
}

/** Which sessions to go through. */
export interface IterateOptions extends RangeOptions {
  /** Sessions fetched at a time, 1 to 1000. Default: 50. */
  limit?: number | undefined
  /** Told of every version that is passed over. Default: nobody is. */
  onSkipped?: ((skipped: SkippedSession) => void) | undefined
}
