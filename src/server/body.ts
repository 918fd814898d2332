/**
 * The body of a request as text: its type checked, its bytes counted while they come in.
 * @module
 */
import { Refused } from './answer.js'

const JSON_TYPE = /^application\/(?:[a-z0-9!#$&^_.+-]+\+)?json$/
const UTF8 = /^(?:utf-?8|us-ascii)$/

/**
 * Reads a JSON body.
 *
 * @returns The text as it was sent, a byte order mark included; empty if there is no body.
 * @throws {Refused} 415 for another type or coding, 413 for too many bytes after decompression, 400 for what is not UTF-8
 * or not what its coding says.
 * @internal
 */
export async function readText(request: Request, maxBytes: number): Promise<string> {
  const { body } = request
  if (body === null) return ''
  const coding = (request.headers.get('Content-Encoding') ?? 'identity').trim().toLowerCase()
  const isPlain = coding === 'identity' || coding === ''
  if (!isPlain && coding !== 'gzip' && coding !== 'deflate') {
    throw new Refused(415, 'The body must be plain, or compressed by gzip or deflate', {
      'Accept-Encoding': 'gzip, deflate, identity',
    })
  }
  if (Number(request.headers.get('Content-Length')) > maxBytes) throw tooLarge(maxBytes)
  const bytes = await readBytes(isPlain ? body : body.pipeThrough(new DecompressionStream(coding)), maxBytes, isPlain)
  if (bytes.length > 0) requireJsonType(request.headers.get('Content-Type'))
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    throw new Refused(400, 'The body is not UTF-8')
  }
}

function requireJsonType(header: string | null): void {
  const [type = '', ...parameters] = (header ?? '').toLowerCase().split(';')
  const charset = parameters.map((one) => /^\s*charset\s*=\s*"?([^"]*?)"?\s*$/.exec(one)?.[1]).find((one) => one)
  if (JSON_TYPE.test(type.trim()) && (charset === undefined || UTF8.test(charset))) return
  throw new Refused(415, 'The body must be JSON in UTF-8: send it with Content-Type: application/json')
}

async function readBytes(stream: ReadableStream<Uint8Array>, maxBytes: number, isPlain: boolean): Promise<Uint8Array> {
  const chunks: Uint8Array[] = []
  let length = 0
  const reader = stream.getReader()
  try {
    for (;;) {
      const { done, value } = await reader.read()
      if (done) break
      length += value.byteLength
      if (length > maxBytes) throw tooLarge(maxBytes)
      chunks.push(value)
    }
  } catch (error) {
    await reader.cancel().catch(() => undefined) // the rest is not wanted, and a broken stream has none
    // A plain stream breaks only when the caller does.
    throw isPlain || error instanceof Refused
      ? error
      : new Refused(400, 'The body is not what its Content-Encoding says')
  }
  const [only] = chunks
  if (chunks.length === 1 && only) return only
  const bytes = new Uint8Array(length)
  let offset = 0
  for (const chunk of chunks) {
    bytes.set(chunk, offset)
    offset += chunk.byteLength
  }
  return bytes
}

function tooLarge(maxBytes: number): Refused {
  return new Refused(413, `The body is larger than ${maxBytes} bytes`)
}
