import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { SessionAdapter } from '../../../src/adapters/adapter.js'
import { memoryAdapter } from '../../../src/adapters/memory.js'
import { type SessionChange, SessionReader, SessionStore, type SessionWatch } from '../../../src/store/index.js'
import { setUp } from './fallback-set-up.js'
import { answer, fail, hold, manualClock, scriptedAdapter, settle } from './scripted-adapter.js'

const POLL_MS = 500
const HOUR_MS = 3_600_000

/** A store that hears nothing and has to look, unless it is told to hear; and a writer that tells nobody. */
function quiet({ hears = false } = {}) {
  const clock = manualClock()
  const inner = memoryAdapter({ now: clock.now })
  const adapter = scriptedAdapter({ now: clock.now, inner })
  const { watch: _, ...deaf } = adapter
  const { now, schedule } = clock
  const seen = hears ? adapter : (deaf as unknown as SessionAdapter) // the scripts go on working: they are closures
  const store = new SessionStore({ adapter: seen, now, schedule, random: () => 1, wait: async () => undefined })
  return { clock, inner, adapter, store, seen }
}

/** The calls of `next` that still wait. */
const waiting = new WeakMap<SessionWatch, Promise<IteratorResult<SessionChange, undefined>>>()

/** The next change, if it is there to be had now. */
async function take(changes: SessionWatch): Promise<SessionChange | undefined> {
  const next = waiting.get(changes) ?? changes.next()
  waiting.set(changes, next)
  const result = await Promise.race([next, settle().then(() => undefined)])
  if (result) waiting.delete(changes)
  return result?.value
}

/** All that is there to be had now, as `type timestamp`. */
async function drain(changes: SessionWatch): Promise<string[]> {
  const told: string[] = []
  for (let change = await take(changes); change; change = await take(changes)) {
    told.push(`${change.type} ${change.timestamp}`)
  }
  return told
}

