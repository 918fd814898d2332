/**
 * What goes wrong with a database, in the words of this library.
 * @module
 */

import { AdapterError, type AdapterErrorCode } from '../errors.js'

/** The adapter's name. @internal */
export const NAME = 'indexeddb'

/** The name of an error for what browsers tell by an event: that an upgrade waits for another page. @internal */
export const BLOCKED = 'BlockedError'
/** The name of an error for a document that is lost or is none. Chromium gives it, too. @internal */
export const DAMAGED = 'DataError'

type Kind = readonly [code: AdapterErrorCode, what: string]

const LOST: Kind = ['ADAPTER_FAILED', 'a stored document is damaged; save that session again or delete it']

/** By the name of the browser's error. */
const KINDS = new Map<unknown, Kind>([
  ['QuotaExceededError', ['ADAPTER_QUOTA', 'the storage is full, and nothing was changed; delete old sessions']],
  ['SecurityError', ['ADAPTER_DENIED', 'the browser forbids this page its storage; allow it']],
  ['VersionError', ['ADAPTER_FAILED', 'the database is of a newer version of storyart-sdk; reload the page']],
  ['NotFoundError', ['ADAPTER_FAILED', 'the database is not one of sessions; pass another databaseName']],
  [BLOCKED, ['ADAPTER_UNAVAILABLE', 'a page with an older version of storyart-sdk is open; close or reload it']],
  [DAMAGED, LOST],
  ['NotReadableError', LOST],
])

const OTHER: Kind = ['ADAPTER_UNAVAILABLE', 'the database did not answer, or was closed by the browser; try again']

/** What a browser reported at an operation, as an error of ours. @internal */
export function databaseFailure(operation: string, cause: unknown): AdapterError {
  const [code, what] = KINDS.get(Object(cause).name) ?? OTHER
  return new AdapterError(code, `${NAME} ${operation}: ${what}.`, { adapter: NAME, operation, cause })
}
