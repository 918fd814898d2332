/**
 * The keys of all jobs of a queue.
 * @module
 */

import type { SwarmUIPrompt } from '../../schema/index.js'
import type { ImageFormat } from '../image-format.js'
import { hexDigits } from './hex-digits.js'
import { promptHasher } from './job-key.js'

/** So many keys are cut out of one string; whoever keeps one of them keeps that string. */
const KEYS_AT_ONCE = 64

/** A job that waits for its key. */
interface Keyless {
  key: string
  format: ImageFormat
  prompt: SwarmUIPrompt
}

/**
 * Gives each job of a queue its key; equal ones are numbered. Which of them is which does not matter, how many there are
 * does. All at once when the queue is complete: between two hashes the processor cannot fetch the next beats ahead.
 */
export function nameJobs(jobs: readonly Keyless[]): void {
  const words = hashesOf(jobs)
  const seen = new Set<string>()
  const counts = new Map<string, number>()
  let digits = ''
  for (const [index, job] of jobs.entries()) {
    const at = index % KEYS_AT_ONCE
    if (at === 0) digits = hexDigits(words.subarray(4 * index, 4 * (index + KEYS_AT_ONCE)))
    const key = digits.slice(32 * at, 32 * at + 32)
    if (seen.size !== seen.add(key).size) {
      job.key = key
    } else {
      const count = (counts.get(key) ?? 1) + 1
      counts.set(key, count)
      job.key = `${key}-${count}`
    }
  }
}

/** Four words for each job. */
function hashesOf(jobs: readonly Keyless[]): Int32Array {
  const hashers = {
    cinematic: promptHasher('cinematic'),
    vertical: promptHasher('vertical'),
    marketingVertical: promptHasher('marketingVertical'),
  }
  const words = new Int32Array(4 * jobs.length)
  for (const [index, { format, prompt }] of jobs.entries()) hashers[format](prompt, words, 4 * index)
  return words
}
