/**
 * MurmurHash3, the x86 variant of 128 bits: a public-domain hash by Austin Appleby, with seed 0.
 * @module
 */

const C1 = 0x239b961b
const C2 = 0xab0e9789
const C3 = 0x38b34ae5
const C4 = 0xa1e38b93

/** Two digits for each byte: `toString(16)` of a 32-bit number takes ten times as long. */
const HEX = /*@__PURE__*/ Array.from({ length: 256 }, (_, byte) => (byte + 256).toString(16).slice(1))

/**
 * The hash of the first `length` bytes, as 32 hexadecimal digits.
 *
 * @param bytes - The bytes, and at least 16 more; those are set to zero.
 * @param length - How many bytes count.
 */
export function murmurHash128(bytes: DataView, length: number): string {
  let h1 = 0
  let h2 = 0
  let h3 = 0
  let h4 = 0
  let at = 0
  for (; at + 16 <= length; at += 16) {
    h1 = step(h1 ^ scramble(bytes.getInt32(at, true), C1, 15, C2), 19, h2, 0x561ccd1b)
    h2 = step(h2 ^ scramble(bytes.getInt32(at + 4, true), C2, 16, C3), 17, h3, 0x0bcaa747)
    h3 = step(h3 ^ scramble(bytes.getInt32(at + 8, true), C3, 17, C4), 15, h4, 0x96cd1c35)
    h4 = step(h4 ^ scramble(bytes.getInt32(at + 12, true), C4, 18, C1), 13, h1, 0x32ac3b17)
  }
  // The rest is shorter than a block; the zeros behind it scramble to zero and change nothing, as the algorithm asks.
  h1 ^= scramble(bytes.getInt32(at, true), C1, 15, C2) ^ length
  h2 ^= scramble(bytes.getInt32(at + 4, true), C2, 16, C3) ^ length
  h3 ^= scramble(bytes.getInt32(at + 8, true), C3, 17, C4) ^ length
  h4 ^= scramble(bytes.getInt32(at + 12, true), C4, 18, C1) ^ length
  h1 = (h1 + h2 + h3 + h4) | 0
  const f1 = finish(h1)
  const f2 = finish(h2 + h1)
  const f3 = finish(h3 + h1)
  const f4 = finish(h4 + h1)
  h1 = (f1 + f2 + f3 + f4) | 0
  return hex(h1) + hex(f2 + h1) + hex(f3 + h1) + hex(f4 + h1)
}

function rotate(word: number, bits: number): number {
  return (word << bits) | (word >>> (32 - bits))
}

function scramble(word: number, before: number, bits: number, after: number): number {
  return Math.imul(rotate(Math.imul(word, before), bits), after)
}

function step(state: number, bits: number, next: number, constant: number): number {
  return (Math.imul(rotate(state, bits) + next, 5) + constant) | 0
}

function finish(state: number): number {
  let h = Math.imul(state ^ (state >>> 16), 0x85ebca6b)
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35)
  return h ^ (h >>> 16)
}

function hex(word: number): string {
  return `${HEX[word >>> 24]}${HEX[(word >> 16) & 255]}${HEX[(word >> 8) & 255]}${HEX[word & 255]}`
}
