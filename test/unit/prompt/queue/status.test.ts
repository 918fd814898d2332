import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { imageQueue } from '../../../../src/prompt/queue/queue.js'
import { promptStatus } from '../../../../src/prompt/queue/status.js'
import type { BeatAnalysis, Session } from '../../../../src/schema/index.js'
import { fullEpisode, guideSession, storySwarmSession } from '../../../fixtures/index.js'

const failed = '[Beat s1-bb1: Generation failed]'
const sessionOf = (...beats: BeatAnalysis[]): Session => ({ analyzedEpisode: { scenes: [{ sceneNumber: 3, beats }] } })

describe('promptStatus', () => {
  it('counts a production episode', () => {
    expect(promptStatus(fullEpisode())).toEqual({
      promptsReady: true,
      totalBeats: 249,
      wantedBeats: 240,
      totalPrompts: 240,
      promptsByFormat: { cinematic: 240, vertical: 0, marketingVertical: 0 },
      missing: [],
      problems: [],
    })
  })

  it('says which beats wait for their prompts', () => {
    expect(promptStatus(storySwarmSession())).toEqual({
      promptsReady: false,
      totalBeats: 2,
      wantedBeats: 2,
      totalPrompts: 0,
      promptsByFormat: { cinematic: 0, vertical: 0, marketingVertical: 0 },
      missing: [
        { sceneNumber: 1, beatId: 'ep6_sc1_bt1', beatIndex: 0, reason: 'missing' },
        { sceneNumber: 1, beatId: 'ep6_sc1_bt2', beatIndex: 1, reason: 'missing' },
      ],
      problems: [],
    })
    expect(promptStatus(storySwarmSession({ prompts: 'strings' }))).toMatchObject({
      promptsReady: true,
      totalPrompts: 4,
    })
    expect(promptStatus(storySwarmSession({ prompts: 'pairs' }))).toMatchObject({ promptsReady: true, totalPrompts: 2 })
  })

  it('counts both formats of the guide`s session', () => {
    const { promptsByFormat, totalPrompts } = promptStatus(guideSession())
    expect(totalPrompts).toBe(promptsByFormat.cinematic + promptsByFormat.vertical)
    expect(promptsByFormat.vertical).toBeGreaterThan(0)
  })

  it('gives the reason why a beat has nothing to paint', () => {
    const status = promptStatus(
      sessionOf(
        { beatId: 'a' },
        { beatId: 'b', prompts: {} },
        { beatId: 'c', prompts: { cinematic: '' } },
        { beatId: 'd', prompts: { cinematic: failed } },
        { beatId: 'e', prompts: { cinematic: { prompt: failed, seed: 0 }, vertical: ' ' } },
        { beatId: 'f', prompts: { cinematic: ' ', vertical: failed } },
        { beatId: 'g', prompts: { cinematic: failed, vertical: 'tall' } },
      ),
    )
    expect(status.missing.map(({ beatId, reason }) => `${beatId} ${reason}`)).toEqual([
      'a missing',
      'b missing',
      'c empty',
      'd placeholder',
      'e placeholder',
      'f placeholder',
    ])
    expect(status.problems.map(({ beatId, format, reason }) => `${beatId} ${format} ${reason}`)).toEqual([
      'c cinematic empty',
      'd cinematic placeholder',
      'e cinematic placeholder',
      'e vertical empty',
      'f cinematic empty',
      'f vertical placeholder',
      'g cinematic placeholder',
    ])
    expect(status).toMatchObject({ promptsReady: false, totalBeats: 7, wantedBeats: 7, totalPrompts: 1 })
  })

  it('asks for no prompt where no picture is wanted, and counts it all the same', () => {
    const status = promptStatus(
      sessionOf(
        { beatId: 'a', imageDecision: { type: 'REUSE_IMAGE' } },
        { beatId: 'b', imageDecision: 'NO_IMAGE', prompts: { cinematic: 'x', vertical: failed } },
      ),
    )
    expect(status).toEqual({
      promptsReady: true,
      totalBeats: 2,
      wantedBeats: 0,
      totalPrompts: 1,
      promptsByFormat: { cinematic: 1, vertical: 0, marketingVertical: 0 },
      missing: [],
      problems: [{ sceneNumber: 3, beatId: 'b', beatIndex: 1, format: 'vertical', reason: 'placeholder' }],
    })
  })

  it('reports kinds it does not know, and legacy entries without a beat', () => {
    const status = promptStatus({
      ...sessionOf(
        JSON.parse('{"beatId":"a","prompts":{"toString":"x","square":{"prompt":"x"},"round":null,"cinematic":"y"}}'),
      ),
      prompts: [
        { beatId: 'a', vertical: 'tall' },
        { beatId: 'gone', cinematic: 'z' },
      ],
    })
    expect(status.problems).toEqual([
      { sceneNumber: 3, beatId: 'a', beatIndex: 0, format: 'toString', reason: 'unknown-format' },
      { sceneNumber: 3, beatId: 'a', beatIndex: 0, format: 'square', reason: 'unknown-format' },
      { sceneNumber: null, beatId: 'gone', beatIndex: null, format: null, reason: 'no-beat' },
    ])
    expect(status).toMatchObject({ promptsReady: true, totalPrompts: 2 })
  })

  it.each<Session>([{}, { analyzedEpisode: null }, { analyzedEpisode: { scenes: [{ beats: [] }] } }])(
    'is not ready without beats: %j',
    (session) => {
      expect(promptStatus(session)).toEqual({
        promptsReady: false,
        totalBeats: 0,
        wantedBeats: 0,
        totalPrompts: 0,
        promptsByFormat: { cinematic: 0, vertical: 0, marketingVertical: 0 },
        missing: [],
        problems: [],
      })
    },
  )

  it('agrees with the queue on any session', () => {
    const stored = fc.constantFrom(undefined, null, '', 'x', { prompt: 'y' }, failed)
    const beat = fc.record({
      beatId: fc.constantFrom('a', 'b', 'c', 'd'),
      imageDecision: fc.constantFrom(undefined, 'NO_IMAGE', { type: 'NEW_IMAGE' }, { type: 'REUSE_IMAGE' }),
      prompts: fc.option(fc.record({ cinematic: stored, vertical: stored })),
      prompt: stored.filter((value) => typeof value !== 'object').map((value) => value ?? null),
    })
    const legacy = fc.record({ beatId: fc.constantFrom('a', 'b', 'e'), cinematic: stored, vertical: stored })
    fc.assert(
      fc.property(fc.array(beat), fc.array(legacy), (beats, prompts) => {
        const session = { ...sessionOf(...beats), prompts }
        const status = promptStatus(session)
        expect(status.totalPrompts).toBe(imageQueue(session, { include: 'all' }).length)
        const painted = new Set(imageQueue(session).map(({ beatIndex }) => beatIndex))
        expect(status.wantedBeats - status.missing.length).toBe(painted.size)
        expect(status.missing.every(({ beatIndex }) => !painted.has(beatIndex))).toBe(true)
        expect(status.promptsReady).toBe(beats.length > 0 && status.missing.length === 0)
      }),
    )
  })
})
