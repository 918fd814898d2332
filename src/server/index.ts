/**
 * Sessions over HTTP: one function for every runtime, and a listener for Node.
 * @module
 */
export { bearerToken } from './bearer.js'
export { type CorsOptions, STORYART_CORS } from './cors.js'
export { createSessionHandler } from './handler.js'
export { type Listening, type ListenOptions, listen } from './node-listen.js'
export { type FetchHandler, type NodeListener, type NodeListenerOptions, toNodeListener } from './node-listener.js'
export type {
  Authorize,
  FailureContext,
  SessionHandler,
  SessionHandlerOptions,
} from './options.js'
