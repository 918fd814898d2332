/**
 * One page out of the pages of several tiers.
 * @module
 */
import type { ListEntry, ListPage, ListQuery } from '../adapters/adapter.js'

/** Pages of one range, most important first: where two know an id, the first one is right. @internal */
export function mergePages(pages: readonly ListPage[], query: ListQuery): ListPage {
  const newest = query.order !== 'oldest'
  // Where a page ends early, nothing is known of what lies beyond.
  const ends = pages.flatMap((page) => page.next ?? [])
  const end = ends.length === 0 ? undefined : newest ? Math.max(...ends) : Math.min(...ends)
  const within = (id: number, next: number | undefined): boolean =>
    next === undefined || (newest ? id >= next : id < next)

  const byId = new Map<number, ListEntry>()
  for (const page of pages) for (const entry of page.entries) if (!byId.has(entry.id)) byId.set(entry.id, entry)
  const sign = newest ? -1 : 1
  const all = [...byId.values()].filter(({ id }) => within(id, end)).sort((a, b) => sign * (a.id - b.id))
  const entries = all.slice(0, query.limit)
  const last = entries.at(-1)
  const next = last && all.length > entries.length ? (newest ? last.id : last.id + 1) : end

  const merged: ListPage = { entries }
  if (next !== undefined) merged.next = next
  const expired = new Set(pages.flatMap((page) => page.expired ?? []))
  const gone = [...expired].filter((id) => !byId.has(id) && within(id, next))
  if (gone.length > 0) merged.expired = gone.sort((a, b) => sign * (a - b))
  return merged
}
