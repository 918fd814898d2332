/**
 * What an entry of an import says: which session, under which timestamp, and for how long.
 * @module
 */
import { basename } from 'node:path'
import { type NormalizedPlace, normalizeSession, type PreparedSession, prepareSession } from 'storyart-sdk'
import { isObject } from '../arguments/user-json.js'
import { CliError } from '../cli-error.js'
import { EXIT } from '../exit-codes.js'
import type { Found } from './import-source.js'

/** A session that can be stored. */
export interface Entry {
  prepared: PreparedSession
  /** Its version; `null`: a new one. */
  timestamp: number | null
  /** When its life ends, in ms since the epoch; `null`: never; `undefined`: it is not said. */
  expiresAt: number | null | undefined
  /** What was done to bring it into StoryArt's shape. */
  changes: NormalizedPlace[]
}

/**
 * Reads an entry: a session, or a line of `storyart export` with a session in it.
 *
 * @throws {CliError} of code `invalid`, or the library's refusal with the paths of its faults.
 */
export function entryOf({ file, where, content }: Found, normalize: boolean): Entry {
  if (!content.ok) throw new CliError(EXIT.invalid, `${where} cannot be used: it is ${content.problem}`)
  const line = isExported(content.value) ? content.value : { session: content.value }
  const { session, changes } = normalize ? normalizeSession(line.session) : { session: line.session, changes: [] }
  const prepared = prepareSession(session, where)
  const given = line.timestamp ?? prepared.session.timestamp
  return {
    prepared,
    timestamp: given === undefined || given === null || given === 0 ? timestampIn(file) : timestampOf(given, where),
    expiresAt: momentOf(line.expiresAt, where),
    changes,
  }
}

interface Exported {
  timestamp?: unknown
  expiresAt?: unknown
  session: unknown
}

/** A session may have any field, so only what has no other is a line of an export. */
function isExported(value: unknown): value is Exported {
  const known = new Set(['timestamp', 'expiresAt', 'session'])
  return isObject(value) && isObject(value.session) && Object.keys(value).every((key) => known.has(key))
}

function timestampOf(value: unknown, where: string): number {
  if (typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= 8_640_000_000_000_000) return value
  throw new CliError(EXIT.invalid, `${where} cannot be used: timestamp: must be a whole number of ms since the epoch`)
}

/** What `storyart export --to` calls a file. */
function timestampIn(file: string): number | null {
  const [, digits] = /^(\d{5,16})\.json$/i.exec(basename(file)) ?? []
  return digits === undefined ? null : Number(digits)
}

function momentOf(value: unknown, where: string): number | null | undefined {
  if (value === undefined || value === null) return value
  const ms = typeof value === 'string' ? Date.parse(value) : Number.NaN
  if (!Number.isNaN(ms)) return ms
  throw new CliError(
    EXIT.invalid,
    `${where} cannot be used: expiresAt: must be a moment in ISO 8601, or null for no end`,
  )
}
