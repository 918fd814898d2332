import { LoadAPIKeyError } from 'ai'
import { describe, expect, it } from 'vitest'
import {
  type AiPromptGeneratorOptions,
  aiPromptGenerator,
  type GenerationProgress,
} from '../../../src/ai/ai-prompt-generator.js'
import { StoryArtError } from '../../../src/errors.js'
import { beats, composePrompt, fillPrompts, imageQueue } from '../../../src/prompt/index.js'
import type { Session } from '../../../src/schema/index.js'
import { fullEpisode } from '../../fixtures/index.js'
import { type Asked, answer, apiError, mockModel, type Reply } from './mock-model.js'

const FACE = '<segment:yolo-face_yolov9c.pt-0,0.35,0.5>'

/** A session with so many beats in which Ada, in her scene's coat, does something. */
function sessionOf(count: number, core_action = 'Ada waits.'): Session {
  const location_context = { swarmui_prompt_override: 'ADAM_V1 in a red coat <segment:coat,0.4,0.5>' }
  const context = {
    episode: {
      characters: [{ character_name: 'Ada Marsh', aliases: ['Ada'], base_trigger: 'ADAM_V1' }],
      scenes: [
        {
          scene_number: 1,
          scene_title: 'Quay',
          character_appearances: [{ character_name: 'Ada Marsh', location_context }],
        },
      ],
    },
  }
  const list = Array.from({ length: count }, (_, at) => ({
    beatId: `s1-b${at + 1}`,
    characters: ['Ada Marsh'],
    core_action,
    beat_script_text: 'Ada waits for the ferry.',
  }))
  return { episodeContext: JSON.stringify(context), analyzedEpisode: { scenes: [{ sceneNumber: 1, beats: list }] } }
}

const good = ({ ids }: Asked): string => answer(ids.map((id) => [id, `wide shot, ADAM_V1 at the rail of ${id}`]))

interface Run {
  session?: Session
  options?: Partial<AiPromptGeneratorOptions>
  signal?: AbortSignal
}

/** Fills a session with a model that answers as told; waits are noted, not waited. */
async function run(answerTo: (asked: Asked, call: number) => Reply | Promise<Reply>, given: Run = {}) {
  const { session = sessionOf(1), options, signal } = given
  const waits: number[] = []
  const { model, asked } = mockModel(answerTo)
  const wait = async (ms: number) => {
    waits.push(ms)
  }
  const generator = aiPromptGenerator({ model, wait, random: () => 1, ...options })
  const filled = await fillPrompts(session, generator, { signal })
  const texts = imageQueue(filled.session).map(({ prompt }) => prompt.prompt)
  const reasons = filled.failed.map(({ beatId, reason }) => `${beatId}: ${reason}`)
  return { ...filled, texts, reasons, waits, asked, calls: asked.map(({ ids }) => ids.length) }
}

