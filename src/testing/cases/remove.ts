import { holds, same } from '../assert.js'
import type { ConformanceCase } from '../harness.js'
import { required, type Trial, topic } from '../trial.js'

const defineDelete = topic('delete')
const definePrune = topic('prune')

/** Removing what lives. */
export const deleteCases: readonly ConformanceCase[] = [
  defineDelete('removes one session and says so', async (t) => {
    for (const id of [6, 7, 8]) await t.put(id, '{}')
    same(await t.adapter.delete(7), true, 'delete')
    same(await t.adapter.get(7), null, 'get of the deleted session')
    same(await t.ids(), [8, 6], 'list')
    for (const id of [6, 8]) same(await t.read(id), t.document('{}'), 'get of a neighbour')
  }),
  defineDelete('says false where nothing is', async (t) => {
    await t.put(7)
    await t.put(9, undefined, { ttlMs: t.tick })
    same(await t.adapter.delete(7), true, 'the first delete')
    same(await t.adapter.delete(7), false, 'the second delete')
    same(await t.adapter.delete(8), false, 'delete of what never was')
    await t.elapse(2)
    same(await t.adapter.delete(9), false, 'delete of what has ended')
  }),
  defineDelete('leaves no life and no summary to what is put later', async (t) => {
    await t.put(7, '{"a":1}', { ttlMs: 4 * t.tick, summary: 'old' })
    same(await t.adapter.delete(7), true, 'delete')
    const raw = await t.put(7, '{"a":2}')
    same((await t.entry(7)).summary, undefined, 'the summary')
    await t.elapse(5)
    same(await t.read(7), raw, 'get after the end of the deleted session')
  }),
  defineDelete('of 20 callers at once exactly one is told true', async (t) => {
    await t.put(7)
    const answers = await Promise.all(Array.from({ length: 20 }, () => t.adapter.delete(7)))
    same(answers.filter(Boolean).length, 1, 'callers told true')
  }),
]

/** Prunes, and checks that the count can be true: whole, and not more than there was to remove. */
async function prune(t: Trial, most: number): Promise<void> {
  const removed = await required(t.adapter.prune?.bind(t.adapter), 'prune')()
  const fits = Number.isSafeInteger(removed) && removed >= 0 && removed <= most
  holds(fits, `prune must say a number from 0 to ${most}`, removed)
}

/** Removing what is left of the dead. */
export const pruneCases: readonly ConformanceCase[] = [
  definePrune('removes the dead, never the living, and is then done', async (t) => {
    await t.put(1, '{}', { summary: 'kept' })
    await t.put(5, '{}', { ttlMs: 100 * t.tick })
    for (const id of [2, 3, 4]) await t.put(id, '{}', { ttlMs: t.tick })
    await t.elapse(2)
    await prune(t, 3)
    await prune(t, 0)
    same(await t.ids(), [5, 1], 'list')
    for (const id of [1, 5]) same(await t.read(id), t.document('{}'), `get(${id})`)
    same((await t.entry(1)).summary, 'kept', 'the summary of a living session')
    for (const id of [2, 3, 4]) same(await t.read(id), null, `get(${id})`)
  }),
  definePrune('finds nothing in an empty store and among the living', async (t) => {
    await prune(t, 0)
    await t.put(7)
    await prune(t, 0)
    same(await t.ids(), [7], 'list')
  }),
  definePrune('keeps what was written again under the id of a dead one', async (t) => {
    await t.put(7, '{"a":1}', { ttlMs: t.tick })
    await t.elapse(2)
    const raw = await t.put(7, '{"a":2}', { summary: 'second' })
    await prune(t, 0)
    same(await t.read(7), raw, 'get')
    same((await t.entry(7)).summary, 'second', 'the summary')
  }),
  definePrune('keeps what is written while it runs', async (t) => {
    const ids = Array.from({ length: 30 }, (_, index) => index + 1)
    for (const id of ids) await t.put(id, '{"a":1}', { ttlMs: t.tick })
    await t.elapse(2)
    let writing = true
    async function write(): Promise<void> {
      try {
        for (const id of ids) await t.put(id, '{"a":2}')
      } finally {
        writing = false
      }
    }
    async function pruneMeanwhile(): Promise<void> {
      while (writing) await prune(t, ids.length)
    }
    await Promise.all([pruneMeanwhile(), write()])
    same(await t.ids({ order: 'oldest' }), ids, 'list')
    for (const id of ids) same(await t.read(id), t.document('{"a":2}'), `get(${id})`)
  }),
]