describe('watch', () => {
  it('tells what this store does, and nothing of what was there', async () => {
    const { store } = quiet({ hears: true })
    await store.save({ scriptText: 'old' }, { timestamp: 1 })
    const changes = store.watch()
    await changes.ready()
    await store.save({ scriptText: 'a' }, { timestamp: 2 })
    expect(await changes.next()).toMatchObject({
      done: false,
      value: { type: 'saved', timestamp: 2, storage: 'primary' },
    })
    await store.update(2, (session) => ({ ...session, scriptText: 'b' }))
    expect(await changes.next()).toMatchObject({ value: { type: 'updated', timestamp: 2 } })
    await store.delete(1)
    const { value } = await changes.next()
    expect(value).toMatchObject({ type: 'deleted', timestamp: 1 })
    expect(value).not.toHaveProperty('storage')
    await store.close()
    expect(await changes.next()).toEqual({ done: true, value: undefined })
  })

  it('sees by looking what is told by nobody', async () => {
    const { store, clock, inner } = quiet()
    await inner.put(1, '{"a":1}')
    await inner.put(2, '{"a":1}')
    const changes = store.watch()
    await changes.ready()
    await inner.put(1, '{"a":2}')
    await inner.put(3, '{}')
    await inner.delete(2)
    await clock.advance(POLL_MS - 1)
    const first = changes.next()
    await clock.advance(1)
    expect(await first).toMatchObject({ value: { type: 'saved', timestamp: 3 } })
    expect(await drain(changes)).toEqual(['updated 1', 'deleted 2'])
    await store.close()
  })

  it('does not tell twice what it both sees and hears', async () => {
    const { store, clock, inner, adapter } = quiet({ hears: true })
    const changes = store.watch()
    await changes.ready()
    const look = hold()
    adapter.script('list', look.step)
    await clock.advance(POLL_MS)
    await inner.put(7, '{}') // heard, while a look is on its way that will see it
    look.release()
    await clock.advance(POLL_MS)
    expect(await drain(changes)).toEqual(['saved 7'])
    await store.close()
  })

  it('does not tell twice what it sees and hears of a moment later', async () => {
    const { store, clock, inner, adapter } = quiet({ hears: true })
    const listen = adapter.watch
    adapter.watch = (listener) => listen((change) => void clock.schedule(() => listener(change), 50))
    const late = new SessionReader({ adapter, now: clock.now, schedule: clock.schedule })
    const changes = late.watch()
    await changes.ready()
    await clock.advance(POLL_MS - 1)
    await inner.put(7, '{}') // seen after 1 ms, heard of after 50
    await clock.advance(POLL_MS)
    expect(await drain(changes)).toEqual(['saved 7'])
    await inner.put(7, '{}') // heard of long before it could be seen
    await clock.advance(2 * POLL_MS)
    expect(await drain(changes)).toEqual(['updated 7'])
    await late.close()
    await store.close()
  })

  it('tells the end of no life, but a deletion before it', async () => {
    const { store, clock, inner } = quiet()
    await inner.put(1, '{}', { ttlMs: 2 * POLL_MS })
    await inner.put(2, '{}', { ttlMs: 20 * POLL_MS })
    const changes = store.watch()
    await changes.ready()
    await clock.advance(4 * POLL_MS)
    await inner.delete(2)
    await inner.put(1, '{}')
    await clock.advance(POLL_MS)
    expect(await drain(changes)).toEqual(['saved 1', 'deleted 2'])
    await store.close()
  })

  it('looks at the newest hundred each time, and at the others in turn', async () => {
    const { store, clock, inner, adapter } = quiet()
    for (let id = 1; id <= 350; id++) await inner.put(id, '{}')
    const changes = store.watch()
    await changes.ready()
    adapter.calls.length = 0
    for (const id of [1, 100, 200, 300]) await inner.put(id, '{"a":1}')
    const told: string[][] = []
    for (let poll = 0; poll < 3; poll++) {
      await clock.advance(POLL_MS)
      told.push(await drain(changes))
    }
    expect(told).toEqual([['updated 300', 'updated 200'], ['updated 100'], ['updated 1']])
    expect(adapter.calls).toEqual(Array.from({ length: 6 }, () => 'list'))
    await store.close()
  })

  it('holds one change of a session for a slow consumer, and the right one', async () => {
    const { store } = quiet({ hears: true })
    for (const timestamp of [3, 4]) await store.save({ scriptText: 'old' }, { timestamp })
    const changes = store.watch()
    await changes.ready()
    const save = (timestamp: number, scriptText: string) => store.save({ scriptText }, { timestamp })
    for (const text of ['a', 'b', 'c']) await save(1, text)
    await settle()
    await save(2, 'a')
    await settle()
    await store.delete(2)
    await save(3, 'new')
    await settle()
    await store.delete(3)
    await store.delete(4)
    await settle()
    await save(4, 'again')
    await settle()
    expect(await drain(changes)).toEqual(['saved 1', 'deleted 3', 'updated 4'])
    await store.close()
  })

  it('goes on while the backend is away, and then tells what it missed', async () => {
    const { store, clock, inner, adapter } = quiet()
    const changes = store.watch()
    await changes.ready()
    adapter.always = fail()
    await inner.put(7, '{}')
    await clock.advance(3 * POLL_MS)
    expect(await drain(changes)).toEqual([])
    adapter.always = undefined
    await clock.advance(POLL_MS)
    expect(await drain(changes)).toEqual(['saved 7'])
    await store.close()
  })

  it('ends with the error of a backend that is away at the start, or denies later', async () => {
    const { store, clock, adapter } = quiet()
    adapter.script('list', fail())
    const first = store.watch()
    await expect(first.next()).rejects.toMatchObject({ code: 'ADAPTER_UNAVAILABLE' })
    expect(await first.next()).toEqual({ done: true, value: undefined })
    const second = store.watch()
    await second.ready()
    adapter.script('list', fail('ADAPTER_DENIED'))
    const next = second.next()
    const rejected = expect(next).rejects.toMatchObject({ code: 'ADAPTER_DENIED' })
    await clock.advance(POLL_MS)
    await rejected
    expect(clock.timers).toBe(0)
  })

  it('refuses what is no cursor, and a poll that is no number of ms', () => {
    const { store } = quiet()
    for (const since of ['', 'w', 'b1', 'w0.0', 'w0.0.~1', 'w0.0.\n', 'x'.repeat(9000), 7 as unknown as string]) {
      expect(() => store.watch({ since }), since).toThrow(expect.objectContaining({ code: 'INVALID_ARGUMENT' }))
    }
    expect(() => store.watch({ pollMs: 0 })).toThrow(expect.objectContaining({ code: 'INVALID_ARGUMENT' }))
  })
})

