/** How faults are built, one wrapper each around a sound client. */
import type { ListEntry, ListPage, PutOptions, PutResult } from '../../../../src/adapters/adapter.js'
import { revisionOf } from '../../../../src/revision.js'
import type { Mutation } from '../shared-memory.js'

/** An adapter broken on purpose by one fault, the case that must notice, and a piece of what it must say. */
export type Mutant = readonly [fault: string, mutation: Mutation, caughtBy: string, says: string]

/** Puts something else than the caller gave. */
export function putting(change: (raw: string, options: PutOptions) => [string, PutOptions]): Mutation {
  return (a) => ({ ...a, put: (id, raw, options = {}) => a.put(id, ...change(raw, options)) })
}

/** Stores another text. */
export function recoding(change: (raw: string) => string): Mutation {
  return putting((raw, options) => [change(raw), options])
}

/** Gives another life. */
export function living(change: (ttlMs: PutOptions['ttlMs']) => PutOptions['ttlMs']): Mutation {
  return putting((raw, options) => [raw, { ...options, ttlMs: change(options.ttlMs) }])
}

/** Hands out another page. */
export function paging(change: (page: ListPage, limit: number, order: 'newest' | 'oldest') => ListPage): Mutation {
  return (a) => ({
    ...a,
    list: async (query, options) => change(await a.list(query, options), query.limit, query.order ?? 'newest'),
  })
}

/** Hands out other entries. */
export function listing(change: (entry: ListEntry) => ListEntry): Mutation {
  return paging((page) => ({ ...page, entries: page.entries.map(change) }))
}

export const refused = (reason: 'exists' | 'changed' | 'missing'): PutResult => ({ stored: false, reason })

export const stored: PutResult = { stored: true }

/** As it should be decided, if deciding and writing were one step. */
export function decision(old: string | null, expect: string): PutResult {
  if (expect === 'absent') return old === null ? stored : refused('exists')
  if (old === null) return refused('missing')
  return revisionOf(old) === expect ? stored : refused('changed')
}

/** Checks a condition first and writes later, or checks another condition. */
export function deciding(
  decide: (old: string | null, expect: string) => PutResult,
  wait: () => Promise<void> = async () => undefined,
): Mutation {
  return (a) => ({
    ...a,
    async put(id, raw, options = {}) {
      const { expect, ...rest } = options
      if (expect !== undefined) {
        const result = decide((await a.get(id, options))?.raw ?? null, expect)
        if (!result.stored) return result
        await wait()
      }
      return a.put(id, raw, rest)
    },
  })
}
