/**
 * What a caller sees while something is wrong with the server, with a fallback and without, and whether all is there
 * afterwards.
 */

import { expect } from 'vitest'
import { memoryAdapter } from '../../src/adapters/memory.js'
import { redisAdapter } from '../../src/adapters/redis.js'
import { isStoryArtError } from '../../src/errors.js'
import { SessionStore, type StoreEvents } from '../../src/store/index.js'
import type { World } from '../chaos/world.js'

export const DEADLINE_MS = 400
/** What a loaded machine may need beside a deadline. */
export const MARGIN_MS = 1500

/** How a call ended: where the answer came from, or the code of its error. */
export type End = string

/** How calls end while something is wrong; `get` and `list` ask for what the server has acknowledged before. */
export interface Ends {
  save: End
  get: End
  list: End
}

export interface Seen extends Ends {
  /** How long the save took. */
  tookMs: number
}

/** A store behind the proxy, and what it told. */
export interface Observed {
  store: SessionStore
  told: Set<keyof StoreEvents>
  /** The texts of acknowledged sessions, by timestamp. */
  saved: Map<number, string>
}

export function observe(url: string, hasFallback: boolean): Observed {
  const adapter = redisAdapter({ url, healthTimeoutMs: DEADLINE_MS })
  const fallback = hasFallback ? [memoryAdapter()] : []
  // Stores that lose each other may give two sessions one timestamp, and then there is a conflict. Not here.
  const now = (): number => Date.now() - (hasFallback ? 0 : 3_600_000)
  const store = new SessionStore({ adapter, fallback, deadlineMs: DEADLINE_MS, now })
  const told = new Set<keyof StoreEvents>()
  for (const name of ['fallback', 'recovered', 'synced', 'conflict', 'error'] as const) {
    store.on(name, () => told.add(name))
  }
  return { store, told, saved: new Map() }
}

let sessions = 0

/** Saves a new session; what is acknowledged must never be lost. */
export async function save({ store, saved }: Observed): Promise<{ end: End; tookMs: number; timestamp?: number }> {
  const scriptText = `take ${++sessions} ${'of the scene '.repeat(100 + (sessions % 7))}`
  const started = performance.now()
  try {
    const { timestamp, storage } = await store.save({ scriptText })
    saved.set(timestamp, JSON.stringify({ scriptText, timestamp }))
    return { end: storage, tookMs: performance.now() - started, timestamp }
  } catch (error) {
    return { end: codeOf(error), tookMs: performance.now() - started }
  }
}

/** What a caller sees now. `known` was acknowledged by the server when all was well. */
export async function look(observed: Observed, known: number): Promise<Seen> {
  const { store, saved } = observed
  const { end, tookMs } = await save(observed)
  const get = await store.get(known).then(
    (record) => {
      // Never "not there", whatever is wrong.
      expect(JSON.stringify(record?.session)).toBe(saved.get(known))
      return record?.storage ?? 'null'
    },
    (error) => codeOf(error),
  )
  const list = await store.list().then(
    (page) => {
      if (!page.degraded) expect(page.sessions.map(({ timestamp }) => timestamp)).toContain(known)
      return page.degraded ? 'degraded' : 'whole'
    },
    (error) => codeOf(error),
  )
  return { save: end, get, list, tookMs }
}

/** Until nothing waits any more. */
export async function comeHome({ store }: Observed): Promise<void> {
  for (;;) {
    const { ok, waiting } = await store.sync().then(
      () => store.health(),
      () => ({ ok: false, waiting: null }),
    )
    if (ok && waiting === 0) return
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

/** Every acknowledged session is in the server, byte for byte, and listed. */
export async function expectAll(world: World, { store, saved }: Observed): Promise<void> {
  const { texts, listed } = await world.look()
  for (const [timestamp, raw] of saved) {
    expect(texts.get(timestamp)).toBe(raw)
    expect(listed).toContain(timestamp)
    expect(await store.get(timestamp)).toMatchObject({ storage: 'redis', degraded: false })
  }
}

export function codeOf(error: unknown): string {
  if (isStoryArtError(error)) return error.code
  throw error
}
