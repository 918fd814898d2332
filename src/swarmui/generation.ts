/**
 * What is asked of the server, and what comes of it.
 * @module
 */

import type { SwarmError } from '../errors.js'
import { jsonValue } from '../parse-json.js'
import { isRecord } from '../prompt/is-record.js'
import type { Reply } from './link.js'
import { swarmError } from './refusal.js'

/** A value of a parameter. `null` and `undefined` are not sent. */
export type ParameterValue = string | number | boolean | null | undefined

/** One thing to paint. */
export interface GenerateRequest {
  /**
   * SwarmUI's parameters by their ids: `prompt`, `model`, `width`, `height`, `steps`, `cfgscale`, `seed`, `loras`, ... Ids
   * are lower-case letters only; `images`, `batchsize`, `presets`, `session_id` and `extra_metadata` are refused here.
   */
  parameters: Readonly<Record<string, ParameterValue>>
  /** How many pictures, each with the next seed. Default: 1. */
  images?: number | undefined
  /** What to write into the metadata of each picture, by which {@link SwarmUIClient.recover} finds them. Default: nothing. */
  metadata?: Readonly<Record<string, string>> | undefined
}

/** A picture on the server. */
export interface GeneratedImage {
  /** Which of those asked for, from 0; `null` for what was not asked for, and over HTTP where several were. */
  index: number | null
  /** Its path, to be given to {@link SwarmUIClient.download}; or a `data:` URL where it was not saved. */
  src: string
  /** The seed that was really used; `null` if the server did not say. */
  seed: number | null
  /** The server's metadata as it wrote it, JSON; `null` over HTTP. */
  metadata: string | null
}

/** What became of a {@link GenerateRequest}. */
export interface Generation {
  /** The pictures that were asked for, by index. */
  images: GeneratedImage[]
  /** What else came: intermediates, grids, outputs beyond what was asked for. */
  extras: GeneratedImage[]
  /** Why pictures are missing; `null` if none is. */
  error: SwarmError | null
}

/** Where a request was sent to: what {@link SwarmUIClient.recover} needs to find out what became of it. */
export interface SubmitTicket {
  /** The server's session, which is as good as a password while the server knows it. */
  session: string
  /** Names the server's process. */
  server: string
}

/** How far a generation is. */
export interface GenerationProgress {
  /** Which picture, from 0. */
  index: number
  /** From 0 to 1. */
  done: number
  /** A small picture of what there is by now, as a `data:` URL; `null` with most messages. */
  preview: string | null
}

/** Gathers what comes, in whatever order. @internal */
export class Gathering {
  readonly #wanted: number
  readonly #found: GeneratedImage[] = []
  #error: SwarmError | null = null

  constructor(wanted: number) {
    this.#wanted = wanted
  }

  /** An error of the server's; only the first counts, the others follow from it. */
  fail(error: SwarmError): void {
    this.#error ??= error
  }

  add({ image, batch_index, metadata }: Reply): void {
    if (typeof image !== 'string') return
    const text = typeof metadata === 'string' ? metadata : null
    const index = Number(batch_index ?? Number.NaN)
    this.#found.push({
      index: index >= 0 && index < this.#wanted ? index : null,
      src: image,
      seed: text === null ? null : seedOf(text),
      metadata: text,
    })
  }

  /** Drops what the server says is to be dropped. */
  discard(indices: unknown): void {
    if (!Array.isArray(indices)) return
    for (const image of this.#found) if (image.index !== null && indices.includes(image.index)) image.index = null
  }

  /** The result; throws when there is no picture at all. */
  end(): Generation {
    const images = new Map<number, GeneratedImage>()
    const extras: GeneratedImage[] = []
    for (const image of this.#found) {
      if (image.index === null || images.has(image.index)) extras.push(image)
      else images.set(image.index, image)
    }
    const missing = this.#wanted - images.size
    if (missing > 0) this.fail(noPicture(missing))
    if (images.size === 0 && this.#error) throw this.#error
    const sorted = [...images].sort(([a], [b]) => a - b).map(([, image]) => image)
    return { images: sorted, extras, error: missing > 0 ? this.#error : null }
  }
}

/** The server may end without a picture and without a word. @internal */
export function noPicture(missing: number): SwarmError {
  return swarmError(
    'SWARM_FAILED',
    `${missing} of the pictures did not come, and the server did not say why: interrupted while waiting, or a tag that it cannot read.`,
  )
}

/** What the metadata holds under one of its roots. @internal */
export function metadataOf(text: string, root: 'sui_image_params' | 'sui_extra_data'): Reply {
  const value = jsonValue(text)
  const inner = isRecord(value) ? value[root] : null
  return isRecord(inner) ? inner : {}
}

/** The seed a picture was painted with. @internal */
export function seedOf(metadata: string): number | null {
  const { seed } = metadataOf(metadata, 'sui_image_params')
  const number = Number(seed ?? Number.NaN)
  return Number.isSafeInteger(number) ? number : null
}
