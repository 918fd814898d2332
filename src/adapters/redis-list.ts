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
    const questions = entries.map(({ id, member }) => questionsAbout(member, details ? keys.summary(id) : undefined))
    const outcomes = await link.sendAll(questions.flat())
    const perEntry = details ? 4 : 1
    for (const [i, { id, score }] of entries.entries()) {
      const state = stateOf(id, outcomes.slice(i * perEntry, (i + 1) * perEntry), details)
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
function questionsAbout(document: string, summary: string | undefined): RedisRequest[] {
  if (summary === undefined) return [['pttl', document]]
  return [
    ['pttl', document],
    ['strlen', document],
    ['get', summary],
    ['pttl', summary],
  ]
}

/** What the server says of a live one; `null` for an expired one. */
function stateOf(id: number, [pttl, strlen, text, beside]: RedisOutcome[], details: boolean): ListEntry | null {
  const life = integerOf(replyOf(pttl))
  if (life === -2) return null
  if (!details) return { id }
  const entry: ListEntry = { id, ttlMs: life < 0 ? null : life }
  // A key of another type has no length. Reading it will say what is wrong; the page must not fail over it.
  if (strlen?.status === 'rejected' && /^\w+: WRONGTYPE/.test(String(strlen.reason))) return entry
  const sizeBytes = integerOf(replyOf(strlen))
  entry.sizeBytes = sizeBytes
  if (text?.status !== 'fulfilled' || beside?.status !== 'fulfilled') return entry
  const summary = summaryFor({ sizeBytes, life }, textOf(text.value), integerOf(beside.value))
  return summary === undefined ? entry : { ...entry, summary }
}
