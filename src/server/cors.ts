/**
 * Which pages may use the API from another origin.
 * @module
 */
import { StoryArtError } from '../errors.js'
import { WIRE_HEADERS } from '../wire.js'

/** Which origins may use the API. */
export interface CorsOptions {
  /** Exact origins, such as `http://localhost:5173`; or `'*'` alone, for every page, without credentials. */
  origins: readonly string[]
  /** Whether cookies and the like may be sent along. Default: `false`. */
  credentials?: boolean | undefined
  /** How long a browser may remember the answer to a preflight, in seconds. Default: 600. */
  maxAgeSeconds?: number | undefined
}

/**
 * The origins StoryArt is developed on, with credentials, as StoryArt's own server has them.
 *
 * @see The guide's base URLs, and StoryArt's server.
 * @example
 * ```ts
 * import { memoryAdapter, SessionStore } from 'storyart-sdk'
 * import { createSessionHandler, STORYART_CORS } from 'storyart-sdk/server'
 *
 * const handler = createSessionHandler(new SessionStore({ adapter: memoryAdapter() }), { cors: STORYART_CORS })
 * const headers = { Origin: 'http://localhost:3000' }
 * const response = await handler(new Request('http://localhost:7802/api/v1/session/list', { headers }))
 * console.log(response.headers.get('Access-Control-Allow-Origin')) // http://localhost:3000
 * ```
 */
export const STORYART_CORS: CorsOptions = {
  origins: ['http://localhost:3000', 'http://localhost:5173', 'http://127.0.0.1:3000'],
  credentials: true,
}

const ALLOWED_HEADERS = `Content-Type, Content-Encoding, Authorization, If-Match, If-None-Match, Last-Event-ID, ${WIRE_HEADERS.summary}`
const EXPOSED_HEADERS = `ETag, Location, Content-Location, Retry-After, ${WIRE_HEADERS.storage}, ${WIRE_HEADERS.degraded}`

/** The rules as the handler asks them. @internal */
export interface Cors {
  /** Whether a request with this origin may change something. Requests without one come from no page. */
  mayWrite(request: Request): boolean
  /** What goes with every answer. */
  headers(request: Request): Record<string, string>
  /** What goes with the answer to a preflight. */
  preflight(allow: string): Record<string, string>
}

/** @internal */
export function corsOf(options: CorsOptions | undefined): Cors {
  const { origins = [], credentials = false, maxAgeSeconds = 600 } = options ?? {}
  const everyone = origins.includes('*')
  if (everyone && (credentials || origins.length > 1)) {
    throw new StoryArtError(
      'INVALID_ARGUMENT',
      "cors.origins: '*' stands alone and goes without credentials: name the origins instead",
    )
  }
  const allowed = (origin: string): boolean => everyone || origins.includes(origin)
  return {
    mayWrite(request) {
      const origin = request.headers.get('Origin')
      return origin === null || allowed(origin) || hostOf(origin) === new URL(request.url).host
    },
    headers(request) {
      if (origins.length === 0) return {}
      const origin = request.headers.get('Origin')
      const vary = everyone ? {} : { Vary: 'Origin' }
      if (origin === null || !allowed(origin)) return vary
      return {
        ...vary,
        'Access-Control-Allow-Origin': everyone ? '*' : origin,
        ...(credentials && { 'Access-Control-Allow-Credentials': 'true' }),
        'Access-Control-Expose-Headers': EXPOSED_HEADERS,
      }
    },
    preflight: (allow) => ({
      'Access-Control-Allow-Methods': allow,
      'Access-Control-Allow-Headers': ALLOWED_HEADERS,
      'Access-Control-Max-Age': String(maxAgeSeconds),
    }),
  }
}

/** `null` for what is no URL, such as the origin `null` of a sandboxed page. */
function hostOf(origin: string): string | null {
  try {
    return new URL(origin).host
  } catch {
    return null
  }
}
