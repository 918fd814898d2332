/**
 * Going through the sessions of a store with what remains of their lives.
 *
 * It asks the adapter and not `SessionStore.summaries`: a listing tells all lives without reading a document, the text is
 * had exactly as it is stored, and nothing is written to where it is read from, not even a summary.
 * @module
 */
import {
  type CallOptions,
  decodeSession,
  isStoryArtError,
  type ListEntry,
  type Session,
  type SessionAdapter,
} from 'storyart-sdk'

/** A session as it lies in a store. */
export interface StoredSession {
  kind: 'session'
  timestamp: number
  /** The text exactly as stored. */
  raw: string
  /** What it holds. */
  session: Session
  /** When its life ends, in ms since the epoch; `null`: never. */
  expiresAt: number | null
  /** The summary that belongs to this text, if there is one. */
  summary?: string
}

/** What a walk meets. `failed`: it cannot be read, or without a timestamp, a part of the store could not be asked. */
export type Met =
  | StoredSession
  | { kind: 'expired'; timestamp: number }
  | { kind: 'failed'; timestamp: number | null; message: string }

/** Where to walk: `from <= timestamp < before`. */
export interface WalkOptions extends CallOptions {
  /** The clock, in ms since the epoch. */
  now: () => number
  from?: number | undefined
  before?: number | undefined
}

const PAGE = 50

/** All sessions of a range, oldest first; one document is in memory at a time. */
export async function* storedSessions(
  adapter: SessionAdapter,
  { now, from, before, signal }: WalkOptions,
): AsyncGenerator<Met, void, undefined> {
  let isPartial = false
  for (let next = from; ; ) {
    const page = await adapter.list({ limit: PAGE, order: 'oldest', from: next, before }, { signal })
    const asOf = now()
    isPartial ||= page.degraded ?? false
    for (const timestamp of page.expired ?? []) yield { kind: 'expired', timestamp }
    for (const entry of page.entries) {
      const expiresAt = entry.ttlMs === undefined || entry.ttlMs === null ? null : asOf + entry.ttlMs
      yield readEntry(adapter, entry, expiresAt, signal)
    }
    if (page.next === undefined) break
    next = page.next
  }
  if (isPartial) {
    yield {
      kind: 'failed',
      timestamp: null,
      message: 'a part of the store could not be asked: sessions may be missing',
    }
  }
}

async function readEntry(
  adapter: SessionAdapter,
  { id: timestamp, summary, sizeBytes }: Pick<ListEntry, 'id' | 'summary' | 'sizeBytes'>,
  expiresAt: number | null,
  signal: AbortSignal | undefined,
): Promise<Met> {
  try {
    const stored = await adapter.get(timestamp, { signal })
    if (stored === null) return { kind: 'expired', timestamp }
    const { raw } = stored
    const whole = decodeSession(raw, `session ${timestamp}`)
    const session: StoredSession = { kind: 'session', timestamp, raw, session: whole, expiresAt }
    // Somebody may have written since it was listed; the library itself tells a stale summary by its size, too.
    const isOfThisText = summary !== undefined && sizeBytes === Buffer.byteLength(raw)
    return isOfThisText ? { ...session, summary } : session
  } catch (error) {
    if (!isAboutOne(error)) throw error
    return { kind: 'failed', timestamp, message: error.message }
  }
}

/** Whether this one document is at fault, and the others may still be had. */
export function isAboutOne(error: unknown): error is Error {
  if (!isStoryArtError(error)) return false
  return error.code === 'SESSION_INVALID' || error.code === 'ADAPTER_FAILED' || error.code === 'INVALID_ARGUMENT'
}