describe('aiPromptGenerator', () => {
  it('writes what the model says, with the look of the scene and the segments of the composed prompt', async () => {
    const { texts, filled, failed, session, asked } = await run(good)
    expect(texts).toEqual([
      `wide shot, ADAM_V1 in a red coat at the rail of s1-b1/cinematic <segment:coat,0.4,0.5> ${FACE}`,
    ])
    expect(filled).toEqual([{ sceneNumber: 1, beatId: 's1-b1', beatIndex: 0, format: 'cinematic', by: 'mock' }])
    expect(failed).toEqual([])
    const [place] = [...beats(session)]
    const composed = composePrompt(sessionOf(1), place?.beat ?? { beatId: '?' })
    expect(place?.beat.prompts?.cinematic).toEqual({ ...composed, prompt: texts[0] })
    expect(JSON.parse(asked[0]?.text ?? '')).toEqual({
      scenes: [{ scene: 1, title: 'Quay' }],
      beats: [
        {
          id: 's1-b1/cinematic',
          scene: 1,
          picture: 'wide, 16:9',
          script: 'Ada waits for the ferry.',
          characters: [{ name: 'Ada Marsh', trigger: 'ADAM_V1' }],
          draft: 'medium shot, ADAM_V1, waits',
        },
      ],
    })
  })

  it('asks in batches of twelve, or as told, one after the other, and tells how far it is', async () => {
    const progress: GenerationProgress[] = []
    const onProgress = (one: GenerationProgress) => progress.push(one)
    const { calls } = await run(good, { session: sessionOf(30), options: { onProgress } })
    expect(calls).toEqual([12, 12, 6])
    expect(progress.map(({ done, total, failed, results }) => [done, total, failed, results.length])).toEqual([
      [12, 30, 0, 12],
      [24, 30, 0, 12],
      [30, 30, 0, 6],
    ])
    expect((await run(good, { session: sessionOf(3), options: { batchSize: 2 } })).calls).toEqual([2, 1])
  })

  it('does a whole episode', async () => {
    const session = fullEpisode({ beats: 60 })
    for (const scene of session.analyzedEpisode.scenes) for (const beat of scene.beats) delete beat.prompts
    const { failed, filled } = await run(({ ids }) => answer(ids.map((id) => [id, 'wide shot, a lake under ice'])), {
      session,
    })
    expect(failed).toEqual([])
    expect(filled.every(({ by }) => by === 'mock')).toBe(true)
    expect(filled.length).toBeGreaterThan(45)
  })

  it('tells beats with one id apart', async () => {
    const [one] = [...beats(sessionOf(1))]
    const session = sessionOf(0)
    const twice = {
      ...session,
      analyzedEpisode: { scenes: [{ sceneNumber: 1, beats: [one?.beat, one?.beat].flatMap((beat) => beat ?? []) }] },
    }
    const { asked, texts, failed } = await run(good, { session: twice })
    expect(asked[0]?.ids).toEqual(['s1-b1/cinematic#1', 's1-b1/cinematic#2'])
    expect(new Set(texts).size).toBe(2)
    expect(failed).toEqual([])
  })
})

