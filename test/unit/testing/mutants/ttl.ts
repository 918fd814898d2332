import { listing, living, type Mutant } from './mutant.js'

const TRUE = async (): Promise<boolean> => true

export const ttlMutants: readonly Mutant[] = [
  ['ignores lives', living((ttlMs) => (ttlMs === 'keep' ? ttlMs : undefined)), 'ttl: a life ends', 'get after the end'],
  [
    'takes ms for seconds',
    living((ttlMs) => (typeof ttlMs === 'number' ? ttlMs * 1000 : ttlMs)),
    'ttl: a life ends',
    'get after the end',
  ],
  [
    'has no life below a second',
    living((ttlMs) => (typeof ttlMs === 'number' ? Math.floor(ttlMs / 1000) * 1000 || undefined : ttlMs)),
    'ttl: a life of 1 ms is possible, and ends',
    'get after the end',
  ],
  [
    'divides lives by 1000',
    living((ttlMs) => (typeof ttlMs === 'number' ? Math.ceil(ttlMs / 1000) : ttlMs)),
    'ttl: a long life does not end early',
    'get after a fiftieth of the life',
  ],
  [
    'prolongs a life on reading',
    (a) => {
      const lives = new Map<number, number>()
      return {
        ...a,
        async put(id, raw, options = {}) {
          if (typeof options.ttlMs === 'number') lives.set(id, options.ttlMs)
          return a.put(id, raw, options)
        },
        async get(id, options) {
          const found = await a.get(id, options)
          const life = lives.get(id)
          if (found && life !== undefined) await a.touch(id, life)
          return found
        },
      }
    },
    'ttl: reading does not prolong a life',
    'get after the end',
  ],
  [
    'keeps lives unasked',
    living((ttlMs) => ttlMs ?? 'keep'),
    'ttl: a put without a life ends an earlier one',
    'got null',
  ],
  [
    'keeps the longer life',
    (a) => ({
      ...a,
      async put(id, raw, options = {}) {
        const { entries } = await a.list({ limit: 1, from: id, before: id + 1 })
        const left = entries[0]?.ttlMs
        const longer = typeof options.ttlMs === 'number' && typeof left === 'number' && left > options.ttlMs
        return a.put(id, raw, longer ? { ...options, ttlMs: 'keep' } : options)
      },
    }),
    'ttl: a put with a life replaces an earlier one',
    'get of the shortened session',
  ],
  [
    'takes "keep" for no end',
    living((ttlMs) => (ttlMs === 'keep' ? undefined : ttlMs)),
    'ttl: "keep" keeps the remaining life',
    'get after the kept life: expected null',
  ],
  [
    'starts a kept life again',
    (a) => {
      const lives = new Map<number, number | undefined>()
      return {
        ...a,
        async put(id, raw, options = {}) {
          if (options.ttlMs !== 'keep') lives.set(id, options.ttlMs)
          const ttlMs = options.ttlMs === 'keep' ? lives.get(id) : options.ttlMs
          return a.put(id, raw, { ...options, ttlMs })
        },
      }
    },
    'ttl: "keep" keeps the remaining life',
    'get after the kept life: expected null',
  ],
  [
    'forgets "keep" in conditional puts',
    (a) => ({
      ...a,
      put: (id, raw, options = {}) =>
        a.put(id, raw, options.expect && options.ttlMs === 'keep' ? { ...options, ttlMs: undefined } : options),
    }),
    'ttl: "keep" with a condition keeps the remaining life',
    'get after the kept life: expected null',
  ],
  [
    'gives what has nothing to keep a default life',
    (a) => ({
      ...a,
      async put(id, raw, options = {}) {
        const fresh = options.ttlMs === 'keep' && (await a.get(id, options)) === null
        return a.put(id, raw, fresh ? { ...options, ttlMs: 2000 } : options)
      },
    }),
    'ttl: "keep" where nothing is means no end',
    'get(7)',
  ],
  [
    'forgets lives in conditional puts',
    (a) => ({
      ...a,
      put: (id, raw, options = {}) =>
        a.put(id, raw, options.expect && options.ttlMs !== 'keep' ? { ...options, ttlMs: undefined } : options),
    }),
    'ttl: a conditional put sets or ends the life like any other',
    'get of a session put with a short life',
  ],
  [
    'has a touch that does nothing',
    (a) => ({ ...a, touch: TRUE }),
    'ttl: touch gives a new life',
    'get of the prolonged session',
  ],
  [
    'only ever prolongs on touch',
    (a) => ({
      ...a,
      async touch(id, ttlMs, options) {
        const { entries } = await a.list({ limit: 1, from: id, before: id + 1 }, options)
        const left = entries[0]?.ttlMs
        return left === undefined || (left ?? Number.POSITIVE_INFINITY) < ttlMs ? a.touch(id, ttlMs, options) : true
      },
    }),
    'ttl: touch gives a new life',
    'get of the shortened session',
  ],
  [
    'loses the summary on touch',
    (a) => ({
      ...a,
      async touch(id, ttlMs, options) {
        const found = await a.get(id, options)
        if (!found) return false
        return (await a.put(id, found.raw, { ...options, ttlMs })).stored
      },
    }),
    'ttl: touch gives a new life',
    'the summary of the prolonged session',
  ],
  [
    'always says true to touch',
    (a) => ({ ...a, touch: async (...args) => (await a.touch(...args)) || true }),
    'ttl: touch creates and resurrects nothing',
    'touch(7) of nothing',
  ],
  [
    'creates on touch',
    (a) => ({
      ...a,
      async touch(id, ttlMs, options) {
        if (await a.touch(id, ttlMs, options)) return true
        await a.put(id, '{}', { ttlMs })
        return false
      },
    }),
    'ttl: touch creates and resurrects nothing',
    'get(7)',
  ],
  [
    'leaves the summary of the dead to the next',
    (a) => {
      const summaries = new Map<number, string>()
      return {
        ...a,
        async put(id, raw, options = {}) {
          const old = (await a.get(id, options)) === null ? summaries.get(id) : undefined
          const summary = options.summary ?? old
          if (summary !== undefined) summaries.set(id, summary)
          return a.put(id, raw, { ...options, summary })
        },
      }
    },
    'ttl: what is put after an end has nothing of what was before',
    'the summary',
  ],
  [
    'tells no end for every life',
    listing((entry) => ({ ...entry, ttlMs: null })),
    'ttl: list tells the remaining life, null for no end',
    'the ttlMs in list',
  ],
  [
    'tells lives in seconds',
    listing(({ ttlMs = null, ...entry }) => ({ ...entry, ttlMs: ttlMs === null ? null : ttlMs / 1000 })),
    'ttl: list tells the remaining life, null for no end',
    'the ttlMs in list',
  ],
  [
    'tells -1 for no end',
    listing((entry) => ({ ...entry, ttlMs: entry.ttlMs ?? -1 })),
    'ttl: list tells the remaining life, null for no end',
    'must be null, got -1',
  ],
]
