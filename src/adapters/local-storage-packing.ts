/**
 * Bytes as text that every browser's storage keeps exactly.
 * @module
 */

/** The first code unit used: below it are control characters. The last is 0x801F, so no surrogate ever appears. */
const FIRST = 0x20

/**
 * Writes bytes 15 bits to a UTF-16 code unit: 2.5 times denser than base64 where the quota counts code units (Chromium,
 * Firefox), 1.25 times where it counts bytes (Safari). The unused bits of the last unit are zero.
 *
 * @internal
 */
export function packBytes(bytes: Uint8Array): string {
  let text = ''
  let held = 0
  let bits = 0
  for (const byte of bytes) {
    held = (held << 8) | byte
    bits += 8
    if (bits >= 15) {
      bits -= 15
      text += String.fromCharCode((held >> bits) + FIRST)
      held &= (1 << bits) - 1
    }
  }
  return bits > 0 ? text + String.fromCharCode((held << (15 - bits)) + FIRST) : text
}

/**
 * Reads what {@link packBytes} wrote. Anything else gives some bytes, too: who needs to know keeps a checksum in them.
 *
 * @internal
 */
export function unpackBytes(text: string, byteLength: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(byteLength)
  let held = 0
  let bits = 0
  let unit = 0
  for (let at = 0; at < byteLength; at++) {
    if (bits < 8) {
      held = (held << 15) | ((text.charCodeAt(unit++) - FIRST) & 0x7fff)
      bits += 15
    }
    bits -= 8
    bytes[at] = held >> bits
    held &= (1 << bits) - 1
  }
  return bytes
}
