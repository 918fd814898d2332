/**
 * Reading and writing the file of one session.
 * @module
 */

import type { FileHandle } from 'node:fs/promises'
import { StoryArtError } from '../errors.js'
import type { RawSession } from './adapter.js'
import { codeOf } from './file-errors.js'
import { LINE_BYTES, lifeLine, readLife } from './file-life.js'
import { type Disk, documentPath, type Room, summaryPath } from './file-room.js'

/** What a file tells without being read whole. @internal */
export interface DocumentState {
  /** Names this very file: no other one, and not itself after a change. */
  readonly identity: string
  /** Size of the text. */
  readonly sizeBytes: number
  /** In ms since the epoch; `Infinity`: no end. */
  readonly expiresAt: number
}

/** @internal */
export interface Document extends DocumentState {
  readonly text: Buffer
}

/** The bytes of a text. @internal */
export function bytesOf(name: string, text: string): Buffer {
  const bytes = Buffer.from(text)
  // Half a surrogate pair has no bytes; it would be stored as another character, and nobody would notice.
  if (bytes.length !== text.length && /\p{Surrogate}/u.test(text)) {
    throw new StoryArtError('INVALID_ARGUMENT', `file: ${name} holds half a surrogate pair; write it as a \\u escape.`)
  }
  return bytes
}

/** What `get` returns. @internal */
export async function getSession(room: Room, id: number): Promise<RawSession | null> {
  const found = await liveDocument(room, id)
  // A byte order mark is part of the text.
  return found && { raw: new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(found.text) }
}

/** The document, if it lives. @internal */
export async function liveDocument(room: Room, id: number): Promise<Document | null> {
  const found = await readDocument(room, id)
  return isLive(room, found) ? found : null
}

/** Dead from this very ms on. @internal */
export function isLive({ now }: Room, state: DocumentState | null): boolean {
  return state !== null && state.expiresAt > now()
}

/** Reads a document, dead or alive; `null` if there is none. */
function readDocument(room: Room, id: number): Promise<Document | null> {
  return withDocument(room, id, async (handle, { identity }) => {
    const bytes = await handle.readFile()
    const [sizeBytes, expiresAt] = parts(bytes, bytes.length)
    return { identity, sizeBytes, expiresAt, text: bytes.subarray(0, sizeBytes) }
  })
}

/** Looks at a document, dead or alive, without reading it; `null` if there is none. @internal */
export function inspectDocument(room: Room, id: number): Promise<DocumentState | null> {
  return withDocument(room, id, async (handle, { identity, size }) => {
    const length = Math.min(size, LINE_BYTES)
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(length), 0, length, size - length)
    const [sizeBytes, expiresAt] = parts(buffer.subarray(0, bytesRead), size)
    return { identity, sizeBytes, expiresAt }
  })
}

/** Fills a file that is to become a document, down to the disk. @internal */
export async function fillDocument(disk: Disk, path: string, text: Buffer, expiresAt: number): Promise<string> {
  // Not created here: where it is gone, somebody took it away.
  const handle = await disk.open(path, 'r+')
  try {
    await handle.writeFile(Buffer.concat([text, Buffer.from(lifeLine(expiresAt, text))]))
    await handle.sync()
    return (await factsOf(handle)).identity
  } finally {
    await handle.close()
  }
}

/** Makes what happened in a folder last. @internal */
export async function syncFolder(disk: Disk, path: string): Promise<void> {
  if (process.platform === 'win32') return // it has no such call
  const handle = await disk.open(path, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

/** The summary that was surely made for this very file. @internal */
export async function readSummary(room: Room, id: number, identity: string): Promise<string | undefined> {
  const found = await room.disk.readFile(summaryPath(room, id), 'utf8').catch(() => '')
  const head = found.slice(0, found.indexOf('\n') + 1)
  const summary = found.slice(head.length)
  return head === headOf(identity, summary) ? summary : undefined
}

/** Writes the summary of a file, or takes away what an older one left. @internal */
export async function writeSummary(
  room: Room,
  id: number,
  identity: string,
  summary: string | undefined,
): Promise<void> {
  const path = summaryPath(room, id)
  if (summary === undefined) await room.disk.rm(path, { force: true })
  else await room.disk.writeFile(path, headOf(identity, summary) + summary)
}

/** With the length, since the file may be met half-written. */
function headOf(identity: string, summary: string): string {
  return `${identity} ${summary.length}\n`
}

async function withDocument<T>(
  room: Room,
  id: number,
  use: (handle: FileHandle, facts: { identity: string; size: number }) => Promise<T>,
): Promise<T | null> {
  let handle: FileHandle
  try {
    handle = await room.disk.open(documentPath(room, id), 'r')
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return null
    throw error
  }
  try {
    const facts = await factsOf(handle)
    return facts.isFile ? await use(handle, facts) : null
  } finally {
    await handle.close()
  }
}

async function factsOf(handle: FileHandle): Promise<{ identity: string; size: number; isFile: boolean }> {
  const stats = await handle.stat({ bigint: true })
  const { ino, size, mtimeNs } = stats
  return { identity: `${ino} ${size} ${mtimeNs}`, size: Number(size), isFile: stats.isFile() }
}

/** Size of the text, and its end. */
function parts(end: Uint8Array, size: number): [sizeBytes: number, expiresAt: number] {
  const expiresAt = readLife(end)
  return expiresAt === undefined ? [size, Number.POSITIVE_INFINITY] : [size - LINE_BYTES, expiresAt]
}
