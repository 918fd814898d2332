/**
 * Writing a session: the document first, then its place in the index and its summary.
 * @module
 */

import type { PutOptions, PutResult } from './adapter.js'
import { type RedisLink, type RedisOutcome, type RedisRequest, replyOf } from './redis-client.js'
import { redisError } from './redis-errors.js'
import type { RedisKeys } from './redis-keys.js'
import { integerOf, listOf } from './redis-reply.js'
import { runScript, WRITE } from './redis-scripts.js'
import { summaryRequest } from './redis-summary.js'
import { bytesOf } from './redis-text.js'

/** A life without end, as PTTL says it. */
const NO_END = -1

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
    (to) => to.zadd(keys.index, id, key),
    summaryRequest(keys, id, bytes.length, summary, life),
  ]

  if (expect === 'absent') {
    const life = typeof ttlMs === 'number' ? ttlMs : NO_END
    const reply = await link.send((to) =>
      life === NO_END ? to.set(key, bytes, 'NX') : to.set(key, bytes, 'PX', life, 'NX'),
    )
    if (reply === null) return { stored: false, reason: 'exists' }
    return listed(id, await link.sendAll(besides(life)))
  }

  if (expect !== undefined || ttlMs === 'keep') {
    const args = [bytes, String(ttlMs ?? 'none'), ...(expect === undefined ? [] : [expect])]
    const [status, life] = listOf(await runScript(link, WRITE, { key, args }))
    if (status === 'changed' || status === 'missing') return { stored: false, reason: status }
    return listed(id, await link.sendAll(besides(integerOf(life))))
  }

  const life = ttlMs ?? NO_END
  const write: RedisRequest = (to) => (life === NO_END ? to.set(key, bytes) : to.set(key, bytes, 'PX', life))
  if (link.spread) {
    await link.send(write)
    return listed(id, await link.sendAll(besides(life)))
  }
  // One connection keeps the order, so one round trip does. No pipeline: it would copy the whole document once more.
  const [document, ...rest] = await Promise.allSettled([write, ...besides(life)].map((one) => link.send(one)))
  replyOf(document)
  return listed(id, rest)
}

/**
 * That the summary cannot be written takes nothing from the session: an old one that stays is told by size and life.
 */
function listed(id: number, [index]: readonly RedisOutcome[]): PutResult {
  if (index?.status !== 'fulfilled') {
    const state = 'the session is stored but not listed: put it again to list it'
    throw redisError({ operation: 'put', id, state }, index?.reason)
  }
  return { stored: true }
}
