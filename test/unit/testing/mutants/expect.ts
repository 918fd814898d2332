import { revisionOf } from '../../../../src/revision.js'
import { deciding, decision, type Mutant, putting, refused, stored } from './mutant.js'

export const expectMutants: readonly Mutant[] = [
  [
    'ignores conditions',
    putting((raw, { expect: _, ...options }) => [raw, options]),
    'expect: "absent" refuses where a session is and leaves it as it was',
    'expected {"stored":false,"reason":"exists"}, got {"stored":true}',
  ],
  [
    'never stores with "absent"',
    (a) => ({
      ...a,
      put: async (id, raw, options = {}) => (options.expect === 'absent' ? refused('exists') : a.put(id, raw, options)),
    }),
    'expect: "absent" stores where nothing is',
    'put(7): expected {"stored":true}',
  ],
  [
    'overwrites the summary of what "absent" met',
    (a) => ({
      ...a,
      async put(id, raw, options = {}) {
        const result = await a.put(id, raw, options)
        const found = result.stored ? null : await a.get(id)
        if (found && options.summary !== undefined) await a.describe?.(id, found.raw, options.summary)
        return result
      },
    }),
    'expect: "absent" refuses where a session is and leaves it as it was',
    'the summary after a refused put',
  ],
  [
    'renews the life of what a condition met',
    (a) => ({
      ...a,
      async put(id, raw, options = {}) {
        const result = await a.put(id, raw, options)
        if (!result.stored && typeof options.ttlMs === 'number') await a.touch(id, options.ttlMs)
        return result
      },
    }),
    'expect: another revision refuses and leaves the session as it was',
    'the endless document after the life of the refused put',
  ],
  [
    'remembers every id it ever saw as existing',
    (a) => {
      const seen = new Set<number>()
      return {
        ...a,
        async put(id, raw, options = {}) {
          if (options.expect === 'absent' && seen.has(id)) return refused('exists')
          const result = await a.put(id, raw, options)
          seen.add(id)
          return result
        },
      }
    },
    'expect: "absent" stores after a delete and after an end',
    'put(7): expected {"stored":true}',
  ],
  [
    'looks first and writes "absent" later',
    deciding(decision, () => Promise.resolve()),
    'expect: of 50 writers expecting "absent" at once exactly one stores',
    'winners among 50 writers: expected 1, got 50',
  ],
  [
    'compares first and writes later',
    deciding(decision),
    'expect: of 20 writers expecting one revision at once exactly one stores',
    'winners among 20 writers: expected 1, got 20',
  ],
  [
    'loses updates of writers that retry',
    deciding(decision),
    'expect: writers that retry on "changed" lose no update',
    'the document after 12 updates by 6 writers',
  ],
  [
    'lets every revision pass',
    deciding((old, expect) => (old !== null && expect !== 'absent' ? stored : decision(old, expect))),
    'expect: another revision refuses and leaves the session as it was',
    'expected {"stored":false,"reason":"changed"}, got {"stored":true}',
  ],
  [
    'lets a revision pass twice',
    (a) => {
      const passed = new Set<string>()
      return {
        ...a,
        async put(id, raw, options = {}) {
          if (options.expect !== undefined && passed.has(options.expect)) {
            return a.put(id, raw, { ...options, expect: undefined })
          }
          const result = await a.put(id, raw, options)
          if (result.stored && options.expect !== undefined) passed.add(options.expect)
          return result
        },
      }
    },
    'expect: a revision used once is used up',
    'the second put with one revision',
  ],
  [
    'lets no revision pass',
    deciding((old, expect) => (old !== null && expect !== 'absent' ? refused('changed') : decision(old, expect))),
    'expect: a revision stores over exactly that text',
    'put(7): expected {"stored":true}',
  ],
  [
    'computes revisions of ASCII only',
    (a) => ({
      ...a,
      async put(id, raw, options = {}) {
        const found = options.expect === undefined ? null : await a.get(id, options)
        if (found && /[^\0-\x7f]/.test(found.raw) && options.expect !== 'absent') return refused('changed')
        return a.put(id, raw, options)
      },
    }),
    'expect: a revision is that of the text as it was put, whatever is in it',
    'put expecting the revision of Latin-1 letters',
  ],
  [
    'compares normalised texts',
    (a) => ({
      ...a,
      async put(id, raw, options = {}) {
        const found = options.expect === undefined ? null : await a.get(id, options)
        const same = found && options.expect === revisionOf(found.raw.normalize('NFD'))
        return a.put(id, raw, same ? { ...options, expect: undefined } : options)
      },
    }),
    'expect: a revision tells texts apart that differ in one character',
    'put expecting a text that differs in one character',
  ],
  [
    'stores a revision where nothing is',
    deciding((old, expect) => (old === null ? stored : decision(old, expect))),
    'expect: a revision where nothing is stores nothing',
    'expected {"stored":false,"reason":"missing"}, got {"stored":true}',
  ],
  [
    'calls what is missing changed',
    (a) => ({
      ...a,
      async put(id, raw, options) {
        const result = await a.put(id, raw, options)
        return !result.stored && result.reason === 'missing' ? refused('changed') : result
      },
    }),
    'expect: a revision where nothing is stores nothing',
    '"missing"',
  ],
  [
    'resurrects what was deleted',
    (a) => {
      const last = new Map<number, string>()
      return {
        ...a,
        async put(id, raw, options = {}) {
          const { expect, ...rest } = options
          const gone = expect === revisionOf(last.get(id) ?? '') && (await a.get(id, options)) === null
          const result = await a.put(id, raw, gone ? rest : options)
          if (result.stored) last.set(id, raw)
          return result
        },
      }
    },
    'expect: a revision resurrects nothing that was deleted or has ended',
    '"missing"',
  ],
  [
    'keeps the first summary',
    (a) => {
      const first = new Map<number, string>()
      return {
        ...a,
        async put(id, raw, options = {}) {
          if (options.summary !== undefined && !first.has(id)) first.set(id, options.summary)
          return a.put(id, raw, { ...options, summary: first.get(id) })
        },
      }
    },
    'expect: a put without a condition stores in any case',
    'the summary must be the second one, got "first"',
  ],
]
