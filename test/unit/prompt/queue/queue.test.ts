import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { IMAGE_FORMATS, type ImageFormat } from '../../../../src/prompt/image-format.js'
import { jobKey } from '../../../../src/prompt/queue/job-key.js'
import { type ImageJob, imageQueue } from '../../../../src/prompt/queue/queue.js'
import type { BeatAnalysis, Session } from '../../../../src/schema/index.js'
import { fullEpisode, guideSession, storySwarmSession, v1Session } from '../../../fixtures/index.js'

const sessionOf = (...beats: BeatAnalysis[]): Session => ({
  analyzedEpisode: { scenes: [{ sceneNumber: 1, title: 'Quay', beats }] },
})
const places = (jobs: ImageJob[]) => jobs.map(({ sceneNumber, beatId, format }) => `${sceneNumber} ${beatId} ${format}`)
const texts = (jobs: ImageJob[]) => jobs.map(({ prompt }) => prompt.prompt)

describe('imageQueue', () => {
  it('fills every field of a job', () => {
    const prompt = {
      prompt: 'a lighthouse',
      model: 'flux1-dev-fp8',
      width: 1344,
      height: 768,
      steps: 40,
      cfgscale: 1,
      seed: -1,
    }
    const jobs = imageQueue(
      sessionOf(
        { beatId: 's1-b0' },
        { beatId: 's1-b1', beat_script_text: 'The lamp turns.', prompts: { cinematic: prompt } },
      ),
    )
    expect(jobs).toEqual([
      {
        key: jobKey('cinematic', prompt),
        sceneNumber: 1,
        sceneTitle: 'Quay',
        beatId: 's1-b1',
        beatIndex: 1,
        format: 'cinematic',
        aspectRatio: '16:9',
        prompt,
        beatScriptText: 'The lamp turns.',
        images: 1,
      },
    ])
    expect(jobs[0]?.prompt).toBe(prompt)
    expect(Object.keys(jobs[0] ?? {})[0]).toBe('key')
  })

  it('orders by scene, beat and format as the document has them, not by number or key', () => {
    const prompts = { marketingVertical: 'ad', vertical: 'tall', cinematic: 'wide' }
    const session: Session = {
      analyzedEpisode: {
        scenes: [
          { sceneNumber: 7, beats: [{ beatId: 'z', prompts }] },
          {
            sceneNumber: 2,
            beats: [
              { beatId: 'y', prompts: { vertical: 'tall' } },
              { beatId: 'a', prompts: { cinematic: 'wide' } },
            ],
          },
        ],
      },
    }
    expect(places(imageQueue(session))).toEqual([
      '7 z cinematic',
      '7 z vertical',
      '7 z marketingVertical',
      '2 y vertical',
      '2 a cinematic',
    ])
    expect(imageQueue(session).map(({ aspectRatio }) => aspectRatio)).toEqual(['16:9', '9:16', '9:16', '9:16', '16:9'])
  })

  it.each<[ImageFormat[], string[]]>([
    [['cinematic'], ['wide']],
    [
      ['marketingVertical', 'cinematic'],
      ['wide', 'ad'],
    ],
    [['vertical', 'vertical'], ['tall']],
    [[], []],
  ])('takes the formats %j, in the order of the queue', (formats, expected) => {
    const session = sessionOf({
      beatId: 'a',
      prompts: { vertical: 'tall', marketingVertical: 'ad', cinematic: 'wide' },
    })
    expect(texts(imageQueue(session, { formats }))).toEqual(expected)
  })

  it('gives every job the number of takes, which is no part of the key', () => {
    const session = sessionOf({ beatId: 'a', prompts: { cinematic: 'wide', vertical: 'tall' } })
    const three = imageQueue(session, { images: 3 })
    expect(three.map(({ images }) => images)).toEqual([3, 3])
    expect(three.map(({ key }) => key)).toEqual(imageQueue(session).map(({ key }) => key))
  })

  it('passes over beats that reuse a picture or show none, unless all are asked for', () => {
    const beats: BeatAnalysis[] = [
      { beatId: 'new', imageDecision: { type: 'NEW_IMAGE' } },
      { beatId: 'reuse', imageDecision: { type: 'REUSE_IMAGE', reuseSourceBeatId: 'new' } },
      { beatId: 'none', imageDecision: { type: 'NO_IMAGE' } },
      { beatId: 'text', imageDecision: 'reuse image ' },
      { beatId: 'null', imageDecision: null },
      { beatId: 'odd', imageDecision: { type: 'LATER' } },
      { beatId: 'absent' },
    ].map((beat, index) => ({ ...beat, prompts: { cinematic: `picture ${index}` } }))
    const ids = (jobs: ImageJob[]) => jobs.map(({ beatId }) => beatId)
    expect(ids(imageQueue(sessionOf(...beats)))).toEqual(['new', 'null', 'odd', 'absent'])
    expect(ids(imageQueue(sessionOf(...beats), { include: 'wanted' }))).toEqual(['new', 'null', 'odd', 'absent'])
    expect(ids(imageQueue(sessionOf(...beats), { include: 'all' }))).toEqual(beats.map(({ beatId }) => beatId))
  })

  it('makes no job of blank prompts, notes of failure, unknown kinds and nothing', () => {
    const session = sessionOf(
      { beatId: 'a', prompts: {} },
      { beatId: 'b', prompts: null },
      { beatId: 'c', prompts: { cinematic: null, vertical: '', marketingVertical: { prompt: ' ', width: 1 } } },
      { beatId: 'd', prompts: { cinematic: { prompt: '[Beat s1-bd: Generation failed]', seed: 0 }, vertical: 'tall' } },
      JSON.parse('{"beatId":"e","prompts":{"square":{"prompt":"a lighthouse"}}}'),
    )
    expect(places(imageQueue(session, { include: 'all' }))).toEqual(['1 d vertical'])
  })

  it('reads plain texts and invents no parameters', () => {
    const [job] = imageQueue(sessionOf({ beatId: 'a', prompts: { cinematic: 'a lighthouse' } }))
    expect(job?.prompt).toEqual({ prompt: 'a lighthouse' })
    expect(job?.key).toBe(jobKey('cinematic', { prompt: 'a lighthouse' }))
  })

  it('finds the words of the script under every name', () => {
    const prompts = { cinematic: 'x' }
    const session = sessionOf(
      { beatId: 'a', prompts, beat_script_text: 'one', narrativeText: 'two', scriptText: 'three' },
      { beatId: 'b', prompts, beat_script_text: ' ', narrativeText: 'two', scriptText: 'three' },
      { beatId: 'c', prompts, narrativeText: null, scriptText: 'three' },
      { beatId: 'd', prompts },
    )
    expect(imageQueue(session).map(({ beatScriptText }) => beatScriptText)).toEqual(['one', 'two', 'three', ''])
  })

  it('keeps duplicate scenes and beats, and multiplies none', () => {
    const scene = (text: string) => ({
      sceneNumber: 1,
      beats: [
        { beatId: 's1-b1', prompts: { cinematic: `${text} 1` } },
        { beatId: 's1-b1', prompts: { cinematic: `${text} 2` } },
      ],
    })
    const session = { analyzedEpisode: { scenes: [scene('a'), scene('b'), scene('c')] } }
    expect(texts(imageQueue(session))).toEqual(['a 1', 'a 2', 'b 1', 'b 2', 'c 1', 'c 2'])
  })

  it('reads the legacy list for beats without a prompt of that kind, and makes no job for beats that do not exist', () => {
    const session: Session = {
      ...sessionOf(
        { beatId: 'a', prompts: { cinematic: 'own' } },
        { beatId: 'b' },
        { beatId: 'c', imageDecision: 'NO_IMAGE' },
      ),
      prompts: [
        { beatId: 'gone', cinematic: 'gone' },
        { beatId: 'c', cinematic: 'c' },
        { beatId: 'b', cinematic: { prompt: 'wide', width: 1 }, vertical: { prompt: 'tall' } },
        { beatId: 'a', cinematic: 'old', vertical: 'tall a' },
      ],
    }
    expect(texts(imageQueue(session))).toEqual(['own', 'tall a', 'wide', 'tall'])
    expect(texts(imageQueue(session, { include: 'all' }))).toEqual(['own', 'tall a', 'wide', 'tall', 'c'])
  })

  it('gives a duplicate beat one legacy entry each', () => {
    const beat = { beatId: 'a' }
    const legacy = { beatId: 'a', cinematic: 'once' }
    expect(texts(imageQueue({ ...sessionOf(beat, beat), prompts: [legacy] }))).toEqual(['once'])
    expect(
      texts(imageQueue({ ...sessionOf(beat, beat), prompts: [legacy, { beatId: 'a', cinematic: 'twice' }] })),
    ).toEqual(['once', 'twice'])
  })

  it.each<[string, Session]>([
    ['nothing', {}],
    ['null', { analyzedEpisode: null, prompts: null }],
    ['no scenes', { analyzedEpisode: { scenes: [] } }],
    ['scenes without beats', { analyzedEpisode: { scenes: [{ sceneNumber: 1 }, { beats: null }] } }],
  ])('is empty for a session with %s', (_, session) => {
    expect(imageQueue(session)).toEqual([])
  })
})

