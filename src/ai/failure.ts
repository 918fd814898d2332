/**
 * What a failed call to a model means.
 * @module
 */
import { APICallError, LoadAPIKeyError, NoSuchModelError } from 'ai'

/** What a failure asks for. */
export interface CallFailure {
  /** In a few words; never the request, the answer or the provider's own text, which may quote either. */
  reason: string
  /** `retry`: the same again may work. `give-up`: this request will not. `fatal`: no request will. */
  remedy: 'retry' | 'give-up' | 'fatal'
  /** How long the provider asks to wait, in ms. */
  waitMs?: number
}

/** At most this long is waited because a provider asks for it. */
const MAX_WAIT_MS = 60_000

/** Reads what was thrown by a call to a model. */
export function readFailure(error: unknown): CallFailure {
  if (APICallError.isInstance(error)) {
    const { statusCode: status, isRetryable, responseHeaders } = error
    const reason = status === undefined ? 'the provider did not answer' : `the provider answered with status ${status}`
    if (status === 401 || status === 403 || status === 404) return { reason, remedy: 'fatal' }
    const seconds = Number(responseHeaders?.['retry-after'] ?? Number.NaN)
    const waitMs = Number.isFinite(seconds) && seconds >= 0 ? Math.min(seconds * 1000, MAX_WAIT_MS) : undefined
    return { reason, remedy: isRetryable ? 'retry' : 'give-up', ...(waitMs !== undefined && { waitMs }) }
  }
  if (LoadAPIKeyError.isInstance(error)) return { reason: 'there is no API key', remedy: 'fatal' }
  if (NoSuchModelError.isInstance(error)) return { reason: 'there is no such model', remedy: 'fatal' }
  return { reason: 'the call to the model failed', remedy: 'retry' }
}
