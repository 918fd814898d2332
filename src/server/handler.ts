/**
 * The REST API as one function.
 * @module
 */
import { StoryArtError } from '../errors.js'
import type { SessionStore } from '../store/index.js'
import { WIRE_TEXTS } from '../wire.js'
import { type Answer, json, refusal } from './answer.js'
import type { Call, Operation } from './call.js'
import { chooseCoding, codingsHere, isWorthCoding } from './coding.js'
import { corsOf } from './cors.js'
import { watchSessions } from './event-stream.js'
import { answerOfFailure } from './failure.js'
import { getHealth } from './health.js'
import { listSessions } from './lists.js'
import { matchRoute } from './match.js'
import type { SessionHandler, SessionHandlerOptions } from './options.js'
import { getLatestSession, getPromptsStatus, getQueue, getSession } from './reads.js'
import type { OperationId } from './routes.js'
import { deleteSession, putSession, saveSession, touchSession } from './writes.js'

const OPERATIONS: Readonly<Record<OperationId, Operation>> = {
  getHealth,
  saveSession,
  getLatestSession,
  getLatestSessionLegacy: getLatestSession,
  listSessions,
  watchSessions,
  getOpenApi,
  getSession,
  putSession,
  deleteSession,
  touchSession,
  getPromptsStatus,
  getQueue,
}

/**
 * Serves a store over HTTP: the routes, shapes and texts of StoryArt's own server, whose client works with it unchanged,
 * and more. `docs/guide/serve.md` has them all.
 *
 * The function takes a web `Request` and always resolves with a `Response`, so it can be mounted wherever these are
 * spoken: Hono, Next, Deno, Bun, workers; in Node and Express through {@link toNodeListener}. Everything but a document,
 * a stream of events and an empty answer is JSON; everything that failed is `{ success: false, error }`, with an `id`
 * from 500 on. Never a stack, a document or a secret.
 *
 * Every read of a session has a strong `ETag`: its revision, by the platform's SHA-1, about 1 ms for 850 KB. Stored text
 * goes out as it is; it is parsed once, to make sure of it, and not written anew. A list of whole sessions holds one of
 * them in memory at a time.
 *
 * @param store - The store. It stays the caller's to close.
 * @param options - Who may come in, from where, and with how much.
 * @returns The handler. It keeps nothing between requests.
 * @throws {StoryArtError} `INVALID_ARGUMENT` when the store is none or an option cannot be used.
 * @example
 * ```ts
 * import { memoryAdapter, SessionStore } from 'storyart-sdk'
 * import { createSessionHandler } from 'storyart-sdk/server'
 *
 * const handler = createSessionHandler(new SessionStore({ adapter: memoryAdapter() }))
 * const body = JSON.stringify({ scriptText: 'SCENE 1', timestamp: 1704067200000 })
 * const headers = { 'Content-Type': 'application/json' }
 * await handler(new Request('http://localhost/api/v1/session/save', { method: 'POST', headers, body }))
 * const response = await handler(new Request('http://localhost/api/v1/session/latest'))
 * console.log(await response.text()) // {"success":true,"data":{"scriptText":"SCENE 1","timestamp":1704067200000},"storage":"memory"}
 * ```
 * @see The guide's section "API Endpoints", and StoryArt's server.
 */