describe('the end of a watch', () => {
  it('by return, by break, by abort and by close leaves no timer and no listener', async () => {
    const { store, clock, adapter, inner } = quiet({ hears: true })
    let listening = 0
    const listen = adapter.watch
    adapter.watch = (listener) => {
      const end = listen(listener)
      listening++
      let on = true
      return () => {
        if (on) listening--
        on = false
        end()
      }
    }
    const reading = new SessionReader({ adapter, now: clock.now, schedule: clock.schedule })
    const controller = new AbortController()
    const ways: ((changes: SessionWatch) => PromiseLike<unknown>)[] = [
      (changes) => changes.return(),
      (changes) => changes[Symbol.asyncDispose](),
      async (changes) => {
        await inner.put(1, '{}')
        for await (const _ of changes) break
      },
      async (changes) => {
        const next = changes.next()
        controller.abort('enough')
        await next.then(
          () => expect.unreachable(),
          (reason) => expect(reason).toBe('enough'),
        )
      },
      async (changes) => {
        const waiting = [changes.next(), changes.next()]
        await reading.close()
        expect(await Promise.all(waiting)).toEqual([1, 2].map(() => ({ done: true, value: undefined })))
      },
    ]
    for (const way of ways) {
      const changes = reading.watch({ signal: controller.signal.aborted ? undefined : controller.signal })
      await changes.ready()
      expect([listening, clock.timers]).toEqual([1, 1])
      await way(changes)
      await settle()
      expect([listening, clock.timers]).toEqual([0, 0])
      expect(await changes.next()).toEqual({ done: true, value: undefined })
    }
    await store.close()
  })

  it('comes for one of two without harm to the other, who share what looks out', async () => {
    const { store, clock, inner, adapter } = quiet()
    const [one, other] = [store.watch(), store.watch({ pollMs: 100 })]
    await Promise.all([one.ready(), other.ready()])
    expect(clock.timers).toBe(1)
    await one.return()
    adapter.calls.length = 0
    await inner.put(7, '{}')
    await clock.advance(POLL_MS)
    expect(await drain(other)).toEqual(['saved 7'])
    await store.close()
  })

  it('rejects ready when it has ended before', async () => {
    const { store } = quiet()
    const changes = store.watch()
    await changes.return()
    await expect(changes.ready()).rejects.toMatchObject({ code: 'CLOSED' })
    await store.close()
    expect(() => store.watch()).toThrow(expect.objectContaining({ code: 'CLOSED' }))
  })
})