describe('the keys of a queue', () => {
  it('stay with the picture when its beat moves, is renamed or rewritten', () => {
    const prompts = { cinematic: { prompt: 'a lighthouse', seed: 4 } }
    const [before] = imageQueue(sessionOf({ beatId: 'a', prompts, beat_script_text: 'one' }))
    const [, after] = imageQueue({
      analyzedEpisode: {
        scenes: [
          { sceneNumber: 1, beats: [{ beatId: 'new', prompts: { cinematic: 'else' } }] },
          { sceneNumber: 2, title: 'Loft', beats: [{ beatId: 'b', prompts, beat_script_text: 'two' }] },
        ],
      },
    })
    expect(after?.key).toBe(before?.key)
  })

  it('number the jobs that would paint exactly the same', () => {
    const same = { beatId: 'a', prompts: { cinematic: 'x', vertical: 'x' } }
    const jobs = imageQueue(sessionOf(same, same, { beatId: 'b', prompts: { cinematic: { prompt: 'x' } } }))
    const wide = jobKey('cinematic', { prompt: 'x' })
    const tall = jobKey('vertical', { prompt: 'x' })
    expect(jobs.map(({ key }) => key)).toEqual([wide, tall, `${wide}-2`, `${tall}-2`, `${wide}-3`])
  })
})

