/**
 * Reading from a primary and from where sessions wait for it.
 * @module
 */
import type { CallOptions, ListPage, ListQuery, RawSession } from '../adapters/adapter.js'
import { isCallers, isUnavailable } from './failure.js'
import { mergePages } from './merge-pages.js'
import type { Tiers } from './tiers.js'

/**
 * Reads a document, as `SessionAdapter.get` promises.
 *
 * Fallback tiers are looked at first: what is carried over meanwhile is met twice rather than never.
 *
 * @internal
 */
export async function getThrough(tiers: Tiers, id: number, { signal }: CallOptions): Promise<RawSession | null> {
  const { visible, unsure } = await tiers.copiesOf(id, signal)
  const [copy] = visible
  if (copy) return { raw: copy.raw, storage: copy.room.name, degraded: true }
  const stored = await tiers.primary.ask('get', signal, (adapter) => adapter.get(id, { signal }))
  // A tier that surely holds a newer text makes any answer wrong; one that may hold it makes "not here" wrong.
  const missed = unsure.find(({ room }) => !room.stale.has(id) && (stored === null || room.holds(id)))
  if (missed) throw missed.error
  return stored
}

/**
 * Reads a page, as `SessionAdapter.list` promises; `degraded` if a tier that belongs to it could not be asked.
 *
 * @internal
 */
export async function listThrough(tiers: Tiers, query: ListQuery, { signal }: CallOptions): Promise<ListPage> {
  const pages: ListPage[] = []
  let degraded = false
  for (const room of tiers.rooms) {
    try {
      const page = await room.ask('list', signal, (adapter) => adapter.list(query, { signal }))
      const visible = page.entries.filter(({ id }) => !room.stale.has(id))
      pages.push({ ...page, entries: visible.map((entry) => ({ ...entry, storage: room.name, degraded: true })) })
    } catch (error) {
      if (isCallers(error, signal)) throw error
      degraded ||= room.mayHold()
    }
  }
  try {
    pages.push(await tiers.primary.ask('list', signal, (adapter) => adapter.list(query, { signal })))
  } catch (error) {
    if (isCallers(error, signal) || !isUnavailable(error)) throw error
    const known = pages.some(({ entries }) => entries.length > 0)
    if (!known && !(await anythingWaits(tiers, signal))) throw error
    degraded = true
  }
  const merged = mergePages(pages, query)
  return degraded || pages.some((page) => page.degraded) ? { ...merged, degraded: true } : merged
}

/** Whether any fallback tier that answers holds anything. @internal */
export async function anythingWaits(tiers: Tiers, signal: AbortSignal | undefined): Promise<boolean> {
  for (const room of tiers.rooms) {
    try {
      if ((await room.ids(signal)).some((id) => !room.stale.has(id))) return true
    } catch (error) {
      if (isCallers(error, signal)) throw error
    }
  }
  return false
}
