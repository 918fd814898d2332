import type { Mutation } from '../shared-memory.js'
import { listing, type Mutant, paging } from './mutant.js'

/** Keeps its own index, which knows nothing of lives, and looks at the documents afterwards or not at all. */
function indexing(filter: boolean, window: (limit: number) => number): Mutation {
  return (a) => {
    const index = new Set<number>()
    return {
      ...a,
      async put(id, raw, options) {
        const result = await a.put(id, raw, options)
        index.add(id)
        return result
      },
      async list({ limit, before = Number.POSITIVE_INFINITY, from = 0, order }, options) {
        await a.list({ limit }, options)
        const ids = [...index].filter((id) => id >= from && id < before).sort((x, y) => x - y)
        if (order !== 'oldest') ids.reverse()
        const living: number[] = []
        for (const id of ids.slice(0, window(limit))) if (!filter || (await a.get(id))) living.push(id)
        const entries = living.slice(0, limit).map((id) => ({ id }))
        const last = entries.at(-1)?.id
        if (last === undefined || entries.length < limit) return { entries }
        return { entries, next: order === 'oldest' ? last + 1 : last }
      },
    }
  }
}

export const listMutants: readonly Mutant[] = [
  [
    'has next in an empty store',
    paging((page) => ({ next: 1, ...page })),
    'list: an empty store has an empty page without next',
    'next: expected undefined, got 1',
  ],
  [
    'sorts ids as text',
    paging((page) => ({
      ...page,
      entries: [...page.entries].sort((x, y) => (String(x.id) < String(y.id) ? 1 : -1)),
    })),
    'list: ids are ordered as numbers, newest first unless asked otherwise',
    'without an order',
  ],
  [
    'lists oldest first by default',
    (a) => ({ ...a, list: (query, options) => a.list({ order: 'oldest', ...query }, options) }),
    'list: ids are ordered as numbers, newest first unless asked otherwise',
    'without an order',
  ],
  [
    'knows one order',
    (a) => ({ ...a, list: (query, options) => a.list({ ...query, order: 'newest' }, options) }),
    'list: ids are ordered as numbers, newest first unless asked otherwise',
    'oldest',
  ],
  [
    'includes before',
    (a) => ({
      ...a,
      list: (query, options) => a.list({ ...query, before: query.before && query.before + 1 }, options),
    }),
    'list: from is included, before is not',
    'from undefined, before 1',
  ],
  [
    'excludes from',
    (a) => ({ ...a, list: (query, options) => a.list({ ...query, from: query.from && query.from + 1 }, options) }),
    'list: from is included, before is not',
    'from 1, before undefined',
  ],
  [
    'ignores from',
    (a) => ({ ...a, list: ({ from: _, ...query }, options) => a.list(query, options) }),
    'list: from is included, before is not',
    'from 2, before undefined',
  ],
  [
    'hands out one too many',
    (a) => ({ ...a, list: (query, options) => a.list({ ...query, limit: query.limit + 1 }, options) }),
    'list: a page holds as many as were asked for, while there are any',
    'a page must hold at most 1 entries, got 2',
  ],
  [
    'never has next',
    paging(({ entries }) => ({ entries })),
    'list: a page holds as many as were asked for, while there are any',
    'a page of 1 of 12 must have next',
  ],
  [
    'hands out at most 10 a page',
    (a) => ({ ...a, list: (query, options) => a.list({ ...query, limit: Math.min(query.limit, 10) }, options) }),
    'list: a page holds as many as were asked for, while there are any',
    'only a full page of 11 may have next',
  ],
  [
    'repeats the last entry on the next page',
    paging((page, _, order) => (page.next && order === 'newest' ? { ...page, next: page.next + 1 } : page)),
    'list: pages tile a range without gap or repeat',
    'pages of',
  ],
  [
    'skips an id between pages',
    paging((page, _, order) => (page.next ? { ...page, next: page.next + (order === 'newest' ? -1 : 1) } : page)),
    'list: pages tile neighbouring ids',
    'newest',
  ],
  [
    'pages by offset',
    (a) => ({
      ...a,
      async list({ limit, before, from = 0, ...query }, options) {
        await a.list({ limit, before, from, ...query }, options)
        const offset = (query.order === 'oldest' ? from : (before ?? 0)) % 1000
        const { entries } = await a.list({ ...query, limit: 1000 })
        const page = entries.slice(offset, offset + limit)
        return offset + limit < entries.length ? { entries: page, next: offset + limit } : { entries: page }
      },
    }),
    'list: pages tile while sessions come, go and end between them',
    'newest, pages of 3',
  ],
  [
    'lists the expired',
    indexing(false, (limit) => limit),
    'list: expired sessions are neither listed nor missed from a page',
    'newest, pages of 1',
  ],
  [
    'has pages shortened by the expired',
    indexing(true, (limit) => limit),
    'list: expired sessions are neither listed nor missed from a page',
    'newest, pages of 1',
  ],
  [
    'looks past a few expired sessions only',
    indexing(true, (limit) => 4 * limit + 50),
    'list: a long run of expired sessions does not hide the living behind it',
    'a page of 5',
  ],
  [
    'lists the expired where no details are wanted',
    (a, now) => {
      const bare = indexing(false, (limit) => limit)(a, now)
      return {
        ...bare,
        async list(query, options) {
          const page = await bare.list(query, options)
          return query.details === false ? page : a.list(query, options)
        },
      }
    },
    'list: expired sessions are neither listed nor missed from a page',
    'newest, pages of 1',
  ],
  [
    'names the living as expired',
    paging((page) => ({ ...page, expired: page.entries.map(({ id }) => id) })),
    'list: pages tile a range without gap or repeat',
    'expired must not name what is listed',
  ],
  [
    'knows 200 sessions',
    (a) => ({ ...a, list: (query, options) => a.list({ ...query, limit: Math.min(query.limit, 200) }, options) }),
    'list: many sessions are listed whole',
    'newest, one page',
  ],
  [
    'keeps the summary of a replaced document',
    (a) => {
      const summaries = new Map<number, string>()
      return {
        ...a,
        async put(id, raw, options = {}) {
          const summary = options.summary ?? summaries.get(id)
          if (summary !== undefined) summaries.set(id, summary)
          return a.put(id, raw, { ...options, summary })
        },
      }
    },
    'list: a summary belongs to its own document',
    '3 summary of 3',
  ],
  [
    'tells no size but 0',
    listing((entry) => ({ ...entry, sizeBytes: 0 })),
    'list: a size, where it is told, is that of the document',
    'sizeBytes must be a positive integer, got 0',
  ],
  [
    'tells the size of the first document',
    (a) => {
      const sizes = new Map<number, number>()
      const sized = listing((entry) => ({ ...entry, sizeBytes: sizes.get(entry.id) ?? 1 }))(a, () => 0)
      return {
        ...sized,
        async put(id, raw, options) {
          const result = await a.put(id, raw, options)
          if (!sizes.has(id)) sizes.set(id, raw.length)
          return result
        },
      }
    },
    'list: a size, where it is told, is that of the document',
    'the size of a document replaced by a smaller one',
  ],
]
