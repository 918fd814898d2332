/**
 * Reading over HTTP: a document as it is stored, a page of the index, a yes or no.
 * @module
 */
import { WIRE_HEADERS, WIRE_PATHS } from '../wire.js'
import {
  type EntryListAnswer,
  isEntryListAnswer,
  isSessionAnswer,
  isSessionListAnswer,
  type SessionListAnswer,
} from '../wire-answers.js'
import type { ListPage, ListQuery, RawSession } from './adapter.js'
import { bodyOf, failureOf, type HttpAnswer, isNotHere, lacksRoute } from './http-answer.js'
import type { Send } from './http-link.js'
import { cannot, pageOf } from './http-storyart.js'

/** The longest page a server gives. @internal */
export const MAX_PAGE = 1000

/**
 * The document of an answer. A server that names where it is kept sends the stored text itself; others wrap what they
 * have parsed, and its text is then as they write it.
 *
 * @internal
 */
export function rawOf(answer: HttpAnswer): RawSession | null {
  const { status, headers, text } = answer
  if (isNotHere(answer)) return null
  if (status !== 200) throw failureOf(answer)
  const storage = headers.get(WIRE_HEADERS.storage)
  if (storage === null) return { raw: JSON.stringify(bodyOf(answer, isSessionAnswer).data) }
  return headers.get(WIRE_HEADERS.degraded) === 'true' ? { raw: text, storage, degraded: true } : { raw: text }
}

/** One page of at most {@link MAX_PAGE}. @internal */
export async function readPage(send: Send, query: ListQuery): Promise<ListPage> {
  const { limit, before, from, order = 'newest', details = true } = query
  const words = new URLSearchParams({ view: 'entries', limit: `${limit}`, order, details: `${details}` })
  if (before !== undefined) words.set('before', `${before}`)
  if (from !== undefined) words.set('from', `${from}`)
  const body = bodyOf(await send({ method: 'GET', path: `${WIRE_PATHS.list}?${words}` }), isList)
  if ('sessions' in body) return pageOf(body, query)
  const { success, ...page } = body
  return page
}

function isList(value: unknown): value is EntryListAnswer | SessionListAnswer {
  return isEntryListAnswer(value) || isSessionListAnswer(value)
}

/** Whether something that was there has been done; `false`: there was nothing. @internal */
export async function isDone(send: Send, method: 'DELETE' | 'POST', path: string, what: string): Promise<boolean> {
  const answer = await send({ method, path })
  if (isNotHere(answer)) return false
  if (lacksRoute(answer)) throw cannot(what)
  bodyOf(answer, isDoneAnswer)
  return true
}

function isDoneAnswer(value: unknown): value is { success: true } {
  return Object(value).success === true
}
