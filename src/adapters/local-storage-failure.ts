/**
 * What goes wrong with a storage, in the words of this library.
 * @module
 */

import { AdapterError, type AdapterErrorCode } from '../errors.js'

/** The adapter's name. @internal */
export const NAME = 'localStorage'

/** Whether a storage threw because it is full: by name, or by the number that older browsers gave. @internal */
export function isQuotaError(error: unknown): boolean {
  const { name, code } = Object(error) as { name?: unknown; code?: unknown }
  return name === 'QuotaExceededError' || name === 'NS_ERROR_DOM_QUOTA_REACHED' || code === 22 || code === 1014
}

/** What the storage threw at an operation, as an error of ours. @internal */
export function storageFailure(operation: string, cause: unknown): AdapterError {
  if (isQuotaError(cause)) return failure('ADAPTER_QUOTA', operation, 'the storage is full; delete old sessions', cause)
  return Object(cause).name === 'SecurityError'
    ? failure('ADAPTER_DENIED', operation, 'the browser forbids this page its storage; allow it', cause)
    : failure('ADAPTER_UNAVAILABLE', operation, 'the storage failed, see cause', cause)
}

/** An error with the adapter's name in all its places. @internal */
export function failure(code: AdapterErrorCode, operation: string, what: string, cause: unknown): AdapterError {
  return new AdapterError(code, `${NAME} ${operation}: ${what}.`, { adapter: NAME, operation, cause })
}
