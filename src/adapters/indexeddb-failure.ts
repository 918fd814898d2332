/**
 * What goes wrong with a database, in the words of this library.
 * @module
 */

import { AdapterError, type AdapterErrorCode } from '../errors.js'

/** The adapter's name. @internal */
export const NAME = 'indexeddb'

/** The name of the error for an upgrade that waits for another page. Browsers give an event instead of an error. @internal */
export const BLOCKED = 'BlockedError'

const LOST = ['ADAPTER_FAILED', 'the browser has lost a stored document; save that session again or delete it'] as const

/** By the name of the browser's error; all others mean that the database did not answer. */
const KINDS = new Map<unknown, readonly [code: AdapterErrorCode, what: string]>([
  ['QuotaExceededError', ['ADAPTER_QUOTA', 'the storage is full, and nothing was changed; delete old sessions']],
  ['SecurityError', ['ADAPTER_DENIED', 'the browser forbids this page its storage; allow it']],
  ['VersionError', ['ADAPTER_FAILED', 'the database is of a newer version of storyart-sdk; reload the page']],
  ['NotFoundError', ['ADAPTER_FAILED', 'the database is not one of sessions; pass another databaseName']],
  ['DataError', LOST],
  ['NotReadableError', LOST],
  [BLOCKED, ['ADAPTER_UNAVAILABLE', 'a page with an older version of storyart-sdk is open; close or reload it']],
])

const NO_ANSWER = [
  'ADAPTER_UNAVAILABLE',
  'the database did not answer or was closed by the browser; try again',
] as const

/** What the database reported at an operation, as an error of ours. @internal */
export function databaseFailure(operation: string, cause: unknown): AdapterError {
  const [code, what] = KINDS.get(Object(cause).name) ?? NO_ANSWER
  return failure(code, operation, what, cause)
}

/** An error with the adapter's name in all its places. @internal */
export function failure(code: AdapterErrorCode, operation: string, what: string, cause?: unknown): AdapterError {
  const details = { adapter: NAME, operation, ...(cause !== undefined && { cause }) }
  return new AdapterError(code, `${NAME} ${operation}: ${what}.`, details)
}
