/** The dispatcher over HTTP, and the files. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import { type Answer, BAD_LENGTH, INTERNAL, INVALID_USER, NO_FILE, refusal, WRONG_TYPE } from './answers.js'
import { type Outlet, runRequest, Unreadable } from './request.js'
import { newSession, ROUTES } from './routes.js'
import type { DoubleState } from './state.js'

const GENERATE = { permission: 'basic_image_generation', needs: { images: 'Int32' } } as const

export async function answerHttp(
  state: DoubleState,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { cors, requiredAuthorization } = state.options
  if (cors !== undefined) {
    response.setHeader('access-control-allow-origin', cors)
    if (request.method === 'OPTIONS') {
      response.setHeader('access-control-allow-methods', '*')
      response.setHeader('access-control-allow-headers', '*')
      response.writeHead(204).end()
      return
    }
  }
  if (requiredAuthorization !== undefined && request.headers.authorization !== requiredAuthorization) {
    response.writeHead(401, { 'content-type': 'text/plain' }).end('Unauthorized')
    return
  }
  const path = request.url ?? '/'
  const call = /^\/api\/([^?]*)/i.exec(path)
  if (call) await answerCall(state, (call[1] ?? '').toLowerCase(), request, response)
  else if (/^\/(view|output)\//i.test(path)) answerFile(state, path, request, response)
  else if (/^\/Error\//.test(path)) errorPage(path, response)
  else redirect(response, '404')
}

async function answerCall(
  state: DoubleState,
  name: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  if (request.method !== 'POST') return redirect(response, 'NoGetAPI')
  const send = (answer: Answer): void => sendAnswer(state, answer, response)
  if (!/^application\/(json|[^;]+\+json)\b/.test(request.headers['content-type'] ?? '')) return send(WRONG_TYPE)
  const length = Number(request.headers['content-length'] ?? 0)
  if (!(length > 0 && length < state.options.maxBytes)) return send(BAD_LENGTH)
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk)
  const body = objectOf(Buffer.concat(chunks).toString('utf8'))
  if (!body) return send(INTERNAL)
  state.requests.push({ route: name, over: 'http', body, headers: request.headers })
  if (name === 'getnewsession') {
    const { token } = state.options
    const allowed = token === undefined || cookieOf(request) === token
    return send({
      status: 200,
      body: allowed ? newSession(state) : { error: 'Invalid or unauthorized.' },
      legacy: null,
    })
  }
  const sessionId = 'session_id' in body ? body.session_id : request.headers['x-session-id']
  const socketRoute = name === 'generatetext2imagews'
  const route = socketRoute || name === 'generatetext2image' ? GENERATE : ROUTES[name]
  const refused = refusal(state, { route, socketRoute, sessionId, overSocket: false, body })
  const session = state.sessions.get(String(sessionId))
  if (refused || !session) return send(refused ?? INTERNAL)
  const own = ROUTES[name]
  if (own) return send({ status: 200, body: own.run(state, session, body), legacy: null })
  const messages: Record<string, unknown>[] = []
  const outlet: Outlet = {
    live: false,
    emit: (message) => void messages.push(message),
    drop: () => void response.destroy(),
  }
  try {
    await runRequest(state, session, body, 0, outlet)
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error
    return send(INTERNAL)
  }
  const error = messages.find((message) => 'error' in message)
  const images = messages.filter((message) => 'image' in message).map((message) => message.image)
  send({ status: 200, body: error ?? { images }, legacy: null })
}

/** The object of a JSON text; `null` for anything else. */
export function objectOf(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : null
  } catch {
    return null
  }
}

function sendAnswer(state: DoubleState, { status, body, legacy }: Answer, response: ServerResponse): void {
  if (response.destroyed) return
  if (state.options.legacyHtmlErrors && legacy !== null) {
    redirect(response, legacy)
    return
  }
  const text = JSON.stringify(body)
  response.writeHead(status, {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(text),
    'cache-control': 'no-store',
  })
  response.end(text)
}

function redirect(response: ServerResponse, page: string): void {
  response.writeHead(302, { location: `/Error/${page}` }).end()
}

function errorPage(path: string, response: ServerResponse): void {
  const status = path === '/Error/404' ? 404 : path === '/Error/Internal' ? 500 : 200
  response.writeHead(status, { 'content-type': 'text/html; charset=utf-8' })
  response.end('<!DOCTYPE html><html><body>This page is an error.</body></html>')
}

function cookieOf(request: IncomingMessage): string | undefined {
  return /(?:^|; )swarm_token=([^;]*)/.exec(request.headers.cookie ?? '')?.[1]
}

function answerFile(state: DoubleState, url: string, request: IncomingMessage, response: ServerResponse): void {
  const { token } = state.options
  const path = unescaped(unescaped(url.split('?')[0] ?? '')).replace(/^\/(view\/local|output)\//i, '')
  const file = state.files.get(path)
  if (token !== undefined && cookieOf(request) !== token) sendAnswer(state, INVALID_USER, response)
  else if (!file) sendAnswer(state, NO_FILE, response)
  else {
    response.writeHead(200, {
      'content-type': 'image/png',
      'content-length': file.bytes.length,
      'cache-control': 'private, max-age=30',
    })
    response.end(file.bytes)
  }
}

/** Decodes what can be decoded and leaves the rest, as .NET does; it is done twice there, too. */
function unescaped(text: string): string {
  return text.replace(/(?:%[0-9a-f]{2})+/gi, (escapes) => {
    try {
      return decodeURIComponent(escapes)
    } catch {
      return escapes
    }
  })
}
