/**
 * One call of the server over HTTP, and what its answers mean.
 * @module
 */

import { jsonValue } from '../parse-json.js'
import { isRecord } from '../prompt/is-record.js'
import { refusalOf, swarmError } from './refusal.js'

/** Where the server is and how it is spoken to. @internal */
export interface Link {
  /** Without a slash at the end. */
  baseUrl: string
  fetch: typeof fetch
  /** Sent with every request. */
  headers: Readonly<Record<string, string>>
  /** Sent where the server looks for a user: new sessions, and files. */
  cookie: string | null
  requestMs: number
}

/** A JSON object from the server. @internal */
export type Reply = Readonly<Record<string, unknown>>

/** Posts to a route. Any `error` in the answer, whatever its status, is thrown; `null` for `timeoutMs` waits for ever. @internal */
export async function post(
  link: Link,
  route: string,
  body: Reply,
  signal: AbortSignal,
  timeoutMs: number | null = link.requestMs,
): Promise<Reply> {
  const headers: Record<string, string> = { ...link.headers, 'content-type': 'application/json' }
  if (link.cookie !== null && route === 'GetNewSession') headers.cookie = link.cookie
  const init = { method: 'POST', headers, body: JSON.stringify(body) }
  const { response, bytes } = await exchange(link, `API/${route}`, init, signal, timeoutMs)
  const reply = jsonOf(response, bytes, route)
  if ('error' in reply || 'error_id' in reply) throw refusalOf(route, reply)
  if (!response.ok) throw swarmError('SWARM_PROTOCOL', `${route} was answered with status ${response.status}.`)
  return reply
}

/** Fetches a file by the path the server gave for it, which is not encoded. @internal */
export async function fetchFile(link: Link, path: string, signal: AbortSignal): Promise<Uint8Array> {
  const headers = { ...link.headers, ...(link.cookie !== null && { cookie: link.cookie }) }
  const encoded = path.split('/').map(encodeURIComponent).join('/')
  const { response, bytes } = await exchange(link, encoded, { headers }, signal, link.requestMs)
  if (!response.ok) throw refusalOf('fetching a picture', jsonOf(response, bytes, 'a picture'))
  return bytes
}

async function exchange(
  link: Link,
  path: string,
  init: RequestInit,
  signal: AbortSignal,
  timeoutMs: number | null,
): Promise<{ response: Response; bytes: Uint8Array }> {
  const timeout = timeoutMs === null ? null : AbortSignal.timeout(timeoutMs)
  const either = timeout ? AbortSignal.any([signal, timeout]) : signal
  let response: Response
  let bytes: Uint8Array
  try {
    response = await link.fetch(`${link.baseUrl}/${path}`, { ...init, redirect: 'manual', signal: either })
    bytes = new Uint8Array(await response.arrayBuffer())
  } catch (cause) {
    signal.throwIfAborted()
    const how = timeout?.aborted ? `did not answer within ${timeoutMs} ms` : 'cannot be reached'
    throw swarmError('SWARM_UNAVAILABLE', `the server ${how}; see that it runs and that baseUrl is right.`, cause)
  }
  if (response.type === 'opaqueredirect' || (response.status >= 300 && response.status < 400)) {
    throw swarmError(
      'SWARM_PROTOCOL',
      'the server redirects to a page instead of answering: it is older than 0.9.8, or no SwarmUI.',
    )
  }
  return { response, bytes }
}

function jsonOf(response: Response, bytes: Uint8Array, what: string): Reply {
  const type = response.headers.get('content-type') ?? 'nothing'
  if (/\bjson\b/.test(type)) {
    const value = jsonValue(new TextDecoder().decode(bytes))
    if (isRecord(value)) return value
  } else if (response.status === 401) {
    throw swarmError('SWARM_DENIED', 'the server refuses the Authorization header; pass authorization.')
  }
  throw swarmError(
    'SWARM_PROTOCOL',
    `${what} was answered with status ${response.status} and ${type.split(';')[0]} instead of JSON; see that baseUrl is a SwarmUI of at least 0.9.8.`,
  )
}
