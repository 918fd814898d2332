/** A backend with clients, made of memory adapters: what the whole suite can run against without any I/O. */
import type { SessionAdapter } from '../../../src/adapters/adapter.js'
import { memoryAdapter } from '../../../src/adapters/memory.js'
import { AdapterError } from '../../../src/errors.js'
import type { ConformanceHarness } from '../../../src/testing/index.js'

/** Breaks, or leaves alone, each client that is opened. `now` is the backend's clock. */
export type Mutation = (client: SessionAdapter, now: () => number) => SessionAdapter

export function sharedMemoryHarness(mutate: Mutation = (client) => client): ConformanceHarness {
  let time = 1_000_000
  const now = (): number => time
  const backend = memoryAdapter({ now })
  const open = async (): Promise<SessionAdapter> => mutate(clientOf(backend), now)
  return {
    open,
    reopen: open,
    unreachable: async () => mutate(clientOf(undefined), now),
    elapse: async (ms) => {
      time += ms
    },
    patienceMs: 20, // word of a change is there at once
  }
}

/** A client with a life of its own; without a backend it is cut off. */
function clientOf(backend: SessionAdapter | undefined): SessionAdapter {
  // Knows what is wrong with a call before the backend hears of it: arguments, signal, closed.
  const gate = memoryAdapter()
  const ends = new Set<() => void>()
  function reach(operation: string): SessionAdapter {
    if (backend) return backend
    throw new AdapterError('ADAPTER_UNAVAILABLE', 'shared: no answer', { adapter: 'shared', operation })
  }
  return {
    name: 'shared',
    async put(id, raw, options = {}) {
      await gate.put(id, '', options)
      return reach('put').put(id, raw, { ...options, signal: undefined })
    },
    async get(id, options) {
      await gate.get(id, options)
      return reach('get').get(id)
    },
    async list(query, options) {
      await gate.list(query, options)
      return reach('list').list(query)
    },
    async delete(id, options) {
      await gate.delete(id, options)
      return reach('delete').delete(id)
    },
    async touch(id, ttlMs, options) {
      await gate.touch(id, ttlMs, options)
      return reach('touch').touch(id, ttlMs)
    },
    async health(options) {
      await gate.health(options)
      return backend ? backend.health() : { ok: false, latencyMs: 0, error: 'shared: no answer' }
    },
    watch(listener) {
      gate.watch?.(() => undefined)()
      const end = reach('watch').watch?.(listener) ?? (() => undefined)
      ends.add(end)
      return end
    },
    async close() {
      for (const end of ends) end()
      await gate.close()
    },
    async describe(id, raw, summary, options) {
      await gate.describe?.(id, raw, summary, options)
      await reach('describe').describe?.(id, raw, summary)
    },
    async prune(options) {
      await gate.prune?.(options)
      return (await reach('prune').prune?.()) ?? 0
    },
  }
}
