import type { AdapterChange, ListEntry } from '../../../../src/adapters/adapter.js'
import type { Mutation } from '../shared-memory.js'
import { listing, type Mutant } from './mutant.js'

const NOTHING = (): (() => void) => () => undefined

/** Tells something else than the adapter, or nothing. */
function telling(change: (told: AdapterChange) => AdapterChange[]): Mutation {
  return (a) => ({ ...a, watch: (listener) => a.watch?.((told) => change(told).forEach(listener)) ?? NOTHING() })
}

/** Marks documents with something else. */
function marking(change: (entry: ListEntry) => string | undefined): Mutation {
  return listing((entry) => {
    const { mark: _, ...rest } = entry
    const mark = change(entry)
    return entry.mark === undefined || mark === undefined ? rest : { ...rest, mark }
  })
}

const PUT_TOLD = 'watch: a put, a replacement and a deletion are told, when they can be seen'

export const watchMutants: readonly Mutant[] = [
  ['has no watch', ({ watch: _, ...a }) => a, PUT_TOLD, 'there is no watch()'],
  ['tells nothing', (a) => ({ ...a, watch: NOTHING }), PUT_TOLD, 'a put must be told'],
  ['tells writes alone', telling((told) => (told.written ? [told] : [])), PUT_TOLD, 'a deletion must be told'],
  [
    'tells the first write of each session alone',
    (a) => {
      const told = new Set<number>()
      const isFirst = (id: number): boolean => told.size !== told.add(id).size
      return telling((change) => (isFirst(change.id) ? [change] : []))(a, () => 0)
    },
    PUT_TOLD,
    'a replacement must be told',
  ],
  [
    'tells before it writes',
    (a) => {
      const listeners = new Set<(change: AdapterChange) => void>()
      return {
        ...a,
        async put(id, raw, options) {
          for (const listener of listeners) listener({ id, written: true })
          await new Promise((resolve) => setTimeout(resolve, 0))
          return { ...(await a.get(id)), ...(listeners.size > 0 ? { stored: true } : await a.put(id, raw, options)) }
        },
        watch(listener) {
          listeners.add(listener)
          return () => void listeners.delete(listener)
        },
      }
    },
    PUT_TOLD,
    'get of what was told',
  ],
  [
    'tells what it refused to write',
    (a) => {
      const listeners = new Set<(change: AdapterChange) => void>()
      return {
        ...a,
        async put(id, raw, options) {
          const result = await a.put(id, raw, options)
          for (const listener of listeners) listener({ id, written: true })
          return result
        },
        watch(listener) {
          listeners.add(listener)
          return () => void listeners.delete(listener)
        },
      }
    },
    'watch: what was not written is not told as written',
    'told as written',
  ],
  [
    'has room for one listener',
    (a) => {
      let only: (change: AdapterChange) => void = () => undefined
      let listens = false
      return {
        ...a,
        watch(listener) {
          only = listener
          if (!listens) a.watch?.((change) => only(change))
          listens = true
          return () => {
            only = () => undefined
          }
        },
      }
    },
    'watch: each listener is told until it is taken away, which may be done twice',
    'a put must be told',
  ],
  [
    'takes no listener away',
    (a) => ({
      ...a,
      watch(listener) {
        a.watch?.(listener)
        return () => undefined
      },
    }),
    'watch: each listener is told until it is taken away, which may be done twice',
    'told to the listener that was taken away',
  ],
  [
    'takes another listener away the second time',
    (a) => {
      const ends: (() => void)[] = []
      return {
        ...a,
        watch(listener) {
          const own = a.watch?.(listener)
          if (own) ends.push(own)
          return () => ends.shift()?.()
        },
      }
    },
    'watch: each listener is told until it is taken away, which may be done twice',
    'a put after one of two listeners was taken away must be told',
  ],
  [
    'lets listeners throw into the write',
    (a) => {
      const listeners = new Set<(change: AdapterChange) => void>()
      return {
        ...a,
        async put(id, raw, options) {
          const result = await a.put(id, raw, options)
          for (const listener of listeners) listener({ id, written: true })
          return result
        },
        watch(listener) {
          listeners.add(listener)
          return () => void listeners.delete(listener)
        },
      }
    },
    'watch: a listener that throws harms neither the write nor the others',
    'listener',
  ],
  [
    'takes listeners after close',
    (a) => {
      let closed = false
      return {
        ...a,
        watch: (listener) => (closed ? NOTHING() : (a.watch?.(listener) ?? NOTHING())),
        async close() {
          closed = true
          await a.close()
        },
      }
    },
    'watch: after close there is nothing to listen to',
    'watch after close',
  ],
  [
    'tells its own writes alone',
    (a) => {
      const own = new Set<number>()
      return {
        ...telling((told) => (own.has(told.id) ? [told] : []))(a, () => 0),
        put(id, raw, options) {
          own.add(id)
          return a.put(id, raw, options)
        },
      }
    },
    'shared: what another adapter writes is told',
    'a put by another adapter must be told',
  ],
  [
    'marks documents by their length',
    marking(({ sizeBytes }) => String(sizeBytes)),
    'marks: every write is told by another mark, or by the record of changes',
    'must have another mark',
  ],
  [
    'gives a new mark at every look',
    (a) => {
      let looks = 0
      return marking(() => String(looks++))(a, () => 0)
    },
    'marks: every write is told by another mark, or by the record of changes',
    'the mark of what nobody wrote',
  ],
  [
    'has no marks',
    marking(() => undefined),
    'marks: every write is told by another mark, or by the record of changes',
    'must be a text',
  ],
  [
    'keeps a record that tells the last change again',
    (a) => ({
      ...a,
      changesSince: async () => ({ changes: [{ id: 7, written: true }], place: '1', complete: true }),
    }),
    'marks: every write is told by another mark, or by the record of changes',
    'the changes after the last one',
  ],
  [
    'marks all sessions anew with every write',
    (a) => {
      let writes = 0
      const marked = marking(() => String(writes))(a, () => 0)
      return {
        ...marked,
        put(id, raw, options) {
          writes++
          return a.put(id, raw, options)
        },
      }
    },
    'marks: another length is another mark, and other sessions keep theirs',
    'the mark of another session',
  ],
  [
    'ends a page of marks without a next one',
    (a) => ({
      ...a,
      async list(query, options) {
        const { next: _, ...page } = await a.list(query, options)
        return query.marks ? page : a.list(query, options)
      },
    }),
    'marks: pages of marks hold every living session, and one may be asked for alone',
    'the ids of all pages',
  ],
  [
    'has marks of its own',
    (() => {
      let clients = 0
      const mutation: Mutation = (a) => {
        const client = clients++
        return marking(({ mark }) => `${client} ${mark}`)(a, () => 0)
      }
      return mutation
    })(),
    'shared: a mark is the same for everyone',
    'the mark that another adapter sees',
  ],
]