describe('a cursor', () => {
  it('goes on in another store where the first one stopped', async () => {
    const { store, inner, clock, seen } = quiet()
    for (const id of [1, 2, 3, 4]) await inner.put(id, '{"a":1}', { ttlMs: id === 4 ? 60_000 : 86_400_000 })
    const changes = store.watch()
    const cursor = await changes.ready()
    await changes.return()
    await inner.delete(1)
    await inner.put(2, '{"a":2}')
    await inner.put(5, '{}')
    clock.jump(120_000) // 4 has come to its end
    const other = new SessionReader({ adapter: seen, now: clock.now, schedule: clock.schedule })
    const rest = other.watch({ since: cursor })
    expect(await drain(rest)).toEqual(['updated 2', 'deleted 1', 'saved 5'])
    await rest.return()
    await store.close()
  })

  it('stands for what was delivered, and not for what was seen', async () => {
    const { store, inner } = quiet({ hears: true })
    await inner.put(1, '{}')
    await inner.put(2, '{}')
    const changes = store.watch()
    await changes.ready()
    await inner.put(3, '{}')
    await inner.put(1, '{"a":1}')
    await inner.delete(2)
    await inner.put(4, '{}')
    await settle()
    const first = await changes.next()
    expect(first.value).toMatchObject({ type: 'saved', timestamp: 3 })
    await changes.return()
    const rest = store.watch({ since: first.value?.cursor })
    expect((await drain(rest)).sort()).toEqual(['deleted 2', 'saved 4', 'updated 1'])
    await store.close()
  })

  it('is short and fits into a header, however many sessions there are and wait', async () => {
    const { store, inner } = quiet({ hears: true })
    const start = 1_767_225_600_000
    for (let id = start; id < start + 1e10; id += 3e7) await inner.put(id, '{}', { ttlMs: 604_800_000 })
    const changes = store.watch()
    const cursor = await changes.ready()
    expect(cursor).toMatch(/^[\w.~-]+$/)
    expect(cursor.length).toBeLessThan(3300)
    for (let id = start; id < start + 1e10; id += 3e7) await inner.delete(id)
    await settle()
    await settle()
    const { value } = await changes.next()
    expect(value?.cursor.length).toBeLessThan(4000)
    await store.close()
  })

  /** 130 sessions, 30 of them older than the newest 100; what is told of what a stranger did while nobody watched. */
  async function afterGap(away: (world: ReturnType<typeof quiet>) => Promise<unknown>, skewMs = 0): Promise<string[]> {
    const world = quiet()
    const { store, inner, clock, seen } = world
    // 9 ends soon, and 11 half a second before an hour is full.
    const lives: Record<number, number> = { 9: 2 * HOUR_MS, 11: 10 * HOUR_MS - (clock.now() % HOUR_MS) - 500 }
    for (let id = 1; id <= 130; id++) await inner.put(id, '{}', { ttlMs: lives[id] ?? 86_400_000 })
    const changes = store.watch()
    const cursor = await changes.ready()
    await changes.return()
    await away(world)
    const now = (): number => clock.now() + skewMs
    const rest = new SessionReader({ adapter: seen, now, schedule: clock.schedule }).watch({ since: cursor })
    const told = await drain(rest)
    await rest.return()
    await store.close()
    return told.sort()
  }

  it('tells of older sessions what has changed: written, new, deleted, and nothing of one that has ended', async () => {
    expect(await afterGap(async () => undefined)).toEqual([])
    expect(await afterGap(({ inner }) => inner.put(131, '{}'))).toEqual(['saved 131'])
    expect(await afterGap(({ inner }) => inner.delete(5))).toEqual(['deleted 5'])
    const away = async ({ inner, clock }: ReturnType<typeof quiet>): Promise<void> => {
      await inner.put(3, '{"a":1}')
      await inner.put(5, '{"a":1}')
      for (const id of [7, 8, 30, 131]) await inner.delete(id)
      clock.jump(4 * HOUR_MS) // 9 has come to its end
    }
    expect(await afterGap(away)).toEqual(['deleted 30', 'deleted 7', 'deleted 8', 'updated 3', 'updated 5'])
  })

  it('does not take another clock for a change', async () => {
    expect(await afterGap(async () => undefined, 2 * HOUR_MS)).toEqual([])
    expect(await afterGap(({ inner }) => inner.put(3, '{"a":1}'), 1000)).toEqual(['updated 3'])
  })

  it('tells all older ones again if too many have changed to tell them apart', async () => {
    const away = async ({ inner }: ReturnType<typeof quiet>): Promise<void> => {
      for (let id = 1; id <= 29; id++) await inner.put(id, '{"a":1}')
    }
    const repeated = Array.from({ length: 30 }, (_, n) => `updated ${n + 1}`)
    expect(await afterGap(away)).toEqual(repeated.sort())
  })

  it.each([20, 60])('keeps what is still to be told of %i older ones', async (count) => {
    const { store, inner, clock } = quiet()
    for (let id = 1; id <= 200; id++) await inner.put(id, '{}')
    const changes = store.watch()
    await changes.ready()
    for (let id = 1; id <= count; id++) await inner.put(id, '{"a":1}')
    for (let polls = 0; polls < 3; polls++) await clock.advance(POLL_MS)
    const first = await take(changes)
    await changes.return()
    const rest = store.watch({ since: first?.cursor })
    const told = await drain(rest)
    // What was written and is still to be told is left out of the sketch, or there is none.
    for (let id = 1; id <= count; id++) if (id !== first?.timestamp) expect(told).toContain(`updated ${id}`)
    expect(told).toHaveLength(count < 32 ? count - 1 : 100)
    await store.close()
  })

  it('loses nothing, whatever happens between any two deliveries', async () => {
    const step = fc.record({
      id: fc.integer({ min: 1, max: 6 }),
      kind: fc.constantFrom('put', 'delete', 'read', 'resume'),
    })
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 25 }), async (steps) => {
        const { store, inner } = quiet({ hears: true })
        const model = new Map<number, string>() // what a consumer knows who reads what it is told of
        let changes = store.watch()
        let cursor = await changes.ready()
        let version = 0
        const read = async (): Promise<void> => {
          const change = await take(changes)
          if (!change) return
          const { timestamp, type } = change
          cursor = change.cursor
          const found = await inner.get(timestamp)
          if (type === 'deleted') model.delete(timestamp)
          else if (found) model.set(timestamp, found.raw)
        }
        const resume = async (): Promise<void> => {
          await changes.return()
          changes = store.watch({ since: cursor })
          await changes.ready()
        }
        for (const { id, kind } of steps) {
          if (kind === 'put') await inner.put(id, `{"v":${version++}}`)
          if (kind === 'delete') await inner.delete(id)
          if (kind === 'read') await read()
          if (kind === 'resume') await resume()
        }
        await settle()
        await resume()
        for (let n = 0; n < 14; n++) await read()
        const there = new Map<number, string>()
        for (const { id } of (await inner.list({ limit: 9 })).entries) there.set(id, (await inner.get(id))?.raw ?? '')
        expect([...model].sort()).toEqual([...there].sort())
        await store.close()
      }),
      { numRuns: 30 },
    )
  })
})

