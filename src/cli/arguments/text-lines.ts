/**
 * The lines of a stream.
 * @module
 */
import type { Readable } from 'node:stream'

/**
 * The lines of UTF-8, without their ends. Only a line feed ends one: Node's `readline` also breaks at U+2028, which may
 * stand in JSON as it is, and would cut a document in two.
 *
 * @throws what the stream fails with; a `TypeError` when it is not UTF-8, as U+FFFD would be stored in place of letters.
 */
export async function* textLines(stream: Readable): AsyncGenerator<string, void, undefined> {
  const decoder = new TextDecoder('utf-8', { fatal: true })
  // Pieces are joined once a line is whole: a document of a megabyte comes in many.
  let pieces: string[] = []
  function* cut(text: string): Generator<string> {
    let from = 0
    for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', from)) {
      pieces.push(text.slice(from, end))
      yield pieces.join('').replace(/\r$/, '')
      pieces = []
      from = end + 1
    }
    pieces.push(text.slice(from))
  }
  for await (const chunk of stream) {
    yield* cut(decoder.decode(typeof chunk === 'string' ? Buffer.from(chunk) : chunk, { stream: true }))
  }
  yield* cut(decoder.decode())
  const last = pieces.join('')
  if (last !== '') yield last
}
