/**
 * From what the operating system says to one of the library's codes. `docs/guide/file.md` holds the same table.
 * @module
 */

import { AdapterError, type AdapterErrorCode, isStoryArtError } from '../errors.js'

/** The adapter's name. @internal */
export const NAME = 'file'

const VERDICTS: readonly (readonly [RegExp, AdapterErrorCode, remedy: string])[] = [
  [/^(ENOSPC|EDQUOT|EFBIG)$/, 'ADAPTER_QUOTA', 'no room is left; delete or prune sessions'],
  [/^(EACCES|EPERM|EROFS)$/, 'ADAPTER_DENIED', 'see who may read and write the directory'],
  [
    /^(ENOENT|EMFILE|ENFILE|ENOMEM|EBUSY|EAGAIN|EINTR|ETIMEDOUT|ESTALE|ENOTCONN|EHOSTDOWN)$/,
    'ADAPTER_UNAVAILABLE',
    'try again later',
  ],
  [/^(ENOTDIR|EISDIR)$/, 'ADAPTER_FAILED', 'a file is where a directory should be, or the other way round'],
  [/^ERR_ENCODING/, 'ADAPTER_FAILED', 'the document is not UTF-8; mend or delete it'],
]

/** The name the operating system gives an error, such as `ENOENT`. @internal */
export function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined
}

/** Whether trying again later is right. @internal */
export function isUnavailable(error: unknown): boolean {
  return verdictOn(error)[1] === 'ADAPTER_UNAVAILABLE'
}

/** Why a call of the file system failed, and what to do. @internal */
export function messageOf(error: unknown): string {
  return `${codeOf(error) ?? error}; ${verdictOn(error)[2]}.`
}

/** The library's error for what a call of the file system threw; errors of the library pass. @internal */
export function fileError(operation: string, id: number | undefined, error: unknown): unknown {
  if (isStoryArtError(error)) return error
  const what = id === undefined ? operation : `${operation} of session ${id}`
  const details = { adapter: NAME, operation, cause: error }
  return new AdapterError(verdictOn(error)[1], `${NAME}: ${what} failed: ${messageOf(error)}`, details)
}

function verdictOn(error: unknown): (typeof VERDICTS)[number] {
  const code = String(codeOf(error))
  return VERDICTS.find(([pattern]) => pattern.test(code)) ?? [/(?:)/, 'ADAPTER_FAILED', 'trying again will not help']
}
