/**
 * Looking at sessions without reading them.
 * @module
 */
import type { ListPage, SessionAdapter } from '../adapters/adapter.js'
import { type Known, knownOf } from './watch-known.js'

/** How to look. @internal */
export interface Look {
  adapter: SessionAdapter
  now: () => number
  signal: AbortSignal
}

/** What a look at one session showed. @internal */
export interface Sight {
  /** `undefined`: it is not there. */
  known: Known | undefined
  /** A backend that may hold it could not be asked. */
  unsure: boolean
}

/** What a look at a part of the index showed. @internal */
export interface SightOfMany {
  /** What is there. */
  found: Map<number, Known>
  /** All of `from <= id < before` was looked at. */
  from: number
  before: number
  /** A backend that may hold more could not be asked. */
  unsure: boolean
}

/** Looks at one session. @internal */
export async function lookAt({ adapter, now, signal }: Look, id: number): Promise<Sight> {
  const page = await adapter.list({ limit: 1, from: id, before: id + 1, marks: true }, { signal })
  const entry = page.entries.find((one) => one.id === id)
  return { known: entry && knownOf(entry, adapter.name, now()), unsure: page.degraded === true }
}

/** Looks at a page of sessions, newest first. @internal */
export async function lookBelow(look: Look, before: number, limit: number): Promise<SightOfMany> {
  const { adapter, now, signal } = look
  const bound = before === Number.POSITIVE_INFINITY ? undefined : before
  const page: ListPage = await adapter.list({ limit, before: bound, marks: true }, { signal })
  const found = new Map(page.entries.map((entry) => [entry.id, knownOf(entry, adapter.name, now())]))
  return { found, from: page.next ?? Number.NEGATIVE_INFINITY, before, unsure: page.degraded === true }
}
