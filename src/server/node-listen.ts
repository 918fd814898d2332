/**
 * A whole server in one call, safe by default.
 * @module
 */
import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { StoryArtError } from '../errors.js'
import { type FetchHandler, plainAnswer, toNodeListener } from './node-listener.js'

/** How to listen. */
export interface ListenOptions {
  /** The port; 0: a free one. Default: 7802, StoryArt's. */
  port?: number | undefined
  /** The address. Default: `127.0.0.1`, this machine alone. */
  host?: string | undefined
  /** Whether a public address may be served without `authorize`. Default: `false`. */
  allowPublic?: boolean | undefined
  /**
   * Further names under which a server on loopback without `authorize` may be called, such as the one that a proxy passes
   * on. Others are refused: a page could otherwise give its own name the address of this machine. Default: none.
   */
  hosts?: readonly string[] | undefined
  /** How long the headers of a request may take, in ms. Default: 10000. */
  headersTimeoutMs?: number | undefined
  /** How long a whole request may take to arrive, in ms. Default: 120000. */
  requestTimeoutMs?: number | undefined
  /** How long a connection may stand still, in ms; event streams are kept alive within. Default: 120000. */
  idleTimeoutMs?: number | undefined
  /** The largest header of a request, in bytes. Default: 16384. */
  maxHeaderBytes?: number | undefined
  /** Told of what the handler throws. Default: nobody is told. */
  onError?: ((error: unknown) => void) | undefined
}

/** A server that listens. */
export interface Listening {
  /** Where, such as `http://127.0.0.1:7802`. */
  url: string
  /** The port. */
  port: number
  /** Node's own server, for what is not offered here. */
  server: Server
  /**
   * Takes no more requests, ends event streams, and lets the others finish within `graceMs`; then cuts them off.
   *
   * @param options - How long to wait, in ms. Default: 5000.
   */
  close(options?: { graceMs?: number }): Promise<void>
}

/**
 * Serves a handler in Node: on this machine alone unless told otherwise, with limits on slow and oversized requests.
 *
 * Needs nothing at import: the entry stays usable in browsers and workers.
 *
 * @param handler - The handler, such as that of `createSessionHandler`.
 * @param options - Where, and the limits.
 * @returns The running server, once it listens.
 * @throws {StoryArtError} `INVALID_ARGUMENT` when the address is public, the handler asks for no credentials, and
 * `allowPublic` is not set; or outside of Node.
 * @example
 * ```ts
 * import { memoryAdapter, SessionStore } from 'storyart-sdk'
 * import { createSessionHandler, listen } from 'storyart-sdk/server'
 *
 * const store = new SessionStore({ adapter: memoryAdapter() })
 * const { url, close } = await listen(createSessionHandler(store), { port: 0 })
 * console.log((await fetch(`${url}/api/v1/session/latest`)).status) // 404
 * await close()
 * ```
 */
export async function listen(
  handler: FetchHandler & { readonly authorizes?: boolean },
  options: ListenOptions = {},
): Promise<Listening> {
  const { port = 7802, host = '127.0.0.1', allowPublic = false, hosts = [] } = options
  const authorizes = handler.authorizes === true
  if (!isLoopback(host) && !authorizes && !allowPublic) {
    throw new StoryArtError(
      'INVALID_ARGUMENT',
      'listen: this address can be reached from outside; give the handler authorize, such as bearerToken(token), or set allowPublic',
    )
  }
  const http = globalThis.process?.getBuiltinModule?.('node:http')
  if (!http) throw new StoryArtError('INVALID_ARGUMENT', 'listen needs Node: pass the handler to this runtime instead')

  const streams = new Set<ServerResponse>()
  const listener = toNodeListener(
    isLoopback(host) && !authorizes ? onlyFor(handler, [...LOOPBACK_NAMES, ...hosts]) : handler,
    { onError: options.onError },
  )
  const server = http.createServer({
    headersTimeout: options.headersTimeoutMs ?? 10_000,
    requestTimeout: options.requestTimeoutMs ?? 120_000,
    maxHeaderSize: options.maxHeaderBytes ?? 16_384,
    // Node looks at the two above only this often.
    connectionsCheckingInterval: Math.min(1000, options.headersTimeoutMs ?? 1000),
  })
  server.timeout = options.idleTimeoutMs ?? 120_000
  server.on('request', (incoming: IncomingMessage, outgoing: ServerResponse) => {
    streams.add(outgoing)
    void listener(incoming, outgoing).finally(() => streams.delete(outgoing))
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, () => {
      server.off('error', reject)
      resolve()
    })
  })
  const address = server.address() as AddressInfo // it listens on a port, not on a pipe
  return {
    url: `http://${host.includes(':') ? `[${host.replace(/[[\]]/g, '')}]` : host}:${address.port}`,
    port: address.port,
    server,
    close: ({ graceMs = 5000 } = {}) => closeServer(server, streams, graceMs),
  }
}

const LOOPBACK_NAMES = ['localhost', '127.0.0.1', '[::1]']

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || host === '[::1]' || /^127(?:\.[0-9]{1,3}){3}$/.test(host)
}

/** Refuses names that are not this machine's: that is how a page from elsewhere reaches it past its browser's rules. */
function onlyFor(handler: FetchHandler, names: readonly string[]): FetchHandler {
  return (request) => {
    const { hostname } = new URL(request.url)
    if (names.includes(hostname) || isLoopback(hostname)) return handler(request)
    return plainAnswer(421, 'This server is not known by that name: call it localhost, or name it in hosts')
  }
}

function closeServer(server: Server, responses: ReadonlySet<ServerResponse>, graceMs: number): Promise<void> {
  if (!server.listening) return Promise.resolve()
  return new Promise((resolve) => {
    const timer = setTimeout(() => server.closeAllConnections(), graceMs)
    server.close(() => {
      clearTimeout(timer)
      resolve()
    })
    server.closeIdleConnections()
    for (const response of responses) {
      // The stream would go on for ever; its reader comes back by itself, with the id of the last event.
      if (String(response.getHeader('content-type')).startsWith('text/event-stream')) response.destroy()
      else response.shouldKeepAlive = false
    }
  })
}
