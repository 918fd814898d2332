/**
 * Why a server did not do what it was asked for, in the words of this library.
 * @module
 */
import { AdapterError, type AdapterErrorCode } from '../errors.js'

/** The adapter's name. @internal */
export const NAME = 'http'

/** What one address did instead of answering. @internal */
export class HttpFailure extends Error {
  readonly code: AdapterErrorCode
  /** Whether another address may do better. */
  readonly passes: boolean

  /** @param message - A clause that goes on behind the address: `answered 503 (full)`. */
  constructor(code: AdapterErrorCode, message: string, passes: boolean, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause })
    this.code = code
    this.passes = passes
  }
}

/** What was asked, for messages. @internal */
export interface Subject {
  readonly operation: string
  /** The session, if it was about one. */
  readonly id?: number
}

const REMEDIES: Record<AdapterErrorCode, string> = {
  ADAPTER_UNAVAILABLE: 'see that it runs and can be reached, and try again later',
  ADAPTER_DENIED: 'see that the credentials in `headers` are right',
  ADAPTER_QUOTA: 'nothing was changed; make room there, or save less',
  ADAPTER_FAILED: 'see that the address is that of a session server which can do this',
}

const WRITES: ReadonlySet<string> = new Set(['put', 'delete', 'touch'])

/** The error for a call that no address answered, one failure for each that was asked. @internal */
export function httpError(
  { operation, id }: Subject,
  failures: readonly { base: string; failure: HttpFailure }[],
): AdapterError {
  const all = failures.map(({ failure }) => failure)
  // If one of them may answer later, trying again later is right.
  const told = all.find(({ code }) => code === 'ADAPTER_UNAVAILABLE') ?? all.at(-1)
  const code = told?.code ?? 'ADAPTER_FAILED'
  const what = id === undefined ? operation : `${operation} of session ${id}`
  const reasons = failures.map(({ base, failure }) => `${base} ${failure.message}`).join('; ')
  const after = code === 'ADAPTER_UNAVAILABLE' && WRITES.has(operation) ? '; what was asked may have happened' : ''
  const cause = all.length > 1 ? new AggregateError(all, `${all.length} addresses failed`) : told
  return new AdapterError(code, `${NAME}: ${what} failed: ${reasons}; ${REMEDIES[code]}${after}.`, {
    adapter: NAME,
    operation,
    cause,
  })
}
