/**
 * How to make a client, and what its options become.
 * @module
 */

import { StoryArtError } from '../errors.js'
import { waitMs } from '../wait.js'
import type { Link } from './link.js'
import type { WebSocketClass } from './socket.js'

/** How to make a {@link SwarmUIClient}. */
export interface SwarmUIClientOptions {
  /** Where SwarmUI is, such as `http://localhost:7801`. */
  baseUrl: string
  /**
   * How to ask for pictures. `websocket` tells progress and which picture is which; `http` says nothing until all is done.
   * Default: `websocket`.
   */
  transport?: 'websocket' | 'http' | undefined
  /** Default: the runtime's own `fetch`. */
  fetch?: typeof fetch | undefined
  /** Default: the runtime's own `WebSocket`, which Node has from version 22 on; before that, pass the one of the package `ws`. */
  WebSocket?: WebSocketClass | undefined
  /** Sent as `Authorization`, where the server asks for that. A browser's own WebSocket cannot send it. Default: none. */
  authorization?: string | undefined
  /** Sent with every request, the opening of sockets included. Default: none. */
  headers?: Readonly<Record<string, string>> | undefined
  /** The cookie `swarm_token`, where the server has users. A browser sends its own and not this one. Default: none. */
  token?: string | undefined
  /** How long the server may take for what is not a generation, in ms. Default: 30000. */
  requestMs?: number | undefined
  /** How long a socket may say nothing, in ms; the server says something every 30000. Default: 180000. */
  idleMs?: number | undefined
  /** How often to ask what became of a lost generation, in ms. Default: 2000. */
  pollMs?: number | undefined
  /** How long that may stay unknown, in ms, before `SWARM_LOST`. Default: 600000. */
  recoverMs?: number | undefined
  /** The clock, in ms since the epoch. Default: `Date.now`. */
  now?: (() => number) | undefined
  /** Waits; must reject with `signal.reason` on abort. Default: a timer. */
  wait?: ((ms: number, signal?: AbortSignal) => Promise<void>) | undefined
}

/** Everything a client needs. @internal */
export interface ClientParts {
  link: Link
  /** `null` for plain HTTP. */
  WebSocket: WebSocketClass | null
  idleMs: number
  pollMs: number
  recoverMs: number
  now: () => number
  wait: (ms: number, signal?: AbortSignal) => Promise<void>
}

/** @internal */
export function partsOf(options: SwarmUIClientOptions): ClientParts {
  const { baseUrl, transport = 'websocket', authorization, headers, token, now = Date.now, wait = waitMs } = options
  const { requestMs = 30_000, idleMs = 180_000, pollMs = 2_000, recoverMs = 600_000 } = options
  for (const [name, ms] of Object.entries({ requestMs, idleMs, pollMs, recoverMs })) {
    if (!Number.isSafeInteger(ms) || ms < 1 || ms > 2_147_483_647) {
      throw new StoryArtError(
        'INVALID_ARGUMENT',
        `SwarmUI: ${name} must be a whole number from 1 to 2147483647, not ${ms}.`,
      )
    }
  }
  if (!/^https?:\/\/[^/?#]+/.test(baseUrl) || /[?#]/.test(baseUrl)) {
    throw new StoryArtError('INVALID_ARGUMENT', 'SwarmUI: baseUrl must be an address such as http://localhost:7801.')
  }
  return {
    link: {
      baseUrl: baseUrl.replace(/\/+$/, ''),
      // Bound, because a browser's own fetch wants to be called on the window.
      fetch: options.fetch ?? ((...args) => globalThis.fetch(...args)),
      headers: { ...headers, ...(authorization !== undefined && { authorization }) },
      cookie: token === undefined ? null : `swarm_token=${token}`,
      requestMs,
    },
    WebSocket: transport === 'http' ? null : (options.WebSocket ?? ownWebSocket()),
    idleMs,
    pollMs,
    recoverMs,
    now,
    wait,
  }
}

function ownWebSocket(): WebSocketClass {
  const own: unknown = Reflect.get(globalThis, 'WebSocket')
  if (typeof own !== 'function') {
    throw new StoryArtError(
      'INVALID_ARGUMENT',
      "SwarmUI: this runtime has no WebSocket; install the package ws and pass WebSocket, or pass transport: 'http'.",
    )
  }
  return globalThis.WebSocket
}
