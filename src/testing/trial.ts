/**
 * One run of one case: the adapters it opens, the time it lets pass, the documents it writes.
 * @module
 */

import type { ListEntry, ListQuery, PutOptions, SessionAdapter } from '../adapters/adapter.js'
import { same } from './assert.js'
import type { ConformanceCase, ConformanceHarness } from './harness.js'

/** What the body of a case works with. */
export interface Trial {
  /** The adapter under test, on an empty store. */
  readonly adapter: SessionAdapter
  /** The unit of lives, in ms. */
  readonly tick: number
  /** How long word of a change may take, in ms of real time. */
  readonly patienceMs: number
  /** A document around a JSON text. */
  document(json: string): string
  /** Another adapter on the same store. */
  reopen(): Promise<SessionAdapter>
  /** An adapter whose backend does not answer. */
  unreachable(): Promise<SessionAdapter>
  /** Lets ticks pass. */
  elapse(ticks: number): Promise<void>
  /** Writes a document, which must succeed. Returns its text. */
  put(id: number, json?: string, options?: PutOptions): Promise<string>
  /** The text stored under an id, or `null`. */
  read(id: number): Promise<string | null>
  /** The ids of one page of 1000, newest first, unless the query says otherwise. */
  ids(query?: Partial<ListQuery>): Promise<number[]>
  /** The entry of one id, which must be listed. */
  entry(id: number): Promise<ListEntry>
}

/** A case of a topic from its name and body. */
export type Define = (name: string, body: (trial: Trial) => Promise<void>) => ConformanceCase

/** Makes the cases of one topic. Each closes what it opened, and a failure of its body is told before one of closing. */
export function topic(name: string): Define {
  return (caseName, body) => ({
    name: caseName,
    topic: name,
    async run(harness) {
      const opened: SessionAdapter[] = []
      const closeAll = (): Promise<unknown> => Promise.all(opened.map((adapter) => adapter.close()))
      try {
        await body(await trialOf(harness, opened))
      } catch (error) {
        await closeAll().catch(() => undefined)
        throw error
      }
      await closeAll()
    },
  })
}

/** Where the adapter lacks an optional method, its cases fail until they are skipped with a reason. */
export function required<T>(method: T | undefined, name: string): T {
  if (method === undefined) throw new Error(`there is no ${name}(): add it, or skip this case with the reason`)
  return method
}

async function trialOf(harness: ConformanceHarness, opened: SessionAdapter[]): Promise<Trial> {
  async function keep(opening: Promise<SessionAdapter>): Promise<SessionAdapter> {
    const adapter = await opening
    opened.push(adapter)
    return adapter
  }
  const adapter = await keep(harness.open())
  const tick = harness.tickMs ?? 1000
  const document = (json: string): string => (harness.document ? harness.document(json) : json)
  return {
    adapter,
    tick,
    patienceMs: harness.patienceMs ?? 2000,
    document,
    reopen: async () => keep(required(harness.reopen?.bind(harness), 'reopen')()),
    unreachable: async () => keep(required(harness.unreachable?.bind(harness), 'unreachable')()),
    elapse: (ticks) => harness.elapse(ticks * tick),
    async put(id, json = `{"version":${id}}`, options = {}) {
      const raw = document(json)
      same(await adapter.put(id, raw, options), { stored: true }, `put(${id})`)
      return raw
    },
    async read(id) {
      const found = await adapter.get(id)
      return found === null ? null : found.raw
    },
    async ids(query = {}) {
      return (await adapter.list({ limit: 1000, ...query })).entries.map((entry) => entry.id)
    },
    async entry(id) {
      const { entries } = await adapter.list({ limit: 1000 })
      const found = entries.find((entry) => entry.id === id)
      if (!found) throw new Error(`list must hold ${id}, got ${JSON.stringify(entries.map((entry) => entry.id))}`)
      return found
    },
  }
}
