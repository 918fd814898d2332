/**
 * Revisions: a name for exactly one text.
 * @module
 */

/**
 * The revision of a stored text: the SHA-1 of its UTF-8 bytes, as 40 hexadecimal digits.
 *
 * SHA-1 because Redis computes it on the server (`redis.sha1hex`), so a compare-and-set needs no document on the wire;
 * in plain JavaScript because `crypto.subtle` is asynchronous and missing on pages served over plain http. It guards
 * against lost updates, not against forgery. Takes about 10 ms for 850 KB, so it is only computed where someone asks.
 *
 * @param text - The text exactly as stored.
 * @returns 40 lower-case hexadecimal digits.
 * @example
 * ```ts
 * import { revisionOf } from 'storyart-sdk'
 *
 * console.log(revisionOf('{}')) // bf21a9e8fbc5a3846fb05b4fa0859e0917b2202f
 * ```
 */
export function revisionOf(text: string): string {
  const bytes = padded(new TextEncoder().encode(text))
  const view = new DataView(bytes.buffer)
  const words = new Int32Array(80)
  const state = new Int32Array([0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0])
  for (let offset = 0; offset < bytes.length; offset += 64) {
    for (let i = 0; i < 16; i++) words[i] = view.getInt32(offset + i * 4)
    compress(state, words)
  }
  return Array.from(state, (word) => (word >>> 0).toString(16).padStart(8, '0')).join('')
}

/** FIPS 180-4, 5.1.1: a one bit, zeros, and the length in bits, up to a multiple of 64 bytes. */
function padded(message: Uint8Array): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array((((message.length + 8) >> 6) + 1) * 64)
  bytes.set(message)
  bytes[message.length] = 0x80
  const view = new DataView(bytes.buffer)
  view.setUint32(bytes.length - 8, Math.floor(message.length / 0x20000000))
  view.setUint32(bytes.length - 4, (message.length << 3) >>> 0)
  return bytes
}

/** FIPS 180-4, 6.1.2: one block of 64 bytes, whose 16 words are in place. Every sum is cut to 32 bits, which keeps it fast. */
function compress(state: Int32Array, words: Int32Array): void {
  for (let i = 16; i < 80; i++) {
    const x = at(words, i - 3) ^ at(words, i - 8) ^ at(words, i - 14) ^ at(words, i - 16)
    words[i] = (x << 1) | (x >>> 31)
  }
  let a = at(state, 0)
  let b = at(state, 1)
  let c = at(state, 2)
  let d = at(state, 3)
  let e = at(state, 4)
  for (let i = 0; i < 80; i++) {
    let mix: number
    if (i < 20) mix = (((b & c) | (~b & d)) + 0x5a827999) | 0
    else if (i < 40) mix = ((b ^ c ^ d) + 0x6ed9eba1) | 0
    else if (i < 60) mix = (((b & c) | (b & d) | (c & d)) - 0x70e44324) | 0
    else mix = ((b ^ c ^ d) - 0x359d3e2a) | 0
    const next = (((((a << 5) | (a >>> 27)) + mix) | 0) + ((e + at(words, i)) | 0)) | 0
    e = d
    d = c
    c = (b << 30) | (b >>> 2)
    b = a
    a = next
  }
  state[0] = at(state, 0) + a
  state[1] = at(state, 1) + b
  state[2] = at(state, 2) + c
  state[3] = at(state, 3) + d
  state[4] = at(state, 4) + e
}

/** Every index used is inside of the array; its type cannot say so. */
function at(words: Int32Array, index: number): number {
  return words[index] as number
}
