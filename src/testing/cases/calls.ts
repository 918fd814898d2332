import type { SessionAdapter } from '../../adapters/adapter.js'
import { holds, rejection, rejectsWith, same } from '../assert.js'
import type { ConformanceCase } from '../harness.js'
import { operations } from '../operations.js'
import { type Trial, topic } from '../trial.js'

const defineHealth = topic('health')
const defineClose = topic('close')
const defineAbort = topic('abort')
const defineArguments = topic('arguments')

/** What `health` says of a backend that answers. */
export const healthCases: readonly ConformanceCase[] = [
  defineHealth('says ok, how fast, and nothing else', async (t) => {
    const { ok, latencyMs, error } = await t.adapter.health()
    same(ok, true, 'ok')
    holds(Number.isFinite(latencyMs) && latencyMs >= 0, 'latencyMs must be a number of at least 0', latencyMs)
    same(error, undefined, 'error')
  }),
  defineHealth('an adapter has a name', async (t) => {
    holds(typeof t.adapter.name === 'string' && t.adapter.name !== '', 'name must be a text', t.adapter.name)
  }),
]

/** The end of an adapter. */
export const closeCases: readonly ConformanceCase[] = [
  defineClose('may be called twice, and at once', async (t) => {
    await t.put(7)
    await Promise.all([t.adapter.close(), t.adapter.close()])
    await t.adapter.close()
  }),
  defineClose('every call after it rejects with CLOSED', async (t) => {
    const raw = await t.put(7)
    const calls = operations(t.adapter, 7, raw)
    await t.adapter.close()
    for (const { name, call } of calls) await rejectsWith('CLOSED', call, `${name} after close`)
  }),
  defineClose('may come before any other call', async (t) => {
    await t.adapter.close()
    await rejectsWith('CLOSED', () => t.adapter.get(7), 'get after close')
  }),
]

/** A signal that counts the listeners it has. */
function countingSignal(): { signal: AbortSignal; listeners(): number } {
  const { signal } = new AbortController()
  const listeners = new Set<unknown>()
  const add = signal.addEventListener.bind(signal)
  const remove = signal.removeEventListener.bind(signal)
  Object.assign(signal, {
    addEventListener(type: string, listener: EventListener, options?: AddEventListenerOptions) {
      listeners.add(listener)
      // A listener may also be taken away by a signal of its own.
      options?.signal?.addEventListener('abort', () => listeners.delete(listener))
      add(type, listener, options)
    },
    removeEventListener(type: string, listener: EventListener, options?: EventListenerOptions) {
      listeners.delete(listener)
      remove(type, listener, options)
    },
  })
  return { signal, listeners: () => listeners.size }
}

/** Cancelling. */
export const abortCases: readonly ConformanceCase[] = [
  defineAbort('a call with an aborted signal rejects with its reason and does nothing', async (t) => {
    const raw = await t.put(7, '{"a":1}', { summary: 'first' })
    for (const reason of [new Error('enough'), 'a text', null]) {
      const signal = AbortSignal.abort(reason)
      for (const id of [7, 8]) {
        for (const { name, call } of operations(t.adapter, id, t.document('{"a":2}'))) {
          const met = await rejection(() => call({ signal }), `${name} with an aborted signal`)
          holds(met === reason, `${name} with an aborted signal must reject with signal.reason itself`, met)
        }
      }
    }
    await t.elapse(2)
    same(await t.read(7), raw, 'the document')
    same((await t.entry(7)).summary, 'first', 'the summary')
    same(await t.ids(), [7], 'list')
  }),
  defineAbort('an aborted describe does nothing', async (t) => {
    const raw = await t.put(7, '{}', { summary: 'first' })
    const signal = AbortSignal.abort()
    await t.adapter.describe?.(7, raw, 'second', { signal }).catch(() => undefined)
    same((await t.entry(7)).summary, 'first', 'the summary')
  }),
  defineAbort('a call aborted on its way settles, and a rejection is the reason', async (t) => {
    const raws = [t.document('{"a":1}'), t.document('{"a":2}')]
    await t.put(7, '{"a":1}')
    for (const { name, call } of operations(t.adapter, 8, t.document('{"a":2}'))) {
      const controller = new AbortController()
      const reason = new Error('enough')
      const pending = call({ signal: controller.signal }).catch((error: unknown) => {
        holds(error === reason, `${name} aborted on its way must reject with signal.reason itself`, error)
      })
      controller.abort(reason)
      await pending
    }
    same(await t.read(7), raws[0], 'the document nobody wrote to')
    const raw = await t.put(9, '{"a":3}') // not 8: a write on its way may still happen
    same(await t.read(9), raw, 'what is put afterwards')
  }),
  defineAbort('no listener stays on a signal after a call', async (t) => {
    const raw = await t.put(7)
    for (const { name, call } of operations(t.adapter, 7, raw)) {
      const { signal, listeners } = countingSignal()
      await call({ signal })
      same(listeners(), 0, `listeners left by ${name}`)
    }
  }),
]

const NO_COUNTS = [0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53]

function refuses(
  t: Trial,
  what: string,
  bad: number,
  call: (adapter: SessionAdapter) => Promise<unknown>,
): Promise<unknown> {
  return rejectsWith('INVALID_ARGUMENT', () => call(t.adapter), `${what} ${bad}`)
}

/** Numbers that are none. */
export const argumentCases: readonly ConformanceCase[] = [
  defineArguments('an id that is no positive safe integer is refused', async (t) => {
    for (const id of NO_COUNTS) {
      await refuses(t, 'put with id', id, (adapter) => adapter.put(id, t.document('{}')))
      await refuses(t, 'get with id', id, (adapter) => adapter.get(id))
      await refuses(t, 'delete with id', id, (adapter) => adapter.delete(id))
      await refuses(t, 'touch with id', id, (adapter) => adapter.touch(id, 1))
    }
    same(await t.ids(), [], 'list')
  }),
  defineArguments('a life that is no positive safe integer is refused', async (t) => {
    const raw = await t.put(7, '{"a":1}')
    for (const ttlMs of NO_COUNTS) {
      await refuses(t, 'put with ttlMs', ttlMs, (adapter) => adapter.put(7, t.document('{"a":2}'), { ttlMs }))
      await refuses(t, 'touch with ttlMs', ttlMs, (adapter) => adapter.touch(7, ttlMs))
    }
    await t.elapse(2)
    same(await t.read(7), raw, 'the document')
  }),
  defineArguments('a limit that is no positive safe integer is refused', async (t) => {
    await t.put(7)
    for (const limit of NO_COUNTS) await refuses(t, 'list with limit', limit, (adapter) => adapter.list({ limit }))
  }),
  defineArguments('a bound that is no safe integer is refused', async (t) => {
    await t.put(7)
    for (const bound of [1.5, Number.NaN]) {
      await refuses(t, 'list with before', bound, (adapter) => adapter.list({ limit: 1, before: bound }))
      await refuses(t, 'list with from', bound, (adapter) => adapter.list({ limit: 1, from: bound }))
    }
  }),
]
