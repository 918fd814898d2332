/**
 * What a watcher knows of the sessions there are.
 * @module
 */
import type { ListEntry } from '../adapters/adapter.js'
import { Sketch } from './watch-sketch.js'

/** What is known of one session. @internal */
export interface Known {
  /** Tells this document, where it is, from another; 0: the backend gives nothing that would. */
  readonly hash: number
  /** The moment it ends by the store's clock, `Infinity`: never. */
  readonly endsAt: number
  /** The name of the adapter that holds it. */
  readonly storage: string
}

/** What an entry of a list says about its document. @internal */
export function knownOf(entry: ListEntry, adapter: string, now: number): Known {
  const { id, mark, sizeBytes, summary, ttlMs, storage = adapter } = entry
  const text = mark === undefined ? `${sizeBytes} ${summary}` : `mark ${mark}`
  const told = mark !== undefined || sizeBytes !== undefined
  return { hash: told ? hashOf(`${id} ${storage} ${text}`) : 0, endsAt: now + (ttlMs ?? Infinity), storage }
}

/** FNV-1a, 32 bits, never 0. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193)
  return hash >>> 0 || 1
}

/** Sessions by id, in order. @internal */
export class KnownSessions {
  readonly #byId = new Map<number, Known>()
  /** The keys of `#byId`, ascending. */
  readonly #ids: number[] = []
  readonly #sketch = new Sketch()

  get size(): number {
    return this.#ids.length
  }

  get(id: number): Known | undefined {
    return this.#byId.get(id)
  }

  set(id: number, known: Known): void {
    const old = this.#byId.get(id)
    if (!old) this.#ids.splice(this.#firstAtLeast(id), 0, id)
    this.#byId.set(id, known)
    if (old) this.#sketch.toggle({ id, ...old })
    this.#sketch.toggle({ id, ...known })
  }

  delete(id: number): void {
    const old = this.#byId.get(id)
    if (!old) return
    this.#byId.delete(id)
    this.#ids.splice(this.#firstAtLeast(id), 1)
    this.#sketch.toggle({ id, ...old })
  }

  /** The ids of a range, ascending: `from <= id < before`. */
  ids(from = Number.NEGATIVE_INFINITY, before = Number.POSITIVE_INFINITY): number[] {
    return this.#ids.slice(this.#firstAtLeast(from), this.#firstAtLeast(before))
  }

  /** The newest ids, newest first. */
  newest(count: number): number[] {
    return this.#ids.slice(-count).reverse()
  }

  /** A sketch of all sessions but these, each named once. */
  sketchWithout(ids: readonly number[]): Sketch {
    const sketch = this.#sketch.copy()
    for (const id of ids) {
      const known = this.#byId.get(id)
      if (known) sketch.toggle({ id, ...known })
    }
    return sketch
  }

  #firstAtLeast(bound: number): number {
    let low = 0
    let high = this.#ids.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if ((this.#ids[middle] as number) < bound)
        low = middle + 1 // `middle < high <= length`
      else high = middle
    }
    return low
  }
}
