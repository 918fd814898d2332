import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { beats } from '../../../../src/prompt/beats.js'
import { composePrompt } from '../../../../src/prompt/compose/compose.js'
import { fillPrompts } from '../../../../src/prompt/compose/fill.js'
import type { PromptGenerator, PromptRequest, PromptResult } from '../../../../src/prompt/compose/prompt-generator.js'
import { promptStatus } from '../../../../src/prompt/queue/status.js'
import type { BeatAnalysis, Session } from '../../../../src/schema/index.js'
import { fullEpisode, sampleSession, storySwarmSession } from '../../../fixtures/index.js'

const usable = { prompt: 'a pier', seed: 7 }
const beat = (beatId: string, rest: Partial<BeatAnalysis> = {}): BeatAnalysis => ({
  beatId,
  core_action: 'Rain.',
  ...rest,
})
const sessionOf = (...list: BeatAnalysis[]): Session => ({
  scriptText: 'x',
  analyzedEpisode: { scenes: [{ sceneNumber: 1, beats: list }, { sceneNumber: 2 }] },
})
const promptsOf = (session: Session) => [...beats(session)].map(({ beat }) => beat.prompts)
const slots = (list: readonly { beatId: string; format: string }[]) =>
  list.map(({ beatId, format }) => `${beatId} ${format}`)

/** A generator that answers each request as told, and remembers it. */
function generatorOf(answer: (request: PromptRequest) => readonly PromptResult[]) {
  const requests: PromptRequest[] = []
  const generator: PromptGenerator = {
    name: 'test',
    async generate(request) {
      requests.push(request)
      return answer(request)
    },
  }
  return { generator, requests }
}

describe('fillPrompts', () => {
  it('fills what is missing and leaves everything else', () => {
    const reuse = beat('b3', { imageDecision: { type: 'REUSE_IMAGE' } })
    const session = sessionOf(beat('b1', { prompts: { cinematic: usable } }), beat('b2'), reuse)
    const before = structuredClone(session)
    const { session: after, filled, failed } = fillPrompts(session)
    expect(filled).toEqual([{ sceneNumber: 1, beatId: 'b2', beatIndex: 1, format: 'cinematic', by: 'composer' }])
    expect(failed).toEqual([])
    expect(promptsOf(after)).toEqual([
      { cinematic: usable },
      { cinematic: composePrompt(session, beat('b2')) },
      undefined,
    ])
    expect(session).toEqual(before)
    const scenes = (one: Session) => one.analyzedEpisode?.scenes
    expect(scenes(after)?.[1]).toBe(scenes(session)?.[1])
    expect(scenes(after)?.[0]?.beats?.[0]).toBe(scenes(session)?.[0]?.beats?.[0])
    expect(scenes(after)?.[0]?.beats?.[2]).toBe(reuse)
    expect(Object.keys(after)).toEqual(['scriptText', 'analyzedEpisode'])
  })

  it.each([
    ['nothing', undefined],
    ['null', { prompts: null }],
    ['no kind', { prompts: {} }],
    ['a blank text', { prompts: { cinematic: ' ' } }],
    ['a blank prompt', { prompts: { cinematic: { prompt: '' } } }],
    ['a note of failure', { prompts: { cinematic: { prompt: '[Beat s1-bb1: Generation failed]', steps: 30 } } }],
    ['a blank pair', { prompt: { positive: '', negative: 'x' } }],
  ])('counts %s as missing', (_, rest) => {
    const { session, filled } = fillPrompts(sessionOf(beat('b1', rest)))
    expect(slots(filled)).toEqual(['b1 cinematic'])
    expect(promptStatus(session).promptsReady).toBe(true)
  })

  it.each([
    ['a text', { prompts: { cinematic: 'a pier' } }],
    ['a pair', { prompt: { positive: 'a pier' } }],
    ['an odd one', { prompts: { cinematic: { ...usable, note: 1 } } }],
  ])('never touches %s', (_, rest) => {
    const session = sessionOf(beat('b1', rest))
    expect(fillPrompts(session)).toEqual({ session, filled: [], failed: [] })
    expect(fillPrompts(session).session).toBe(session)
  })

  it('reads the legacy list, each entry for its own beat', () => {
    const session = { ...sessionOf(beat('b1'), beat('b1')), prompts: [{ beatId: 'b1', cinematic: usable }] }
    expect(fillPrompts(session).filled).toMatchObject([{ beatIndex: 1 }])
  })

  it('fills the kinds and the beats that are asked for', () => {
    const session = sessionOf(beat('b1', { prompts: { cinematic: usable } }), beat('b2', { imageDecision: 'NO_IMAGE' }))
    const all = fillPrompts(session, { formats: ['marketingVertical', 'vertical', 'cinematic'], include: 'all' })
    expect(slots(all.filled)).toEqual([
      'b1 vertical',
      'b1 marketingVertical',
      'b2 cinematic',
      'b2 vertical',
      'b2 marketingVertical',
    ])
    expect(promptsOf(all.session)[0]).toMatchObject({ cinematic: usable, vertical: { width: 768 } })
    expect(Object.keys(promptsOf(all.session)[0] ?? {})).toEqual(['cinematic', 'vertical', 'marketingVertical'])
    expect(fillPrompts(session, { formats: [] }).session).toBe(session)
  })

  it('does not invent a picture for a beat that says nothing', () => {
    const session = sessionOf({ beatId: 'b1' }, { beatId: 'b2', imageDecision: 'NEW_IMAGE', core_action: 'N/A' })
    const { session: after, failed } = fillPrompts(session, { style: 'ink' })
    expect(failed.map(({ beatId, reason }) => `${beatId}: ${reason}`)).toEqual([
      'b1: nothing to compose from',
      'b2: nothing to compose from',
    ])
    expect(after).toBe(session)
    expect(fillPrompts({})).toEqual({ session: {}, filled: [], failed: [] })
  })

  it('fills an empty StorySwarm session, and has nothing to do the second time', () => {
    for (const session of [storySwarmSession(), sampleSession(), fullEpisode({ beats: 40 })] as Session[]) {
      const once = fillPrompts(session)
      expect(promptStatus(once.session).missing).toEqual([])
      expect(fillPrompts(once.session)).toEqual({ session: once.session, filled: [], failed: [] })
    }
  })

  it('changes nothing but the missing prompts, whatever is there', () => {
    const stored = fc.constantFrom(undefined, null, '', 'a pier', usable, { prompt: ' ' })
    const decision = fc.constantFrom(undefined, 'NEW_IMAGE', 'REUSE_IMAGE')
    const one = fc.record({ cinematic: stored, vertical: stored, imageDecision: decision })
    fc.assert(
      fc.property(fc.array(one, { maxLength: 5 }), (list) => {
        const made = list.map(({ imageDecision, ...prompts }, at) => beat(`b${at}`, { imageDecision, prompts }))
        const { session, filled } = fillPrompts(sessionOf(...made))
        const emptied = [...beats(session)].map(({ beat }, at) =>
          filled.some(({ beatIndex }) => beatIndex === at)
            ? { ...beat, prompts: { ...beat.prompts, cinematic: made[at]?.prompts?.cinematic } }
            : beat,
        )
        expect(emptied).toEqual(made)
      }),
    )
  })
})

