import type { ListPage } from '../../adapters/adapter.js'
import { holds, same } from '../assert.js'
import type { ConformanceCase } from '../harness.js'
import { type Trial, topic } from '../trial.js'

const define = topic('list')

/** Ids whose order as text is another one, and the last day a `Date` knows. */
const IDS = [1, 2, 9, 10, 11, 100, 999, 1000, 1_769_999_999_999, 1_770_000_000_000, 8_639_999_999_999_999, 8.64e15]
const ORDERS = ['newest', 'oldest'] as const

async function putShuffled(t: Trial, ids: readonly number[] = IDS): Promise<void> {
  for (const id of ids.filter((_, index) => index % 2 === 0)) await t.put(id)
  for (const id of ids.filter((_, index) => index % 2 === 1).reverse()) await t.put(id)
}

/** Listed by one order, as `list` should have it. */
function ordered(ids: readonly number[], order: 'newest' | 'oldest'): number[] {
  return order === 'oldest' ? [...ids] : [...ids].reverse()
}

/** The rule of `next`: only a full page has one. A full page that ends where the range ends may have one, too. */
function checkNext(page: ListPage, limit: number): void {
  holds(page.entries.length <= limit, `a page must hold at most ${limit} entries`, page.entries.length)
  const { next } = page
  if (next === undefined) return
  holds(page.entries.length === limit, `only a full page of ${limit} may have next`, page.entries.length)
  holds(Number.isSafeInteger(next), 'next must be an id', next)
}

interface Walk {
  limit: number
  order: 'newest' | 'oldest'
  details: boolean
  from?: number
  before?: number
}

/** All ids of a range, page by page as a caller reads them. */
async function walk(t: Trial, query: Walk, between?: (page: number) => Promise<void>): Promise<number[]> {
  const ids: number[] = []
  for (let number = 1, at: Partial<Walk> = {}; number < 1000; number++) {
    const page = await t.adapter.list({ ...query, ...at })
    checkNext(page, query.limit)
    const listed = page.entries.map((entry) => entry.id)
    for (const id of page.expired ?? []) holds(!listed.includes(id), 'expired must not name what is listed', id)
    ids.push(...listed)
    if (page.next === undefined) return ids
    at = query.order === 'newest' ? { before: page.next } : { from: page.next }
    await between?.(number)
  }
  throw new Error(`next must come to an end, but 1000 pages of ${query.limit} were read`)
}

/** After the first page: its first and last entry and the next one to come go, one comes on either side of its end. */
const CHANGES = [
  { order: 'newest', gone: [90, 70, 60], come: [81, 31], wanted: [90, 80, 70, 50, 40, 31, 30, 20, 10] },
  { order: 'oldest', gone: [10, 30, 40], come: [21, 71], wanted: [10, 20, 30, 50, 60, 70, 71, 80, 90] },
] as const

/** Every order, with and without details. */
async function everyWay(check: (order: 'newest' | 'oldest', details: boolean) => Promise<void>): Promise<void> {
  for (const order of ORDERS) for (const details of [true, false]) await check(order, details)
}