export function createSessionHandler(store: SessionStore, options: SessionHandlerOptions = {}): SessionHandler {
  requireUsable(store, options)
  const cors = corsOf(options.cors)
  const codings = options.compress === false ? [] : codingsHere()
  const newId = options.errorId ?? (() => crypto.randomUUID())

  const answerTo = async (request: Request, url: URL, report: Call['report']): Promise<Answer | Response> => {
    const { method } = request
    const match = matchRoute(method, url.pathname)
    if (method === 'OPTIONS' && request.headers.has('Access-Control-Request-Method')) {
      const allow = match.found === 'methods' ? match.allow : ''
      return { status: 204, headers: { Allow: allow, ...(options.cors && cors.preflight(allow)) } }
    }
    const entry = (await options.authorize?.(request)) ?? true
    if (entry instanceof Response) return entry
    if (entry !== true) return refusal(403, 'This request is not allowed')
    if (match.found === 'nothing') return refusal(404, `There is no such route: ${method} ${url.pathname}`)
    if (match.found === 'methods') {
      if (method === 'OPTIONS') return { status: 204, headers: { Allow: match.allow } }
      return refusal(405, `This route takes ${match.allow}`, {}, { Allow: match.allow })
    }
    if (match.found === 'no-timestamp') return refusal(400, WIRE_TEXTS.invalidTimestamp)
    const reads = method === 'GET' || method === 'HEAD'
    if (!reads && !cors.mayWrite(request)) return refusal(403, 'Pages of this origin may not write here')
    const { signal } = request
    const { timestamp, operationId } = match
    return OPERATIONS[operationId]({ store, request, query: url.searchParams, timestamp, signal, report, options })
  }

  const handle = async (request: Request): Promise<Response> => {
    const url = new URL(request.url)
    const report = (error: unknown): string => {
      const id = newId()
      try {
        options.onError?.(error, { id, method: request.method, path: url.pathname })
      } catch {} // a log that fails must not fail the request
      return id
    }
    const answer = await answerTo(request, url, report).catch((error) => answerOfFailure(error, request, report))
    const headers = cors.headers(request)
    if (answer instanceof Response) return withHeaders(answer, headers)
    const coding = chooseCoding(request.headers.get('Accept-Encoding'), codings)
    return responseOf({ ...answer, headers: { ...answer.headers, ...headers } }, request.method, coding)
  }
  return Object.assign(handle, { authorizes: options.authorize !== undefined })
}

async function getOpenApi({ options }: Call): Promise<Answer> {
  const { openapi } = options
  if (openapi === undefined) return refusal(404, 'This server has no OpenAPI document')
  return json(200, typeof openapi === 'function' ? await openapi() : openapi)
}

/** What is worth it is compressed; what a `HEAD` asks for is left out; a known length is told. */
async function responseOf(answer: Answer, method: string, coding: ReturnType<typeof chooseCoding>): Promise<Response> {
  const { status, body } = answer
  const headers = new Headers(answer.headers)
  const isText = headers.get('Content-Type')?.startsWith('application/json') ?? false
  const compressed = coding !== null && isText && isWorthCoding(body)
  if (isText && isWorthCoding(body)) headers.append('Vary', 'Accept-Encoding')
  if (compressed) {
    headers.set('Content-Encoding', coding.name)
    const etag = headers.get('ETag')
    if (etag !== null) headers.set('ETag', etag.replace(/"$/, `-${coding.name}"`))
  } else if (body instanceof Uint8Array) headers.set('Content-Length', String(body.byteLength))
  headers.set('X-Content-Type-Options', 'nosniff')
  if (body === undefined) return new Response(null, { status, headers })
  if (method === 'HEAD') {
    if (body instanceof ReadableStream) await body.cancel()
    return new Response(null, { status, headers })
  }
  if (!compressed) return new Response(body, { status, headers })
  const stream = body instanceof ReadableStream ? body : new Blob([body]).stream()
  return new Response(stream.pipeThrough(coding.stream()), { status, headers })
}

/** An answer of `authorize` gets the headers without which a page could not read it. */
function withHeaders(response: Response, more: Record<string, string>): Response {
  const headers = new Headers(response.headers)
  for (const [name, value] of Object.entries(more)) headers.append(name, value)
  return new Response(response.body, { status: response.status, statusText: response.statusText, headers })
}

function requireUsable(store: unknown, { maxBodyBytes, heartbeatMs }: SessionHandlerOptions): void {
  if (typeof store !== 'object' || store === null || !('saveText' in store)) {
    throw new StoryArtError('INVALID_ARGUMENT', 'createSessionHandler needs a SessionStore')
  }
  for (const [name, value] of Object.entries({ maxBodyBytes, heartbeatMs })) {
    if (value === undefined || (Number.isInteger(value) && value >= 1)) continue
    throw new StoryArtError('INVALID_ARGUMENT', `${name} must be a whole number, at least 1`)
  }
}
