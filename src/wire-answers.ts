/**
 * The bodies of the REST API: their types, and guards for those who receive them.
 * @module
 */
import type { ConflictReason, SessionIssue, StoryArtErrorCode } from './errors.js'

/** `POST /session/save`. */
export interface SaveAnswer {
  success: true
  message: string
  /** The key in Redis, such as `storyart:session:1704067200000`. */
  sessionKey: string
  /** The name of the adapter that took it. */
  storage: string
}

/** `PUT /session/{timestamp}`. */
export interface PutAnswer extends SaveAnswer {
  timestamp: number
  /** The same moment as ISO 8601 text. */
  savedAt: string
  /** `true` if a fallback tier had to take it. */
  degraded: boolean
}

/** `GET /session/latest` and `GET /session/{timestamp}`. */
export interface SessionAnswer {
  success: true
  /** The stored document, with `timestamp` set to its version if it says nothing else. */
  data: unknown
  /** The name of the adapter it was read from. */
  storage: string
}

/** `GET /session/list` without a view: whole sessions, newest first. `count` comes after them on the wire. */
export interface SessionListAnswer {
  success: true
  sessions: unknown[]
  count: number
}

/** `GET /session/list?view=summary`: a page of summaries, newest first; the fields of `SessionPage`. */
export interface SummaryListAnswer {
  success: true
  count: number
  /** The fields of `SessionSummary`. */
  sessions: unknown[]
  /** Of the next page; missing at the end. */
  cursor?: string
  degraded: boolean
  skipped: { timestamp: number; reason: 'expired' | 'unreadable'; message?: string }[]
}

/** One line of the index, as an adapter lists it. */
export interface EntryAnswer {
  id: number
  summary?: string
  sizeBytes?: number
  /** `null`: no end. */
  ttlMs?: number | null
  storage?: string
  degraded?: boolean
}

/** `GET /session/list?view=entries`: a page of the index; the fields of `ListPage`. */
export interface EntryListAnswer {
  success: true
  entries: EntryAnswer[]
  expired?: number[]
  next?: number
  degraded?: boolean
}

/** `GET /session/{timestamp}/prompts-status`. */
export interface PromptsStatusAnswer {
  promptsReady: boolean
  sessionTimestamp: number
  totalBeats: number
  totalPrompts: number
  /** ISO 8601 text: the moment of the version. */
  lastUpdated: string
}

/** `GET /session/{timestamp}/queue`. */
export interface QueueAnswer {
  success: true
  sessionTimestamp: number
  count: number
  /** The fields of `ImageJob`. */
  jobs: unknown[]
}

/** `DELETE /session/{timestamp}` and `POST /session/{timestamp}/touch`, of a version that was there. */
export interface DoneAnswer {
  success: true
}

/** `GET /health`, as StoryArt's server has it. With 503 it has `success: false`, `error` and `id`. */
export interface HealthAnswer {
  success: boolean
  /** `degraded`: the first tier does not answer, a fallback tier does. */
  status: 'healthy' | 'degraded' | 'unhealthy'
  redis: 'connected' | 'disconnected'
  memory: 'active' | 'empty'
  error?: string
  id?: string
}

/** One server-sent event of `GET /session/events`: its `data`. The `id` of the event is the cursor, `event` the type. */
export interface EventData {
  type: 'saved' | 'updated' | 'deleted'
  timestamp: number
}

/** Every answer that is no success. */
export interface ErrorAnswer {
  success: false
  /** What failed and the remedy. */
  error: string
  /** The library's code, where there is one. */
  code?: StoryArtErrorCode
  /** With `SESSION_INVALID`: what is wrong where. */
  issues?: readonly SessionIssue[]
  /** With `SESSION_CONFLICT`: what was met. */
  reason?: ConflictReason
  /** With every status from 500 on: the number under which the server's log has the cause. */
  id?: string
}

/** Whether a body is an {@link ErrorAnswer}. Error pages of proxies, in HTML or JSON of their own, are not. */
export function isErrorAnswer(value: unknown): value is ErrorAnswer {
  if (!isObject(value) || value.success !== false || typeof value.error !== 'string') return false
  return (
    isOptional(value.code, 'string') &&
    isOptional(value.reason, 'string') &&
    isOptional(value.id, 'string') &&
    (value.issues === undefined || (Array.isArray(value.issues) && value.issues.every(isIssue)))
  )
}

/** Whether a body is a {@link SaveAnswer}. */
export function isSaveAnswer(value: unknown): value is SaveAnswer {
  return isObject(value) && value.success === true && areStrings(value.message, value.sessionKey, value.storage)
}

/** Whether a body is a {@link PutAnswer}. */
export function isPutAnswer(value: unknown): value is PutAnswer {
  if (!isSaveAnswer(value)) return false
  const { timestamp, savedAt, degraded } = value as Partial<PutAnswer>
  return Number.isSafeInteger(timestamp) && typeof savedAt === 'string' && typeof degraded === 'boolean'
}

/** Whether a body is a {@link SessionAnswer}. */
export function isSessionAnswer(value: unknown): value is SessionAnswer {
  return isObject(value) && value.success === true && isObject(value.data) && typeof value.storage === 'string'
}

/** Whether a body is a {@link SessionListAnswer}, or StoryArt's own. */
export function isSessionListAnswer(value: unknown): value is SessionListAnswer {
  return isObject(value) && value.success === true && Array.isArray(value.sessions) && isCount(value.count)
}

/** Whether a body is an {@link EntryListAnswer}. */
export function isEntryListAnswer(value: unknown): value is EntryListAnswer {
  if (!isObject(value) || value.success !== true) return false
  const { entries, expired, next, degraded } = value
  return (
    Array.isArray(entries) &&
    entries.every(isEntry) &&
    (expired === undefined || (Array.isArray(expired) && expired.every(Number.isSafeInteger))) &&
    (next === undefined || Number.isSafeInteger(next)) &&
    isOptional(degraded, 'boolean')
  )
}

/** Whether a body is a {@link HealthAnswer}. */
export function isHealthAnswer(value: unknown): value is HealthAnswer {
  return isObject(value) && typeof value.success === 'boolean' && areStrings(value.status, value.redis, value.memory)
}

/** Whether the data of an event is {@link EventData}. */
export function isEventData(value: unknown): value is EventData {
  return (
    isObject(value) &&
    Number.isSafeInteger(value.timestamp) &&
    ['saved', 'updated', 'deleted'].includes(String(value.type))
  )
}

function isEntry(value: unknown): boolean {
  if (!isObject(value) || !Number.isSafeInteger(value.id)) return false
  return (
    isOptional(value.summary, 'string') &&
    isOptional(value.sizeBytes, 'number') &&
    (value.ttlMs === null || isOptional(value.ttlMs, 'number')) &&
    isOptional(value.storage, 'string') &&
    isOptional(value.degraded, 'boolean')
  )
}

function isIssue(value: unknown): value is SessionIssue {
  return isObject(value) && areStrings(value.path, value.message)
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isCount(value: unknown): boolean {
  return Number.isSafeInteger(value) && Number(value) >= 0
}

function isOptional(value: unknown, type: 'string' | 'number' | 'boolean'): boolean {
  return value === undefined || typeof value === type
}

function areStrings(...values: unknown[]): boolean {
  return values.every((value) => typeof value === 'string')
}
