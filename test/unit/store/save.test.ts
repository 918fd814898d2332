import { describe, expect, it } from 'vitest'
import { memoryAdapter } from '../../../src/adapters/memory.js'
import { SessionConflictError, SessionInvalidError } from '../../../src/errors.js'
import { revisionOf } from '../../../src/revision.js'
import type { Session } from '../../../src/schema/index.js'
import { SessionStore } from '../../../src/store/index.js'

const NOON = Date.UTC(2026, 2, 1, 12)

function frozenStore(adapter = memoryAdapter({ now: () => NOON })): SessionStore {
  return new SessionStore({ adapter, now: () => NOON, random: () => 0.5 })
}

function rejection(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => {
      throw new Error('it did not reject')
    },
    (error: unknown) => error,
  )
}

describe('save', () => {
  it('says where the session is', async () => {
    const result = await frozenStore().save({ scriptText: 'SCENE 1' })
    const raw = `{"scriptText":"SCENE 1","timestamp":${NOON}}`
    expect(result).toEqual({
      timestamp: NOON,
      sessionKey: `storyart:session:${NOON}`,
      storage: 'memory',
      savedAt: '2026-03-01T12:00:00.000Z',
      revision: revisionOf(raw),
      degraded: false,
    })
  })

  it('gives two saves in one millisecond two versions, from one store and from several', async () => {
    const adapter = memoryAdapter({ now: () => NOON })
    const stores = Array.from({ length: 4 }, () => frozenStore(adapter))
    const saves = stores.flatMap((store) => Array.from({ length: 250 }, () => store.save({ scriptText: 'SCENE 1' })))
    const timestamps = (await Promise.all(saves)).map((result) => result.timestamp)
    expect(new Set(timestamps).size).toBe(1000)
    expect(await stores[0]?.count()).toBe(1000)
  })

  it('never goes back when the clock does', async () => {
    let now = NOON
    const store = new SessionStore({ adapter: memoryAdapter(), now: () => now })
    await store.save({ scriptText: 'before' })
    now -= 3_600_000
    expect((await store.save({ scriptText: 'after' })).timestamp).toBe(NOON + 1)
    expect((await store.latest())?.session.scriptText).toBe('after')
  })

  it('creates or replaces the version that the argument or the field names, the argument first', async () => {
    const store = frozenStore()
    expect((await store.save({ scriptText: 'a', timestamp: 1000 })).timestamp).toBe(1000)
    expect((await store.save({ scriptText: 'b', timestamp: 1000 })).timestamp).toBe(1000)
    expect((await store.save({ scriptText: 'c', timestamp: 1000 }, { timestamp: 2000 })).timestamp).toBe(2000)
    expect((await store.get(1000))?.session).toEqual({ scriptText: 'b', timestamp: 1000 })
    expect((await store.get(2000))?.session).toEqual({ scriptText: 'c', timestamp: 2000 })
    expect(await store.count()).toBe(2)
  })

  it('gives a new version where StoryArt writes null, 0 or nothing as timestamp', async () => {
    const store = frozenStore()
    const given: Session[] = [
      { scriptText: 'a' },
      { timestamp: null, scriptText: 'b' },
      { timestamp: 0, scriptText: 'c' },
    ]
    for (const [index, session] of given.entries()) {
      expect((await store.save(session)).timestamp).toBe(NOON + index)
    }
    expect(Object.keys((await store.get(NOON + 1))?.session ?? {})).toEqual(['timestamp', 'scriptText'])
  })

  it.each([
    [-5, 'from 1 to 8640000000000000, but is -5'],
    [1704067200000.5, 'but is 1704067200000.5'],
    ['1704067200000', 'but is a value of type string'],
    [1e21, 'but is 1e+21'],
    [Number.NaN, 'but is NaN'],
  ])('refuses the timestamp %s and stores nothing', async (timestamp, told) => {
    const store = frozenStore()
    const byArgument = await rejection(store.save({ scriptText: 'x' }, { timestamp: timestamp as number }))
    expect(byArgument).toMatchObject({ code: 'INVALID_ARGUMENT', message: expect.stringContaining(told) })
    const byField = await rejection(store.save({ scriptText: 'x', timestamp: timestamp as number }))
    expect(byField).toMatchObject({ code: expect.stringMatching(/^(INVALID_ARGUMENT|SESSION_INVALID)$/) })
    expect(await store.count()).toBe(0)
  })

  it('keeps a session for seven days, or for as long as the store or the call says', async () => {
    let now = NOON
    const adapter = memoryAdapter({ now: () => now })
    const store = new SessionStore({ adapter, now: () => now })
    const brief = new SessionStore({ adapter, now: () => now, ttlMs: 1000 })
    const week = await store.save({ scriptText: 'a week' })
    const second = await brief.save({ scriptText: 'a second' }, { timestamp: NOON + 1 })
    const minute = await brief.save({ scriptText: 'a minute' }, { timestamp: NOON + 2, ttlMs: 60_000 })
    now += 999
    expect(await store.get(second.timestamp)).not.toBeNull()
    now += 1
    expect(await store.get(second.timestamp)).toBeNull()
    expect(await store.get(minute.timestamp)).not.toBeNull()
    now = NOON + 604_800_000 - 1
    expect(await store.get(minute.timestamp)).toBeNull()
    expect(await store.get(week.timestamp)).not.toBeNull()
    now += 1
    expect(await store.get(week.timestamp)).toBeNull()
  })

  it('holds expect', async () => {
    const store = frozenStore()
    const first = await store.save({ scriptText: 'a' }, { timestamp: 1000, expect: 'absent' })
    const again = await rejection(store.save({ scriptText: 'b' }, { timestamp: 1000, expect: 'absent' }))
    expect(again).toBeInstanceOf(SessionConflictError)
    expect(again).toMatchObject({ code: 'SESSION_CONFLICT', reason: 'exists', timestamp: 1000 })
    const second = await store.save({ scriptText: 'c' }, { timestamp: 1000, expect: first.revision })
    const late = await rejection(store.save({ scriptText: 'd' }, { timestamp: 1000, expect: first.revision }))
    expect(late).toMatchObject({ code: 'SESSION_CONFLICT', reason: 'changed' })
    const gone = await rejection(store.save({ scriptText: 'e' }, { timestamp: 2000, expect: second.revision }))
    expect(gone).toMatchObject({ code: 'SESSION_CONFLICT', reason: 'missing' })
    expect((await store.get(1000))?.session.scriptText).toBe('c')
    expect(await store.count()).toBe(1)
  })

  it('refuses a revision without a version, and an expect that is none', async () => {
    const store = frozenStore()
    expect(await rejection(store.save({}, { expect: revisionOf('') }))).toMatchObject({ code: 'INVALID_ARGUMENT' })
    expect(await rejection(store.save({}, { expect: 'latest', timestamp: 5 }))).toMatchObject({
      code: 'INVALID_ARGUMENT',
    })
  })

  it('refuses what is no session, names the path, and leaves what is stored', async () => {
    const store = frozenStore()
    await store.save({ scriptText: 'good' }, { timestamp: 1000 })
    const broken = { analyzedEpisode: { scenes: [{ beats: [{ beat_script_text: 'no id' }] }] } }
    const error = await rejection(store.save(broken as unknown as Session, { timestamp: 1000 }))
    expect(error).toBeInstanceOf(SessionInvalidError)
    expect((error as SessionInvalidError).issues.map((issue) => issue.path)).toEqual([
      'analyzedEpisode.scenes[0].beats[0].beatId',
    ])
    expect((await store.get(1000))?.session.scriptText).toBe('good')
  })

  it('does not change the session it is given', async () => {
    const session = Object.freeze({ scriptText: 'frozen', timestamp: 5, extra: Object.freeze({ kept: true }) })
    await frozenStore().save(session, { timestamp: 7 })
    expect(session).toEqual({ scriptText: 'frozen', timestamp: 5, extra: { kept: true } })
  })
})
