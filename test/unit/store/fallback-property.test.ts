import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { prepareSession } from '../../../src/codec.js'
import { isStoryArtError } from '../../../src/errors.js'
import { type FallbackSetUp, setUp } from './fallback-set-up.js'
import { fail, settle, torn } from './scripted-adapter.js'

const IDS = [1000, 2000, 3000]

type Command =
  | { do: 'save' | 'create' | 'update' | 'delete' | 'get'; id: number }
  | { do: 'saveNew' | 'list' | 'sync' | 'tear' | 'tearDelete' }
  | { do: 'primary' | 'second' | 'third'; up: boolean }
  | { do: 'advance'; ms: number }

const id = fc.constantFrom(...IDS)
const command: fc.Arbitrary<Command> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ do: fc.constant('save' as const), id }) },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constantFrom('create' as const, 'delete' as const, 'get' as const), id }),
  },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('update' as const), id }) },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constantFrom('saveNew' as const, 'list' as const, 'sync' as const, 'tear' as const, 'tearDelete' as const),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constantFrom('primary' as const, 'second' as const, 'third' as const),
      up: fc.boolean(),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('advance' as const), ms: fc.integer({ min: 1, max: 3000 }) }) },
)

/** What may be read under each id: more than one text only where the store said that it does not know. */
class Model {
  readonly #possible = new Map<number, Set<string | null>>()
  #texts = 0

  next(): string {
    return `text ${++this.#texts}`
  }

  at(timestamp: number): Set<string | null> {
    return this.#possible.get(timestamp) ?? new Set([null])
  }

  is(timestamp: number, text: string | null): void {
    this.#possible.set(timestamp, new Set([text]))
  }

  mayBe(timestamp: number, text: string | null): void {
    this.#possible.set(timestamp, new Set([...this.at(timestamp), text]))
  }

  get ids(): number[] {
    return [...this.#possible.keys()]
  }
}

const raw = (timestamp: number, scriptText: string): string => prepareSession({ scriptText }, 'it').encode(timestamp)

/** Nothing but "not now" and a condition that does not hold may come out of a call. */
async function attempt<T>(call: Promise<T>, unsure: (message: string) => void): Promise<T | undefined> {
  try {
    return await call
  } catch (error) {
    if (isStoryArtError(error) && error.code === 'SESSION_CONFLICT') return undefined
    expect(error).toMatchObject({ code: 'ADAPTER_UNAVAILABLE' })
    unsure(error instanceof Error ? error.message : '')
    return undefined
  }
}

async function run(
  { store, primary, second, third, clock }: FallbackSetUp,
  model: Model,
  step: Command,
): Promise<void> {
  switch (step.do) {
    case 'save':
    case 'create': {
      const text = model.next()
      // Where something is, a fallback tier cannot know of it, and takes it: both are kept then, which is another test's.
      const isFree = [...model.at(step.id)].every((one) => one === null)
      const expected = step.do === 'create' && isFree ? { expect: 'absent' } : {}
      const saving = store.save({ scriptText: text }, { timestamp: step.id, ...expected })
      const saved = await attempt(saving, () => model.mayBe(step.id, text))
      if (saved) model.is(step.id, text)
      return
    }
    case 'saveNew': {
      const text = model.next()
      const saved = await attempt(store.save({ scriptText: text }), (message) => {
        model.mayBe(Number(/^session (\d+) was not saved/.exec(message)?.[1]), text)
      })
      if (saved) model.is(saved.timestamp, text)
      return
    }
    case 'update': {
      let text = ''
      const change = (): { scriptText: string } => {
        text = model.next()
        return { scriptText: text }
      }
      const updated = await attempt(store.update(step.id, change, { attempts: 3 }), () => {
        if (text) model.mayBe(step.id, text)
      })
      if (updated) model.is(step.id, text)
      else if (updated === null) expect(model.at(step.id)).toContain(null)
      return
    }
    case 'delete': {
      const deleted = await attempt(store.delete(step.id), () => model.mayBe(step.id, null))
      if (deleted !== undefined) model.is(step.id, null)
      return
    }
    case 'get': {
      const record = await attempt(store.get(step.id), () => undefined)
      if (record !== undefined) expect(model.at(step.id)).toContain(record?.session.scriptText ?? null)
      return
    }
    case 'list': {
      const page = await attempt(store.list(), () => undefined)
      if (!page) return
      const listed = page.sessions.map((summary) => summary.timestamp)
      expect(listed).toEqual([...new Set(listed)].sort((a, b) => b - a))
      for (const one of listed) expect([...model.at(one)].some((text) => text !== null)).toBe(true)
      if (page.degraded) return
      for (const one of model.ids) if (!model.at(one).has(null)) expect(listed).toContain(one)
      return
    }
    case 'sync':
      await attempt(store.sync(), () => undefined)
      return
    case 'tear':
      primary.script('put', torn())
      return
    case 'tearDelete':
      primary.script('delete', torn())
      return
    case 'primary':
      primary.always = step.up ? undefined : fail()
      return
    case 'second':
      second.always = step.up ? undefined : fail()
      return
    case 'third':
      third.always = step.up ? undefined : fail()
      return
    case 'advance':
      await clock.advance(step.ms)
  }
}

describe('a store whose backends come and go', () => {
  it('keeps everything it has acknowledged, and brings nothing back', { timeout: 120_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(command, { minLength: 1, maxLength: 40 }), async (commands) => {
        const all = setUp()
        const { store, primary, second, third, clock, told } = all
        const model = new Model()
        for (const step of commands) await run(all, model, step)

        primary.always = undefined
        second.always = undefined
        third.always = undefined
        for (const tear of ['put', 'delete'] as const) primary.script(tear)
        for (let i = 0; i < 10 && (await store.sync()).waiting > 0; i++) await clock.advance(20_000)
        expect((await store.health()).waiting).toBe(0)
        expect(told.filter((name) => name.startsWith('conflict') || name.startsWith('error'))).toEqual([])
        expect([await second.texts(), await third.texts()]).toEqual([{}, {}])
        const texts = await primary.texts()
        for (const one of new Set([...model.ids, ...Object.keys(texts).map(Number)])) {
          const allowed = [...model.at(one)].map((text) => (text === null ? undefined : raw(one, text)))
          expect(allowed).toContain(texts[one])
        }
        await store.close()
        await settle()
        expect(clock.timers).toBe(0)
      }),
      { numRuns: Number(process.env.RUNS ?? 300) },
    )
  })
})
