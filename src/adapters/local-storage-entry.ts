/**
 * What one key of the storage holds: a head that lists can read, the summary, the document.
 * @module
 */

import type { ListEntry } from './adapter.js'

/** A document as it is kept. @internal */
export interface StoredDocument {
  /** The document's size in bytes of UTF-8. */
  readonly sizeBytes: number
  /** How many compressed bytes are packed into `payload`; 0: it is the document itself. */
  readonly packedBytes: number
  /** The document, or its packed bytes. */
  readonly payload: string
}

/** A document with what is known about it. @internal */
export interface StorageEntry extends StoredDocument {
  /** The moment it ends, in ms since the epoch; 0: never. */
  readonly expiresAt: number
  /** What `list` hands back with it. */
  readonly summary: string | undefined
}

const HEAD = /^storyart1\|(\d{16})\|(\d+)\|(\d+)\|(\d+)\|(\d*)\|/

/**
 * The text of an entry: `storyart1|end|size|packed bytes|payload length|summary length|`, the summary, the payload.
 *
 * All in one value, since one `setItem` either happens or not: no crash leaves half an entry. The end of life has a
 * fixed width, so that a new life never needs more room.
 *
 * @internal
 */
export function formatEntry({ expiresAt, sizeBytes, packedBytes, summary, payload }: StorageEntry): string {
  const end = String(expiresAt).padStart(16, '0')
  const head = ['storyart1', end, sizeBytes, packedBytes, payload.length, summary?.length, summary ?? ''].join('|')
  return head + payload
}

/** Reads an entry; `undefined` for a text that is none, or not a whole one. @internal */
export function parseEntry(text: string): StorageEntry | undefined {
  const head = HEAD.exec(text)
  if (!head) return undefined
  const [expiresAt = 0, sizeBytes = 0, packedBytes = 0, length = 0, summaryLength = 0] = head.slice(1).map(Number)
  const start = head[0].length + summaryLength
  if (text.length !== start + length) return undefined
  const summary = head[5] ? text.slice(head[0].length, start) : undefined
  return { expiresAt, sizeBytes, packedBytes, summary, payload: text.slice(start) }
}

/** What a list says of an entry; of a damaged one only the id. @internal */
export function entryToList(
  id: number,
  entry: StorageEntry | undefined,
  time: number,
  marks: boolean | undefined,
): ListEntry {
  if (!entry) return { id }
  const { summary, sizeBytes, expiresAt } = entry
  const ttlMs = expiresAt === 0 ? null : expiresAt - time
  return { id, ...(summary !== undefined && { summary }), sizeBytes, ttlMs, ...(marks && { mark: markOf(entry) }) }
}

/** Tells a document from another, whatever life and summary it has: FNV-1a, 32 bits, about 0.1 ms for a real one. */
function markOf({ sizeBytes, payload }: StorageEntry): string {
  let hash = 0x811c9dc5
  for (let at = 0; at < payload.length; at++) hash = Math.imul(hash ^ payload.charCodeAt(at), 0x01000193)
  return `${sizeBytes} ${hash >>> 0}`
}
