/**
 * A name for exactly one picture.
 * @module
 */

import type { SwarmUIPrompt } from '../schema/index.js'
import type { ImageFormat } from './image-format.js'
import { murmurHash128, takeBlocks } from './murmur-hash.js'

/**
 * Names what a prompt paints: a hash of format, text and every parameter, whatever the order of the keys.
 *
 * It is MurmurHash3 x86 128 with seed 0 of the UTF-8 bytes of three lines: the format, the JSON of all parameters but
 * `prompt` with sorted keys, the text. Parameters that are `undefined` count as missing. 128 bits: among 100,000
 * prompts two share a name with a probability of about 10^-29.
 *
 * @param format - The kind of picture.
 * @param prompt - The prompt.
 * @returns 32 hexadecimal digits.
 * @example
 * ```ts
 * import { jobKey } from 'storyart-sdk/prompt'
 *
 * const key = jobKey('cinematic', { prompt: 'a lighthouse at dusk', width: 1344, height: 768 })
 * console.log(key === jobKey('cinematic', { height: 768, width: 1344, prompt: 'a lighthouse at dusk' })) // true
 * console.log(key === jobKey('vertical', { prompt: 'a lighthouse at dusk', width: 1344, height: 768 })) // false
 * ```
 */
export function jobKey(format: ImageFormat, prompt: SwarmUIPrompt): string {
  return keyMaker(format)(prompt)
}

/** The same for many prompts of one format. As a rule one has the parameters of the one before: then those lines are kept. */
export function keyMaker(format: ImageFormat): (prompt: SwarmUIPrompt) => string {
  const encoder = new TextEncoder()
  const lanes = new Int32Array(4)
  const headLanes = new Int32Array(4)
  let last: Record<string, unknown> | undefined
  let head = ''
  let headBlocks = 0
  let bytes = new Uint8Array(0)
  let words = new Int32Array(0)
  let text = bytes
  return (prompt) => {
    const known = last !== undefined && sameParameters(prompt, last)
    if (!known) head = `${format}\n${canonicalJson({ ...prompt, prompt: undefined })}\n`
    // A UTF-16 code unit takes at most three bytes, and the hash reads its last block whole.
    const room = (head.length + prompt.prompt.length) * 3 + 16
    const fits = room <= bytes.length
    if (!fits) {
      words = new Int32Array(room >>> 1)
      bytes = new Uint8Array(words.buffer)
    }
    if (!known || !fits) {
      const length = encoder.encodeInto(head, bytes).written
      text = bytes.subarray(length)
      headBlocks = length >>> 4
      takeBlocks(headLanes.fill(0), words, 0, headBlocks)
    }
    last = prompt
    const end = encoder.encodeInto(prompt.prompt, text).written
    text.fill(0, end, end + 16)
    lanes.set(headLanes)
    return murmurHash128(lanes, words, headBlocks, text.byteOffset + end)
  }
}

/** Whether two prompts have the same parameters, one by one. A "no" may be wrong: that costs time, nothing else. */
function sameParameters(one: Record<string, unknown>, other: Record<string, unknown>): boolean {
  let names = 0
  for (const name in one) {
    const value = one[name]
    if (name !== 'prompt' && (value === undefined || value !== other[name])) return false
    names++
  }
  for (const _ in other) names--
  return names === 0
}

/** JSON with the keys of all objects sorted. */
function canonicalJson(value: unknown): string {
  const names = new Set<string>()
  JSON.stringify(value, (name, inner: unknown) => {
    names.add(name)
    return inner
  })
  return JSON.stringify(value, [...names].sort())
}
