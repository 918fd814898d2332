/**
 * A name for exactly one picture.
 * @module
 */

import type { SwarmUIPrompt } from '../../schema/index.js'
import type { ImageFormat } from '../image-format.js'
import { hexDigits } from './hex-digits.js'
import { finishHash, takeBlocks } from './murmur-hash.js'

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
  const words = new Int32Array(4)
  promptHasher(format)(prompt, words, 0)
  return hexDigits(words)
}

/** Puts the four words of the hash of a prompt at a place. */
export type PromptHasher = (prompt: SwarmUIPrompt, result: Int32Array, place: number) => void

/** The same for many prompts of one format. As a rule one has the parameters of the one before: then those lines are kept. */
export function promptHasher(format: ImageFormat): PromptHasher {
  const encoder = new TextEncoder()
  const lanes = new Int32Array(4)
  const headLanes = new Int32Array(4)
  let isLast: (prompt: SwarmUIPrompt) => boolean = () => false
  let head = ''
  let headBlocks = 0
  let bytes = new Uint8Array(0)
  let words = new Int32Array(0)
  let text = bytes
  return (prompt, result, place) => {
    const known = isLast(prompt)
    if (!known) {
      head = `${format}\n${canonicalJson({ ...prompt, prompt: undefined })}\n`
      isLast = sameParameters(prompt)
    }
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
      takeBlocks(headLanes.fill(0), words, 0, headBlocks, headLanes)
    }
    const end = encoder.encodeInto(prompt.prompt, text).written
    for (let at = end; at < end + 16; at++) text[at] = 0
    const length = text.byteOffset + end
    takeBlocks(headLanes, words, headBlocks, length >>> 4, lanes)
    finishHash(lanes, words, length, result, place)
  }
}

/** Whether a prompt has the parameters of this one, as they are now. A "no" may be wrong: that costs time, nothing else. */
function sameParameters(one: Record<string, unknown>): (other: Record<string, unknown>) => boolean {
  const names = Object.keys(one)
  const values = names.map((name) => (name === 'prompt' ? undefined : one[name]))
  return (other) => {
    let at = 0
    for (const name in other) {
      const value = values[at]
      if (name !== names[at++] || (name !== 'prompt' && (value === undefined || value !== other[name]))) return false
    }
    return at === names.length
  }
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
