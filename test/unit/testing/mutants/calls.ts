import type { SessionAdapter } from '../../../../src/adapters/adapter.js'
import type { Mutation } from '../shared-memory.js'
import { living, type Mutant, putting } from './mutant.js'

function afterClose(method: 'get' | 'health'): Mutation {
  return (a) => {
    let closed = false
    return {
      ...a,
      async close() {
        closed = true
        await a.close()
      },
      [method]: async (...args: unknown[]) =>
        closed ? null : Reflect.apply(a[method] as (...args: unknown[]) => Promise<unknown>, a, args),
    } as SessionAdapter
  }
}

export const callMutants: readonly Mutant[] = [
  [
    'is never healthy',
    (a) => ({ ...a, health: async (options) => ({ ...(await a.health(options)), ok: false }) }),
    'health: says ok, how fast, and nothing else',
    'ok: expected true, got false',
  ],
  [
    'does not say how fast it is',
    (a) => ({ ...a, health: async (options) => ({ ...(await a.health(options)), latencyMs: Number.NaN }) }),
    'health: says ok, how fast, and nothing else',
    'latencyMs must be a number of at least 0',
  ],
  ['has no name', (a) => ({ ...a, name: '' }), 'health: an adapter has a name', 'name must be a text'],
  [
    'can be closed once',
    (a) => {
      let closed = false
      return {
        ...a,
        async close() {
          if (closed) throw new Error('closed already')
          closed = true
          await a.close()
        },
      }
    },
    'close: may be called twice, and at once',
    'closed already',
  ],
  [
    'cannot be closed',
    (a) => ({ ...a, close: async () => undefined }),
    'close: may come before any other call',
    'get after close: must reject',
  ],
  ['reads after close', afterClose('get'), 'close: every call after it rejects with CLOSED', 'get after close'],
  [
    'is healthy after close',
    afterClose('health'),
    'close: every call after it rejects with CLOSED',
    'health after close',
  ],
  [
    'ignores signals',
    putting((raw, { signal: _, ...options }) => [raw, options]),
    'abort: a call with an aborted signal rejects with its reason and does nothing',
    'put with an aborted signal: must reject',
  ],
  [
    'rejects with an error of its own when aborted',
    (a) => ({
      ...a,
      async list(query, options) {
        if (options?.signal?.aborted) throw new Error('aborted', { cause: options.signal.reason })
        return a.list(query, options)
      },
    }),
    'abort: a call with an aborted signal rejects with its reason and does nothing',
    'list with an aborted signal must reject with signal.reason itself',
  ],
  [
    'looks at the reason to see whether it is aborted',
    (a) => ({
      ...a,
      get: (id, options) => a.get(id, options?.signal?.reason ? options : {}),
    }),
    'abort: a call with an aborted signal rejects with its reason and does nothing',
    'get with an aborted signal: must reject',
  ],
  [
    'looks at the signal after deleting',
    (a) => ({
      ...a,
      async delete(id, options) {
        const found = await a.delete(id, {})
        options?.signal?.throwIfAborted()
        return found
      },
    }),
    'abort: a call with an aborted signal rejects with its reason and does nothing',
    'the document',
  ],
  [
    'looks at the signal after describing',
    (a) => ({
      ...a,
      async describe(id, raw, summary, options) {
        await a.describe?.(id, raw, summary)
        options?.signal?.throwIfAborted()
      },
    }),
    'abort: an aborted describe does nothing',
    'the summary',
  ],
  [
    'wraps the reason of an abort on its way',
    (a) => ({
      ...a,
      async touch(id, ttlMs, options) {
        await a.health()
        if (options?.signal?.aborted && id === 8) throw new Error('aborted', { cause: options.signal.reason })
        return a.touch(id, ttlMs, options)
      },
    }),
    'abort: a call aborted on its way settles, and a rejection is the reason',
    'touch aborted on its way',
  ],
  [
    'leaves its listener on the signal',
    (a) => ({
      ...a,
      async get(id, options) {
        options?.signal?.addEventListener('abort', () => undefined, { once: true })
        return a.get(id, options)
      },
    }),
    'abort: no listener stays on a signal after a call',
    'listeners left by get: expected 0, got 1',
  ],
  [
    'takes any id',
    (a) => ({ ...a, get: async (id, options) => (id > 0 && Number.isSafeInteger(id) ? a.get(id, options) : null) }),
    'arguments: an id that is no positive safe integer is refused',
    'get with id 0: must reject',
  ],
  [
    'throws instead of rejecting',
    (a) => ({
      ...a,
      touch(id, ttlMs, options) {
        if (!(id > 0)) throw new RangeError('id')
        return a.touch(id, ttlMs, options)
      },
    }),
    'arguments: an id that is no positive safe integer is refused',
    'touch with id 0: must reject, not throw',
  ],
  [
    'takes a life of nothing for no end',
    living((ttlMs) => ttlMs || undefined),
    'arguments: a life that is no positive safe integer is refused',
    'put with ttlMs 0: must reject',
  ],
  [
    'rounds limits',
    (a) => ({
      ...a,
      list: (query, options) =>
        a.list({ ...query, limit: Math.min(1000, Math.max(1, Math.ceil(query.limit))) }, options),
    }),
    'arguments: a limit that is no positive safe integer is refused',
    'list with limit 0: must reject',
  ],
  [
    'takes any bound',
    (a) => ({ ...a, list: (query, options) => a.list({ ...query, before: query.before || undefined }, options) }),
    'arguments: a bound that is no safe integer is refused',
    'list with before NaN: must reject',
  ],
]
