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
  const number = typeof reply === 'bigint' || (typeof reply === 'string' && reply !== '') ? Number(reply) : reply
  if (typeof number !== 'number' || !Number.isInteger(number)) throw unexpected('an integer', reply)
  return number
}

/** A text reply; `null` for a key that is not there. @internal */
export function textOf(reply: unknown): string | null {
  if (reply === null || reply === undefined) return null
  if (typeof reply !== 'string') throw unexpected('text', reply)
  return reply
}

/** A list reply. @internal */
export function listOf(reply: unknown): readonly unknown[] {
  if (!Array.isArray(reply)) throw unexpected('a list', reply)
  return reply
}

/** Members with scores: flat as in RESP2, or in pairs with numbers as in RESP3. @internal */
export function scoredMembersOf(reply: unknown): ScoredMember[] {
  const flat = listOf(reply).flat()
  const members: ScoredMember[] = []
  for (let at = 0; at < flat.length; at += 2) {
    members.push({ member: textOf(flat[at]) ?? '', score: scoreOf(flat[at + 1]) })
  }
  return members
}

function scoreOf(reply: unknown): number {
  if (reply === 'inf' || reply === '+inf') return Number.POSITIVE_INFINITY
  if (reply === '-inf') return Number.NEGATIVE_INFINITY
  const score = typeof reply === 'string' && reply !== '' ? Number(reply) : reply
  if (typeof score !== 'number' || Number.isNaN(score)) throw unexpected('a score', reply)
  return score
}

/** Says what kind of thing came, never the thing: it might be a document. */
function unexpected(wanted: string, reply: unknown): Error {
  return new Error(
    `The server's reply is no ${wanted.replace(/^an? /, '')} but ${reply === null ? 'null' : typeof reply}`,
  )
}
