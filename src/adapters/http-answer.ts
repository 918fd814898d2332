/**
 * What came back, and what it means where it is no success.
 * @module
 */
import { type AdapterErrorCode, SessionInvalidError, StoryArtError } from '../errors.js'
import { jsonValue } from '../parse-json.js'
import { WIRE_TEXTS } from '../wire.js'
import { type ErrorAnswer, isErrorAnswer } from '../wire-answers.js'
import { HttpFailure, NAME } from './http-failure.js'

/** One answer, read to its end. @internal */
export interface HttpAnswer {
  readonly status: number
  readonly headers: Headers
  readonly text: string
}

/** The body, if it is of the form the guard looks for. @internal */
export function bodyOf<T>(answer: HttpAnswer, guard: (value: unknown) => value is T): T {
  const { status } = answer
  if (status < 200 || status > 299) throw failureOf(answer)
  const body = jsonValue(answer.text)
  if (guard(body)) return body
  throw new HttpFailure('ADAPTER_FAILED', `answered ${status} with what is no answer of a session server`, true)
}

/** Whether the server says that there is no such session. The 404 of a proxy or of an unknown path says nothing. @internal */
export function isNotHere(answer: HttpAnswer): boolean {
  if (answer.status !== 404) return false
  const body = jsonValue(answer.text)
  return isErrorAnswer(body) && (body.error === WIRE_TEXTS.notFound || body.error === WIRE_TEXTS.noSession)
}

/** Whether the server has no such route, as StoryArt's own has none for most writes. @internal */
export function lacksRoute(answer: HttpAnswer): boolean {
  return answer.status === 405 || (answer.status === 404 && !isNotHere(answer))
}

/** Answers about the request itself: every server would give them. */
const FINAL: ReadonlySet<number> = new Set([400, 401, 403, 407, 409, 411, 412, 413, 414, 415, 422, 431, 507])

const CODES: Readonly<Record<number, AdapterErrorCode>> = {
  401: 'ADAPTER_DENIED',
  403: 'ADAPTER_DENIED',
  407: 'ADAPTER_DENIED',
  408: 'ADAPTER_UNAVAILABLE',
  413: 'ADAPTER_QUOTA',
  425: 'ADAPTER_UNAVAILABLE',
  429: 'ADAPTER_UNAVAILABLE',
  500: 'ADAPTER_FAILED',
  501: 'ADAPTER_FAILED',
  507: 'ADAPTER_QUOTA',
}

/**
 * What an answer that is no success means.
 *
 * @throws {StoryArtError} What the server refused because of the call itself, as this library's own error.
 * @internal
 */
export function failureOf(answer: HttpAnswer): HttpFailure {
  const { status } = answer
  const body = jsonValue(answer.text)
  const told = isErrorAnswer(body) ? body : undefined
  if (told && status === 400) throwCallers(told)
  const own = told?.code?.startsWith('ADAPTER_') ? (told.code as AdapterErrorCode) : undefined
  const code = own ?? CODES[status] ?? (status >= 500 ? 'ADAPTER_UNAVAILABLE' : 'ADAPTER_FAILED')
  if (status === 413) return new HttpFailure(code, 'answered 413: the session is larger than it takes', false)
  if (status < 200 || (status >= 300 && status < 400)) {
    return new HttpFailure(code, 'redirects to another address; give that one in `baseUrls`', true)
  }
  return new HttpFailure(code, `answered ${status} (${reasonOf(body)})`, !FINAL.has(status))
}

function throwCallers({ code, error, issues }: ErrorAnswer): void {
  const message = `${NAME}: the server refuses: ${error}`
  if (code === 'SESSION_INVALID' && issues?.length) throw new SessionInvalidError(message, issues)
  if (code === 'INVALID_ARGUMENT') throw new StoryArtError(code, message)
}

/** What a server says of its failure, where StoryArt's and StoryTeller's say it; quotations may be of the document. */
function reasonOf(body: unknown): string {
  const { error, message, detail }: Partial<Record<string, unknown>> = Object(body)
  const text = [error, message, detail].find((one) => typeof one === 'string')
  if (text === undefined) return body === undefined ? 'not in JSON' : 'without a reason'
  return String(text)
    .replace(/"[^"]*"?/g, '"..."')
    .replace(/\s+/g, ' ')
    .slice(0, 200)
}
