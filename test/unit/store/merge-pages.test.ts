import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { ListPage, ListQuery } from '../../../src/adapters/adapter.js'
import { memoryAdapter } from '../../../src/adapters/memory.js'
import { mergePages } from '../../../src/store/merge-pages.js'

describe('merged pages', () => {
  it('tile, name every id once, and take it from the first page that knows it', async () => {
    const ids = fc.uniqueArray(fc.integer({ min: 1, max: 30 }), { maxLength: 20 })
    const order = fc.constantFrom('newest' as const, 'oldest' as const)
    await fc.assert(
      fc.asyncProperty(ids, ids, fc.integer({ min: 1, max: 5 }), order, async (ours, theirs, limit, order) => {
        const [first, second] = [memoryAdapter(), memoryAdapter()]
        for (const id of ours) await first.put(id, '{}', { summary: 'first' })
        for (const id of theirs) await second.put(id, '{}', { summary: 'second' })
        const sign = order === 'newest' ? -1 : 1
        const all = [...new Set([...ours, ...theirs])].sort((a, b) => sign * (a - b))
        const seen: [number, string | undefined][] = []
        let query: ListQuery = { limit, order }
        for (;;) {
          const page = mergePages([await first.list(query), await second.list(query)], query)
          expect(page.entries.length).toBeLessThanOrEqual(limit)
          seen.push(...page.entries.map(({ id, summary }) => [id, summary] as [number, string | undefined]))
          if (page.next === undefined) break
          query = order === 'newest' ? { ...query, before: page.next } : { ...query, from: page.next }
        }
        expect(seen).toEqual(all.map((id) => [id, ours.includes(id) ? 'first' : 'second']))
      }),
    )
  })

  it('end where the knowledge of one ends, also if it has nothing to show', () => {
    const newest: ListPage[] = [{ entries: [], next: 50 }, { entries: [{ id: 60 }, { id: 40 }] }]
    expect(mergePages(newest, { limit: 3 })).toEqual({ entries: [{ id: 60 }], next: 50 })
    const oldest: ListPage[] = [{ entries: [], next: 50 }, { entries: [{ id: 40 }, { id: 50 }] }]
    expect(mergePages(oldest, { limit: 3, order: 'oldest' })).toEqual({ entries: [{ id: 40 }], next: 50 })
  })

  it('name what has expired, within the page, and not what lives elsewhere', () => {
    const pages: ListPage[] = [
      { entries: [{ id: 9 }, { id: 5 }], expired: [8, 1] },
      { entries: [{ id: 7 }, { id: 6 }, { id: 3 }], expired: [9, 4], next: 3 },
    ]
    expect(mergePages(pages, { limit: 3 })).toEqual({
      entries: [{ id: 9 }, { id: 7 }, { id: 6 }],
      next: 6,
      expired: [8],
    })
    expect(mergePages(pages, { limit: 9 })).toEqual({
      entries: [{ id: 9 }, { id: 7 }, { id: 6 }, { id: 5 }, { id: 3 }],
      next: 3,
      expired: [8, 4],
    })
  })
})
