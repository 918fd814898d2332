/**
 * Checks of what callers pass to the store, each with an error that names the argument and the remedy.
 * @module
 */
import { StoryArtError } from '../errors.js'

/** The largest time a JavaScript `Date` can hold, in ms since the epoch. */
const MAX_TIMESTAMP = 8_640_000_000_000_000

function refuse(message: string): never {
  throw new StoryArtError('INVALID_ARGUMENT', message)
}

/** Names a wrong value without showing what it holds: a document passed by mistake must not reach a log. */
function kindOf(value: unknown): string {
  if (typeof value === 'number') return String(value)
  if (value === null) return 'null'
  return Array.isArray(value) ? 'an array' : `a value of type ${typeof value}`
}

/** @internal */
export function requireTimestamp(value: unknown, name = 'timestamp'): number {
  if (typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= MAX_TIMESTAMP) return value
  return refuse(
    `${name} must be a whole number of ms since the epoch, from 1 to ${MAX_TIMESTAMP}, but is ${kindOf(value)}; pass Date.now() or the timestamp of a saved session`,
  )
}

/** @internal */
export function requireTtl(value: unknown, name = 'ttlMs'): number {
  if (typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= MAX_TIMESTAMP) return value
  return refuse(`${name} must be a whole number of ms, at least 1, but is ${kindOf(value)}`)
}

/** The longest time a timer can be set to, in ms: 24 days. @internal */
export const MAX_TIMER_MS = 2 ** 31 - 1

/** @internal */
export function requireDeadline(value: unknown, fallback: number, name = 'deadlineMs'): number {
  if (value === undefined) return fallback
  if (typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= MAX_TIMER_MS) return value
  return refuse(`${name} must be a whole number of ms from 1 to ${MAX_TIMER_MS}, but is ${kindOf(value)}`)
}

/** The adapters of a store: each one there, and none twice. @internal */
export function requireAdapters(adapter: unknown, fallback: readonly unknown[] = []): void {
  if (!isAdapter(adapter)) {
    refuse('adapter is missing: pass memoryAdapter(), redisAdapter({ client }) or another')
  }
  if (!Array.isArray(fallback) || !fallback.every(isAdapter)) {
    refuse('fallback must be an array of adapters, such as [memoryAdapter()]')
  }
  if (new Set([adapter, ...fallback]).size <= fallback.length) {
    refuse(
      'fallback names an adapter twice: what waits in a tier is moved out of it, so every tier must be another one',
    )
  }
}

function isAdapter(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'put' in value && typeof value.put === 'function'
}

/** @internal */
export function requireLimit(value: unknown, fallback: number): number {
  if (value === undefined) return fallback
  if (typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= 1000) return value
  return refuse(`limit must be a whole number from 1 to 1000, but is ${kindOf(value)}`)
}

/** A bound of a range: any finite time, also one before the first possible session. @internal */
export function optionalBound(value: unknown, name: string): number | undefined {
  if (value === undefined) return undefined
  if (typeof value === 'number' && Number.isFinite(value)) return Math.ceil(value)
  return refuse(`${name} must be a number of ms since the epoch, but is ${kindOf(value)}`)
}

/** @internal */
export function requireMoment(value: Date | number | string): number {
  const time = value instanceof Date ? value.getTime() : typeof value === 'string' ? Date.parse(value) : value
  if (typeof time === 'number' && Number.isFinite(time)) return time
  return refuse('the moment must be a Date, a number of ms since the epoch or a date that Date.parse reads (ISO 8601)')
}

/** @internal */
export function requireRevision(value: unknown): 'absent' | (string & {}) {
  if (typeof value === 'string' && (value === 'absent' || /^[0-9a-f]{40}$/.test(value))) return value
  return refuse("expect must be 'absent' or a revision: 40 hexadecimal digits, as in record.revision")
}
