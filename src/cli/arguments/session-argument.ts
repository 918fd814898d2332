/**
 * Which session a command is about.
 * @module
 */
import { decodeSession, type Session, type SessionReader, type SessionRecord } from 'storyart-sdk'
import { CliError } from '../cli-error.js'
import { EXIT } from '../exit-codes.js'
import type { Host } from '../host.js'
import { readText } from './read-text.js'

/** How a session may be named, for the help of every command that takes one. */
export const SESSION_HELP =
  'a timestamp, "latest", a date (the version saved closest to it), a path with "/" or ".json", or - for stdin'

/** A session, and where it comes from. */
export interface NamedSession {
  session: Session
  /** Its version; `null` if it comes from a file. */
  timestamp: number | null
  /** How to speak of it, such as `session 1770370006877` or `the file episode.json`. */
  name: string
}

/** How a session was named. */
export type SessionName =
  | { kind: 'latest' }
  | { kind: 'timestamp'; timestamp: number }
  | { kind: 'moment'; ms: number }
  | { kind: 'file'; path: string }

/** @throws {CliError} of code `usage` when it is none of the forms. */
export function sessionNameOf(text: string): SessionName {
  if (text === 'latest') return { kind: 'latest' }
  if (text === '-' || /[/\\]|\.json$/i.test(text)) return { kind: 'file', path: text }
  if (/^\d{5,}$/.test(text)) return { kind: 'timestamp', timestamp: Number(text) }
  const ms = /^\d{4}-\d{2}/.test(text) ? Date.parse(text) : Number.NaN
  if (Number.isNaN(ms))
    throw new CliError(EXIT.usage, `a session is named by ${SESSION_HELP}; "${text}" is none of these`)
  return { kind: 'moment', ms }
}

/** Whether the session is in a store, and not in a file. */
export function isStored(name: SessionName): boolean {
  return name.kind !== 'file'
}

/**
 * Reads the session that is named; a store is opened only for one that is in it.
 *
 * @throws {CliError} of code `missing` when there is none.
 */
export async function namedSession(
  host: Host,
  name: SessionName,
  openStore: () => SessionReader,
  talk: (text: string) => void,
): Promise<NamedSession> {
  if (name.kind === 'file') {
    const called = name.path === '-' ? 'stdin' : `the file ${name.path}`
    return { session: decodeSession(await readText(host, name.path), called), timestamp: null, name: called }
  }
  const record = await storedSession(name, openStore(), host.signal, talk)
  return { session: record.session, timestamp: record.timestamp, name: `session ${record.timestamp}` }
}

/** Reads a session of a store, and says what a person should know of it. */
export async function storedSession(
  name: Exclude<SessionName, { kind: 'file' }>,
  store: SessionReader,
  signal: AbortSignal,
  talk: (text: string) => void,
): Promise<SessionRecord> {
  const options = { signal }
  if (name.kind === 'timestamp') {
    const record = await store.get(name.timestamp, options)
    if (record) return record
    throw new CliError(
      EXIT.missing,
      `there is no session ${name.timestamp}: see \`storyart list\`, or name a date to get the version closest to it`,
    )
  }
  const record = name.kind === 'latest' ? await store.latest(options) : await store.nearest(name.ms, options)
  if (!record) throw new CliError(EXIT.missing, 'there is no session in this store')
  for (const { timestamp, reason, message } of record.skipped ?? []) {
    talk(`passed over ${timestamp}: ${message ?? reason}`)
  }
  if (record.degraded) talk(`session ${record.timestamp} waits in ${record.storage}, or a newer one may wait elsewhere`)
  if (name.kind === 'moment') talk(`session ${record.timestamp}, saved ${record.savedAt}, is the closest`)
  return record
}
