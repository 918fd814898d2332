/**
 * From what was thrown to what the caller is told: never a stack, a document or a secret.
 * @module
 */
import { isStoryArtError, SessionConflictError, SessionInvalidError, type StoryArtErrorCode } from '../errors.js'
import { STATUS_OF_CODE } from '../wire.js'
import { type Answer, Refused, refusal } from './answer.js'

/** What is said of failures on the server's side, where the library's own message may name hosts and folders. */
const TOLD: Partial<Record<StoryArtErrorCode, string>> = {
  ADAPTER_UNAVAILABLE: 'The storage does not answer: try again later',
  ADAPTER_DENIED: 'The storage denied the server access',
  ADAPTER_QUOTA: 'The storage is full: delete sessions, or give it room',
  CLOSED: 'The server is closing: try again later',
}

/** `report` is told of what is answered with 500 and above, and makes its id. @internal */
export function answerOfFailure(error: unknown, request: Request, report: (error: unknown) => string): Answer {
  if (error instanceof Refused) return error.answer
  if (request.signal.aborted) return refusal(499, 'The request was aborted')
  const code = isStoryArtError(error) ? error.code : undefined
  const named = code && { code }
  const status = code === undefined || code === 'SESSION_INVALID' ? 500 : statusOf(code, request)
  if (status < 500) return refusal(status, messageOf(error), { ...named, ...detailsOf(error) })
  const told = (code && TOLD[code]) ?? (code === 'SESSION_INVALID' ? 'What is stored is no session' : 'Internal error')
  const headers: Record<string, string> = status === 503 ? { 'Retry-After': '2' } : {}
  return refusal(status, told, { ...named, id: report(error) }, headers)
}

/** A document that the caller sent and that is no session. @internal */
export function answerOfInvalid(error: unknown): Answer | null {
  if (!isStoryArtError(error) || error.code !== 'SESSION_INVALID') return null
  return refusal(400, error.message, { code: error.code, ...detailsOf(error) })
}

function statusOf(code: StoryArtErrorCode, request: Request): number {
  const conditional = request.headers.has('If-Match') || request.headers.has('If-None-Match')
  return code === 'SESSION_CONFLICT' && conditional ? 412 : STATUS_OF_CODE[code]
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : 'The request cannot be used'
}

function detailsOf(error: unknown): object {
  if (error instanceof SessionInvalidError) return { issues: error.issues }
  return error instanceof SessionConflictError ? { reason: error.reason } : {}
}
