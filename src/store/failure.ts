/**
 * Whose failure it is: the backend's, so that another one may do, or the caller's.
 * @module
 */
import { AdapterError, isStoryArtError } from '../errors.js'

/** Whether the backend did not answer or said "not now": the one failure from which a store falls back. @internal */
export function isUnavailable(error: unknown): boolean {
  return isStoryArtError(error) && error.code === 'ADAPTER_UNAVAILABLE'
}

/** Whether it is about the call itself, so that no backend could have done better. @internal */
export function isCallers(error: unknown, signal: AbortSignal | undefined): boolean {
  if (signal?.aborted) return true
  return isStoryArtError(error) && !error.code.startsWith('ADAPTER_')
}

/** What an operation is about, for messages. @internal */
export function subjectOf(operation: string, id: number | undefined): string {
  return id === undefined ? operation : `${operation} of session ${id}`
}

/** What may be told of a failure: the library's own messages hold no documents; of others only the kind is known. @internal */
export function reasonOf(error: unknown): string {
  if (isStoryArtError(error)) return error.message
  return error instanceof Error ? error.name : 'an unknown error'
}

/** A walk or a count that had to leave out what a backend holds: it must not end as if it were whole. @internal */
export function incomplete(adapter: string): AdapterError {
  return new AdapterError(
    'ADAPTER_UNAVAILABLE',
    `${adapter}: not all sessions could be looked at, because a backend that holds some cannot be reached; what could be read has been handed out; try again later`,
    { adapter, operation: 'list' },
  )
}
