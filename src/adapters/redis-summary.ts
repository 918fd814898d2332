/**
 * Summaries: a short text beside each document, with the same life. It may be missing or stale at any time, because
 * StoryArt's own server writes documents and knows nothing of it.
 * @module
 */

import { createHash } from 'node:crypto'
import { type RedisLink, type RedisRequest, replyOf } from './redis-client.js'
import type { RedisKeys } from './redis-keys.js'
import { integerOf } from './redis-reply.js'
import { LIFE_OF_REVISION, runScript } from './redis-scripts.js'
import { bytesOf } from './redis-text.js'

/**
 * The most by which the lives of a document and its summary may differ. Both are set at about the same time; a SETEX
 * of somebody else starts a new life for the document alone.
 */
const LIFE_TOLERANCE_MS = 250

/** A document as the server knows it. @internal */
export interface DocumentState {
  readonly sizeBytes: number
  /** Remaining life in ms as PTTL says it; -1: no end. */
  readonly life: number
}

/** What to store for a summary. @internal */
export function summaryText(sizeBytes: number, summary: string): string {
  return `${sizeBytes}:${summary}`
}

/** The summary, if it was surely made for this document; else nothing. @internal */
export function summaryFor(document: DocumentState, stored: string | null, life: number): string | undefined {
  const [, size, summary] = /^(\d+):([\s\S]*)$/.exec(stored ?? '') ?? []
  if (Number(size) !== document.sizeBytes || !sameLife(document.life, life)) return undefined
  return summary
}

/** Whether two remaining lives are one. @internal */
export function sameLife(a: number, b: number): boolean {
  return a < 0 || b < 0 ? a === b : Math.abs(a - b) <= LIFE_TOLERANCE_MS
}

/** Writes the summary of a document with a life, -1 for no end; without a summary takes away what an older one left. @internal */
export function summaryRequest(
  keys: RedisKeys,
  id: number,
  sizeBytes: number,
  summary: string | undefined,
  life: number,
): RedisRequest {
  const key = keys.summary(id)
  if (summary === undefined) return (to) => to.del(key)
  const text = summaryText(sizeBytes, summary)
  return life < 0 ? (to) => to.set(key, text) : (to) => to.set(key, text, 'PX', Math.max(life, 1))
}

/** Stores a summary, if the document is still the one that was read. @internal */
export async function describeDocument(
  link: RedisLink,
  keys: RedisKeys,
  id: number,
  raw: string,
  summary: string,
): Promise<void> {
  bytesOf('summary', summary)
  const bytes = bytesOf('raw', raw)
  const revision = createHash('sha1').update(bytes).digest('hex')
  const life = integerOf(await runScript(link, LIFE_OF_REVISION, { key: keys.document(id), args: [revision] }))
  if (life === -2) return
  await link.send(summaryRequest(keys, id, bytes.length, summary, life))
}

/** Gives a document and its summary a new life; `false` if there is no document. @internal */
export async function touchDocument(link: RedisLink, keys: RedisKeys, id: number, ttlMs: number): Promise<boolean> {
  const [document, summary] = [keys.document(id), keys.summary(id)]
  const lives = await link.sendAll([(to) => to.pttl(document), (to) => to.pttl(summary)])
  const [before, beside] = lives.map((outcome) => integerOf(replyOf(outcome)))
  // A summary whose life has already parted from its document's is stale; the same new life would hide that.
  const paired = before !== undefined && beside !== undefined && sameLife(before, beside)
  const [touched] = await link.sendAll([
    (to) => to.pexpire(document, ttlMs),
    (to) => (paired ? to.pexpire(summary, ttlMs) : to.del(summary)),
  ])
  return integerOf(replyOf(touched)) === 1
}
