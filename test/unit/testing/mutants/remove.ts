import type { Mutant } from './mutant.js'

const TRUE = async (): Promise<boolean> => true

export const removeMutants: readonly Mutant[] = [
  ['deletes nothing', (a) => ({ ...a, delete: TRUE }), 'delete: removes one session and says so', 'get of the deleted'],
  [
    'deletes everything',
    (a) => ({
      ...a,
      async delete(id, options) {
        const found = await a.delete(id, options)
        const { entries } = await a.list({ limit: 1000 })
        for (const entry of entries) await a.delete(entry.id)
        return found
      },
    }),
    'delete: removes one session and says so',
    'list: expected [8,6], got []',
  ],
  [
    'always says true to delete',
    (a) => ({ ...a, delete: async (...args) => (await a.delete(...args)) || true }),
    'delete: says false where nothing is',
    'the second delete: expected false',
  ],
  [
    'never says true to delete',
    (a) => ({ ...a, delete: async (...args) => (await a.delete(...args)) && false }),
    'delete: removes one session and says so',
    'delete: expected true',
  ],
  [
    'leaves the summary of the deleted to the next',
    (a) => {
      const summaries = new Map<number, string>()
      return {
        ...a,
        async put(id, raw, options = {}) {
          const summary = options.summary ?? summaries.get(id)
          if (summary !== undefined) summaries.set(id, summary)
          return a.put(id, raw, { ...options, summary })
        },
      }
    },
    'delete: leaves no life and no summary to what is put later',
    'the summary',
  ],
  [
    'looks first and deletes later',
    (a) => ({
      ...a,
      async delete(id, options) {
        const found = await a.get(id, options)
        await a.delete(id, options)
        return found !== null
      },
    }),
    'delete: of 20 callers at once exactly one is told true',
    'callers told true: expected 1, got 20',
  ],
  [
    'describes nothing',
    (a) => ({ ...a, describe: async (id, _raw, _summary, options) => void (await a.get(id, options)) }),
    'describe: gives a summary to the document it was made from',
    'the summary',
  ],
  [
    'describes whatever is there',
    (a) => ({
      ...a,
      async describe(id, _raw, summary, options) {
        const found = await a.get(id, options)
        if (found) await a.describe?.(id, found.raw, summary, options)
      },
    }),
    'describe: does nothing to a document that changed',
    'of the old one',
  ],
  [
    'describes what is as long as what was read',
    (a) => ({
      ...a,
      async describe(id, raw, summary, options) {
        const found = await a.get(id, options)
        if (found?.raw.length === raw.length) await a.describe?.(id, found.raw, summary, options)
      },
    }),
    'describe: does nothing to a document that changed',
    'of the old one',
  ],
  [
    'ends the life of what it describes',
    (a) => ({
      ...a,
      async describe(id, raw, summary, options) {
        const found = await a.get(id, options)
        if (found?.raw === raw) await a.put(id, raw, { ...options, summary })
      },
    }),
    'describe: leaves the life as it is',
    'get after the end',
  ],
  [
    'creates what it describes',
    (a) => ({
      ...a,
      async describe(id, raw, summary, options) {
        const result = await a.put(id, raw, { ...options, summary, expect: 'absent' })
        if (!result.stored) await a.describe?.(id, raw, summary, options)
      },
    }),
    'describe: creates and resurrects nothing',
    'get(7)',
  ],
  ['has no describe', ({ describe: _, ...a }) => a, 'describe: leaves the life as it is', 'there is no describe()'],
  [
    'prunes the mortal',
    (a) => ({
      ...a,
      async prune(options) {
        const removed = (await a.prune?.(options)) ?? 0
        const { entries } = await a.list({ limit: 1000 })
        for (const { id, ttlMs } of entries) if (ttlMs !== null) await a.delete(id)
        return removed
      },
    }),
    'prune: removes the dead, never the living, and is then done',
    'list: expected [5,1], got [1]',
  ],
  [
    'counts the living as pruned',
    (a) => ({
      ...a,
      async prune(options) {
        await a.prune?.(options)
        return (await a.list({ limit: 1000 })).entries.length
      },
    }),
    'prune: finds nothing in an empty store and among the living',
    'prune must say a number from 0 to 0, got 1',
  ],
  [
    'prunes every id that ever had an end',
    (a) => {
      const mortal = new Set<number>()
      return {
        ...a,
        async put(id, raw, options = {}) {
          if (options.ttlMs !== undefined && !(await a.get(id, options))) mortal.add(id)
          return a.put(id, raw, options)
        },
        async prune(options) {
          const removed = await a.prune?.(options)
          for (const id of mortal) await a.delete(id)
          return removed ?? 0
        },
      }
    },
    'prune: keeps what was written again under the id of a dead one',
    'get: expected',
  ],
  [
    'looks first and prunes later',
    (a) => {
      const index = new Set<number>()
      return {
        ...a,
        async put(id, raw, options) {
          index.add(id)
          return a.put(id, raw, options)
        },
        async prune(options) {
          await a.prune?.(options)
          const dead: number[] = []
          for (const id of index) if (!(await a.get(id, options))) dead.push(id)
          for (const id of dead) await a.delete(id)
          for (const id of dead) index.delete(id)
          return dead.length
        },
      }
    },
    'prune: keeps what is written while it runs',
    'list',
  ],
]
