import fc from 'fast-check'
import { describe, expect, it, vi } from 'vitest'
import type { PutOptions, SessionAdapter } from '../../../src/adapters/adapter.js'
import { memoryAdapter } from '../../../src/adapters/memory.js'
import { runConformance } from '../../../src/testing/index.js'

function clocked(start = 1_000_000): { adapter: SessionAdapter; pass(ms: number): void } {
  let time = start
  return {
    adapter: memoryAdapter({ now: () => time }),
    pass: (ms) => {
      time += ms
    },
  }
}

describe('conformance', () => {
  runConformance(
    it,
    () => {
      const { adapter, pass } = clocked()
      return { open: async () => adapter, elapse: async (ms) => pass(ms) }
    },
    {
      skip: [
        { name: 'shared', reason: 'the store dies with its adapter' },
        { name: 'unreachable', reason: 'memory always answers' },
      ],
    },
  )
})

describe('entries', () => {
  it('tell the exact size in UTF-8, the exact remaining life and nothing that is not there', async () => {
    const { adapter, pass } = clocked()
    await adapter.put(1, '"a\u00e9\u6f22\u{1f3ac}"', { ttlMs: 5000, summary: 'text' })
    await adapter.put(2, '{}')
    pass(1200)
    const { entries } = await adapter.list({ limit: 5 })
    expect(entries).toStrictEqual([
      { id: 2, sizeBytes: 2, ttlMs: null },
      { id: 1, summary: 'text', sizeBytes: 12, ttlMs: 3800 },
    ])
  })

  it('hold ids alone where no details are wanted', async () => {
    const { adapter } = clocked()
    await adapter.put(1, '{}', { ttlMs: 5000, summary: 'text' })
    expect(await adapter.list({ limit: 5, details: false })).toStrictEqual({ entries: [{ id: 1 }] })
  })

  it('belong to the caller: changing one changes nothing', async () => {
    const { adapter } = clocked()
    await adapter.put(1, '{}', { summary: 'text' })
    const page = await adapter.list({ limit: 5 })
    for (const entry of page.entries) entry.summary = 'changed'
    page.entries.length = 0
    expect((await adapter.list({ limit: 5 })).entries[0]?.summary).toBe('text')
  })
})

describe('pages', () => {
  it('have next only if a living session follows', async () => {
    const { adapter, pass } = clocked()
    for (const id of [10, 20, 30, 40]) await adapter.put(id, '{}')
    await adapter.put(5, '{}', { ttlMs: 1 })
    await adapter.put(45, '{}', { ttlMs: 1 })
    pass(1)
    expect((await adapter.list({ limit: 4 })).next).toBeUndefined()
    expect((await adapter.list({ limit: 4, order: 'oldest' })).next).toBeUndefined()
    expect((await adapter.list({ limit: 2 })).next).toBe(30)
    expect((await adapter.list({ limit: 2, order: 'oldest' })).next).toBe(21)
  })

  it('name the expired they met once, and drop them', async () => {
    const { adapter, pass } = clocked()
    for (const id of [1, 2, 3, 4, 5]) await adapter.put(id, '{}', id % 2 === 0 ? { ttlMs: 10 } : {})
    pass(10)
    expect((await adapter.list({ limit: 1 })).expired).toEqual([4])
    expect((await adapter.list({ limit: 5 })).expired).toEqual([2])
    expect(await adapter.list({ limit: 5 })).not.toHaveProperty('expired')
    expect(await adapter.prune?.()).toBe(0)
  })
})

describe('time', () => {
  it('ends a life at its very ms', async () => {
    const { adapter, pass } = clocked()
    await adapter.put(1, '{}', { ttlMs: 1000 })
    pass(999)
    expect(await adapter.get(1)).toEqual({ raw: '{}' })
    expect((await adapter.list({ limit: 1 })).entries[0]?.ttlMs).toBe(1)
    pass(1)
    expect(await adapter.get(1)).toBeNull()
  })

  it('is that of Date.now by default, also of a later one', async () => {
    const adapter = memoryAdapter()
    vi.useFakeTimers({ toFake: ['Date'] })
    try {
      await adapter.put(1, '{}', { ttlMs: 60_000 })
      vi.setSystemTime(Date.now() + 60_000)
      expect(await adapter.get(1)).toBeNull()
    } finally {
      vi.useRealTimers()
    }
  })

  it('counts each of the dead once in prune', async () => {
    const { adapter, pass } = clocked()
    for (let id = 1; id <= 9; id++) await adapter.put(id, '{}', id > 6 ? {} : { ttlMs: id })
    pass(4)
    expect(await adapter.get(1)).toBeNull()
    expect(await adapter.prune?.()).toBe(3)
    pass(4)
    expect(await adapter.prune?.()).toBe(2)
    expect(await adapter.prune?.()).toBe(0)
  })
})

