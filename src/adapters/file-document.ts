/**
 * Reading the file of one session.
 * @module
 */

import type { FileHandle } from 'node:fs/promises'
import type { RawSession } from './adapter.js'
import { codeOf } from './file-errors.js'
import { LINE_BYTES, readLife } from './file-life.js'
import { documentPath, type Room } from './file-room.js'

/** A document, dead or alive. @internal */
export interface Document {
  /** Names this very file: no other one, and not itself after a change. */
  readonly identity: string
  /** Size of the text. */
  readonly sizeBytes: number
  /** In ms since the epoch; `Infinity`: no end. Dead from this very ms on. */
  readonly expiresAt: number
  /** The text, if it was asked for. */
  readonly text: Buffer
}

/** What `get` returns. @internal */
export async function getSession(room: Room, id: number): Promise<RawSession | null> {
  const found = await liveDocument(room, id)
  // A byte order mark is part of the text.
  return found && { raw: new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(found.text) }
}

/** A document, if it lives. @internal */
export async function liveDocument(room: Room, id: number, whole = true): Promise<Document | null> {
  const found = await readDocument(room, id, whole)
  return found && found.expiresAt > room.now() ? found : null
}

/** A document, dead or alive; without `whole` its text is not read. `null` if there is none. @internal */
export async function readDocument(room: Room, id: number, whole: boolean): Promise<Document | null> {
  let handle: FileHandle
  try {
    handle = await room.disk.open(documentPath(room, id), 'r')
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return null
    throw error
  }
  try {
    const stats = await handle.stat({ bigint: true })
    if (!stats.isFile()) return null // somebody's folder
    const size = Number(stats.size)
    const bytes = whole ? await handle.readFile() : await endOf(handle, size)
    const life = readLife(bytes)
    const sizeBytes = life === undefined ? size : size - LINE_BYTES
    return {
      identity: identityOf(stats),
      sizeBytes,
      expiresAt: life ?? Number.POSITIVE_INFINITY,
      text: bytes.subarray(0, sizeBytes),
    }
  } finally {
    await handle.close()
  }
}

/** @internal */
export function identityOf({ ino, size, mtimeNs }: { ino: bigint; size: bigint; mtimeNs: bigint }): string {
  return `${ino} ${size} ${mtimeNs}`
}

async function endOf(handle: FileHandle, size: number): Promise<Buffer> {
  const { buffer } = await handle.read(Buffer.alloc(LINE_BYTES), 0, LINE_BYTES, Math.max(size - LINE_BYTES, 0))
  return buffer
}
