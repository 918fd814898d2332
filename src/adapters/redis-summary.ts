/**
 * Summaries: a short text beside each document, with the same life. It may be missing or stale at any time, because
 * StoryArt's own server writes documents and knows nothing of it.
 * @module
 */

import { createHash } from 'node:crypto'
import type { RedisKeys } from './redis-keys.js'
import { type RedisLink, type RedisRequest, replyOf } from './redis-link.js'
import { integerOf } from './redis-reply.js'
import { scriptRequest, WRITE } from './redis-scripts.js'
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

/** The summary, if it was surely made for this document; else nothing. @internal */
export function summaryFor(document: DocumentState, stored: string | null, life: number): string | undefined {
  const head = `${document.sizeBytes}:`
  return stored?.startsWith(head) && sameLife(document.life, life) ? stored.slice(head.length) : undefined
}

/** Whether two remaining lives are one. */
function sameLife(a: number, b: number): boolean {
  return a < 0 || b < 0 ? a === b : Math.abs(a - b) <= LIFE_TOLERANCE_MS
}

/** The words of SET for a life, -1 for no end. @internal */
export function lifeWords(life: number): (string | number)[] {
  return life < 0 ? [] : ['PX', Math.max(life, 1)]
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
  return summary === undefined ? ['del', key] : ['set', key, `${sizeBytes}:${summary}`, ...lifeWords(life)]
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
  const life = await link.send(scriptRequest(WRITE, keys.document(id), revision))
  if (life === 'changed' || life === 'missing') return
  await link.send(summaryRequest(keys, id, bytes.length, summary, integerOf(life)))
}

/** Gives a document and its summary a new life; `false` if there is no document. @internal */
export async function touchDocument(link: RedisLink, keys: RedisKeys, id: number, ttlMs: number): Promise<boolean> {
  const [document, summary] = [keys.document(id), keys.summary(id)]
  const lives = await link.sendAll([
    ['pttl', document],
    ['pttl', summary],
  ])
  const [before = -2, beside = -2] = lives.map((outcome) => integerOf(replyOf(outcome)))
  // A summary whose life has already parted from its document's is stale; the same new life would hide that.
  const [touched] = await link.sendAll([
    ['pexpire', document, ttlMs],
    sameLife(before, beside) ? ['pexpire', summary, ttlMs] : ['del', summary],
  ])
  return integerOf(replyOf(touched)) === 1
}
