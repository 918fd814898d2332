import { APICallError } from 'ai'
import { MockLanguageModelV3 } from 'ai/test'

type Options = Parameters<MockLanguageModelV3['doGenerate']>[0]
type Result = Awaited<ReturnType<MockLanguageModelV3['doGenerate']>>
type Stop = Result['finishReason']['unified']

/** What the model is asked: the beats of the request, and its whole text. */
export interface Asked {
  ids: string[]
  text: string
  signal: AbortSignal | undefined
}

/** What it answers: a text with the reason to stop, or an error. */
export type Reply = string | { text: string; stop: Stop } | Error

export function reply(text: string, stop: Stop = 'stop'): Result {
  return {
    content: text ? [{ type: 'text', text }] : [],
    finishReason: { unified: stop, raw: stop },
    usage: {
      inputTokens: { total: 1, noCache: 1, cacheRead: 0, cacheWrite: 0 },
      outputTokens: { total: 1, text: 1, reasoning: 0 },
    },
    warnings: [],
  }
}

/** The answer that gives each id a text. */
export function answer(texts: readonly (readonly [id: string, text: string])[]): string {
  return JSON.stringify({ prompts: texts.map(([id, text]) => ({ id, text })) })
}

export function apiError(statusCode: number | undefined, headers: Record<string, string> = {}): APICallError {
  return new APICallError({
    message: 'secret prompt text',
    url: 'https://provider.test',
    requestBodyValues: { prompt: 'secret prompt text' },
    ...(statusCode !== undefined && { statusCode }),
    responseHeaders: headers,
    isRetryable: statusCode === undefined || statusCode === 429 || statusCode >= 500,
  })
}

function read({ prompt, abortSignal }: Options): Asked {
  const text = prompt
    .flatMap(({ role, content }) => (role === 'user' ? content : []))
    .map((part) => (part.type === 'text' ? part.text : ''))
    .join('')
  const { beats } = JSON.parse(text) as { beats: { id: string }[] }
  return { ids: beats.map(({ id }) => id), text, signal: abortSignal }
}

/** A model that answers as told, and remembers what it was asked. */
export function mockModel(answerTo: (asked: Asked, call: number) => Reply | Promise<Reply>) {
  const asked: Asked[] = []
  const model = new MockLanguageModelV3({
    modelId: 'mock',
    doGenerate: async (options) => {
      asked.push(read(options))
      const given = await answerTo(read(options), asked.length)
      if (given instanceof Error) throw given
      return typeof given === 'string' ? reply(given) : reply(given.text, given.stop)
    },
  })
  return { model, asked }
}
