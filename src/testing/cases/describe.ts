import { same } from '../assert.js'
import type { ConformanceCase } from '../harness.js'
import { required, type Trial, topic } from '../trial.js'

const define = topic('describe')

function describe(t: Trial, id: number, raw: string, summary: string): Promise<void> {
  return required(t.adapter.describe?.bind(t.adapter), 'describe')(id, raw, summary)
}

/** Summaries given after the fact. */
export const describeCases: readonly ConformanceCase[] = [
  define('gives a summary to the document it was made from', async (t) => {
    const raw = await t.put(7, '{"a":"\u00e9"}')
    await t.put(8, '{"a":"\u00e9"}', { summary: 'first' })
    await describe(t, 7, raw, 'second')
    await describe(t, 8, raw, 'second')
    for (const id of [7, 8]) {
      same((await t.entry(id)).summary, 'second', 'the summary')
      same(await t.read(id), raw, 'the document')
    }
  }),
  define('does nothing to a document that changed', async (t) => {
    const read = await t.put(7, '{"a":1}')
    await t.put(7, '{"a":2}', { summary: 'of the new one' })
    await t.put(8, '{"a":2}')
    await describe(t, 7, read, 'of the old one')
    await describe(t, 8, read, 'of the old one')
    same((await t.entry(7)).summary, 'of the new one', 'the summary')
    same((await t.entry(8)).summary, undefined, 'the summary of a document without one')
    same(await t.read(7), t.document('{"a":2}'), 'the document')
  }),
  define('leaves the life as it is', async (t) => {
    const raw = await t.put(7, '{}', { ttlMs: t.tick })
    await t.put(8, '{}')
    await describe(t, 7, raw, 'mortal')
    await describe(t, 8, raw, 'endless')
    await t.elapse(2)
    same(await t.read(7), null, 'get after the end')
    same(await t.ids(), [8], 'list after the end')
    same((await t.entry(8)).summary, 'endless', 'the summary of the session without end')
  }),
  define('creates and resurrects nothing', async (t) => {
    const raw = await t.put(7, '{"a":1}')
    await t.put(8, '{"a":1}', { ttlMs: t.tick })
    same(await t.adapter.delete(7), true, 'delete')
    await t.elapse(2)
    for (const id of [7, 8, 9]) {
      await describe(t, id, raw, 'of nothing')
      same(await t.read(id), null, `get(${id})`)
    }
    same(await t.ids(), [], 'list')
    await t.put(7, '{"a":2}')
    same((await t.entry(7)).summary, undefined, 'the summary of what is put later')
  }),
]
