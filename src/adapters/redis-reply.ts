/**
 * Reading replies. Clients differ by version, protocol and options: numbers come as text, pairs flat or nested.
 * @module
 */

/** A member of a sorted set. @internal */
export interface ScoredMember {
  readonly member: string
  readonly score: number
}

/** An integer reply. @internal */
export function integerOf(reply: unknown): number {
  const number = numberOf(reply)
  return Number.isInteger(number) ? number : unexpected('integer', reply)
}

/** A text reply; `null` for a key that is not there. @internal */
export function textOf(reply: unknown): string | null {
  if (reply === null || reply === undefined) return null
  return typeof reply === 'string' ? reply : unexpected('text', reply)
}

/** Nothing but `OK`: whatever else comes instead is no word of it that something was stored. @internal */
export function requireOk(reply: unknown): void {
  if (String(reply) !== 'OK') unexpected('OK', reply)
}

/** Members with scores: flat as in RESP2, or in pairs with numbers as in RESP3. @internal */
export function scoredMembersOf(reply: unknown): ScoredMember[] {
  const given: unknown[] = Array.isArray(reply) ? reply : unexpected('list', reply)
  const flat = Array.isArray(given[0]) ? given.flat() : given
  const members: ScoredMember[] = []
  for (let at = 0; at < flat.length; at += 2) {
    members.push({ member: textOf(flat[at]) ?? '', score: numberOf(flat[at + 1]) })
  }
  return members
}

function numberOf(reply: unknown): number {
  if (typeof reply === 'number' && !Number.isNaN(reply)) return reply
  const text = String(reply).replace('inf', 'Infinity')
  const number = text === '' ? Number.NaN : Number(text)
  return Number.isNaN(number) ? unexpected('number', reply) : number
}

/** Says what kind of thing came, never the thing: it might be a document. */
function unexpected(wanted: string, reply: unknown): never {
  throw new Error(`The server's reply is no ${wanted} but ${reply === null ? 'null' : typeof reply}`)
}
