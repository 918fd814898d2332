/**
 * The four checks the cases are made of. Own ones, so that the cases run under any test runner or none.
 * @module
 */

import { isStoryArtError, type StoryArtErrorCode } from '../errors.js'

/** Fails unless both are the same: `Object.is`, or equal as JSON (key order counts, `undefined` members do not). */
export function same(actual: unknown, expected: unknown, what: string): void {
  if (Object.is(actual, expected)) return
  if (typeof expected === 'object' && expected !== null && JSON.stringify(actual) === JSON.stringify(expected)) return
  throw new Error(`${what}: expected ${show(expected)}, got ${show(actual)}${firstDifference(actual, expected)}`)
}

/** Fails unless the condition holds. `got` is shown. */
export function holds(condition: boolean, what: string, got?: unknown): void {
  if (!condition) throw new Error(got === undefined ? what : `${what}, got ${show(got)}`)
}

/** What the call was rejected with. Fails when it resolves, and when it throws instead of rejecting. */
export async function rejection(call: () => Promise<unknown>, what: string): Promise<unknown> {
  let pending: Promise<unknown>
  try {
    pending = call()
  } catch (error) {
    throw new Error(`${what}: must reject, not throw`, { cause: error })
  }
  let value: unknown
  try {
    value = await pending
  } catch (error) {
    return error
  }
  throw new Error(`${what}: must reject, but resolved to ${show(value)}`)
}

/** Fails unless the call rejects with one of this library's errors and this code. */
export async function rejectsWith(
  code: StoryArtErrorCode,
  call: () => Promise<unknown>,
  what: string,
): Promise<unknown> {
  const error = await rejection(call, what)
  if (isStoryArtError(error) && error.code === code) return error
  throw new Error(`${what}: must reject with a StoryArtError of code ${code}, but rejected with ${show(error)}`, {
    cause: error,
  })
}

function show(value: unknown): string {
  if (value instanceof Error) return isStoryArtError(value) ? `${value.name} ${value.code}` : String(value)
  const text = JSON.stringify(value) ?? String(value)
  return text.length > 200 ? `${text.slice(0, 200)}... (${text.length} characters)` : text
}

/** Two long texts look alike when cut; where they part is what one wants to know. */
function firstDifference(actual: unknown, expected: unknown): string {
  if (typeof actual !== 'string' || typeof expected !== 'string') return ''
  let at = 0
  while (at < actual.length && actual[at] === expected[at]) at++
  return ` (lengths ${actual.length} and ${expected.length}, first difference at ${at})`
}
