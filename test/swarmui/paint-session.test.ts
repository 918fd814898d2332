import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { memoryAdapter } from '../../src/adapters/memory.js'
import { TimeoutError } from '../../src/errors.js'
import type { PromptGenerator } from '../../src/prompt/index.js'
import type { Session } from '../../src/schema/index.js'
import { SessionStore } from '../../src/store/index.js'
import { type PaintEvent, paintSession, type SessionSource } from '../../src/swarmui/paint-session.js'
import { memorySink } from '../../src/swarmui/sink.js'
import { type Room, room, SMALL, soon } from './harness.js'

let open: Room
let store: SessionStore

beforeEach(async () => {
  open = await room()
  store = new SessionStore({ adapter: memoryAdapter() })
})

afterEach(async () => {
  await store.close()
  await open[Symbol.asyncDispose]()
})

function sessionOf(...prompts: (string | null)[]): Session {
  const beats = prompts.map((prompt, n) => ({
    beatId: `s1-b${n + 1}`,
    ...(prompt !== null && { prompts: { cinematic: { ...SMALL, prompt, seed: n } } }),
  }))
  return { analyzedEpisode: { scenes: [{ sceneNumber: 1, beats }] } }
}

const base = () => ({ client: open.client, out: memorySink(), wait: soon })

