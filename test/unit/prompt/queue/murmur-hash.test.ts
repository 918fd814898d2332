import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { finishHash, takeBlocks } from '../../../../src/prompt/queue/murmur-hash.js'

/** The algorithm once more, byte by byte in big integers, as slow and as close to its description as it gets. */
function reference(bytes: Uint8Array): string {
  const mask = 0xffffffffn
  const multiply = (a: bigint, b: bigint) => (a * b) & mask
  const rotate = (a: bigint, bits: bigint) => ((a << bits) | (a >> (32n - bits))) & mask
  const c = [0x239b961bn, 0xab0e9789n, 0x38b34ae5n, 0xa1e38b93n]
  const inner = [15n, 16n, 17n, 18n]
  const outer = [19n, 17n, 15n, 13n]
  const added = [0x561ccd1bn, 0x0bcaa747n, 0x96cd1c35n, 0x32ac3b17n]
  const get = (list: bigint[], index: number) => list[index % 4] ?? 0n
  const h = [0n, 0n, 0n, 0n]
  const word = (start: number) => [3, 2, 1, 0].reduce((sum, i) => (sum << 8n) | BigInt(bytes[start + i] ?? 0), 0n)
  const mixed = (block: number, lane: number) =>
    multiply(rotate(multiply(word(block * 16 + lane * 4), get(c, lane)), get(inner, lane)), get(c, lane + 1))
  const blocks = Math.floor(bytes.length / 16)
  for (let block = 0; block < blocks; block++) {
    for (let lane = 0; lane < 4; lane++) {
      const next = rotate(get(h, lane) ^ mixed(block, lane), get(outer, lane)) + get(h, lane + 1)
      h[lane] = (multiply(next & mask, 5n) + get(added, lane)) & mask
    }
  }
  for (let lane = 0; lane < 4; lane++) h[lane] = get(h, lane) ^ mixed(blocks, lane) ^ BigInt(bytes.length)
  const spread = () => {
    h[0] = h.reduce((sum, lane) => sum + lane) & mask
    for (let lane = 1; lane < 4; lane++) h[lane] = (get(h, lane) + get(h, 0)) & mask
  }
  spread()
  for (let lane = 0; lane < 4; lane++) {
    let x = get(h, lane)
    x = multiply(x ^ (x >> 16n), 0x85ebca6bn)
    x = multiply(x ^ (x >> 13n), 0xc2b2ae35n)
    h[lane] = x ^ (x >> 16n)
  }
  spread()
  return h.map((lane) => lane.toString(16).padStart(8, '0')).join('')
}

/** With the first blocks taken in before the rest, as for many texts that begin alike. */
function hash(bytes: Uint8Array, before = 0): string {
  const words = new Int32Array((bytes.length >>> 4) * 4 + 4)
  new Uint8Array(words.buffer).set(bytes)
  const lanes = new Int32Array(4)
  takeBlocks(new Int32Array(4), words, 0, before, lanes)
  takeBlocks(lanes, words, before, bytes.length >>> 4, lanes)
  const result = new Int32Array(5)
  finishHash(lanes, words, bytes.length, result, 1)
  return [...result.subarray(1)].map((word) => (word >>> 0).toString(16).padStart(8, '0')).join('')
}

// Made with the reference implementation of the algorithm's author (the `mmh3` package for Python).
const PUBLISHED: [string, string][] = [
  ['', '00000000000000000000000000000000'],
  ['a', 'a794933c5556b01b5556b01b5556b01b'],
  ['sixteen bytes ok', '17bb96747bbdf69a9819fb289a2a85e6'],
  ['The quick brown fox jumps over the lazy dog', '2f1583c3ecee2c675d7bf66ce5e91d2c'],
  ['Der Leuchtturm bei Nacht: größer, älter — 灯塔 🗼', 'b925e00f4ed5392b4ddb4e057ca16160'],
]

describe('finishHash', () => {
  it.each(PUBLISHED)('hashes %j as published', (text, expected) => {
    expect(hash(new TextEncoder().encode(text))).toBe(expected)
    expect(reference(new TextEncoder().encode(text))).toBe(expected)
  })

  it('agrees with the description on any bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => {
        for (let before = 0; before <= bytes.length >>> 4; before++) expect(hash(bytes, before)).toBe(reference(bytes))
      }),
    )
  })
})
