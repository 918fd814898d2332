/**
 * The opaque cursor between two pages of a list.
 * @module
 */
import { StoryArtError } from '../errors.js'

/** The next page holds what is older than this. The letter leaves room for cursors of another kind. @internal */
export function encodeCursor(before: number): string {
  return `b${before.toString(36)}`
}

/** @internal */
export function decodeCursor(cursor: string | undefined): number | undefined {
  if (cursor === undefined) return undefined
  if (typeof cursor === 'string' && /^b[0-9a-z]{1,11}$/.test(cursor)) return Number.parseInt(cursor.slice(1), 36)
  throw new StoryArtError('INVALID_ARGUMENT', 'cursor must be the cursor of an earlier page, unchanged')
}
