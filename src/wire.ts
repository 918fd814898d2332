/**
 * The REST API on the wire: paths, headers, limits and status codes. One truth for the server and for the adapter that
 * speaks to it; what the bodies look like is in `wire-answers.ts`.
 * @module
 */
import type { StoryArtErrorCode } from './errors.js'

/** What the paths of sessions begin with. */
export const SESSION_PATH = '/api/v1/session'

/** The paths without a timestamp. StoryArt's client and server know the first four and `legacyLatest`. */
export const WIRE_PATHS = {
  health: '/health',
  save: `${SESSION_PATH}/save`,
  latest: `${SESSION_PATH}/latest`,
  list: `${SESSION_PATH}/list`,
  events: `${SESSION_PATH}/events`,
  openapi: `${SESSION_PATH}/openapi.json`,
  /** The third place where StoryArt's client looks for the latest session. */
  legacyLatest: '/api/v1/redis/session/latest',
} as const

/** The path of one version, and of what hangs below it. */
export function sessionPath(timestamp: number, below?: 'prompts-status' | 'queue' | 'touch'): string {
  return `${SESSION_PATH}/${timestamp}${below === undefined ? '' : `/${below}`}`
}

/** Headers of this API's own, beside `ETag`, `Location`, `Retry-After` and the conditions of HTTP. */
export const WIRE_HEADERS = {
  /** In answers: the name of the adapter that holds the session, such as `redis`. */
  storage: 'StoryArt-Storage',
  /** In answers: `true` if that is not where the session belongs, because its place could not be reached. */
  degraded: 'StoryArt-Degraded',
  /**
   * In a PUT: the summary to keep beside the document, percent-encoded as by `encodeURIComponent`; empty: keep none.
   * Without the header the server makes one from the document.
   */
  summary: 'StoryArt-Summary',
} as const

/** The largest body that is taken, in bytes after decompression: StoryArt's `50mb`. */
export const MAX_BODY_BYTES = 52_428_800

/** A timestamp in a path: the digits of a whole number of ms, without sign, point, exponent or leading zero. */
const TIMESTAMP = /^[1-9][0-9]{0,15}$/
const MAX_TIMESTAMP = 8_640_000_000_000_000

/** Reads a timestamp as a path spells it; `null` if it is none. */
export function parsePathTimestamp(text: string): number | null {
  const timestamp = TIMESTAMP.test(text) ? Number(text) : Number.NaN
  return timestamp <= MAX_TIMESTAMP ? timestamp : null
}

/** The status with which each failure is answered. A conflict with `If-Match` or `If-None-Match` is 412. */
export const STATUS_OF_CODE = {
  INVALID_ARGUMENT: 400,
  SESSION_INVALID: 400,
  SESSION_CONFLICT: 409,
  ADAPTER_UNAVAILABLE: 503,
  ADAPTER_DENIED: 502,
  ADAPTER_QUOTA: 507,
  ADAPTER_FAILED: 500,
  CLOSED: 503,
  // Of helpers that no route calls, but an adapter or a hook might: failures of what stands behind this server.
  TIMEOUT: 504,
  GENERATION_FAILED: 502,
  SWARM_REFUSED: 502,
  SWARM_UNAVAILABLE: 502,
  SWARM_FAILED: 502,
  SWARM_LOST: 502,
  SWARM_DENIED: 502,
  SWARM_PROTOCOL: 502,
} as const satisfies Record<StoryArtErrorCode, number>

/** The texts of StoryArt's own server, which its clients may compare with. */
export const WIRE_TEXTS = {
  saved: 'Session saved successfully',
  invalidSession: 'Invalid session data. Required fields: scriptText, episodeContext, storyUuid, analyzedEpisode',
  noSession: 'No session found',
  notFound: 'Session not found',
  invalidTimestamp: 'Invalid timestamp parameter',
} as const

/**
 * Writes a revision as an `ETag`. A compressed representation is another one, and has its coding behind the revision.
 *
 * @param revision - 40 hexadecimal digits.
 * @param coding - The content coding, if any.
 */
export function etagOf(revision: string, coding?: string): string {
  return `"${revision}${coding === undefined ? '' : `-${coding}`}"`
}

/**
 * Reads the revision out of an `ETag`, strong or weak, of any representation; `null` if it is no tag of this API.
 *
 * @param etag - One entity tag, with its quotes.
 */
export function revisionOfEtag(etag: string): string | null {
  return /^(?:W\/)?"([0-9a-f]{40})(?:-(?:gzip|deflate|br))?"$/.exec(etag.trim())?.[1] ?? null
}