describe('paintSession', () => {
  it('paints the newest version, and again only what is missing', async () => {
    await store.save(sessionOf('old'), { timestamp: 1 })
    await store.save(sessionOf('a', 'b', null), { timestamp: 2 })
    const options = base()
    const events: PaintEvent[] = []
    const report = await paintSession(store, { ...options, onEvent: (event) => events.push(event) })
    expect(report).toMatchObject({ timestamp: 2, jobs: 2, painted: 2, kept: 0, failed: [] })
    expect(report.prompts.missing.map(({ beatId }) => beatId)).toEqual(['s1-b3'])
    expect(events[0]).toMatchObject({ type: 'queued', timestamp: 2, jobs: 2 })
    expect(events.filter(({ type }) => type === 'result')).toHaveLength(2)
    expect(await paintSession(store, options)).toMatchObject({ painted: 0, kept: 2 })
    expect([...options.out.files.keys()].sort()).toEqual(['s01-b001-cinematic-1.png', 's01-b002-cinematic-1.png'])
  })

  it('paints a version by its timestamp, in the formats and takes asked for', async () => {
    await store.save(sessionOf('old'), { timestamp: 1 })
    await store.save(sessionOf('new'), { timestamp: 2 })
    const report = await paintSession(store, { ...base(), timestamp: 1, images: 2, formats: ['cinematic'] })
    expect(report).toMatchObject({ timestamp: 1, painted: 1 })
    expect(open.double.painted.map(({ prompt }) => prompt)).toEqual(['old', 'old'])
    expect(await paintSession(store, { ...base(), timestamp: 1, formats: ['vertical'] })).toMatchObject({ jobs: 0 })
  })

  it('paints only the scenes and beats asked for, whatever is wrong with others', async () => {
    const beat = (beatId: string, prompt: string) => ({ beatId, prompts: { cinematic: { ...SMALL, prompt } } })
    const scenes = [
      { sceneNumber: 1, beats: [beat('s1-b1', 'a'), beat('s1-b2', '<lora:x:1>')] },
      { sceneNumber: 2, beats: [beat('s2-b1', 'b'), beat('s2-b2', 'c')] },
    ]
    await store.save({ analyzedEpisode: { scenes } })
    expect(await paintSession(store, { ...base(), scenes: [2] })).toMatchObject({ jobs: 2, painted: 2 })
    expect(await paintSession(store, { ...base(), scenes: [1, 2], beats: [' s1-b1'] })).toMatchObject({
      jobs: 1,
      painted: 1,
    })
    expect(open.double.painted.map(({ prompt }) => prompt).sort()).toEqual(['a', 'b', 'c'])
    // What is wrong with the beat itself counts.
    await expect(paintSession(store, { ...base(), scenes: [1] })).rejects.toThrow('prompt-only-tags')
  })

  it('since an older version paints only what that does not ask for', async () => {
    await store.save(sessionOf('a', 'b', 'c'), { timestamp: 1 })
    await store.save(sessionOf('a', 'changed', 'c', 'added'), { timestamp: 2 })
    expect(await paintSession(store, { ...base(), since: 1 })).toMatchObject({ jobs: 2, painted: 2 })
    expect(open.double.painted.map(({ prompt }) => prompt).sort()).toEqual(['added', 'changed'])
  })

  it('waits for prompts that somebody else writes, and goes on with what is there', async () => {
    const asked: unknown[] = []
    const pending = { ...sessionOf('a', null), promptMode: 'storyswarm' }
    const source: SessionSource = {
      latest: async () => ({ timestamp: 5, session: pending }),
      get: async (timestamp) => ({ timestamp, session: sessionOf('a', 'b', null) }),
      waitForPrompts: async (timestamp, options) => {
        asked.push([timestamp, options?.timeoutMs])
        if (options?.timeoutMs === 7) throw new TimeoutError('too long', 7)
        return { timestamp, session: sessionOf('a', 'b') }
      },
    }
    expect(await paintSession(source, base())).toMatchObject({ painted: 2 })
    expect(await paintSession(source, { ...base(), waitMs: 9 })).toMatchObject({ painted: 2 })
    expect(await paintSession(source, { ...base(), waitMs: 7 })).toMatchObject({ painted: 2 })
    expect(await paintSession(source, { ...base(), waitMs: 0 })).toMatchObject({ painted: 1 })
    expect(asked).toEqual([
      [5, 30 * 60_000],
      [5, 9],
      [5, 7],
    ])
    const ready: SessionSource = { ...source, latest: async () => ({ timestamp: 5, session: sessionOf('a') }) }
    expect(await paintSession(ready, { ...base(), waitMs: 9 })).toMatchObject({ painted: 1 })
    const broken = { ...source, waitForPrompts: () => Promise.reject(new Error('gone')) }
    await expect(paintSession(broken, base())).rejects.toThrow('gone')
    expect(asked).toHaveLength(3)
  })

  it('fills in what is missing, by the composer or a generator, and writes nothing back', async () => {
    const session = sessionOf('a', null)
    Object.assign(session.analyzedEpisode?.scenes?.[0]?.beats?.[1] ?? {}, { core_action: 'Fog rolls over the quay' })
    await store.save(session, { timestamp: 1 })
    const composed = await paintSession(store, base())
    expect(composed).toMatchObject({ painted: 2, filled: [{ beatId: 's1-b2', by: 'composer' }], unfilled: [] })
    expect(composed.prompts.promptsReady).toBe(true)
    expect(open.double.painted.map(({ prompt }) => prompt).some((text) => text.includes('Fog rolls'))).toBe(true)

    const generator: PromptGenerator = {
      name: 'mine',
      generate: async ({ items }) => items.map(({ key }) => ({ key, prompt: 'written by hand' })),
    }
    const generated = await paintSession(store, { ...base(), generator })
    expect(generated).toMatchObject({ painted: 2, filled: [{ beatId: 's1-b2', by: 'mine' }] })
    expect(open.double.painted.map(({ prompt }) => prompt)).toContain('written by hand')

    const left = await paintSession(store, { ...base(), fill: false })
    expect(left).toMatchObject({ painted: 1, filled: [] })
    expect(left.prompts.missing.map(({ beatId }) => beatId)).toEqual(['s1-b2'])
    expect((await store.get(1))?.session).toEqual({ ...session, timestamp: 1 })
  })

  it('says how many more findings there are', async () => {
    await store.save(sessionOf('<segment:face>', '<segment:face>', 'a [b: 6AM]'), { timestamp: 1 })
    await expect(paintSession(store, base())).rejects.toThrow('itself (and 2 more that checkSession lists). Write')
  })

  it('stops at what would spoil a picture before anything is painted, and says where', async () => {
    await store.save(sessionOf('a', '<segment:face>'), { timestamp: 1 })
    const failure = await paintSession(store, base()).catch((error: unknown) => error)
    expect(failure).toMatchObject({
      code: 'SWARM_REFUSED',
      message:
        'SwarmUI: session 1 is not painted: prompt-only-tags at analyzedEpisode.scenes[0].beats[1].prompts.cinematic.prompt: ' +
        'There are no words for the picture itself. Write what the picture shows: tags alone say nothing of it.',
    })
    expect(open.double.painted).toEqual([])
    const codes = new Set<string>()
    const report = await paintSession(store, {
      ...base(),
      stopOn: ({ code }) => {
        codes.add(code)
        return false
      },
    })
    expect(report.findings.map(({ code }) => code)).toContain('script-missing')
    expect(codes).toEqual(new Set(report.findings.map(({ code }) => code)))
    expect(report).toMatchObject({ painted: 1, failed: [{ job: { beatId: 's1-b2' } }] })
    expect(await paintSession(store, { ...base(), check: false })).toMatchObject({ painted: 1, findings: [] })
  })

  it('reports what failed, job by job', async () => {
    await store.save(sessionOf('a', '<segment:face>', 'c'), { timestamp: 1 })
    const report = await paintSession(store, { ...base(), check: false })
    expect(report).toMatchObject({ painted: 2, kept: 0 })
    expect(report.failed).toMatchObject([{ job: { beatId: 's1-b2' }, error: { code: 'SWARM_REFUSED' } }])
  })

  it('paints every picture of a beat that repeats, and nothing of a session without beats', async () => {
    await store.save(sessionOf('same', 'same'), { timestamp: 1 })
    expect(await paintSession(store, base())).toMatchObject({ jobs: 2, painted: 2 })
    await store.save({ scriptText: 'no analysis' }, { timestamp: 2 })
    expect(await paintSession(store, base())).toMatchObject({ jobs: 0, painted: 0 })
  })

  it('names a version that is not there', async () => {
    await expect(paintSession(store, base())).rejects.toThrow('paintSession: there is no session to paint.')
    await store.save(sessionOf('a'), { timestamp: 1 })
    await expect(paintSession(store, { ...base(), timestamp: 3 })).rejects.toThrow('there is no session 3.')
    await expect(paintSession(store, { ...base(), since: 3 })).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' })
  })

  it('ends with the reason of its signal', async () => {
    await store.save(sessionOf('a'), { timestamp: 1 })
    await expect(paintSession(store, { ...base(), signal: AbortSignal.abort('no') })).rejects.toBe('no')
    expect(open.double.requests).toEqual([])
  })
})