describe('a backend with a record of its changes', () => {
  /** Marks tell lengths only, as those of a backend that cannot do better; the record tells the rest. */
  function recorded() {
    const { clock, inner } = quiet()
    const log: { id: number; written: boolean }[] = []
    let kept = 0
    const adapter: SessionAdapter = {
      ...inner,
      async put(id, raw, options) {
        const result = await inner.put(id, raw, options)
        if (result.stored) log.push({ id, written: true })
        return result
      },
      async list(query, options) {
        const page = await inner.list(query, options)
        return { ...page, entries: page.entries.map((entry) => ({ ...entry, mark: String(entry.sizeBytes) })) }
      },
      changesSince: async (place = String(log.length)) => {
        const from = Number(place)
        return { changes: log.slice(Math.max(from, kept)), place: String(log.length), complete: from >= kept }
      },
    }
    const forget = (): void => {
      kept = log.length
    }
    const { watch: _, ...deaf } = adapter
    const store = new SessionStore({ adapter: deaf, now: clock.now, schedule: clock.schedule })
    return { store, clock, adapter, forget }
  }

  it('has every write told that its marks do not tell, now and after a gap', async () => {
    const { store, clock, adapter } = recorded()
    await adapter.put(7, '{"a":1}')
    const changes = store.watch()
    const cursor = await changes.ready()
    await adapter.put(7, '{"a":2}')
    await clock.advance(POLL_MS)
    expect(await drain(changes)).toEqual(['updated 7'])
    await changes.return()
    const rest = store.watch({ since: cursor })
    expect(await drain(rest)).toEqual(['updated 7'])
    await store.close()
  })

  it('has all sessions told again where the record does not reach back', async () => {
    const { store, clock, adapter, forget } = recorded()
    await adapter.put(7, '{}')
    await adapter.put(8, '{}')
    const changes = store.watch()
    const cursor = await changes.ready()
    await adapter.put(9, '{"a":1}')
    forget()
    await clock.advance(POLL_MS)
    expect((await drain(changes)).sort()).toEqual(['saved 9', 'updated 7', 'updated 8'])
    await changes.return()
    const rest = store.watch({ since: cursor })
    expect((await drain(rest)).sort()).toEqual(['saved 9', 'updated 7', 'updated 8'])
    await store.close()
  })

  it('is done without where it may not be read', async () => {
    const { store, clock, adapter } = recorded()
    adapter.changesSince = fail('ADAPTER_DENIED') as never
    const changes = new SessionStore({ adapter, now: clock.now, schedule: clock.schedule }).watch()
    await changes.ready()
    await adapter.put(7, '{}')
    await clock.advance(POLL_MS)
    await clock.advance(POLL_MS)
    expect(await drain(changes)).toEqual(['saved 7'])
    await changes.return()
    await store.close()
  })
})

describe('a store with a fallback', () => {
  it('tells a save that a fallback tier took as saved, and its coming home as updated', async () => {
    const { store, primary, clock } = setUp()
    const changes = store.watch()
    await changes.ready()
    primary.always = fail()
    await store.save({ scriptText: 'a' }, { timestamp: 7 })
    expect(await changes.next()).toMatchObject({ value: { type: 'saved', timestamp: 7, storage: 'second' } })
    primary.always = undefined
    await store.sync()
    const { value } = await changes.next()
    expect(value).toMatchObject({ type: 'updated', timestamp: 7 })
    await clock.advance(2 * POLL_MS)
    const more = await drain(changes)
    expect(more.filter((told) => told !== 'updated 7')).toEqual([])
    expect((await store.get(7))?.storage).toBe('primary')
    await store.close()
    expect(clock.timers).toBe(0)
  })

  it('does not take for deleted what lies in a primary that is away', async () => {
    const { store, primary, clock } = setUp()
    await store.save({ scriptText: 'a' }, { timestamp: 7 })
    const changes = store.watch()
    await changes.ready()
    primary.always = fail()
    await store.save({ scriptText: 'b' }, { timestamp: 8 })
    await clock.advance(3 * POLL_MS)
    expect(await drain(changes)).toEqual(['saved 8'])
    primary.always = undefined
    await store.close()
  })
})

it('refuses a record that is none', async () => {
  const { store, clock, inner } = quiet()
  const changesSince = answer({ changes: [{ id: 'x' }], place: 1 }) as never
  const odd = new SessionStore({ adapter: { ...inner, changesSince }, now: clock.now, schedule: clock.schedule })
  const changes = odd.watch()
  await changes.ready() // without the record
  await changes.return()
  await store.close()
})
