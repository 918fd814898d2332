/**
 * The handler as a listener of Node's `http` server, and so in Express.
 * @module
 */
import type { IncomingMessage, ServerResponse } from 'node:http'

/** Anything that takes a web request, such as the handler of `createSessionHandler`. */
export type FetchHandler = (request: Request) => Response | Promise<Response>

/** What `http.createServer`, Express and Connect take. */
export type NodeListener = (incoming: IncomingMessage, outgoing: ServerResponse) => Promise<void>

/** How to make a listener. */
export interface NodeListenerOptions {
  /** Told of what the handler throws, which `createSessionHandler` never does. Default: nobody is told. */
  onError?: ((error: unknown) => void) | undefined
}

/**
 * Makes a handler of web requests into a listener for Node's `http` server.
 *
 * Bodies stream both ways and wait for the slower side. A client that goes away aborts `request.signal`, and the body of
 * the response is cancelled. The path is the original one also below an Express router.
 *
 * @param handler - The handler.
 * @param options - Who is told of failures.
 * @returns The listener. Its promise never rejects; it resolves when the response has ended or the client has gone.
 * @example
 * ```ts
 * import { createServer } from 'node:http'
 * import { memoryAdapter, SessionStore } from 'storyart-sdk'
 * import { createSessionHandler, toNodeListener } from 'storyart-sdk/server'
 *
 * const handler = createSessionHandler(new SessionStore({ adapter: memoryAdapter() }))
 * const server = createServer(toNodeListener(handler))
 * console.log(server.listening) // false
 * ```
 */
export function toNodeListener(handler: FetchHandler, options: NodeListenerOptions = {}): NodeListener {
  return async (incoming, outgoing) => {
    const gone = new AbortController()
    outgoing.once('close', () => {
      if (!outgoing.writableFinished) gone.abort(new Error('the client has gone'))
    })
    outgoing.on('error', () => undefined) // a client that goes while it is written to also closes
    const body = bodyOf(incoming)
    const request = requestOf(incoming, body.stream, gone.signal)
    if (request === null) return send(plainAnswer(400, 'The request line or the Host header cannot be read'), outgoing)
    let response: Response
    try {
      response = await handler(request)
    } catch (error) {
      options.onError?.(error)
      response = plainAnswer(500, 'Internal error', crypto.randomUUID())
    }
    await send(response, outgoing)
    body.drain()
  }
}

/** An error as the API has them. @internal */
export function plainAnswer(status: number, error: string, id?: string): Response {
  return Response.json({ success: false, error, ...(id !== undefined && { id }) }, { status })
}

/** `null` for what is no request on the web: a strange host, method or target. */
function requestOf(incoming: IncomingMessage, body: ReadableStream<Uint8Array>, signal: AbortSignal): Request | null {
  const headers = new Headers()
  const { rawHeaders, method = 'GET' } = incoming
  // Express puts the path within its router into `url`.
  const target = ('originalUrl' in incoming ? String(incoming.originalUrl) : incoming.url) ?? '/'
  const hasBody = method !== 'GET' && method !== 'HEAD'
  try {
    for (let i = 0; i + 1 < rawHeaders.length; i += 2) headers.append(rawHeaders[i] ?? '', rawHeaders[i + 1] ?? '')
    const scheme = 'encrypted' in incoming.socket ? 'https' : 'http'
    const url = target.startsWith('/') ? `${scheme}://${headers.get('Host') ?? 'localhost'}${target}` : target
    if (target.startsWith('/') && new URL(url).pathname === '') return null
    const init: RequestInit & { duplex: 'half' } = { method, headers, signal, duplex: 'half' }
    if (hasBody) init.body = body
    return new Request(target === '*' ? 'http://localhost/*' : url, init)
  } catch {
    return null
  }
}

/** Reads on only when the reader wants more. What nobody wants any more is drained, so that the answer is still read. */
function bodyOf(incoming: IncomingMessage): { stream: ReadableStream<Uint8Array>; drain: () => void } {
  let state: 'untouched' | 'open' | 'over' = 'untouched'
  const begin = (controller: ReadableStreamDefaultController<Uint8Array>): void => {
    state = 'open'
    const end = (finish: () => void): void => {
      if (state === 'open') finish()
      state = 'over'
    }
    incoming.on('data', (chunk: Buffer) => {
      if (state !== 'open') return
      controller.enqueue(new Uint8Array(chunk.buffer, chunk.byteOffset, chunk.byteLength))
      if ((controller.desiredSize ?? 0) <= 0) incoming.pause()
    })
    incoming.once('end', () => end(() => controller.close()))
    incoming.once('error', (error) => end(() => controller.error(error)))
    incoming.once('close', () => end(() => controller.error(new Error('the client has gone'))))
  }
  const drain = (): void => {
    // Node itself drains what was never touched.
    if (state !== 'untouched') incoming.resume()
    state = 'over'
  }
  const source: UnderlyingDefaultSource<Uint8Array> = {
    pull(controller) {
      if (state === 'untouched') begin(controller)
      incoming.resume()
    },
    cancel: drain,
  }
  return { stream: new ReadableStream(source, { highWaterMark: 0 }), drain }
}

async function send(response: Response, outgoing: ServerResponse): Promise<void> {
  if (outgoing.destroyed) return response.body?.cancel()
  for (const [name, value] of response.headers) if (name !== 'set-cookie') outgoing.setHeader(name, value)
  const cookies = response.headers.getSetCookie()
  if (cookies.length > 0) outgoing.setHeader('set-cookie', cookies)
  outgoing.writeHead(response.status)
  if (response.body === null) return void outgoing.end()
  outgoing.flushHeaders()
  const reader = response.body.getReader()
  const cancel = (): void => void reader.cancel().catch(() => undefined)
  outgoing.once('close', cancel)
  try {
    for (;;) {
      const { done, value } = await reader.read()
      if (done || outgoing.destroyed) break
      if (!outgoing.write(value)) await drained(outgoing)
    }
    outgoing.end()
  } catch {
    outgoing.destroy() // broken off, so that nobody takes what has arrived for all
  } finally {
    outgoing.off('close', cancel)
  }
}

function drained(outgoing: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      outgoing.off('drain', done)
      outgoing.off('close', done)
      resolve()
    }
    outgoing.once('drain', done)
    outgoing.once('close', done)
  })
}
