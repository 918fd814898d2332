/**
 * What the server has: its models, LORAs and parameters.
 * @module
 */

import { isRecord } from '../prompt/is-record.js'
import type { Reply } from './link.js'
import { swarmError } from './refusal.js'

/** A parameter the server knows. */
export interface CatalogueParameter {
  /** Its id, lower-case letters only. */
  id: string
  /** `integer`, `decimal`, `boolean`, `dropdown`, `list`, `model`, `text` and others. */
  type: string
  /** The least value of a number; `null` where there is none. */
  min: number | null
  /** The greatest value of a number; `null` where there is none. */
  max: number | null
  /** The values a `dropdown` may have; `null` where any may be. */
  values: readonly string[] | null
}

/** What the server has. Names of models and LORAs are paths below their folder, with `/` and the extension. */
export interface Catalogue {
  /** Models that can be painted with. */
  models: readonly string[]
  /** LORAs. */
  loras: readonly string[]
  /** Parameters by id. */
  parameters: ReadonlyMap<string, CatalogueParameter>
}

/** Reads the reply of `ListT2IParams`. @internal */
export function catalogueOf(reply: Reply): Catalogue {
  const { list, models } = reply
  if (!Array.isArray(list) || !isRecord(models)) {
    throw swarmError('SWARM_PROTOCOL', 'ListT2IParams gave no list of parameters and models.')
  }
  const parameters = new Map<string, CatalogueParameter>()
  for (const item of list) {
    if (!isRecord(item) || typeof item.id !== 'string') continue
    const { id, type, min, max, values } = item
    // The server writes 0 and 0 where there are no bounds.
    const bounded = typeof min === 'number' && typeof max === 'number' && min < max
    parameters.set(id, {
      id,
      type: String(type),
      min: bounded ? min : null,
      max: bounded ? max : null,
      values: Array.isArray(values) ? values.map(String) : null,
    })
  }
  return { models: namesOf(models['Stable-Diffusion']), loras: namesOf(models.LoRA), parameters }
}

/** Names are alone, or the first of a list with what is known of the model. */
function namesOf(value: unknown): string[] {
  if (!Array.isArray(value)) return []
  return value.flatMap((item: unknown) => {
    const name: unknown = Array.isArray(item) ? item[0] : item
    return typeof name === 'string' ? [name] : []
  })
}

/**
 * The name the server has for exactly this one: equal but for case, blanks, square brackets and `.safetensors`.
 *
 * The server itself is content with a part of a name, and takes the shortest name that holds it.
 *
 * @internal
 */
export function exactName(wanted: string, names: readonly string[]): string | undefined {
  const clean = cleaned(wanted)
  return names.find((name) => name === wanted) ?? names.find((name) => cleaned(name) === clean)
}

/** Up to three names that hold the wanted one, to be offered; else where to look. @internal */
export function similarNames(wanted: string, names: readonly string[]): string {
  const clean = cleaned(wanted)
  const similar = names.filter((name) => clean !== '' && cleaned(name).includes(clean)).slice(0, 3)
  return similar.length > 0 ? `; it has ${similar.join(', ')}` : '; `catalogue()` lists what it has'
}

function cleaned(name: string): string {
  return name
    .toLowerCase()
    .replace(/[ [\]]/g, '')
    .replace(/\.safetensors$/, '')
}
