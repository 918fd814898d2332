/**
 * JSON in ASCII: decoding it from UTF-8 costs nearly nothing.
 * @module
 */

/** Code units that are looked at together: what fits into the processor's cache. */
const CHUNK = 8_192

/**
 * Writes every character above 0x7f of a JSON text as `\uXXXX`, which means the same.
 *
 * A text that would grow by more than a quarter in bytes of UTF-8 (a script in Chinese, say) is returned as it is.
 *
 * @param json - A JSON text; such characters can only stand inside its strings.
 * @internal
 */
export function asciiJson(json: string): string {
  // By way of bytes, which are searched and copied several times as fast as text. And what is made of ASCII bytes takes
  // one byte a character in memory, where a single typographic quote had made the text take two.
  const encoder = new TextEncoder()
  const decoder = new TextDecoder()
  const size = Math.min(json.length, CHUNK)
  const utf8 = new Uint8Array(size * 3)
  const ascii = new Uint8Array(size * 6)
  let text = ''
  let bytes = 0
  let growth = 0
  for (let from = 0; from < json.length; ) {
    // Half a surrogate pair, at the end of a chunk or alone in the text, counts as three bytes and is escaped as it is.
    const chunk = json.slice(from, from + CHUNK)
    const { written } = encoder.encodeInto(chunk, utf8)
    const plain = written === chunk.length
    const length = plain ? written : escapeInto(ascii, chunk, utf8, written)
    bytes += written
    growth += length - written
    // No text is larger than this in UTF-8, so the answer is known.
    if (growth > (json.length * 3) / 4) return json
    text += decoder.decode((plain ? utf8 : ascii).subarray(0, length))
    from += chunk.length
  }
  return growth > bytes / 4 ? json : text
}

/** Writes a text, of which the bytes are known, in ASCII; returns the length of that. */
function escapeInto(ascii: Uint8Array, text: string, utf8: Uint8Array, end: number): number {
  let length = 0
  let unit = 0
  for (let at = 0; at < end; ) {
    const first = utf8[at] as number
    if (first < 0x80) {
      ascii[length++] = first
      unit++
      at++
      continue
    }
    const units = first < 0xf0 ? 1 : 2
    for (const behind = unit + units; unit < behind; unit++) length = escapeUnit(ascii, length, text.charCodeAt(unit))
    at += first < 0xe0 ? 2 : units + 2
  }
  return length
}

/** Writes one code unit as an escape; returns the offset behind it. */
function escapeUnit(ascii: Uint8Array, at: number, unit: number): number {
  ascii[at] = 92 // a backslash and a u
  ascii[at + 1] = 117
  for (let digit = 0; digit < 4; digit++) {
    const value = (unit >> (12 - digit * 4)) & 15
    ascii[at + 2 + digit] = value + (value < 10 ? 48 : 87)
  }
  return at + 6
}
