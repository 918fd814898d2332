/**
 * What the handler takes.
 * @module
 */
import type { Schedule } from '../store/index.js'
import type { CorsOptions } from './cors.js'

/** Lets a request in with `true`, refuses it with 403 on `false`, or answers it by itself. */
export type Authorize = (request: Request) => boolean | Response | Promise<boolean | Response>

/** Where a failure happened. */
export interface FailureContext {
  /** What the caller was told to name when asking. */
  id: string
  /** The method of the request, such as `GET`. */
  method: string
  /** The path of the request, without query. */
  path: string
}

/** How to make a handler. */
export interface SessionHandlerOptions {
  /**
   * Who may come in; {@link bearerToken} is a ready one. Asked before anything else but a preflight. It must not read
   * the body. Default: everybody, so keep such a handler on loopback.
   */
  authorize?: Authorize | undefined
  /**
   * Which pages of other origins may use the API, such as {@link STORYART_CORS}. Default: none. A page of an origin that
   * is not listed can change nothing either: its writes are refused with 403.
   */
  cors?: CorsOptions | undefined
  /** The largest body, in bytes after decompression. Default: 52,428,800, StoryArt's `50mb`. */
  maxBodyBytes?: number | undefined
  /** Whether to compress answers of 1 KiB and more for callers that accept it. Default: `true`. */
  compress?: boolean | undefined
  /**
   * Told of every failure that is answered with 500 or above, with the cause that the caller does not see. What it
   * throws harms nothing. Default: nobody is told.
   */
  onError?: ((error: unknown, context: FailureContext) => void) | undefined
  /** What `GET /api/v1/session/openapi.json` answers. Default: 404. */
  openapi?: object | (() => Promise<object>) | undefined
  /** How often an event stream says that it is alive, in ms. Default: 15000. */
  heartbeatMs?: number | undefined
  /** Sets timers. Default: `setTimeout`. */
  schedule?: Schedule | undefined
  /** Makes the ids of failures. Default: `crypto.randomUUID`. */
  errorId?: (() => string) | undefined
}

/** A request in, a response out. It never rejects. */
export interface SessionHandler {
  (request: Request): Promise<Response>
  /** Whether it asks for credentials: `listen` refuses a public address without. */
  readonly authorizes: boolean
}
