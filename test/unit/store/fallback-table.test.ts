import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { StoryArtError } from '../../../src/errors.js'
import type { Session } from '../../../src/schema/index.js'
import type { SessionStore } from '../../../src/store/index.js'
import { DEADLINE_MS, type FallbackSetUp, setUp } from './fallback-set-up.js'
import { answer, fail, hang, settle } from './scripted-adapter.js'

interface Row {
  /** The first column of the table in the guide. */
  failure: string
  /** Makes the primary fail so, and gives what the caller does. */
  provoke: (all: FallbackSetUp) => Promise<unknown>
  /** The code the caller gets, or nothing if a fallback tier takes the session. */
  code?: string
}

const save = (store: SessionStore, options: object = {}): Promise<unknown> =>
  store.save({ scriptText: 'SCENE 1' }, { timestamp: 1000, ...options })

const meeting =
  (...steps: Parameters<FallbackSetUp['primary']['script']> extends [unknown, ...infer S] ? S : never) =>
  ({ primary, store }: FallbackSetUp): Promise<unknown> => {
    primary.script('put', ...steps)
    return save(store)
  }

const ROWS: Row[] = [
  { failure: '`ADAPTER_UNAVAILABLE`', provoke: meeting(fail('ADAPTER_UNAVAILABLE')) },
  {
    failure: 'no answer within `deadlineMs`',
    provoke: async (all) => {
      const saving = meeting(hang())(all)
      await all.clock.advance(DEADLINE_MS)
      return saving
    },
  },
  { failure: '`ADAPTER_DENIED`', provoke: meeting(fail('ADAPTER_DENIED')), code: 'ADAPTER_DENIED' },
  { failure: '`ADAPTER_QUOTA`', provoke: meeting(fail('ADAPTER_QUOTA')), code: 'ADAPTER_QUOTA' },
  { failure: '`ADAPTER_FAILED`', provoke: meeting(fail('ADAPTER_FAILED')), code: 'ADAPTER_FAILED' },
  { failure: 'an answer that is none', provoke: meeting(answer(undefined)), code: 'ADAPTER_FAILED' },
  {
    failure: '`SESSION_CONFLICT`',
    provoke: async ({ store, primary }) => {
      await primary.inner.put(1000, '{}')
      return save(store, { expect: 'absent' })
    },
    code: 'SESSION_CONFLICT',
  },
  {
    failure: '`SESSION_INVALID`',
    provoke: ({ store }) => store.save('no session' as unknown as Session, { timestamp: 1000 }),
    code: 'SESSION_INVALID',
  },
  {
    failure: '`INVALID_ARGUMENT`',
    provoke: meeting(async () => {
      throw new StoryArtError('INVALID_ARGUMENT', 'scripted')
    }),
    code: 'INVALID_ARGUMENT',
  },
  {
    failure: '`CLOSED`',
    provoke: async ({ store, primary }) => {
      await primary.inner.close()
      return save(store)
    },
    code: 'CLOSED',
  },
  {
    failure: 'an error that is none of the library',
    provoke: meeting(async () => {
      throw new TypeError('a mistake in the adapter')
    }),
    code: 'TypeError',
  },
  {
    failure: 'the abort of your signal',
    provoke: async (all) => {
      const controller = new AbortController()
      all.primary.script('put', hang())
      const saving = save(all.store, { signal: controller.signal })
      await settle()
      controller.abort(new Error('enough'))
      return saving
    },
    code: 'enough',
  },
]

describe('which failures fall back', () => {
  it.each(ROWS)('$failure', async ({ provoke, code }) => {
    const all = setUp()
    const outcome = await provoke(all).catch((error: unknown) => error)
    if (code === undefined) {
      expect(outcome).toMatchObject({ storage: 'second', degraded: true })
      expect(Object.keys(await all.second.texts())).toEqual(['1000'])
      expect(all.told).toEqual(['fallback 1000'])
      return
    }
    const { code: own, name, message } = outcome as { code?: string; name: string; message: string }
    expect([own, name, message]).toContain(code)
    expect([await all.second.texts(), await all.third.texts(), all.told]).toEqual([{}, {}, []])
  })

  it('is a table in the guide with the same rows', () => {
    const guide = readFileSync('docs/guide/fallback.md', 'utf8')
    const table = guide.split('\n').filter((line) => /^\| .* \| (yes|no) \|/.test(line))
    const cells = table.map((line) => line.split('|').map((cell) => cell.trim()))
    expect(cells.map(([, failure, falls]) => [failure, falls])).toEqual(
      ROWS.map(({ failure, code }) => [failure, code === undefined ? 'yes' : 'no']),
    )
  })
})