describe('what the model answers wrongly', () => {
  it.each<[string, Reply, string]>([
    ['no JSON', 'I am sorry, I cannot help with that.', 'the answer was not what was asked for'],
    ['broken JSON', '{"prompts":[{"id":', 'the answer was not what was asked for'],
    ['another shape', '{"prompts":[{"id":"s1-b1/cinematic"}]}', 'the answer was not what was asked for'],
    ['nothing', '', 'the answer was not what was asked for'],
    ['half an answer', { text: '{"prompts":[{"id":"s1-b1/cin', stop: 'length' }, 'the answer was cut off'],
    ['nothing, cut off', { text: '', stop: 'length' }, 'the answer was cut off'],
    ['a refusal', { text: '', stop: 'content-filter' }, 'the model refused'],
    ['a refusal in words', { text: 'No.', stop: 'content-filter' }, 'the model refused'],
    ['no prompts', '{"prompts":[]}', 'the model left it out'],
    ['another id', answer([['s9-b9', 'a pier']]), 'the model left it out'],
    [
      'an id twice',
      answer([
        ['s1-b1/cinematic', 'a'],
        ['s1-b1/cinematic', 'b'],
      ]),
      'the model answered it twice',
    ],
    ['a blank', answer([['s1-b1/cinematic', ' ']]), 'the model wrote an empty text'],
    ['signs only', answer([['s1-b1/cinematic', ', .']]), 'the model wrote an empty text'],
    [
      'a placeholder',
      answer([['s1-b1/cinematic', '[Beat s1-b1: Generation failed]']]),
      'the model wrote a placeholder',
    ],
    ['a LORA', answer([['s1-b1/cinematic', 'a <lora:gritty:1> pier']]), 'the model wrote an invented tag'],
    ['a segment', answer([['s1-b1/cinematic', 'a pier <segment:hair> brown']]), 'the model wrote an invented tag'],
    ['a flood', answer([['s1-b1/cinematic', 'a pier, '.repeat(300)]]), 'the model wrote too many words'],
  ])('%s: asked again, then left to the composer', async (_, wrong, reason) => {
    const { texts, reasons, calls, filled } = await run(() => wrong)
    expect(calls).toEqual([1, 1, 1])
    expect(reasons).toEqual([`s1-b1: ${reason}`])
    expect(filled.map(({ by }) => by)).toEqual(['composer'])
    expect(texts).toEqual([composePrompt(sessionOf(1), [...beats(sessionOf(1))][0]?.beat ?? { beatId: '' }).prompt])
    const later = await run((asked, call) => (call === 1 ? wrong : good(asked)))
    expect(later.failed).toEqual([])
    expect(later.filled.map(({ by }) => by)).toEqual(['mock'])
  })

  it('asks again only for the beats that failed', async () => {
    const { asked, reasons } = await run(
      ({ ids }) => answer(ids.map((id) => [id, /b[24]\//.test(id) ? '' : 'ADAM_V1 on a pier'])),
      { session: sessionOf(4), options: { maxRetries: 1 } },
    )
    expect(asked.map(({ ids }) => ids.join(' '))).toEqual([
      's1-b1/cinematic s1-b2/cinematic s1-b3/cinematic s1-b4/cinematic',
      's1-b2/cinematic s1-b4/cinematic',
    ])
    expect(reasons).toEqual(['s1-b2: the model wrote an empty text', 's1-b4: the model wrote an empty text'])
  })

  it('asks for the halves of an answer that was cut off', async () => {
    const { calls, failed, waits } = await run(
      (asked) => (asked.ids.length > 3 ? { text: '{"prompts":[', stop: 'length' } : good(asked)),
      { session: sessionOf(12) },
    )
    expect(calls).toEqual([12, 6, 3, 3, 6, 3, 3])
    expect([failed, waits]).toEqual([[], []])
  })

  it('reads an answer in a code fence, and a double that says the same', async () => {
    const { failed } = await run((asked) => `Here you are:\n\`\`\`json\n${good(asked)}\n\`\`\``)
    expect(failed).toEqual([])
    const same = ['s1-b1/cinematic', 'a pier'] as const
    expect((await run(() => answer([same, same]))).failed).toEqual([])
    expect((await run(() => answer([[' s1-b1/cinematic ', 'a pier']]))).failed).toEqual([])
  })
})

describe('a provider that fails', () => {
  it('is asked again after waits that double', async () => {
    const { waits, failed } = await run((asked, call) => (call < 4 ? apiError(429) : good(asked)), {
      options: { maxRetries: 3 },
    })
    expect(waits).toEqual([1000, 2000, 4000])
    expect(failed).toEqual([])
    expect(
      (await run((asked, call) => (call < 2 ? apiError(503) : good(asked)), { options: { random: () => 0 } })).waits,
    ).toEqual([500])
  })

  it('is waited for as long as it says, at most a minute', async () => {
    const told = (seconds: string) =>
      run((asked, call) => (call < 2 ? apiError(429, { 'retry-after': seconds }) : good(asked)))
    expect((await told('7')).waits).toEqual([7000])
    expect((await told('3600')).waits).toEqual([60_000])
    expect((await told('soon')).waits).toEqual([1000])
  })

  it.each([
    [apiError(500), 3, 'the provider answered with status 500'],
    [apiError(undefined), 3, 'the provider did not answer'],
    [apiError(400), 1, 'the provider answered with status 400'],
    [new Error('secret prompt text'), 3, 'the call to the model failed'],
  ])('%#: leaves the beats to the composer in the end', async (error, times, reason) => {
    const { reasons, calls, filled } = await run(() => error, { session: sessionOf(2) })
    expect(calls).toEqual(Array.from({ length: times }, () => 2))
    expect(reasons).toEqual([`s1-b1: ${reason}`, `s1-b2: ${reason}`])
    expect(filled.map(({ by }) => by)).toEqual(['composer', 'composer'])
  })

  it.each([
    [apiError(401), 'the provider answered with status 401'],
    [apiError(404), 'the provider answered with status 404'],
    [new LoadAPIKeyError({ message: 'secret prompt text' }), 'there is no API key'],
  ])('%#: says so at once when nothing can succeed', async (error, reason) => {
    const failure = await run(() => error).catch((thrown: unknown) => thrown)
    expect(failure).toBeInstanceOf(StoryArtError)
    expect(failure).toMatchObject({
      code: 'GENERATION_FAILED',
      message: `No prompt could be generated: ${reason}. Check the API key and the name of the model.`,
    })
    expect(failure).not.toHaveProperty('cause')
  })

  it('keeps what it wrote before the key was taken away', async () => {
    const { reasons, filled } = await run((asked, call) => (call === 1 ? good(asked) : apiError(401)), {
      session: sessionOf(2),
      options: { batchSize: 1 },
    })
    expect(reasons).toEqual(['s1-b2: the provider answered with status 401'])
    expect(filled.map(({ by }) => by)).toEqual(['mock', 'composer'])
  })
})

describe('an abort', () => {
  const reason = new Error('enough')

  it('in the middle of a batch rejects with its reason, and what was finished has been told', async () => {
    const control = new AbortController()
    const finished: string[] = []
    let seen: AbortSignal | undefined
    const running = run(
      (asked, call) => {
        if (call === 1) return good(asked)
        seen = asked.signal
        control.abort(reason)
        return new Promise(() => undefined)
      },
      {
        session: sessionOf(4),
        options: { batchSize: 2, onProgress: ({ results }) => finished.push(...results.map(({ key }) => key)) },
        signal: control.signal,
      },
    )
    await expect(running).rejects.toBe(reason)
    expect(seen?.aborted).toBe(true)
    expect(finished).toEqual(['1', '2'])
  })

  it('ends a wait, with the default way to wait too', async () => {
    const control = new AbortController()
    const { model } = mockModel(() => {
      queueMicrotask(() => setTimeout(() => control.abort(reason), 0))
      return apiError(429, { 'retry-after': '60' })
    })
    const generator = aiPromptGenerator({ model, signal: control.signal })
    await expect(fillPrompts(sessionOf(1), generator)).rejects.toBe(reason)
  })

  it('of either signal counts, also beforehand', async () => {
    const aborted = AbortSignal.abort(reason)
    const { signal } = new AbortController()
    await expect(run(good, { options: { signal: aborted } })).rejects.toBe(reason)
    await expect(run(good, { options: { signal: aborted }, signal })).rejects.toBe(reason)
    await expect(run(good, { options: { signal }, signal: aborted })).rejects.toBe(reason)
  })
})

describe('the arguments', () => {
  const { model } = mockModel(good)

  it.each([{ batchSize: 0 }, { batchSize: 1.5 }, { maxRetries: -1 }, { maxTokens: Number.NaN }])(
    '%j is refused',
    (given) => {
      expect(() => aiPromptGenerator({ model, ...given })).toThrow(/must be an integer of at least/)
    },
  )

  it('name the generator', () => {
    expect(aiPromptGenerator({ model }).name).toBe('mock')
    expect(aiPromptGenerator({ model, name: 'mine' }).name).toBe('mine')
    expect(aiPromptGenerator({ model: 'google/gemini' }).name).toBe('google/gemini')
  })

  it('give the model the caller’s instructions', async () => {
    const { model } = mockModel(good)
    await fillPrompts(sessionOf(1), aiPromptGenerator({ model, instructions: 'Paint it in ink.' }))
    const [system] = model.doGenerateCalls[0]?.prompt ?? []
    expect(system?.role === 'system' && system.content.endsWith('\nPaint it in ink.')).toBe(true)
    expect(model.doGenerateCalls[0]?.responseFormat?.type).toBe('json')
  })
})
