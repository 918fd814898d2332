import type { AdapterChange, ListEntry, SessionAdapter } from '../../adapters/adapter.js'
import { holds, rejectsWith, same } from '../assert.js'
import type { ConformanceCase } from '../harness.js'
import { required, type Trial, topic } from '../trial.js'

const defineWatch = topic('watch')
const defineMarks = topic('marks')
const defineShared = topic('shared')

/** How often to ask whether word has come: what is told by a server comes by itself, and nothing else says when. */
const LOOK_MS = 5

/** A listener and what it was told. */
interface Hearing {
  readonly told: AdapterChange[]
  /** Resolves when a session is told of that was not asked for yet; fails when the patience is over. */
  next(id: number, what: string): Promise<AdapterChange>
  end(): void
}

function hear(t: Trial, adapter: SessionAdapter): Hearing {
  const told: AdapterChange[] = []
  let asked = 0
  const end = required(adapter.watch?.bind(adapter), 'watch')((change) => told.push(change))
  return {
    told,
    end,
    async next(id, what) {
      for (let left = t.patienceMs; ; left -= LOOK_MS) {
        const at = told.findIndex((change, index) => index >= asked && change.id === id)
        const change = told[at]
        if (change) {
          asked = at + 1
          return change
        }
        if (left <= 0) throw new Error(`${what} must be told, got ${JSON.stringify(told.slice(asked))}`)
        await new Promise((resolve) => setTimeout(resolve, LOOK_MS))
      }
    },
  }
}

async function marked(adapter: SessionAdapter, id: number): Promise<ListEntry | undefined> {
  return (await adapter.list({ limit: 1, from: id, before: id + 1, marks: true })).entries[0]
}

async function markOf(adapter: SessionAdapter, id: number): Promise<string> {
  const { mark } = (await marked(adapter, id)) ?? {}
  if (typeof mark !== 'string') throw new Error(`the mark of ${id} must be a text, got ${JSON.stringify(mark)}`)
  return mark
}

/** What an adapter tells by itself. */
export const watchCases: readonly ConformanceCase[] = [
  defineWatch('a put, a replacement and a deletion are told, when they can be seen', async (t) => {
    const hearing = hear(t, t.adapter)
    const first = await t.put(7, '{"a":1}')
    await hearing.next(7, 'a put')
    same(await t.read(7), first, 'get of what was told')
    const second = await t.put(7, '{"a":2}')
    await hearing.next(7, 'a replacement')
    same(await t.read(7), second, 'get of the replacement that was told')
    await t.adapter.delete(7)
    await hearing.next(7, 'a deletion')
    same(await t.read(7), null, 'get of the deletion that was told')
    hearing.end()
  }),
  defineWatch('what was not written is not told as written', async (t) => {
    await t.put(7)
    const hearing = hear(t, t.adapter)
    await t.adapter.put(7, t.document('{}'), { expect: 'absent' })
    await t.adapter.delete(8)
    await t.put(9)
    await hearing.next(9, 'a put')
    const wrong = hearing.told.filter(({ id, written }) => id !== 9 && written === true)
    same(wrong, [], 'told as written')
    hearing.end()
  }),
  defineWatch('each listener is told until it is taken away, which may be done twice', async (t) => {
    const [one, other] = [hear(t, t.adapter), hear(t, t.adapter)]
    await t.put(7)
    await one.next(7, 'a put')
    await other.next(7, 'a put, to the other listener,')
    one.end()
    one.end()
    await t.put(8)
    await other.next(8, 'a put after one of two listeners was taken away')
    same(
      one.told.some(({ id }) => id === 8),
      false,
      'told to the listener that was taken away',
    )
    other.end()
  }),
  defineWatch('a listener that throws harms neither the write nor the others', async (t) => {
    const end = t.adapter.watch?.(() => {
      throw new Error('listener')
    })
    const hearing = hear(t, t.adapter)
    const raw = await t.put(7)
    await hearing.next(7, 'a put')
    same(await t.read(7), raw, 'get')
    end?.()
    hearing.end()
  }),
  defineWatch('after close there is nothing to listen to', async (t) => {
    const hearing = hear(t, t.adapter)
    await t.adapter.close()
    hearing.end()
    await rejectsWith('CLOSED', async () => t.adapter.watch?.(() => undefined), 'watch after close')
  }),
  defineShared('what another adapter writes is told', async (t) => {
    const other = await t.reopen()
    const hearing = hear(t, t.adapter)
    await t.put(7)
    await hearing.next(7, 'an own put') // from here on it surely listens
    same(await other.put(8, t.document('{}')), { stored: true }, 'put by the other')
    await hearing.next(8, 'a put by another adapter')
    same(await other.delete(8), true, 'delete by the other')
    await hearing.next(8, 'a deletion by another adapter')
    hearing.end()
  }),
]

/** What tells a document from the one before it. */
export const markCases: readonly ConformanceCase[] = [
  defineMarks('every write is told by another mark, or by the record of changes', async (t) => {
    await t.put(7, '{"a":1}', { ttlMs: 100 * t.tick })
    const mark = await markOf(t.adapter, 7)
    same(await markOf(t.adapter, 7), mark, 'the mark of what nobody wrote')
    const place = (await t.adapter.changesSince?.())?.place
    await t.put(7, '{"a":2}', { ttlMs: 'keep' })
    const log = await t.adapter.changesSince?.(place)
    const recorded = log?.complete === true && log.changes.some(({ id, written }) => id === 7 && written === true)
    holds(
      recorded || (await markOf(t.adapter, 7)) !== mark,
      'a text of the same length and life must have another mark',
    )
    const next = await t.adapter.changesSince?.(log?.place)
    same(next?.changes.length ?? 0, 0, 'the changes after the last one')
  }),
  defineMarks('another length is another mark, and other sessions keep theirs', async (t) => {
    await t.put(7, '{"a":1}')
    await t.put(8, '{"a":1}')
    const [seven, eight] = [await markOf(t.adapter, 7), await markOf(t.adapter, 8)]
    await t.put(7, '{"a":12}')
    holds((await markOf(t.adapter, 7)) !== seven, 'the mark of a longer text must be another one')
    same(await markOf(t.adapter, 8), eight, 'the mark of another session')
  }),
  defineMarks('pages of marks hold every living session, and one may be asked for alone', async (t) => {
    for (const id of [1, 2, 3, 4, 5]) await t.put(id, undefined, id === 2 ? { ttlMs: t.tick } : {})
    await t.elapse(2)
    const ids: number[] = []
    let before: number | undefined
    do {
      const page = await t.adapter.list({ limit: 2, before, marks: true })
      ids.push(...page.entries.map(({ id }) => id))
      before = page.next
    } while (before !== undefined)
    same(ids, [5, 4, 3, 1], 'the ids of all pages')
    same((await marked(t.adapter, 3))?.id, 3, 'one alone')
    same((await marked(t.adapter, 3))?.ttlMs, null, 'the life of one without end')
    same(await marked(t.adapter, 2), undefined, 'a dead one alone')
    same(await marked(t.adapter, 6), undefined, 'one that never was')
  }),
  defineShared('a mark is the same for everyone', async (t) => {
    const other = await t.reopen()
    await t.put(7, '{"a":1}', { ttlMs: 100 * t.tick })
    same(await markOf(other, 7), await markOf(t.adapter, 7), 'the mark that another adapter sees')
  }),
]