describe('imageQueue on whole sessions', () => {
  it('lists the 240 pictures of a production episode', () => {
    const session = fullEpisode()
    const jobs = imageQueue(session)
    expect(jobs).toHaveLength(240)
    expect(jobs.every(({ format }) => format === 'cinematic')).toBe(true)
    expect(new Set(jobs.map(({ key }) => key)).size).toBe(240)
    const expected = session.analyzedEpisode.scenes.flatMap((scene) =>
      scene.beats.filter((beat) => beat.imageDecision.type === 'NEW_IMAGE').map((beat) => beat.beat_script_text),
    )
    expect(jobs.map(({ beatScriptText }) => beatScriptText)).toEqual(expected)
  })

  it('lists both formats of the guide`s session', () => {
    const jobs = imageQueue(guideSession())
    expect(jobs.slice(0, 2).map(({ format, prompt }) => [format, prompt.width, prompt.height])).toEqual([
      ['cinematic', 1024, 576],
      ['vertical', 576, 1024],
    ])
  })

  it('reads StorySwarm`s forms', () => {
    expect(imageQueue(storySwarmSession())).toEqual([])
    const strings = imageQueue(storySwarmSession({ prompts: 'strings' }))
    expect(places(strings)).toEqual([
      '1 ep6_sc1_bt1 cinematic',
      '1 ep6_sc1_bt1 vertical',
      '1 ep6_sc1_bt2 cinematic',
      '1 ep6_sc1_bt2 vertical',
    ])
    expect(strings[2]?.beatScriptText).toBe('Mr. Pim punches a ticket dated tomorrow.')
    const pairs = imageQueue(storySwarmSession({ prompts: 'pairs' }))
    expect(pairs.map(({ prompt }) => prompt.negativeprompt)).toEqual(['blurry', 'blurry'])
  })

  it('reads the first API`s session', () => {
    expect(places(imageQueue(v1Session()))).toEqual(['1 s1-b1 cinematic', '1 s1-b2 cinematic'])
  })
})

