/**
 * MurmurHash3, the x86 variant of 128 bits: a public-domain hash by Austin Appleby, with seed 0.
 * @module
 */

/** Four lanes between two blocks, all zero at the start. */
export type HashLanes = Int32Array

/**
 * Takes in whole blocks of four words each.
 *
 * @param lanes - What was made of all blocks before.
 * @param words - The bytes, the first of each four lowest: as they lie in memory on all machines that run JavaScript.
 * @param from - The first block.
 * @param to - The block behind the last.
 * @param result - Where the new lanes go; may be `lanes`.
 */
export function takeBlocks(lanes: HashLanes, words: Int32Array, from: number, to: number, result: HashLanes): void {
  // All in locals and written out, the algorithm's own numbers too: this runs over every byte of every prompt. Calls that
  // the engine happens not to inline cost three times the work, and a constant of the module is loaded at each use.
  let h1 = lanes[0] ?? 0
  let h2 = lanes[1] ?? 0
  let h3 = lanes[2] ?? 0
  let h4 = lanes[3] ?? 0
  for (let at = from * 4; at < to * 4; at += 4) {
    let k = Math.imul(words[at] ?? 0, 0x239b961b)
    h1 ^= Math.imul((k << 15) | (k >>> 17), 0xab0e9789)
    h1 = (Math.imul(((h1 << 19) | (h1 >>> 13)) + h2, 5) + 0x561ccd1b) | 0
    k = Math.imul(words[at + 1] ?? 0, 0xab0e9789)
    h2 ^= Math.imul((k << 16) | (k >>> 16), 0x38b34ae5)
    h2 = (Math.imul(((h2 << 17) | (h2 >>> 15)) + h3, 5) + 0x0bcaa747) | 0
    k = Math.imul(words[at + 2] ?? 0, 0x38b34ae5)
    h3 ^= Math.imul((k << 17) | (k >>> 15), 0xa1e38b93)
    h3 = (Math.imul(((h3 << 15) | (h3 >>> 17)) + h4, 5) + 0x96cd1c35) | 0
    k = Math.imul(words[at + 3] ?? 0, 0xa1e38b93)
    h4 ^= Math.imul((k << 18) | (k >>> 14), 0x239b961b)
    h4 = (Math.imul(((h4 << 13) | (h4 >>> 19)) + h1, 5) + 0x32ac3b17) | 0
  }
  result[0] = h1
  result[1] = h2
  result[2] = h3
  result[3] = h4
}

/**
 * The hash of `length` bytes, as four words.
 *
 * @param lanes - What {@link takeBlocks} made of all whole blocks.
 * @param words - The bytes; those behind them, up to the end of their block, are zero.
 * @param length - How many bytes there are, from the start.
 * @param result - Where the hash goes.
 * @param place - The position of its first word there.
 */
export function finishHash(
  lanes: HashLanes,
  words: Int32Array,
  length: number,
  result: Int32Array,
  place: number,
): void {
  const at = (length >>> 4) * 4
  // The rest is shorter than a block; the zeros behind it scramble to zero and change nothing, as the algorithm asks.
  let h1 = (lanes[0] ?? 0) ^ scramble(words[at] ?? 0, 0x239b961b, 15, 0xab0e9789) ^ length
  const h2 = (lanes[1] ?? 0) ^ scramble(words[at + 1] ?? 0, 0xab0e9789, 16, 0x38b34ae5) ^ length
  const h3 = (lanes[2] ?? 0) ^ scramble(words[at + 2] ?? 0, 0x38b34ae5, 17, 0xa1e38b93) ^ length
  const h4 = (lanes[3] ?? 0) ^ scramble(words[at + 3] ?? 0, 0xa1e38b93, 18, 0x239b961b) ^ length
  h1 = (h1 + h2 + h3 + h4) | 0
  const f1 = finish(h1)
  const f2 = finish(h2 + h1)
  const f3 = finish(h3 + h1)
  const f4 = finish(h4 + h1)
  h1 = (f1 + f2 + f3 + f4) | 0
  result[place] = h1
  result[place + 1] = f2 + h1
  result[place + 2] = f3 + h1
  result[place + 3] = f4 + h1
}

function scramble(word: number, before: number, bits: number, after: number): number {
  const k = Math.imul(word, before)
  return Math.imul((k << bits) | (k >>> (32 - bits)), after)
}

function finish(state: number): number {
  let h = Math.imul(state ^ (state >>> 16), 0x85ebca6b)
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35)
  return h ^ (h >>> 16)
}
