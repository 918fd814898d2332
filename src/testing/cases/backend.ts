import { isStoryArtError } from '../../errors.js'
import { revisionOf } from '../../revision.js'
import { holds, rejection, rejectsWith, same } from '../assert.js'
import type { ConformanceCase } from '../harness.js'
import { operations } from '../operations.js'
import { topic } from '../trial.js'

const defineShared = topic('shared')
const defineUnreachable = topic('unreachable')

/** Two adapters on one store. */
export const sharedCases: readonly ConformanceCase[] = [
  defineShared('what one adapter does the other sees', async (t) => {
    const other = await t.reopen()
    const raw = await t.put(7, '{"a":"\u00e9\u6f22\u{1f3ac}"}', { summary: 'first' })
    same(await other.get(7), { raw }, 'get of what the first one put')
    const { entries } = await other.list({ limit: 5 })
    same(
      entries.map(({ id, summary }) => [id, summary]),
      [[7, 'first']],
      'list of what the first one put',
    )
    same(await other.put(8, raw, { ttlMs: 100 * t.tick }), { stored: true }, 'put by the other')
    same(await t.ids(), [8, 7], 'list after a put by the other')
    same(await other.touch(8, t.tick), true, 'touch by the other')
    same(await other.delete(7), true, 'delete by the other')
    same(await t.read(7), null, 'get of what the other deleted')
    await t.elapse(2)
    same(await t.ids(), [], 'list after the life the other gave')
    same((await other.list({ limit: 5 })).entries, [], 'list by the other')
  }),
  defineShared('conditions hold across adapters', async (t) => {
    const other = await t.reopen()
    const raws = Array.from({ length: 20 }, (_, index) => t.document(`{"writer":${index}}`))
    for (const expect of ['absent', revisionOf(t.document('{}'))]) {
      if (expect !== 'absent') await t.put(7, '{}')
      const puts = raws.map((raw, index) => (index % 2 === 0 ? t.adapter : other).put(7, raw, { expect }))
      const results = await Promise.all(puts)
      same(results.filter(({ stored }) => stored).length, 1, `of 20 writers expecting "${expect}" those that stored`)
      const winner = raws[results.findIndex(({ stored }) => stored)]
      same(await t.read(7), winner, 'the document of the winner')
    }
  }),
  defineShared('closing one adapter leaves store and other adapters alone', async (t) => {
    const other = await t.reopen()
    const raw = await t.put(7)
    await t.adapter.close()
    same(await other.get(7), { raw }, 'get by the other')
    same(await other.delete(7), true, 'delete by the other')
    same((await other.list({ limit: 5 })).entries, [], 'list by the other')
  }),
]

const SECRET = 'what must not be told'

/** A backend that does not answer: down is not empty. */
export const unreachableCases: readonly ConformanceCase[] = [
  ...['put', 'get', 'list', 'delete', 'touch', 'describe', 'prune'].map((name) =>
    defineUnreachable(`${name} rejects with ADAPTER_UNAVAILABLE`, async (t) => {
      const adapter = await t.unreachable()
      const call = operations(adapter, 7, t.document(`{"a":"${SECRET}"}`)).find((one) => one.name === name)
      if (!call) throw new Error(`there is no ${name}(): add it, or skip this case with the reason`)
      const error = await rejectsWith('ADAPTER_UNAVAILABLE', () => call.call(), name)
      if (!isStoryArtError(error)) return
      same(error.name, 'AdapterError', 'the name of the error')
      same(Reflect.get(error, 'adapter'), adapter.name, 'the adapter the error names')
      same(Reflect.get(error, 'operation'), name, 'the operation the error names')
      holds(!error.message.includes(SECRET), 'the message must not quote the document')
    }),
  ),
  defineUnreachable('health resolves, is not ok and says why', async (t) => {
    const { ok, latencyMs, error } = await (await t.unreachable()).health()
    same(ok, false, 'ok')
    holds(Number.isFinite(latencyMs) && latencyMs >= 0, 'latencyMs must be a number of at least 0', latencyMs)
    holds(typeof error === 'string' && error !== '', 'error must say why', error)
  }),
  defineUnreachable('an aborted signal and a wrong argument come first', async (t) => {
    const adapter = await t.unreachable()
    const reason = new Error('enough')
    const met = await rejection(
      () => adapter.get(7, { signal: AbortSignal.abort(reason) }),
      'get with an aborted signal',
    )
    holds(met === reason, 'get with an aborted signal must reject with signal.reason itself', met)
    await rejectsWith('INVALID_ARGUMENT', () => adapter.get(-1), 'get with id -1')
  }),
  defineUnreachable('close resolves, and ends it like any other', async (t) => {
    const adapter = await t.unreachable()
    await adapter.close()
    await rejectsWith('CLOSED', () => adapter.get(7), 'get after close')
  }),
]
