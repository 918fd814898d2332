/**
 * Reading one session, and what follows from it.
 * @module
 */
import { StoryArtError } from '../errors.js'
import { IMAGE_FORMATS } from '../prompt/image-format.js'
import { imageQueue } from '../prompt/queue/queue.js'
import { promptStatus } from '../prompt/queue/status.js'
import type { SessionRecord } from '../store/index.js'
import { rawOf } from '../store/record.js'
import { etagOf, revisionOfEtag, sessionPath, WIRE_HEADERS, WIRE_TEXTS } from '../wire.js'
import type { PromptsStatusAnswer, QueueAnswer } from '../wire-answers.js'
import { type Answer, encode, json, jsonBytes, refusal, visible } from './answer.js'
import { type Call, oneOf } from './call.js'

/** @internal */
export async function getSession(call: Call): Promise<Answer> {
  if (oneOf(call.query, 'view', ['full', 'raw']) === 'raw') return getText(call)
  const record = await call.store.get(call.timestamp, { signal: call.signal })
  return record ? answerOf(call, record, {}) : refusal(404, WIRE_TEXTS.notFound)
}

/** @internal */
export async function getLatestSession(call: Call): Promise<Answer> {
  const record = await call.store.latest({ signal: call.signal })
  if (!record) return refusal(404, WIRE_TEXTS.noSession)
  return answerOf(call, record, { 'Content-Location': sessionPath(record.timestamp) })
}

/** @internal */
export async function getPromptsStatus({ store, timestamp, signal }: Call): Promise<Answer> {
  const record = await store.get(timestamp, { signal })
  if (!record) return refusal(404, WIRE_TEXTS.notFound)
  const { promptsReady, totalBeats, totalPrompts } = promptStatus(record.session)
  return json(200, {
    promptsReady,
    sessionTimestamp: timestamp,
    totalBeats,
    totalPrompts,
    lastUpdated: record.savedAt,
  } satisfies PromptsStatusAnswer)
}

/** @internal */
export async function getQueue({ store, query, timestamp, signal }: Call): Promise<Answer> {
  const formats = query.get('formats')?.split(',')
  const known = IMAGE_FORMATS.filter((format) => formats?.includes(format) ?? true)
  if (formats && known.length !== formats.length) {
    throw new StoryArtError('INVALID_ARGUMENT', `formats must be some of ${IMAGE_FORMATS.join(',')}, each once`)
  }
  const include = oneOf(query, 'include', ['wanted', 'all'])
  const record = await store.get(timestamp, { signal })
  if (!record) return refusal(404, WIRE_TEXTS.notFound)
  const jobs = imageQueue(record.session, { formats: known, include })
  return json(200, { success: true, sessionTimestamp: timestamp, count: jobs.length, jobs } satisfies QueueAnswer)
}

/** The text as it is stored, unchecked: for those who check by themselves. */
async function getText({ store, request, timestamp, signal }: Call): Promise<Answer> {
  const found = await store.withAdapter({ signal }, async (adapter, inner) => {
    const stored = await adapter.get(timestamp, { signal: inner })
    return stored && { storage: adapter.name, degraded: false, ...stored }
  })
  if (!found) return refusal(404, WIRE_TEXTS.notFound)
  const bytes = encode(found.raw)
  const headers = { ...heldBy(found), ETag: etagOf(await revisionOfBytes(bytes)) }
  return isCurrent(request, headers.ETag) ? unchanged(headers) : jsonBytes(200, bytes, revalidated(headers))
}

/** The envelope is put around the stored bytes, which are neither parsed again nor written anew. */
async function answerOf({ request }: Call, record: SessionRecord, more: Record<string, string>): Promise<Answer> {
  const raw = encode(rawOf(record))
  const headers = { ...heldBy(record), ...more, ETag: etagOf(await revisionOfBytes(raw)) }
  if (isCurrent(request, headers.ETag)) return unchanged(headers)
  const document = isStamped(record) ? raw : encode(documentText(record))
  const end = encode(`,"storage":${JSON.stringify(record.storage)}}`)
  return jsonBytes(200, joined([encode('{"success":true,"data":'), document, end]), revalidated(headers))
}

/** The stored document with the timestamp of its key, as StoryArt's server hands it out. @internal */
export function documentText(record: SessionRecord): string {
  const { session, timestamp } = record
  return isStamped(record) ? rawOf(record) : JSON.stringify({ ...session, timestamp })
}

function isStamped({ session, timestamp }: SessionRecord): boolean {
  return session.timestamp === timestamp
}

/** @internal */
export function heldBy({ storage, degraded }: { storage: string; degraded: boolean }): Record<string, string> {
  return { [WIRE_HEADERS.storage]: visible(storage), ...(degraded && { [WIRE_HEADERS.degraded]: 'true' }) }
}

/** The same as `revisionOf` of the text, by the platform: a tenth of the time, and on another thread. @internal */
export async function revisionOfBytes(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-1', bytes))
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('')
}

function isCurrent(request: Request, etag: string): boolean {
  const header = request.headers.get('If-None-Match')
  if (header === null) return false
  const tags = header.split(',').map((tag) => tag.trim())
  return tags.includes('*') || tags.some((tag) => revisionOfEtag(tag) === revisionOfEtag(etag))
}

function unchanged(headers: Record<string, string>): Answer {
  return { status: 304, headers: revalidated(headers) }
}

/** A browser may keep it, and asks every time whether it is still right. */
function revalidated(headers: Record<string, string>): Record<string, string> {
  return { ...headers, 'Cache-Control': 'private, no-cache' }
}

function joined(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.byteLength, 0))
  let offset = 0
  for (const part of parts) {
    whole.set(part, offset)
    offset += part.byteLength
  }
  return whole
}
