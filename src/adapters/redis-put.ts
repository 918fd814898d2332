/**
 * Writing a session: the document first, then its place in the index, its summary, and word of it to those who watch.
 * @module
 */

import type { PutOptions, PutResult } from './adapter.js'
import { changeRequest } from './redis-changes.js'
import { redisError } from './redis-errors.js'
import type { RedisKeys } from './redis-keys.js'
import { outcomesOf, type RedisLink, type RedisOutcome, type RedisRequest, replyOf } from './redis-link.js'
import { integerOf, requireOk } from './redis-reply.js'
import { scriptRequest, WRITE } from './redis-scripts.js'
import { lifeWords, summaryRequest } from './redis-summary.js'
import { bytesOf } from './redis-text.js'

/** @internal */
export async function putSession(
  link: RedisLink,
  keys: RedisKeys,
  id: number,
  raw: string,
  { ttlMs, expect, summary }: PutOptions,
): Promise<PutResult> {
  const key = keys.document(id)
  const bytes = bytesOf('raw', raw)
  if (summary !== undefined) bytesOf('summary', summary)
  const besides = (life: number): RedisRequest[] => [
    ['zadd', keys.index, id, key],
    summaryRequest(keys, id, bytes.length, summary, life),
    changeRequest(keys, id, true),
  ]

  if (expect !== 'absent' && (expect !== undefined || ttlMs === 'keep')) {
    const reply = await link.send(scriptRequest(WRITE, key, expect ?? '', bytes, String(ttlMs ?? -1)))
    if (reply === 'changed' || reply === 'missing') return { stored: false, reason: reply }
    return listed(id, await link.sendAll(besides(integerOf(reply))))
  }

  const life = typeof ttlMs === 'number' ? ttlMs : -1
  const write: RedisRequest = ['set', key, bytes, ...lifeWords(life)]
  if (expect === 'absent' || link.spread) {
    const reply = await link.send(expect === 'absent' ? [...write, 'NX'] : write)
    if (reply === null) return { stored: false, reason: 'exists' }
    requireOk(reply)
    return listed(id, await link.sendAll(besides(life)))
  }
  // One connection keeps the order, so one round trip does. No pipeline: it would copy the whole document once more.
  const [document, ...rest] = await outcomesOf([write, ...besides(life)].map(link.send))
  requireOk(replyOf(document))
  return listed(id, rest)
}

/**
 * That the summary cannot be written takes nothing from the session: an old one that stays is told by size and life. Nor
 * does it that the change cannot be told: watchers also look.
 */
function listed(id: number, [index]: readonly RedisOutcome[]): PutResult {
  try {
    integerOf(replyOf(index))
    return { stored: true }
  } catch (error) {
    const state = 'the session is stored but not listed: put it again to list it'
    throw redisError({ operation: 'put', id, state }, error)
  }
}
