/**
 * A document and its compressed form.
 * @module
 */

import type { StoredDocument } from './local-storage-entry.js'
import { failure } from './local-storage-failure.js'
import { packBytes, unpackBytes } from './local-storage-packing.js'

/** Below this many characters there is little to gain. */
const SMALL = 1024
/** UTF-8 cannot hold a lone surrogate; no `JSON.stringify` writes one, but what was put must come back. */
const LONE_SURROGATE = /\p{Surrogate}/u
/** Not `deflate-raw`: the checksum tells a damaged document from a whole one. */
const FORMAT = 'deflate'

/** The form in which a document is kept: compressed where that is possible and shorter, else as it is. @internal */
export async function storedDocument(raw: string, compress: boolean): Promise<StoredDocument> {
  const text = new Blob([raw])
  const sizeBytes = text.size
  if (compress && raw.length >= SMALL && globalThis.CompressionStream && !LONE_SURROGATE.test(raw)) {
    const bytes = await through(text, new CompressionStream(FORMAT))
    const payload = packBytes(bytes)
    if (payload.length < raw.length) return { sizeBytes, packedBytes: bytes.length, payload }
  }
  return { sizeBytes, packedBytes: 0, payload: raw }
}

/**
 * The document again.
 *
 * @param stored - What was read; `undefined` if that was no entry.
 * @throws {AdapterError} ADAPTER_FAILED when it is damaged.
 * @internal
 */
export async function originalDocument(id: number, stored: StoredDocument | undefined): Promise<string> {
  if (stored?.packedBytes === 0) return stored.payload
  const unpacking = new DecompressionStream(FORMAT)
  try {
    if (!stored) throw new RangeError('not a whole entry')
    const bytes = await through(new Blob([unpackBytes(stored.payload, stored.packedBytes)]), unpacking)
    if (bytes.length !== stored.sizeBytes) throw new RangeError('not the size that was written')
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch (cause) {
    throw failure('ADAPTER_FAILED', 'get', `session ${id} is damaged; save it again or delete it`, cause)
  }
}

async function through(bytes: Blob, change: CompressionStream | DecompressionStream): Promise<Uint8Array> {
  return new Uint8Array(await new Response(bytes.stream().pipeThrough(change)).arrayBuffer())
}
