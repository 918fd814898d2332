/**
 * One batch: asked, held to the rules, asked again for what failed.
 * @module
 */
import type { LanguageModel } from 'ai'
import { abortable } from '../abort.js'
import { StoryArtError } from '../errors.js'
import type { PromptRequest, PromptResult } from '../prompt/index.js'
import { type Answer, ask } from './answer.js'
import { enforce, type Rules } from './enforce.js'
import { type CallFailure, readFailure } from './failure.js'
import { backoffMs } from './pause.js'
import { type NamedItem, questionText } from './question.js'

/** What all batches of one request share. */
export interface BatchSettings extends Pick<PromptRequest, 'context' | 'signal'> {
  model: LanguageModel
  system: string
  rules: Rules
  wait: (ms: number, signal?: AbortSignal) => Promise<void>
  random: () => number
}

/** Why there is no answer at all. */
type NoAnswer = Exclude<Answer, { ok: true }> | ({ ok: false } & CallFailure)

/**
 * Makes the function that does a batch with so many retries. Its results are in the order of the batch.
 *
 * @throws `GENERATION_FAILED` when no request can succeed and none did before; `signal.reason`.
 */
export function batchAsker(
  settings: BatchSettings,
): (batch: readonly NamedItem[], retries: number) => Promise<PromptResult[]> {
  const { signal, wait, random, rules } = settings
  let written = 0

  const run = async (batch: readonly NamedItem[], retries: number): Promise<PromptResult[]> => {
    const results = new Map<string, PromptResult>()
    let pending = batch
    const fail = (reason: string) => {
      for (const { item } of pending) results.set(item.key, { key: item.key, failure: reason })
    }
    for (let step = 0; step <= retries && pending.length > 0; step++) {
      const answer = await answerTo(settings, pending)
      if (answer.ok) {
        for (const { id, item } of pending) results.set(item.key, resultOf(answer.texts.get(id), item, rules))
        const left = pending.filter(({ item }) => 'failure' in (results.get(item.key) ?? {}))
        written += pending.length - left.length
        pending = left
        continue
      }
      fail(answer.reason)
      if (answer.remedy === 'fatal' && !written) throw failed(answer.reason)
      if (answer.remedy === 'fatal' || answer.remedy === 'give-up' || step === retries) break
      if (answer.remedy === 'split' && pending.length > 1) {
        const half = Math.ceil(pending.length / 2)
        for (const part of [pending.slice(0, half), pending.slice(half)]) {
          for (const result of await run(part, retries - step - 1)) results.set(result.key, result)
        }
        break
      }
      const asked = 'waitMs' in answer ? answer.waitMs : undefined
      await abortable(wait(asked ?? backoffMs(step, random), signal), signal)
    }
    return batch.flatMap(({ item }) => results.get(item.key) ?? [])
  }
  return run
}

/** Asks; what the provider throws is read, what the signal throws is thrown. */
async function answerTo(
  { model, system, context, signal }: BatchSettings,
  pending: readonly NamedItem[],
): Promise<Extract<Answer, { ok: true }> | NoAnswer> {
  signal?.throwIfAborted()
  try {
    return await abortable(ask({ model, system, prompt: questionText(context, pending), signal }), signal)
  } catch (error) {
    signal?.throwIfAborted()
    return { ok: false, ...readFailure(error) }
  }
}

function resultOf(text: string | null | undefined, item: NamedItem['item'], rules: Rules): PromptResult {
  const { key } = item
  if (text === undefined) return { key, failure: 'the model left it out' }
  if (text === null) return { key, failure: 'the model answered it twice' }
  const enforced = enforce(text, item, rules)
  return enforced.ok ? { key, prompt: enforced.text } : { key, failure: `the model wrote ${enforced.reason}` }
}

function failed(reason: string): StoryArtError {
  return new StoryArtError(
    'GENERATION_FAILED',
    `No prompt could be generated: ${reason}. Check the API key and the name of the model.`,
  )
}
