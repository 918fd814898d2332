/**
 * From method and path to a route, with the leniency of Express: any case, one slash at the end.
 * @module
 */
import { parsePathTimestamp, SESSION_PATH } from '../wire.js'
import { type OperationId, ROUTES } from './routes.js'

/** What a path and a method lead to. @internal */
export type Match =
  | { found: 'route'; operationId: OperationId; timestamp: number }
  /** The path is one, with a timestamp that is none. */
  | { found: 'no-timestamp' }
  /** The path is one, for these methods. */
  | { found: 'methods'; allow: string }
  | { found: 'nothing' }

/** @internal */
export function matchRoute(method: string, pathname: string): Match {
  const path = pathname.toLowerCase().replace(/(.)\/$/, '$1')
  const exact = ROUTES.filter((route) => route.path === path)
  const parts = exact.length > 0 ? null : pathParts(path)
  const there = parts === null ? exact : ROUTES.filter((route) => route.path === parts.template)
  if (there.length === 0) return { found: 'nothing' }
  const asked = method === 'HEAD' ? 'GET' : method
  const route = there.find((candidate) => candidate.method === asked)
  if (!route) {
    const methods = there.flatMap((candidate) => (candidate.method === 'GET' ? ['GET', 'HEAD'] : [candidate.method]))
    return { found: 'methods', allow: [...methods, 'OPTIONS'].join(', ') }
  }
  if (parts === null) return { found: 'route', operationId: route.operationId, timestamp: 0 }
  const timestamp = parsePathTimestamp(parts.segment)
  return timestamp === null ? { found: 'no-timestamp' } : { found: 'route', operationId: route.operationId, timestamp }
}

/** Puts the parameter in place of whatever follows the common path. */
function pathParts(path: string): { segment: string; template: string } | null {
  const start = `${SESSION_PATH}/`
  if (!path.startsWith(start)) return null
  const [segment = '', ...below] = path.slice(start.length).split('/')
  if (segment === '') return null
  return { segment, template: [`${start}{timestamp}`, ...below].join('/') }
}