/** Order, bounds and pages. */
export const listCases: readonly ConformanceCase[] = [
  define('an empty store has an empty page without next', async (t) => {
    await everyWay(async (order, details) => {
      const page = await t.adapter.list({ limit: 5, order, details })
      same(page.entries, [], 'entries')
      same(page.next, undefined, 'next')
    })
  }),
  define('ids are ordered as numbers, newest first unless asked otherwise', async (t) => {
    await putShuffled(t)
    same(await t.ids(), ordered(IDS, 'newest'), 'without an order')
    await everyWay(async (order, details) => same(await t.ids({ order, details }), ordered(IDS, order), order))
  }),
  define('from is included, before is not', async (t) => {
    await putShuffled(t)
    await everyWay(async (order, details) => {
      for (const from of [undefined, 1, 2, 3, 10, 1_770_000_000_000, 8.64e15]) {
        for (const before of [undefined, 1, 2, 3, 10, 12, 1_770_000_000_000, 8.64e15]) {
          const wanted = IDS.filter((id) => id >= (from ?? 0) && id < (before ?? Number.POSITIVE_INFINITY))
          const ids = await t.ids({ order, details, from, before })
          same(ids, ordered(wanted, order), `${order}, from ${from}, before ${before}`)
        }
      }
    })
  }),
  define('a page holds as many as were asked for, while there are any', async (t) => {
    await putShuffled(t)
    await everyWay(async (order, details) => {
      for (let limit = 1; limit <= IDS.length + 1; limit++) {
        const page = await t.adapter.list({ limit, order, details })
        checkNext(page, limit)
        const ids = page.entries.map((entry) => entry.id)
        same(ids, ordered(IDS, order).slice(0, limit), `${order}, limit ${limit}`)
        if (limit < IDS.length) holds(page.next !== undefined, `a page of ${limit} of ${IDS.length} must have next`)
      }
    })
  }),
  define('pages tile a range without gap or repeat', async (t) => {
    await putShuffled(t)
    await everyWay(async (order, details) => {
      for (const limit of [1, 2, 3, 4, IDS.length, IDS.length + 1]) {
        same(await walk(t, { limit, order, details }), ordered(IDS, order), `${order}, pages of ${limit}`)
        const bounded = await walk(t, { limit, order, details, from: 2, before: 8.64e15 })
        same(bounded, ordered(IDS.slice(1, -1), order), `${order}, pages of ${limit} of a range`)
      }
    })
  }),
  define('pages tile neighbouring ids', async (t) => {
    const ids = Array.from({ length: 9 }, (_, index) => 1_770_000_000_000 + index)
    await putShuffled(t, ids)
    await everyWay(async (order, details) => {
      for (const limit of [1, 2, 3]) same(await walk(t, { limit, order, details }), ordered(ids, order), order)
    })
  }),
  define('pages tile while sessions come, go and end between them', async (t) => {
    for (const { order, gone, come, wanted } of CHANGES) {
      for (const id of [10, 20, 30, 40, 50, 60, 70, 80, 90]) await t.put(id)
      await t.put(45, undefined, { ttlMs: t.tick })
      const ids = await walk(t, { limit: 3, order, details: true }, async (page) => {
        if (page > 1) return
        for (const id of gone) same(await t.adapter.delete(id), true, `delete(${id})`)
        for (const id of come) await t.put(id)
        await t.elapse(2)
      })
      same(ids, wanted, `${order}, pages of 3`)
      for (const id of await t.ids()) await t.adapter.delete(id)
    }
  }),
  define('expired sessions are neither listed nor missed from a page', async (t) => {
    const living = [10, 20, 30, 40, 50, 60, 70]
    for (const id of living) {
      await t.put(id)
      await t.put(id + 1, undefined, { ttlMs: t.tick })
      await t.put(id - 1, undefined, { ttlMs: t.tick })
    }
    await t.elapse(2)
    await everyWay(async (order, details) => {
      for (const limit of [1, 2, 3]) {
        same(await walk(t, { limit, order, details }), ordered(living, order), `${order}, pages of ${limit}`)
      }
    })
  }),
  define('a long run of expired sessions does not hide the living behind it', async (t) => {
    const dead = Array.from({ length: 120 }, (_, index) => 1000 + index)
    await Promise.all(dead.map((id) => t.put(id, undefined, { ttlMs: t.tick })))
    const living = [1, 2, 3, 2001, 2002, 2003]
    for (const id of living) await t.put(id)
    await t.elapse(2)
    await everyWay(async (order, details) => {
      const page = await t.adapter.list({ limit: 5, order, details })
      const ids = page.entries.map((entry) => entry.id)
      same(ids, ordered(living, order).slice(0, 5), `${order}, a page of 5`)
      same(await walk(t, { limit: 2, order, details }), ordered(living, order), `${order}, pages of 2`)
    })
    same(await t.ids({ from: 1000, before: 2000 }), [], 'the range of the dead')
  }),
  define('many sessions are listed whole', async (t) => {
    const ids = Array.from({ length: 250 }, (_, index) => 1_770_000_000_000 + index * 7)
    await Promise.all(ids.map((id) => t.put(id)))
    await everyWay(async (order, details) => {
      same(await t.ids({ order, details }), ordered(ids, order), `${order}, one page`)
      same(await walk(t, { limit: 50, order, details }), ordered(ids, order), `${order}, pages of 50`)
    })
  }),
  define('a summary belongs to its own document', async (t) => {
    for (const id of [1, 2, 3, 4]) await t.put(id, '{"a":1}', id === 1 ? {} : { summary: `summary of ${id}` })
    await t.put(3, '{"a":2}') // as long as what it replaces
    await t.put(4, '{"a":2}', { summary: 'new summary of 4' })
    const { entries } = await t.adapter.list({ limit: 10 })
    const summaries = entries.map(({ id, summary }) => `${id} ${summary}`)
    same(summaries, ['4 new summary of 4', '3 undefined', '2 summary of 2', '1 undefined'], 'summaries')
  }),
  define('a size, where it is told, is that of the document', async (t) => {
    await t.put(1, '{}')
    await t.put(2, `{"a":"${'\u6f22'.repeat(10_000)}"}`)
    await t.put(3, '{"a":"a text that is replaced"}')
    await t.put(3, '{}')
    const { sizeBytes: small } = await t.entry(1)
    const { sizeBytes: large } = await t.entry(2)
    const { sizeBytes: replaced } = await t.entry(3)
    for (const size of [small, large, replaced]) {
      holds(
        size === undefined || (Number.isSafeInteger(size) && size > 0),
        'sizeBytes must be a positive integer',
        size,
      )
    }
    same(replaced, small, 'the size of a document replaced by a smaller one')
    if (small !== undefined && large !== undefined)
      holds(large > small, 'a larger document must not tell a smaller size')
  }),
]
