/**
 * The seam between the store and a backend: an ordered map from session id to raw JSON text. Types only.
 * @module
 */

import type { AdapterErrorCode } from '../errors.js'

/** What every call takes. */
export interface CallOptions {
  /** Aborts the call, which then rejects with `signal.reason`. A write already on its way may still happen. Default: none. */
  signal?: AbortSignal | undefined
}

/** A condition on what is stored: nothing, or exactly the text with this revision (see {@link revisionOf}). */
export type Expectation = 'absent' | (string & {})

/** How to write. */
export interface PutOptions extends CallOptions {
  /**
   * Life in ms from now. `'keep'`: the remaining life of what is replaced (no end if there is nothing to replace).
   * Default: no end.
   */
  ttlMs?: number | 'keep' | undefined
  /** Write only if this holds; the comparison and the write are one atomic step. Default: write in any case. */
  expect?: Expectation | undefined
  /** A short text describing the document, handed back by `list`. Opaque to the adapter. Default: none. */
  summary?: string | undefined
}

/** Whether a write happened; if not, which condition it met, and nothing was written. */
export type PutResult = ({ stored: true } & Whereabouts) | { stored: false; reason: 'exists' | 'changed' | 'missing' }

/** Where a document really is, for adapters that stand before others. */
export interface Whereabouts {
  /** The name of the backend that holds it. Default: the adapter's own. */
  storage?: string
  /** `true` if that is not the backend where it belongs, because that one could not be reached. Default: `false`. */
  degraded?: boolean
}

/** A stored document. */
export interface RawSession extends Whereabouts {
  /** The JSON text exactly as it was put. */
  raw: string
}

/** Which part of the index to read: `from <= id < before`. */
export interface ListQuery {
  /** The most entries to return, at least 1. A page is shorter only where the range ends. */
  limit: number
  /** Exclusive upper end. Default: none. */
  before?: number | undefined
  /** Inclusive lower end. Default: none. */
  from?: number | undefined
  /** `newest` first or `oldest` first. Default: `newest`. */
  order?: 'newest' | 'oldest' | undefined
  /** `false`: only ids are wanted, the other fields may be left out. Default: `true`. */
  details?: boolean | undefined
  /**
   * `true`: of each entry only id, `ttlMs` and {@link ListEntry.mark} are wanted, for those who look for changes again and
   * again. A page may then end early, even empty, and still have `next`; and one id asked for alone may be answered for
   * without a look at the index. Default: `false`.
   */
  marks?: boolean | undefined
}

/** A live session in the index. */
export interface ListEntry extends Whereabouts {
  /** The session's id, ms since the epoch. */
  id: number
  /** The text given as `summary` when this document was written; missing when there is none that surely belongs to the stored document. */
  summary?: string
  /** Size of the stored document in bytes of UTF-8, or as near as the backend can say without reading it. */
  sizeBytes?: number
  /** Remaining life in ms; `null`: no end. */
  ttlMs?: number | null
  /**
   * Differs from what it was before the document was last written, as far as the backend can say without reading it, and
   * is the same for everyone who asks. Missing: look at `sizeBytes` and `summary` instead.
   */
  mark?: string
}

/** One page of the index. */
export interface ListPage {
  /** Live sessions in the asked order. Never one whose document has expired. */
  entries: ListEntry[]
  /** Ids met on the way whose document has expired or is gone, for those who want to say so. Default: none met, or none kept. */
  expired?: number[]
  /**
   * Where the next page starts: its `before` (newest first) or its `from` (oldest first). Missing on a page that is not
   * full; a full page at the end of the range may have it, and the next page is then empty.
   */
  next?: number
  /** `true` if a backend that belongs to the answer could not be asked. Default: `false`. */
  degraded?: boolean
}

/** What a backend tells by itself. */
export interface AdapterChange {
  /** The session that may have changed. */
  id: number
  /**
   * `true`: it was written, even if its mark is what it was. `false`: it was removed, or something happened to it: look.
   * Default: `false`.
   */
  written?: boolean
}

/** What was told in a backend's own record of changes. */
export interface ChangeLog {
  /** In order; one session may stand there several times. */
  changes: AdapterChange[]
  /** Stands for the end of these changes: letters, digits and hyphens. */
  place: string
  /** `false`: between the place asked for and these changes some may be missing. */
  complete: boolean
}

/** What `health` says. */
export interface Health {
  /** Whether the backend answered and can be used. */
  ok: boolean
  /** How long the answer took, in ms. */
  latencyMs: number
  /** Why not, if `ok` is false: a message without secrets. */
  error?: string
  /** The code that other calls fail with, if `ok` is false. Anything but `ADAPTER_UNAVAILABLE` is an answer. Default: that. */
  code?: AdapterErrorCode
}

/**
 * A backend for sessions. It moves strings and never parses a document.
 *
 * Ids are integers, ms since the epoch. `null` and `false` mean that the backend answered "not here"; a backend that
 * does not answer makes the call reject with an `AdapterError`. After `close` every call rejects with code `CLOSED`.
 * The cases in `storyart-sdk/testing` say the rest.
 */
export interface SessionAdapter {
  /** A short name for results and errors, such as `redis`. */
  readonly name: string
  /** What stands before `storyart:session:` in this backend's keys. Default: nothing. */
  readonly keyPrefix?: string
  /** Whether what it holds survives the end of the process. Default: `true`. */
  readonly durable?: boolean
  /** Writes a document, its index entry and its summary. When it resolves `stored: true`, `get` and `list` see it. */
  put(id: number, raw: string, options?: PutOptions): Promise<PutResult>
  /** Reads a document; `null` if there is none or it has expired. */
  get(id: number, options?: CallOptions): Promise<RawSession | null>
  /** Reads a page of the index. */
  list(query: ListQuery, options?: CallOptions): Promise<ListPage>
  /** Removes a session; `true` if one was there. */
  delete(id: number, options?: CallOptions): Promise<boolean>
  /** Gives a session a new life of `ttlMs` from now; `true` if it was there. */
  touch(id: number, ttlMs: number, options?: CallOptions): Promise<boolean>
  /** Whether the backend can be used. Resolves `ok: false` when it cannot; rejects only when closed or aborted. */
  health(options?: CallOptions): Promise<Health>
  /** Releases what the adapter opened; what the caller opened stays open. May be called twice. */
  close(): Promise<void>
  /** Stores a summary for a document that was read as `raw`; does nothing if the document is another one by now. Default: not supported. */
  describe?(id: number, raw: string, summary: string, options?: CallOptions): Promise<void>
  /** Removes what is left of expired sessions, never a live one, and says how many entries. Default: nothing is ever left. */
  prune?(options?: CallOptions): Promise<number>
  /**
   * Calls `listener` after each change the backend can tell of: writes of this adapter, and those of others as far as they
   * can be heard of. Best effort and soon; whoever must not miss anything also looks at marks. Returns at once; the
   * function it returns ends it and may be called twice; so does `close`. What `listener` throws harms nothing. Throws
   * `CLOSED` after `close`. Default: it tells nothing.
   */
  watch?(listener: (change: AdapterChange) => void): () => void
  /**
   * Reads what was told after a place: for a backend that keeps a record of what this library writes, because its marks
   * do not tell all of that. Without a place nothing but where the record ends. Default: marks tell every write.
   */
  changesSince?(place?: string, options?: CallOptions): Promise<ChangeLog>
}
