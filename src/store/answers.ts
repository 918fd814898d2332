/**
 * Whether what an adapter answered is an answer. Types cannot promise that of a backend's adapter written elsewhere.
 * @module
 */
import type {
  AdapterChange,
  ChangeLog,
  Health,
  ListEntry,
  ListPage,
  ListQuery,
  PutResult,
  RawSession,
} from '../adapters/adapter.js'

/** @internal */
export function isPutResult(answer: unknown): answer is PutResult {
  if (!isObject(answer)) return false
  if (answer.stored === true) return true
  return answer.stored === false && ['exists', 'changed', 'missing'].includes(String(answer.reason))
}

/** @internal */
export function isStored(answer: unknown): answer is RawSession | null {
  return answer === null || (isObject(answer) && typeof answer.raw === 'string')
}

/** @internal */
export function isBoolean(answer: unknown): answer is boolean {
  return typeof answer === 'boolean'
}

/** @internal */
export function isCount(answer: unknown): answer is number {
  return Number.isSafeInteger(answer) && Number(answer) >= 0
}

/** @internal */
export function isChange(told: unknown): told is AdapterChange {
  return isObject(told) && Number.isSafeInteger(told.id) && Number(told.id) >= 1
}

/** @internal */
export function isChangeLog(answer: unknown): answer is ChangeLog {
  return (
    isObject(answer) &&
    Array.isArray(answer.changes) &&
    answer.changes.every(isChange) &&
    typeof answer.place === 'string' &&
    typeof answer.complete === 'boolean'
  )
}

/** @internal */
export function isHealth(answer: unknown): answer is Health {
  return isObject(answer) && typeof answer.ok === 'boolean' && typeof answer.latencyMs === 'number'
}

/** Also that the next page lies beyond this one: a walk through pages must come to an end. @internal */
export function isPage(answer: unknown, query: ListQuery): answer is ListPage {
  if (!isObject(answer) || !Array.isArray(answer.entries) || !answer.entries.every(isEntry)) return false
  if (answer.expired !== undefined && !(Array.isArray(answer.expired) && answer.expired.every(Number.isSafeInteger))) {
    return false
  }
  if (answer.next === undefined) return true
  const next = Number.isSafeInteger(answer.next) ? Number(answer.next) : Number.NaN
  if (answer.entries.length === 0 && !query.marks) return false
  return query.order === 'oldest'
    ? next > (query.from ?? Number.NEGATIVE_INFINITY)
    : next < (query.before ?? Number.POSITIVE_INFINITY)
}

function isEntry(value: unknown): value is ListEntry {
  if (!isObject(value) || !Number.isSafeInteger(value.id) || Number(value.id) < 1) return false
  const { summary, sizeBytes, ttlMs, mark } = value
  return (
    (mark === undefined || typeof mark === 'string') &&
    (summary === undefined || typeof summary === 'string') &&
    (sizeBytes === undefined || isNumber(sizeBytes)) &&
    (ttlMs === undefined || ttlMs === null || isNumber(ttlMs))
  )
}

/** The entries in the asked order, each once: an index in disorder is no reason to refuse what it lists. @internal */
export function inOrder(entries: ListEntry[], order: ListQuery['order']): ListEntry[] {
  const sign = order === 'oldest' ? 1 : -1
  const sorted = entries.every((entry, i) => i === 0 || sign * (entry.id - (entries[i - 1]?.id ?? 0)) > 0)
  if (sorted) return entries
  return [...new Map(entries.map((entry) => [entry.id, entry])).values()].sort((a, b) => sign * (a.id - b.id))
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}

function isNumber(value: unknown): boolean {
  return typeof value === 'number' && !Number.isNaN(value)
}
