/**
 * Bringing a session from elsewhere into a store, under its own timestamp.
 *
 * It asks the adapter and not `SessionStore.save`, which knows no life without an end and writes every text its own way.
 * @module
 */
import { type CallOptions, decodeSession, prepareSession, type SessionAdapter } from 'storyart-sdk'
import { isAboutOne } from './stored-sessions.js'
import type { Outcome } from './tally.js'

/** What is to be stored. */
export interface NewSession {
  timestamp: number
  /** The text, which is known to be a session. */
  raw: string
  /** Its life in ms; `undefined`: no end. */
  ttlMs: number | undefined
  /** Its summary. Default: none, and the first list makes one. */
  summary?: string | undefined
}

/** How to store it. */
export interface PutOptions extends CallOptions {
  /** Replace what is there. Default: what is there stays. */
  overwrite?: boolean | undefined
  /** Only look. */
  dryRun?: boolean | undefined
}

/** Stores a session and says what became of it; what has the same content already is left with the life it has. */
export async function putSession(
  adapter: SessionAdapter,
  { timestamp, raw, ttlMs, summary }: NewSession,
  { overwrite = false, dryRun = false, signal }: PutOptions,
): Promise<Exclude<Outcome, 'expired' | 'failed'>> {
  const there = overwrite || dryRun ? await adapter.get(timestamp, { signal }) : null
  if (there && isSameSession(timestamp, there.raw, raw)) return 'same'
  if (there && !overwrite) return 'kept'
  const becomes = there ? 'replaced' : 'written'
  if (dryRun) return becomes
  const expect = overwrite ? undefined : 'absent'
  const { stored } = await adapter.put(timestamp, raw, { ttlMs, expect, summary, signal })
  if (stored) return becomes
  const met = await adapter.get(timestamp, { signal })
  return met && isSameSession(timestamp, met.raw, raw) ? 'same' : 'kept'
}

/** Whether two texts hold the same session, whoever has written them down. */
export function isSameSession(timestamp: number, one: string, other: string): boolean {
  if (one === other) return true
  const [a, b] = [one, other].map((raw) => plain(timestamp, raw))
  return a !== undefined && a === b
}

function plain(timestamp: number, raw: string): string | undefined {
  try {
    return prepareSession(decodeSession(raw, 'the session'), 'the session').encode(timestamp)
  } catch (error) {
    if (!isAboutOne(error)) throw error
    return undefined
  }
}