describe('fillPrompts with a generator', () => {
  it('asks once for all that is missing, with what must be in it', async () => {
    const { generator, requests } = generatorOf(({ items }) =>
      items.map(({ key, format }) => ({ key, prompt: `new ${format}` })),
    )
    const context = { episode: { characters: [{ character_name: 'Ada', base_trigger: 'ADAM_V1' }] } }
    const list = [beat('b1', { characters: ['Ada'] }), beat('b2', { prompts: { cinematic: usable } }), { beatId: 'b3' }]
    const session = { ...sessionOf(...list), episodeContext: JSON.stringify(context) }
    const { session: after, filled, failed } = await fillPrompts(session, generator, { parameters: { seed: 3 } })
    expect(requests).toHaveLength(1)
    const composed = composePrompt(session, list[0] ?? beat('?'), { parameters: { seed: 3 } })
    const face = '<segment:yolo-face_yolov9c.pt-0,0.35,0.5>'
    expect(requests[0]?.context).toEqual(context)
    expect(requests[0]?.items).toMatchObject([
      {
        format: 'cinematic',
        composed,
        characters: [{ character: 'Ada', trigger: 'ADAM_V1', look: 'ADAM_V1' }],
        sections: [face],
      },
    ])
    expect(requests[0]?.items[0]?.place.beat).toBe(list[0])
    expect(promptsOf(after)[0]?.cinematic).toEqual({ ...composed, prompt: 'new cinematic' })
    expect(filled.map(({ beatId, by }) => `${beatId} ${by}`)).toEqual(['b1 test'])
    expect(failed.map(({ beatId, reason }) => `${beatId} ${reason}`)).toEqual(['b3 nothing to compose from'])
  })

  it('falls back to the composer and says why', async () => {
    const { generator } = generatorOf(({ items: [a, b, c, d, e] }) => [
      { key: a?.key ?? '', failure: 'too long' },
      { key: b?.key ?? '', prompt: ' ' },
      { key: c?.key ?? '', prompt: '[Beat x: Generation failed]' },
      { key: d?.key ?? '', prompt: { prompt: 'whole', steps: 3 } },
      { key: d?.key ?? '', prompt: 'late' },
      { key: 'unknown', prompt: 'x' },
      ...(e ? [] : []),
    ])
    const list = ['b1', 'b2', 'b3', 'b4', 'b5'].map((id) => beat(id))
    const { session, filled, failed } = await fillPrompts(sessionOf(...list), generator)
    expect(failed.map(({ beatId, reason }) => `${beatId} ${reason}`)).toEqual([
      'b1 too long',
      'b2 empty',
      'b3 placeholder',
      'b5 no result',
    ])
    expect(filled.map(({ by }) => by)).toEqual(['composer', 'composer', 'composer', 'test', 'composer'])
    expect(promptsOf(session)[3]?.cinematic).toEqual({ prompt: 'whole', steps: 3 })
    expect(promptsOf(session)[4]?.cinematic).toEqual(composePrompt(sessionOf(...list), beat('b5')))
  })

  it('is not called when nothing is missing', async () => {
    const { generator, requests } = generatorOf(() => [])
    const session = sessionOf(beat('b1', { prompts: { cinematic: usable } }), { beatId: 'b2' })
    expect((await fillPrompts(session, generator)).session).toBe(session)
    expect(requests).toEqual([])
  })

  it('rejects with what the generator rejects with, and with the reason of an abort', async () => {
    const broken: PromptGenerator = { name: 'broken', generate: () => Promise.reject(new Error('no key')) }
    await expect(fillPrompts(sessionOf(beat('b1')), broken)).rejects.toThrow('no key')
    const reason = new Error('enough')
    await expect(fillPrompts(sessionOf(beat('b1')), broken, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason)
  })
})
