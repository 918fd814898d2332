/** The bodies of the dispatcher, word for word; and how version 0.9.7 gave them. */
import type { DoubleState } from './state.js'

export interface Answer {
  status: number
  body: Record<string, unknown>
  /** Where version 0.9.7 redirects instead; `null` where it answered as today. */
  legacy: 'BasicAPI' | '404' | 'Permissions' | 'Internal' | null
}

const answer = (status: number, error_id: string, error: string, legacy: Answer['legacy']): Answer => ({
  status,
  body: { error_id, error },
  legacy,
})

export const WRONG_TYPE = answer(400, 'basic_api', 'Wrong content type', 'BasicAPI')
export const BAD_LENGTH = answer(400, 'basic_api', 'bad content length', 'BasicAPI')
export const INTERNAL = answer(400, 'internal_error', 'An internal error occurred', 'Internal')
export const NO_SESSION = answer(400, 'basic_api', 'missing session id', 'BasicAPI')
export const UNKNOWN_SESSION: Answer = {
  status: 401,
  body: { error: 'Invalid session ID. You may need to refresh the page.', error_id: 'invalid_session_id' },
  legacy: null,
}
export const BAD_ROUTE = answer(400, 'bad_route', 'Unknown API route', '404')
export const BAD_ROUTE_WS = answer(400, 'bad_route', 'Unknown API route.', '404')
export const NEEDS_SOCKET = answer(400, 'bad_request_method', 'API route needs websocket, request is HTTP', 'BasicAPI')
export const NEEDS_HTTP = answer(400, 'bad_request_method', 'API route needs HTTP, request is websocket', null)
export const NO_PERMISSION = answer(400, 'bad_permissions', 'You lack permissions for this route.', 'Permissions')

export const INVALID_USER = answer(400, 'invalid_user', 'invalid or unauthorized', null)
export const NO_FILE = answer(404, 'file_not_found', '404, file not found.', null)

const ok = (body: Record<string, unknown>): Answer => ({ status: 200, body, legacy: null })

type Route = { permission: string; needs?: Readonly<Record<string, 'Int32' | 'String'>> }

/** Session, route, method, permission, arguments: the first that does not hold, in the server's order. */
export function refusal(
  state: DoubleState,
  call: {
    route: Route | undefined
    socketRoute: boolean
    sessionId: unknown
    overSocket: boolean
    body: Record<string, unknown>
  },
): Answer | null {
  const { route, socketRoute, sessionId, overSocket, body } = call
  if (typeof sessionId !== 'string') return NO_SESSION
  if (state.refuseSessions || !state.sessions.has(sessionId)) return UNKNOWN_SESSION
  if (!route) return overSocket ? BAD_ROUTE_WS : BAD_ROUTE
  if (socketRoute && !overSocket) return NEEDS_SOCKET
  if (!socketRoute && overSocket) return NEEDS_HTTP
  const { permissions } = state.options
  if (!permissions.includes('*') && !permissions.includes(route.permission)) return NO_PERMISSION
  for (const [name, type] of Object.entries(route.needs ?? {})) {
    const value = body[name]
    if (value === undefined) return ok({ error: `Missing required parameter '${name}'` })
    if (type === 'Int32' && !/^-?\d+$/.test(String(value))) {
      return ok({ error: `Invalid value '${value}' for parameter '${name}', must be type '${type}'` })
    }
  }
  return null
}
