/**
 * A page of the index: what is live, without reading a document.
 * @module
 */

import type { ListEntry, ListPage, ListQuery } from './adapter.js'
import type { RedisKeys } from './redis-keys.js'
import { type RedisLink, type RedisOutcome, type RedisRequest, replyOf } from './redis-link.js'
import { integerOf, textOf } from './redis-reply.js'
import { summaryFor } from './redis-summary.js'
import { MAX_BATCH, walkIndex } from './redis-walk.js'

/** @internal */
export async function listSessions(
  link: RedisLink,
  keys: RedisKeys,
  query: ListQuery,
  signal: AbortSignal | undefined,
): Promise<ListPage> {
  const { limit, order = 'newest', details = true } = query
  const listed: ListEntry[] = []
  let expired: number[] = []
  let place = Number.NaN // of the last entry on the page
  let deadBeyond: number[] = []
  const seen = new Set<number>()
  const page = (isFull: boolean): ListPage => ({
    entries: listed,
    ...(expired.length > 0 ? { expired } : {}),
    ...(isFull ? { next: order === 'newest' ? place : place + 1 } : {}),
  })

  for await (const batch of walkIndex(link, keys, query, limit + 1)) {
    signal?.throwIfAborted()
    // A pruner may have moved an entry by a fraction meanwhile, so that it is met twice.
    const entries = batch.filter(({ id, score }) => !seen.has(id) && Number.isSafeInteger(Math.floor(score)))
    const questions: RedisRequest[] = []
    for (const { id, member } of entries) ask(questions, member, details ? keys.summary(id) : undefined)
    const outcomes = await link.sendAll(questions)
    let answer = 0
    for (const { id, score } of entries) {
      const state = stateOf(id, outcomes, answer, details)
      answer += details ? 4 : 1
      seen.add(id)
      if (!state) {
        deadBeyond.push(id)
        continue
      }
      // Entries of one place cannot be parted by a border between pages; only a wrong score puts two into one.
      if (listed.length >= limit && Math.floor(score) !== place) return page(true)
      place = Math.floor(score)
      listed.push(state)
      expired = expired.concat(deadBeyond)
      deadBeyond = []
    }
    // The page is full. Whether anything live follows is not worth a walk through all that has ever expired.
    if (listed.length >= limit && deadBeyond.length >= MAX_BATCH) return page(true)
  }
  expired = expired.concat(deadBeyond)
  return page(false)
}

/** Is it there; and with details: how long is it, what is its summary, and has that the same life? */
function ask(questions: RedisRequest[], document: string, summary: string | undefined): void {
  questions.push(['pttl', document])
  if (summary !== undefined) questions.push(['strlen', document], ['get', summary], ['pttl', summary])
}

/** What the server says of a live one, in the answers from one on; `null` for an expired one. */
function stateOf(id: number, outcomes: readonly RedisOutcome[], at: number, details: boolean): ListEntry | null {
  const life = integerOf(replyOf(outcomes[at]))
  if (life === -2) return null
  if (!details) return { id }
  const [strlen, text, beside] = [outcomes[at + 1], outcomes[at + 2], outcomes[at + 3]]
  const entry: ListEntry = { id, ttlMs: life < 0 ? null : life }
  // A key of another type has no length. Reading it will say what is wrong; the page must not fail over it.
  if (strlen?.[0] && /^\w+: WRONGTYPE/.test(String(strlen[0]))) return entry
  const sizeBytes = integerOf(replyOf(strlen))
  entry.sizeBytes = sizeBytes
  if (!text || text[0] || !beside || beside[0]) return entry
  const summary = summaryFor({ sizeBytes, life }, textOf(text[1]), integerOf(beside[1]))
  if (summary !== undefined) entry.summary = summary
  return entry
}