describe('refusals', () => {
  it('say the adapter, the argument and a number, but no text', async () => {
    const { adapter } = clocked()
    await expect(adapter.get(1.5)).rejects.toThrow('memory: id must be a positive safe integer, got 1.5.')
    const text = JSON.parse('"a secret"')
    await expect(adapter.touch(1, text)).rejects.toThrow('memory: ttlMs must be a positive safe integer, got string.')
  })
})

describe('any sequence of calls', () => {
  it('does what a list of rows searched from end to end would do', async () => {
    const id = fc.integer({ min: 1, max: 12 })
    const ttlMs = fc.constantFrom<PutOptions['ttlMs'][]>(undefined, 'keep', 1, 5, 20)
    const step = fc.oneof(
      fc.record({ call: fc.constant('put' as const), id, ttlMs, absent: fc.boolean() }),
      fc.record({ call: fc.constant('delete' as const), id }),
      fc.record({ call: fc.constant('touch' as const), id, life: fc.integer({ min: 1, max: 30 }) }),
      fc.record({ call: fc.constant('pass' as const), ms: fc.integer({ min: 1, max: 10 }) }),
      fc.record({ call: fc.constant('prune' as const) }),
    )
    const query = fc.record(
      {
        limit: fc.integer({ min: 1, max: 5 }),
        from: fc.integer({ min: -1, max: 14 }),
        before: fc.integer({ min: -1, max: 14 }),
        order: fc.constantFrom('newest', 'oldest'),
      },
      { requiredKeys: ['limit'] },
    )
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(step, query), { maxLength: 40 }), async (steps) => {
        const { adapter, pass } = clocked()
        let rows: { id: number; raw: string; left: number }[] = []
        for (const [number, [action, { limit, from = 0, before = 99, order = 'newest' }]] of steps.entries()) {
          const row = 'id' in action ? rows.find((one) => one.id === action.id) : undefined
          if (action.call === 'put') {
            const raw = `{"step":${number}}`
            const options: PutOptions = { ttlMs: action.ttlMs, ...(action.absent ? { expect: 'absent' } : {}) }
            const { stored } = await adapter.put(action.id, raw, options)
            expect(stored).toBe(!(action.absent && row))
            if (stored) {
              const endless = Number.POSITIVE_INFINITY
              const left = action.ttlMs === 'keep' ? (row?.left ?? endless) : (action.ttlMs ?? endless)
              rows = [...rows.filter((one) => one !== row), { id: action.id, raw, left }]
            }
          } else if (action.call === 'delete') {
            expect(await adapter.delete(action.id)).toBe(row !== undefined)
            rows = rows.filter((one) => one !== row)
          } else if (action.call === 'touch') {
            expect(await adapter.touch(action.id, action.life)).toBe(row !== undefined)
            if (row) row.left = action.life
          } else if (action.call === 'pass') {
            pass(action.ms)
            for (const one of rows) one.left -= action.ms
            rows = rows.filter((one) => one.left > 0)
          } else {
            await adapter.prune?.()
          }
          const wanted = rows.filter((one) => one.id >= from && one.id < before).map((one) => one.id)
          wanted.sort((x, y) => (order === 'newest' ? y - x : x - y))
          const page = await adapter.list({ limit, from, before, order })
          expect(page.entries.map((entry) => entry.id)).toEqual(wanted.slice(0, limit))
          expect(page.next !== undefined).toBe(wanted.length > limit)
          for (const one of rows) expect(await adapter.get(one.id)).toEqual({ raw: one.raw })
        }
      }),
    )
  })
})
