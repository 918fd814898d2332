import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { prepareSession } from '../../../src/codec.js'
import { isStoryArtError } from '../../../src/errors.js'
import type { SessionStore } from '../../../src/store/index.js'
import { type FallbackSetUp, setUp } from './fallback-set-up.js'
import { fail, type ScriptedAdapter, type Step } from './scripted-adapter.js'

type Doing = 'save' | 'update' | 'delete' | 'get' | 'foreign'
type World = { up: boolean } | { advance: number }

const doing: fc.Arbitrary<{ do: Doing; other: boolean }> = fc.record({
  do: fc.constantFrom<Doing>('save', 'save', 'update', 'delete', 'get', 'foreign'),
  other: fc.boolean(),
})
const world: fc.Arbitrary<World> = fc.oneof(
  fc.record({ up: fc.boolean() }),
  fc.record({ advance: fc.integer({ min: 1, max: 2000 }) }),
)

const rawOf = (timestamp: number, scriptText: string): string => prepareSession({ scriptText }, 'it').encode(timestamp)

/** What is known of one session, which only one client at a time works on. */
interface Known {
  /** Texts that must be somewhere in the end: the last one acknowledged, and what somebody else wrote beside it. */
  must: Set<string>
  /** Texts that somebody else wrote. */
  foreign: Set<string>
  /** Whether it must not be there in the end. */
  deleted: boolean
  /** The versions under which conflicts have saved it. */
  besides: Map<number, string>
}

class Client {
  readonly known: Known = { must: new Set(), foreign: new Set(), deleted: false, besides: new Map() }
  readonly #id: number
  readonly #all: FallbackSetUp
  #texts = 0

  constructor(id: number, all: FallbackSetUp) {
    this.#id = id
    this.#all = all
  }

  async do(what: Doing, store: SessionStore): Promise<void> {
    const id = this.#id
    const { primary, second } = this.#all
    const text = `text ${++this.#texts} of ${id}`
    if (what === 'foreign') {
      // All in one go, as the memory adapter does its work before it returns.
      const [there, waiting] = [primary.inner.get(id), second.inner.get(id), primary.inner.put(id, rawOf(id, text))]
      const [before, copy] = [await there, await waiting]
      this.known.must = new Set([text])
      this.known.foreign.add(text)
      const own = copy && this.#textOf(copy.raw)
      if (own && copy.raw !== before?.raw) this.known.must.add(own)
      this.known.deleted = false
      return
    }
    try {
      if (what === 'get') {
        await store.get(id)
      } else if (what === 'delete') {
        await store.delete(id)
        this.known.must.clear()
        this.known.deleted = true
      } else {
        const result =
          what === 'save'
            ? await store.save({ scriptText: text }, { timestamp: id })
            : await store.update(id, () => ({ scriptText: text }))
        if (result) await this.#acknowledged(text, result.degraded)
      }
    } catch (error) {
      expect(isStoryArtError(error) && error.code).toBe('ADAPTER_UNAVAILABLE')
    }
  }

  async #acknowledged(text: string, degraded: boolean): Promise<void> {
    const there = await this.#all.primary.inner.get(this.#id)
    const before = there ? this.#textOf(there.raw) : ''
    const keeps = degraded && this.known.must.has(before) && this.known.foreign.has(before) ? [before] : []
    this.known.must = new Set([...keeps, text])
    this.known.deleted = false
  }

  #textOf(raw: string): string {
    return (JSON.parse(raw) as { scriptText: string }).scriptText
  }
}

/** Every call of the adapter comes when the scheduler says so; the primary may be away then. */
function scheduled(adapter: ScriptedAdapter, s: fc.Scheduler, away: () => boolean): void {
  const always: Step = async (work) => {
    await s.schedule(Promise.resolve(), adapter.name)
    return away() ? fail()(work) : work()
  }
  adapter.always = always
}

describe('two stores over one primary and one fallback, in any interleaving', () => {
  it('lose nothing that was acknowledged, and bring nothing back', { timeout: 300_000 }, async () => {
    const works = fc.array(fc.array(doing, { maxLength: 8 }), { minLength: 1, maxLength: 3 })
    const worlds = fc.array(world, { maxLength: 12 })
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), works, worlds, async (s, perClient, changes) => {
        const all = setUp()
        const { primary, second, third, clock } = all
        const stores = [all.store, all.another()] as const
        let up = true
        scheduled(primary, s, () => !up)
        scheduled(second, s, () => false)
        const clients = perClient.map((_, index) => new Client((index + 1) * 1000, all))
        for (const store of stores) {
          store.on('conflict', async ({ timestamp, savedAs }) => {
            const saved = await primary.inner.get(savedAs)
            clients[timestamp / 1000 - 1]?.known.besides.set(savedAs, saved?.raw ?? '')
          })
        }
        const work = perClient.map(async (steps, index) => {
          for (const step of steps) {
            await s.schedule(Promise.resolve(), 'client')
            await clients[index]?.do(step.do, stores[step.other ? 1 : 0])
          }
        })
        const weather = async (): Promise<void> => {
          for (const change of changes) {
            await s.schedule(Promise.resolve(), 'world')
            if ('up' in change) up = change.up
            else await clock.advance(change.advance)
          }
        }
        await s.waitFor(Promise.all([...work, weather()]))

        up = true
        const finish = async (): Promise<void> => {
          for (const store of [...stores, ...stores]) await store.sync()
        }
        await s.waitFor(finish())
        primary.always = undefined
        second.always = undefined
        expect([await second.texts(), await third.texts()]).toEqual([{}, {}])
        const texts = await primary.texts()
        clients.forEach(({ known }, index) => {
          const id = (index + 1) * 1000
          for (const [savedAs, raw] of known.besides) expect(texts[savedAs]).toBe(raw)
          for (const text of known.must) {
            const kept = [
              texts[id] === rawOf(id, text),
              ...[...known.besides.keys()].map((at) => texts[at] === rawOf(at, text)),
            ]
            expect(kept).toContain(true)
          }
          if (known.deleted) expect(texts[id]).toBeUndefined()
        })
        for (const store of stores) await store.close()
        expect(clock.timers).toBe(0)
      }),
      { numRuns: Number(process.env.RUNS ?? 200) },
    )
  })
})
