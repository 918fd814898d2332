/**
 * Checks of what callers pass to an adapter: the same numbers are refused with the same words everywhere.
 * @module
 */

import { StoryArtError } from '../errors.js'
import type { ListQuery } from './adapter.js'

/** Refuses an id, a life or a limit that is none. @internal */
export function requirePositive(adapter: string, name: string, value: number): void {
  if (!Number.isSafeInteger(value) || value < 1) refuse(adapter, name, 'a positive safe integer', value)
}

/** Refuses bounds and limits that are none. @internal */
export function requireQuery(adapter: string, { limit, before, from }: ListQuery): void {
  requirePositive(adapter, 'limit', limit)
  if (before !== undefined) requireInteger(adapter, 'before', before)
  if (from !== undefined) requireInteger(adapter, 'from', from)
}

function requireInteger(adapter: string, name: string, value: number): void {
  if (!Number.isSafeInteger(value)) refuse(adapter, name, 'a safe integer', value)
}

/** Says a number that came, but of anything else only its type: it might be a document. */
function refuse(adapter: string, name: string, wanted: string, value: unknown): never {
  const got = typeof value === 'number' ? value : typeof value
  throw new StoryArtError('INVALID_ARGUMENT', `${adapter}: ${name} must be ${wanted}, got ${got}.`)
}
