/**
 * From what SwarmUI says, or does not say, to one of the library's errors.
 * @module
 */

import { SwarmError, type SwarmErrorCode } from '../errors.js'

/** The texts of a failed generation are free; the server's constants begin them. The rest may quote the prompt. */
const TEXTS: readonly (readonly [begins: string, SwarmErrorCode, means: string])[] = [
  ['No backends available!', 'SWARM_UNAVAILABLE', 'no backend is available; start one, or wait'],
  ['Timeout! All backends', 'SWARM_UNAVAILABLE', 'all backends are occupied'],
  ['No backends match', 'SWARM_REFUSED', 'no backend can do what the request asks for'],
  ['No model input given', 'SWARM_REFUSED', 'no model was given'],
  ['You do not have permission', 'SWARM_REFUSED', 'the user may not set one of the parameters'],
  ['Missing required parameter', 'SWARM_REFUSED', 'a parameter is missing'],
  ['Generation session interrupted', 'SWARM_FAILED', 'somebody interrupted it'],
  ['All available backends failed to load', 'SWARM_FAILED', 'no backend could load the model'],
  ['ComfyUI execution error', 'SWARM_FAILED', 'ComfyUI failed while painting'],
  ['ComfyUI errored', 'SWARM_FAILED', 'ComfyUI refused the workflow'],
  ['Server failed to save', 'SWARM_FAILED', 'the server could not save the picture'],
  ['No images were generated', 'SWARM_FAILED', 'the backend gave no picture'],
]

const IDS: Readonly<Record<string, readonly [SwarmErrorCode, means: string]>> = {
  invalid_session_id: ['SWARM_DENIED', 'the server knows none of the sessions it gives'],
  bad_permissions: ['SWARM_DENIED', 'the user lacks the permission for this route'],
  bad_impersonate: ['SWARM_DENIED', 'the user may not act as another'],
  invalid_user: ['SWARM_DENIED', 'the file belongs to a user; pass token'],
  unauthorized: ['SWARM_DENIED', 'the file belongs to another user'],
  file_not_found: ['SWARM_FAILED', 'the server no longer has the file'],
  file_error: ['SWARM_FAILED', 'the server cannot read the file'],
  internal_error: ['SWARM_FAILED', 'an exception in the server; see its log'],
}

/** The server has forgotten the session. That is said before any work is done, so asking again is always safe. @internal */
export class ForgottenSession extends SwarmError {}

/** The error for a reply that holds `error` or `error_id`. @internal */
export function refusalOf(what: string, body: Readonly<Record<string, unknown>>): SwarmError {
  const detail = String(body.error ?? body.error_id)
  const id = String(body.error_id ?? '')
  const known = IDS[id] ?? textVerdict(detail)
  const [code, means] = id !== '' && !IDS[id] ? (['SWARM_PROTOCOL', `the server answered ${id}`] as const) : known
  const Kind = id === 'invalid_session_id' ? ForgottenSession : SwarmError
  return new Kind(code, `SwarmUI: ${what} failed: ${means}.`, { detail })
}

function textVerdict(text: string): readonly [SwarmErrorCode, string] {
  if (text === 'Invalid or unauthorized.') return ['SWARM_DENIED', 'the server wants a user; pass token']
  const parameter = /^Invalid value for parameter ([\w ]{1,40}):/.exec(text)?.[1]
  if (parameter !== undefined) return ['SWARM_REFUSED', `the parameter ${parameter} has a value the server refuses`]
  const row = TEXTS.find(([begins]) => text.startsWith(begins))
  if (row) return [row[1], row[2]]
  if (text.startsWith('Invalid value')) return ['SWARM_REFUSED', 'the server refuses one of the values']
  return ['SWARM_FAILED', 'the server could not do it; detail holds its words']
}

/** An error of our own making. @internal */
export function swarmError(code: SwarmErrorCode, message: string, cause?: unknown): SwarmError {
  return new SwarmError(code, `SwarmUI: ${message}`, cause === undefined ? {} : { cause })
}
