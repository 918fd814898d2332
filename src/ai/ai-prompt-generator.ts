/**
 * Prompts written by a language model, held to the session.
 * @module
 */
import type { LanguageModel } from 'ai'
import { StoryArtError } from '../errors.js'
import { compileTriggers, type PromptGenerator, type PromptResult } from '../prompt/index.js'
import { waitMs } from '../wait.js'
import { batchAsker } from './batch.js'
import { named, systemText } from './question.js'

/** How far {@link aiPromptGenerator} has come. */
export interface GenerationProgress {
  /** How many prompts are decided, written or failed. */
  done: number
  /** How many there are to write. */
  total: number
  /** How many of those decided have failed. */
  failed: number
  /** What became of the prompts of the batch that ended just now: what is paid for is not lost if the rest is cancelled. */
  results: readonly PromptResult[]
}

/** What {@link aiPromptGenerator} takes. */
export interface AiPromptGeneratorOptions {
  /** Any language model of the AI SDK, such as `google('gemini-2.5-flash')`. */
  model: LanguageModel
  /** How many prompts one request asks for, at least 1. Default: 12, as in StoryArt. */
  batchSize?: number | undefined
  /** How often a batch is asked again for what failed in it. Default: 2. */
  maxRetries?: number | undefined
  /** How many tokens the words of a prompt may take, as `estimateTokens` counts them. Default: 500. */
  maxTokens?: number | undefined
  /** Further instructions for the model, such as the style of the film. Default: none. */
  instructions?: string | undefined
  /** Cancels the work, as the signal given to `fillPrompts` does. Default: none. */
  signal?: AbortSignal | undefined
  /** Hears of each batch that has ended. What it throws ends the work. Default: nobody does. */
  onProgress?: ((progress: GenerationProgress) => void) | undefined
  /** What the generator is called in reports. Default: the model's id. */
  name?: string | undefined
  /** How to wait, in ms. Default: a timer that ends with the signal. */
  wait?: ((ms: number, signal?: AbortSignal) => Promise<void>) | undefined
  /** Where chance comes from, from 0 to 1. Default: `Math.random`. */
  random?: (() => number) | undefined
}

/**
 * Makes a generator for `fillPrompts` that has a language model write the prompts, with the composer's text as the truth
 * to keep to.
 *
 * Batches go one after the other. What comes back is held to the session: names become triggers; each character gets the
 * look that `resolveAppearance` finds, in place of the model's own, also when the model left them out; the segments of the
 * composed prompt stand at the end. A text is refused when it is missing, empty, a placeholder, answered twice, longer
 * than `maxTokens`, has a tag of SwarmUI's that the composed prompt has not, or would break the generation.
 *
 * Refused texts, malformed answers and passing failures of the provider are asked for again, up to `maxRetries` times, with
 * waits from 1 s on that double, or as long as the provider says, at most a minute. Of an answer that was cut off or
 * refused the halves are asked for. What fails for good is a failure with its reason, and `fillPrompts` has the composer
 * write it.
 *
 * Nothing of the session, the request or the answer is in a reason or an error.
 *
 * @param options - The model, and how to ask it.
 * @returns The generator; it may be used again.
 * @throws `StoryArtError` `INVALID_ARGUMENT` for a batch size, a number of retries or of tokens out of range. From
 * `generate`: `GENERATION_FAILED` when the provider refuses credentials or model before anything was written;
 * `signal.reason` when a signal aborts.
 * @see https://ai-sdk.dev for models and providers.
 * @example
 * ```ts
 * import { MockLanguageModelV3 } from 'ai/test'
 * import { fillPrompts, imageQueue } from 'storyart-sdk'
 * import { aiPromptGenerator } from 'storyart-sdk/ai'
 *
 * // In place of a model that costs money.
 * const text = JSON.stringify({ prompts: [{ id: 's1-b1/cinematic', text: 'wide shot, fog rolling over a granite quay' }] })
 * const usage = {
 *   inputTokens: { total: 1, noCache: 1, cacheRead: 0, cacheWrite: 0 },
 *   outputTokens: { total: 1, text: 1, reasoning: 0 },
 * }
 * const model = new MockLanguageModelV3({
 *   doGenerate: { content: [{ type: 'text', text }], finishReason: { unified: 'stop', raw: 'stop' }, usage, warnings: [] },
 * })
 *
 * const beats = [{ beatId: 's1-b1', core_action: 'Fog rolls over the quay.' }]
 * const session = { analyzedEpisode: { scenes: [{ sceneNumber: 1, beats }] } }
 * const { session: filled, failed } = await fillPrompts(session, aiPromptGenerator({ model }))
 * console.log(imageQueue(filled)[0]?.prompt.prompt) // wide shot, fog rolling over a granite quay
 * console.log(failed.length) // 0
 * ```
 */
export function aiPromptGenerator(options: AiPromptGeneratorOptions): PromptGenerator {
  const { model, batchSize = 12, maxRetries = 2, maxTokens = 500, onProgress } = options
  check('batchSize', batchSize, 1)
  check('maxRetries', maxRetries, 0)
  check('maxTokens', maxTokens, 1)
  return {
    name: options.name ?? (typeof model === 'string' ? model : model.modelId),
    async generate(request) {
      const signals = [options.signal, request.signal].filter((signal) => signal !== undefined)
      const triggers = compileTriggers(request.context)
      const batches = batchAsker({
        model,
        system: systemText(options.instructions),
        context: request.context,
        rules: { substitute: (text) => triggers(text).text, maxTokens },
        signal: signals.length > 1 ? AbortSignal.any(signals) : signals[0],
        wait: options.wait ?? waitMs,
        random: options.random ?? Math.random,
      })
      const total = request.items.length
      const results: PromptResult[] = []
      for (let from = 0; from < total; from += batchSize) {
        const batch = await batches(named(request.items.slice(from, from + batchSize)), maxRetries)
        results.push(...batch)
        const failed = results.filter((result) => 'failure' in result).length
        onProgress?.({ done: results.length, total, failed, results: batch })
      }
      return results
    },
  }
}

function check(name: string, value: number, least: number): void {
  if (Number.isSafeInteger(value) && value >= least) return
  throw new StoryArtError('INVALID_ARGUMENT', `${name} must be an integer of at least ${least}, not ${value}.`)
}
