/**
 * From a job of the queue to a request.
 * @module
 */

import type { ImageJob } from '../prompt/queue/queue.js'
import type { Catalogue } from './catalogue.js'
import type { GenerateRequest, ParameterValue } from './generation.js'

/** What the session's format says where a prompt gives no size. */
const SIZES = { wide: { width: 1344, height: 768 }, tall: { width: 768, height: 1344 } }

/** One attempt at one take of a job. @internal */
export interface Attempt {
  job: ImageJob
  /** From 1. */
  take: number
  /** Names the attempt among all others, of other runs, too. */
  id: string
  seed: number
}

/** What is written into every picture, and what it is found by. @internal */
export function traceOf({ job, take, id }: Omit<Attempt, 'seed'>): Record<string, string> {
  return { storyart_job: job.key, storyart_take: String(take), storyart_attempt: id }
}

/**
 * The request for an attempt. What the prompt says wins over the defaults.
 *
 * @returns Also the fields of the prompt that are no parameters of this server: they are not sent.
 * @internal
 */
export function requestOf(
  attempt: Attempt,
  defaults: Readonly<Record<string, ParameterValue>>,
  { parameters: known }: Catalogue,
): { request: GenerateRequest; ignored: string[] } {
  const { job } = attempt
  const parameters: Record<string, ParameterValue> = { ...defaults }
  const ignored: string[] = []
  for (const [name, value] of Object.entries<unknown>(job.prompt)) {
    if (value === null || value === undefined || value === '') continue
    const plain = typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
    if (plain && known.has(name) && name !== 'images' && name !== 'batchsize') parameters[name] = value
    else ignored.push(name)
  }
  const size = SIZES[job.aspectRatio === '16:9' ? 'wide' : 'tall']
  parameters.width ||= size.width
  parameters.height ||= size.height
  parameters.seed = attempt.seed
  const metadata = { ...traceOf(attempt), storyart_beat: job.beatId, storyart_format: job.format }
  return { request: { parameters, metadata }, ignored }
}

/** The seed of a take: as the server counts them from the prompt's; at random where the prompt leaves it open. @internal */
export function seedOfTake({ prompt }: ImageJob, take: number, random: () => number): number {
  const { seed } = prompt
  return typeof seed === 'number' && seed >= 0 ? seed + take - 1 : Math.floor(random() * 0x7fffffff)
}
