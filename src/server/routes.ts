/**
 * The routes of the REST API as data: the handler dispatches from this table, and the OpenAPI document is made from it
 * and from what `route-contracts.ts` says of each route.
 * @module
 */
import { SESSION_PATH, WIRE_PATHS } from '../wire.js'

/** What a route is called in the code: the name under which the handler has its work. */
export type OperationId =
  | 'saveSession'
  | 'getLatestSession'
  | 'getLatestSessionLegacy'
  | 'listSessions'
  | 'watchSessions'
  | 'getOpenApi'
  | 'getHealth'
  | 'getSession'
  | 'putSession'
  | 'deleteSession'
  | 'touchSession'
  | 'getPromptsStatus'
  | 'getQueue'

/** One route. */
export interface Route {
  method: 'GET' | 'POST' | 'PUT' | 'DELETE'
  /** The path, with `{timestamp}` where one stands. */
  path: string
  operationId: OperationId
}

const ONE = `${SESSION_PATH}/{timestamp}`

/** All routes. A path without a parameter stands before one that would take it. */
export const ROUTES: readonly Route[] = [
  { method: 'GET', path: WIRE_PATHS.health, operationId: 'getHealth' },
  { method: 'POST', path: WIRE_PATHS.save, operationId: 'saveSession' },
  { method: 'GET', path: WIRE_PATHS.latest, operationId: 'getLatestSession' },
  { method: 'GET', path: WIRE_PATHS.legacyLatest, operationId: 'getLatestSessionLegacy' },
  { method: 'GET', path: WIRE_PATHS.list, operationId: 'listSessions' },
  { method: 'GET', path: WIRE_PATHS.events, operationId: 'watchSessions' },
  { method: 'GET', path: WIRE_PATHS.openapi, operationId: 'getOpenApi' },
  { method: 'GET', path: ONE, operationId: 'getSession' },
  { method: 'PUT', path: ONE, operationId: 'putSession' },
  { method: 'DELETE', path: ONE, operationId: 'deleteSession' },
  { method: 'POST', path: `${ONE}/touch`, operationId: 'touchSession' },
  { method: 'GET', path: `${ONE}/prompts-status`, operationId: 'getPromptsStatus' },
  { method: 'GET', path: `${ONE}/queue`, operationId: 'getQueue' },
]
