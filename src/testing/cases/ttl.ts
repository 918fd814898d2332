import { revisionOf } from '../../revision.js'
import { holds, same } from '../assert.js'
import type { ConformanceCase } from '../harness.js'
import { type Trial, topic } from '../trial.js'

const define = topic('ttl')

async function keepsLife(t: Trial, conditional: boolean): Promise<void> {
  const first = await t.put(7, '{"a":1}', { ttlMs: 8 * t.tick })
  await t.put(8, '{"a":1}', { ttlMs: 100 * t.tick })
  await t.put(9, '{"a":1}')
  await t.elapse(4)
  const expect = conditional ? revisionOf(first) : undefined
  for (const id of [7, 8, 9]) await t.put(id, '{"a":2}', { ttlMs: 'keep', expect })
  const last = t.document('{"a":2}')
  same(await t.read(7), last, 'get within the kept life')
  await t.elapse(5.5)
  same(await t.read(7), null, 'get after the kept life')
  same(await t.read(8), last, 'get within the kept long life')
  same(await t.read(9), last, 'get of a kept life without end')
}

/** How lives are given, kept and ended. */
export const ttlCases: readonly ConformanceCase[] = [
  define('a life ends', async (t) => {
    await t.put(7, undefined, { ttlMs: t.tick })
    const raw = await t.put(8)
    await t.elapse(2)
    same(await t.read(7), null, 'get after the end')
    same(await t.ids(), [8], 'list after the end')
    same(await t.read(8), raw, 'get of a session without end')
  }),
  define('a life of 1 ms is possible, and ends', async (t) => {
    await t.put(7, undefined, { ttlMs: 1 })
    await t.elapse(2)
    same(await t.read(7), null, 'get after the end')
  }),
  define('a long life does not end early', async (t) => {
    const raw = await t.put(7, undefined, { ttlMs: 100 * t.tick })
    await t.elapse(2)
    same(await t.read(7), raw, 'get after a fiftieth of the life')
    same(await t.ids(), [7], 'list after a fiftieth of the life')
  }),
  define('reading does not prolong a life', async (t) => {
    await t.put(7, undefined, { ttlMs: 3 * t.tick })
    await t.elapse(2)
    await t.read(7)
    await t.ids()
    await t.elapse(2.5)
    same(await t.read(7), null, 'get after the end')
  }),
  define('a put without a life ends an earlier one', async (t) => {
    await t.put(7, '{"a":1}', { ttlMs: t.tick })
    const raw = await t.put(7, '{"a":2}')
    await t.elapse(2)
    same(await t.read(7), raw, 'get after the end of the replaced document')
  }),
  define('a put with a life replaces an earlier one', async (t) => {
    await t.put(7, '{"a":1}', { ttlMs: t.tick })
    const raw = await t.put(7, '{"a":2}', { ttlMs: 100 * t.tick })
    await t.put(8, '{"a":1}', { ttlMs: 100 * t.tick })
    await t.put(8, '{"a":2}', { ttlMs: t.tick })
    await t.put(9)
    await t.put(9, '{"a":2}', { ttlMs: t.tick })
    await t.elapse(2)
    same(await t.read(7), raw, 'get of the prolonged session')
    same(await t.read(8), null, 'get of the shortened session')
    same(await t.read(9), null, 'get of the session that had no end')
  }),
  define('"keep" keeps the remaining life', (t) => keepsLife(t, false)),
  define('"keep" with a condition keeps the remaining life', (t) => keepsLife(t, true)),
  define('"keep" where nothing is means no end', async (t) => {
    await t.put(8, '{"a":1}', { ttlMs: t.tick })
    await t.elapse(2)
    const raw = await t.put(7, '{"a":2}', { ttlMs: 'keep' })
    await t.put(8, '{"a":2}', { ttlMs: 'keep' })
    await t.put(9, '{"a":2}', { ttlMs: 'keep', expect: 'absent' })
    await t.elapse(3)
    for (const id of [7, 8, 9]) same(await t.read(id), raw, `get(${id})`)
  }),
  define('a conditional put sets or ends the life like any other', async (t) => {
    const raw = await t.put(7, '{"a":1}', { ttlMs: 4 * t.tick })
    const expect = revisionOf(raw)
    await t.put(8, '{"a":1}', { ttlMs: 4 * t.tick })
    await t.put(9, '{"a":1}')
    const later = await t.put(7, '{"a":2}', { expect })
    await t.put(8, '{"a":2}', { expect, ttlMs: 100 * t.tick })
    await t.put(9, '{"a":2}', { expect, ttlMs: t.tick })
    await t.put(10, '{"a":2}', { expect: 'absent', ttlMs: t.tick })
    await t.elapse(5)
    same(await t.read(7), later, 'get of a session put without a life')
    same(await t.read(8), later, 'get of a session put with a long life')
    same(await t.read(9), null, 'get of a session put with a short life')
    same(await t.read(10), null, 'get of a session put with "absent" and a short life')
  }),
  define('touch gives a new life', async (t) => {
    const raw = await t.put(7, undefined, { ttlMs: 4 * t.tick, summary: 'kept' })
    await t.put(8, undefined, { ttlMs: 100 * t.tick })
    await t.put(9)
    same(await t.adapter.touch(7, 100 * t.tick), true, 'touch that prolongs')
    same(await t.adapter.touch(8, t.tick), true, 'touch that shortens')
    same(await t.adapter.touch(9, t.tick), true, 'touch that gives an end')
    await t.elapse(5)
    same(await t.read(7), raw, 'get of the prolonged session')
    same((await t.entry(7)).summary, 'kept', 'the summary of the prolonged session')
    same(await t.read(8), null, 'get of the shortened session')
    same(await t.read(9), null, 'get of the session that had no end')
  }),
  define('touch creates and resurrects nothing', async (t) => {
    await t.put(7, undefined, { ttlMs: t.tick })
    await t.put(8)
    await t.adapter.delete(8)
    await t.elapse(2)
    for (const id of [7, 8, 9]) {
      same(await t.adapter.touch(id, 100 * t.tick), false, `touch(${id}) of nothing`)
      same(await t.read(id), null, `get(${id})`)
    }
    same(await t.ids(), [], 'list')
  }),
  define('what is put after an end has nothing of what was before', async (t) => {
    await t.put(7, '{"a":1}', { ttlMs: t.tick, summary: 'old' })
    await t.elapse(2)
    const raw = await t.put(7, '{"a":2}')
    same((await t.entry(7)).summary, undefined, 'the summary')
    await t.elapse(2)
    same(await t.read(7), raw, 'get')
  }),
  define('list tells the remaining life, null for no end', async (t) => {
    await t.put(7, undefined, { ttlMs: 100 * t.tick })
    await t.put(8)
    await t.put(9, undefined, { ttlMs: 100 * t.tick })
    await t.put(9, undefined, { ttlMs: 'keep' })
    const { ttlMs: endless } = await t.entry(8)
    holds(endless === undefined || endless === null, 'the ttlMs of a session without end must be null', endless)
    for (const [ticks, most] of [[0, 100] as const, [2, 99] as const]) {
      if (ticks > 0) await t.elapse(ticks)
      for (const id of [7, 9]) {
        const { ttlMs } = await t.entry(id)
        if (ttlMs === undefined) continue
        const fits = ttlMs !== null && ttlMs > 50 * t.tick && ttlMs <= most * t.tick
        holds(fits, `the ttlMs in list must be at most ${most * t.tick} and not far below`, ttlMs)
      }
    }
    await t.adapter.touch(8, 100 * t.tick)
    const { ttlMs: touched } = await t.entry(8)
    holds(touched !== null, 'the ttlMs of a session with an end must not be null')
  }),
]
