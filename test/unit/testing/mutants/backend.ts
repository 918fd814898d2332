import type { ListPage } from '../../../../src/adapters/adapter.js'
import { AdapterError } from '../../../../src/errors.js'
import type { Mutation } from '../shared-memory.js'
import { deciding, decision, type Mutant, stored } from './mutant.js'

/** Answers instead of failing when the backend is down. */
function hiding<K extends 'put' | 'get' | 'list' | 'delete' | 'touch'>(method: K, value: unknown): Mutation {
  return (a) => ({
    ...a,
    [method]: (...args: unknown[]) =>
      Reflect.apply(a[method], a, args).catch((error: unknown) => {
        if (error instanceof AdapterError) return value
        throw error
      }),
  })
}

export const backendMutants: readonly Mutant[] = [
  [
    'reads from a cache of its own',
    (a) => {
      const cache = new Map<number, string>()
      return {
        ...a,
        async get(id, options) {
          const found = await a.get(id, options)
          const raw = cache.get(id) ?? found?.raw
          if (raw === undefined) return null
          cache.set(id, raw)
          return { raw }
        },
        async put(id, raw, options) {
          const result = await a.put(id, raw, options)
          if (result.stored) cache.set(id, raw)
          return result
        },
        async delete(id, options) {
          cache.delete(id)
          return a.delete(id, options)
        },
      }
    },
    'shared: what one adapter does the other sees',
    'get of what the other deleted',
  ],
  [
    'holds conditions within one client only',
    (a) => {
      let last: Promise<unknown> = Promise.resolve()
      const racing = deciding(decision)(a, () => 0)
      return {
        ...racing,
        put(id, raw, options) {
          const turn = last.then(() => racing.put(id, raw, options))
          last = turn.catch(() => undefined)
          return turn
        },
      }
    },
    'shared: conditions hold across adapters',
    'expecting "absent" those that stored: expected 1, got 2',
  ],
  [
    'empties the store on close',
    (a) => ({
      ...a,
      async close() {
        const { entries } = await a.list({ limit: 1000 }).catch((): ListPage => ({ entries: [] }))
        for (const { id } of entries) await a.delete(id)
        await a.close()
      },
    }),
    'shared: closing one adapter leaves store and other adapters alone',
    'get by the other',
  ],
  ['takes down for stored', hiding('put', stored), 'unreachable: put rejects with ADAPTER_UNAVAILABLE', 'must reject'],
  ['takes down for absent', hiding('get', null), 'unreachable: get rejects with ADAPTER_UNAVAILABLE', 'must reject'],
  [
    'takes down for empty',
    hiding('list', { entries: [] }),
    'unreachable: list rejects with ADAPTER_UNAVAILABLE',
    'must reject',
  ],
  [
    'takes down for nothing to delete',
    hiding('delete', false),
    'unreachable: delete rejects with ADAPTER_UNAVAILABLE',
    'must reject',
  ],
  [
    'takes down for nothing to touch',
    hiding('touch', false),
    'unreachable: touch rejects with ADAPTER_UNAVAILABLE',
    'must reject',
  ],
  [
    'swallows what fails in describe',
    (a) => ({ ...a, describe: (...args) => (a.describe?.(...args) ?? Promise.resolve()).catch(() => undefined) }),
    'unreachable: describe rejects with ADAPTER_UNAVAILABLE',
    'must reject',
  ],
  [
    'swallows what fails in prune',
    (a) => ({ ...a, prune: (...args) => (a.prune?.(...args) ?? Promise.resolve(0)).catch(() => 0) }),
    'unreachable: prune rejects with ADAPTER_UNAVAILABLE',
    'must reject',
  ],
  [
    'passes on the errors of its client',
    (a) => ({
      ...a,
      get: (id, options) =>
        a.get(id, options).catch((error: unknown) => {
          throw error instanceof AdapterError ? new Error('ECONNREFUSED') : error
        }),
    }),
    'unreachable: get rejects with ADAPTER_UNAVAILABLE',
    'rejected with Error: ECONNREFUSED',
  ],
  [
    'quotes the document in its errors',
    (a) => ({
      ...a,
      put: (id, raw, options) =>
        a.put(id, raw, options).catch((error: unknown) => {
          if (!(error instanceof AdapterError)) throw error
          throw new AdapterError(error.code, `put ${raw} failed`, { adapter: a.name, operation: 'put' })
        }),
    }),
    'unreachable: put rejects with ADAPTER_UNAVAILABLE',
    'the message must not quote the document',
  ],
  [
    'names no operation',
    (a) => ({
      ...a,
      list: (query, options) =>
        a.list(query, options).catch((error: unknown) => {
          if (!(error instanceof AdapterError)) throw error
          throw new AdapterError(error.code, error.message, { adapter: a.name, operation: '' })
        }),
    }),
    'unreachable: list rejects with ADAPTER_UNAVAILABLE',
    'the operation the error names: expected "list", got ""',
  ],
  [
    'is always healthy',
    (a) => ({
      ...a,
      async health(options) {
        const { latencyMs } = await a.health(options)
        return { ok: true, latencyMs }
      },
    }),
    'unreachable: health resolves, is not ok and says why',
    'ok: expected false, got true',
  ],
  [
    'rejects when asked for its health',
    (a) => ({
      ...a,
      async health(options) {
        const health = await a.health(options)
        if (!health.ok) throw new AdapterError('ADAPTER_UNAVAILABLE', 'down', { adapter: a.name, operation: 'health' })
        return health
      },
    }),
    'unreachable: health resolves, is not ok and says why',
    'down',
  ],
  [
    'connects before it looks at arguments',
    (a) => ({
      ...a,
      async get(id, options) {
        await a.get(1, options)
        return a.get(id, options)
      },
    }),
    'unreachable: an aborted signal and a wrong argument come first',
    'get with id -1: must reject with a StoryArtError of code INVALID_ARGUMENT',
  ],
  [
    'says goodbye to a backend that is down',
    (a) => ({
      ...a,
      async close() {
        const health = await a.health().catch(() => ({ ok: true }))
        if (!health.ok) throw new Error('cannot say goodbye')
        await a.close()
      },
    }),
    'unreachable: close resolves, and ends it like any other',
    'cannot say goodbye',
  ],
]