const stored = fc.constantFrom(
  undefined,
  null,
  '',
  ' ',
  'a lighthouse',
  { prompt: '' },
  { prompt: 'b', seed: 1 },
  '[Beat 1: Generation failed]',
)
const beat = fc.record({
  beatId: fc.constantFrom('a', 'b', 'c'),
  imageDecision: fc.constantFrom(
    undefined,
    null,
    'NO_IMAGE',
    { type: 'NEW_IMAGE' },
    { type: 'REUSE_IMAGE' },
    { type: undefined },
  ),
  prompts: fc.option(fc.record({ cinematic: stored, vertical: stored, marketingVertical: stored })),
})
const session = fc.record({
  analyzedEpisode: fc.record({
    scenes: fc.array(fc.record({ sceneNumber: fc.constantFrom(1, 2), beats: fc.array(beat) })),
  }),
})

describe('any queue', () => {
  it('has as many jobs as there are prompts to be counted', () => {
    fc.assert(
      fc.property(session, fc.subarray([...IMAGE_FORMATS]), fc.boolean(), (one, formats, all) => {
        let count = 0
        for (const scene of one.analyzedEpisode.scenes) {
          for (const { imageDecision, prompts } of scene.beats) {
            const decision = typeof imageDecision === 'string' ? imageDecision : imageDecision?.type
            if (!all && (decision === 'NO_IMAGE' || decision === 'REUSE_IMAGE')) continue
            for (const format of formats) {
              const value = prompts?.[format]
              if (value === 'a lighthouse' || (typeof value === 'object' && value?.prompt === 'b')) count++
            }
          }
        }
        const jobs = imageQueue(one, { formats, include: all ? 'all' : 'wanted' })
        expect(jobs).toHaveLength(count)
        expect(new Set(jobs.map(({ key }) => key)).size).toBe(count)
      }),
    )
  })

  it('has the same pictures whichever way the scenes stand', () => {
    fc.assert(
      fc.property(session, (one) => {
        const other = { analyzedEpisode: { scenes: [...one.analyzedEpisode.scenes].reverse() } }
        const keys = (jobs: ImageJob[]) => jobs.map(({ key }) => key).sort()
        expect(keys(imageQueue(other))).toEqual(keys(imageQueue(one)))
      }),
    )
  })

  it('leaves the session as it is', () => {
    fc.assert(
      fc.property(session, (one) => {
        const before = structuredClone(one)
        imageQueue(one)
        expect(one).toEqual(before)
      }),
    )
  })
})

describe('a session of 4,228 beats', () => {
  it('is walked through once: no key of it is read more often, beat by beat, than of a small one', () => {
    const reads = (count: number) => {
      let read = 0
      const counted = <T extends object>(value: T): T =>
        new Proxy(value, {
          get(target, key, receiver) {
            read++
            return Reflect.get(target, key, receiver)
          },
        })
      const beats = Array.from({ length: count }, (_, index) =>
        counted({ beatId: `s1-b${index % 50}`, prompts: counted({ cinematic: counted({ prompt: `x${index % 9}` }) }) }),
      )
      const legacy = Array.from({ length: count }, (_, index) =>
        counted({ beatId: `s1-b${index % 50}`, vertical: 'x' }),
      )
      const jobs = imageQueue({ ...sessionOf(...beats), prompts: legacy })
      expect(jobs).toHaveLength(count * 2)
      return read / count
    }
    expect(reads(4228)).toBeCloseTo(reads(249), 0)
  })
})
