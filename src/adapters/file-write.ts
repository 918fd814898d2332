/**
 * Everything that changes a session, each under its lock.
 * @module
 */

import { createHash } from 'node:crypto'
import { StoryArtError } from '../errors.js'
import type { PutOptions, PutResult } from './adapter.js'
import { requirePositive } from './arguments.js'
import { identityOf, liveDocument, readDocument } from './file-document.js'
import { NAME } from './file-errors.js'
import { lifeLine } from './file-life.js'
import { syncFolder, withLock } from './file-lock.js'
import { documentPath, type Room } from './file-room.js'
import { readSummary, writeSummary } from './file-summary.js'

/** What a removal met. @internal */
export type Met = 'live' | 'dead' | 'nothing'

/** Writes a document, if the condition holds. @internal */
export async function putSession(room: Room, id: number, raw: string, options: PutOptions): Promise<PutResult> {
  const { ttlMs, expect, summary, signal } = options
  if (ttlMs !== undefined && ttlMs !== 'keep') requirePositive(NAME, 'ttlMs', ttlMs)
  const text = bytesOf('raw', raw)
  bytesOf('summary', summary ?? '')
  return withLock(room, id, 'file', signal, async (token) => {
    const old = expect === undefined && ttlMs !== 'keep' ? null : await liveDocument(room, id)
    if (expect === 'absent') {
      if (old) return { stored: false, reason: 'exists' }
    } else if (expect !== undefined) {
      if (!old) return { stored: false, reason: 'missing' }
      if (createHash('sha1').update(old.text).digest('hex') !== expect) return { stored: false, reason: 'changed' }
    }
    const expiresAt = ttlMs === 'keep' ? old?.expiresAt : ttlMs && room.now() + ttlMs
    await replaceDocument(room, id, token, text, expiresAt ?? Number.POSITIVE_INFINITY, summary)
    return { stored: true }
  })
}

/** Gives a document a new life; `false` if there is none. @internal */
export async function touchSession(
  room: Room,
  id: number,
  ttlMs: number,
  signal: AbortSignal | undefined,
): Promise<boolean> {
  requirePositive(NAME, 'ttlMs', ttlMs)
  if (!(await liveDocument(room, id, false))) return false
  return withLock(room, id, 'file', signal, async (token) => {
    const old = await liveDocument(room, id)
    if (!old) return false
    const summary = await readSummary(room, id, old.identity)
    await replaceDocument(room, id, token, old.text, room.now() + ttlMs, summary)
    return true
  })
}

/** Stores a summary, if the document is still the one that was read. @internal */
export async function describeSession(
  room: Room,
  id: number,
  raw: string,
  summary: string,
  signal: AbortSignal | undefined,
): Promise<void> {
  const text = bytesOf('raw', raw)
  bytesOf('summary', summary)
  if (!(await liveDocument(room, id, false))) return
  await withLock(room, id, 'folder', signal, async () => {
    const found = await liveDocument(room, id)
    if (found?.text.equals(text)) await writeSummary(room, id, found.identity, summary)
  })
}

/** Removes a document; `false` if there is none. @internal */
export async function deleteSession(room: Room, id: number, signal: AbortSignal | undefined): Promise<boolean> {
  if (!(await liveDocument(room, id, false))) return false
  return (await removeSession(room, id, false, signal)) === 'live'
}

/**
 * Removes a document and its summary, and says what was there.
 *
 * @param deadOnly - Whether a living one stays.
 * @internal
 */
export async function removeSession(
  room: Room,
  id: number,
  deadOnly: boolean,
  signal: AbortSignal | undefined,
): Promise<Met> {
  return withLock(room, id, 'folder', signal, async (token) => {
    const found = await readDocument(room, id, false)
    const live = found !== null && found.expiresAt > room.now()
    if (live && deadOnly) return 'live'
    await writeSummary(room, id, '')
    if (!found) return 'nothing'
    // Into the token, which is gone if the lock is: a plain removal could meet what another one wrote since.
    await room.disk.rename(documentPath(room, id), `${token}/removed`)
    if (!live) return 'dead' // and if it comes back in a power failure, it is as dead as before
    await syncFolder(room.disk, room.directory)
    return 'live'
  })
}

/** The bytes of a text. */
function bytesOf(name: string, text: string): Buffer {
  const bytes = Buffer.from(text)
  // Half a surrogate pair has no bytes; it would be stored as another character, and nobody would notice.
  if (bytes.length !== text.length && /\p{Surrogate}/u.test(text)) {
    throw new StoryArtError(
      'INVALID_ARGUMENT',
      `${NAME}: ${name} holds half a surrogate pair; write it as a \\u escape.`,
    )
  }
  return bytes
}

/** Makes the token the document: fills it down to the disk, and puts it in its place. */
async function replaceDocument(
  room: Room,
  id: number,
  token: string,
  text: Buffer,
  expiresAt: number,
  summary: string | undefined,
): Promise<void> {
  const handle = await room.disk.open(token, 'r+') // not created here: where it is gone, the lock is
  let identity: string
  try {
    await handle.writeFile(Buffer.concat([text, Buffer.from(lifeLine(expiresAt, text))]))
    await handle.sync()
    identity = identityOf(await handle.stat({ bigint: true }))
  } finally {
    await handle.close()
  }
  // Before the document it is made for: so an older one's can never be left to a later one.
  await writeSummary(room, id, identity, summary)
  await room.disk.rename(token, documentPath(room, id))
  await syncFolder(room.disk, room.directory)
}
