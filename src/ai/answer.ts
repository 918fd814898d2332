/**
 * One question to the model, and what its answer says about each prompt.
 * @module
 */
import { type FinishReason, generateText, type LanguageModel, NoObjectGeneratedError, Output } from 'ai'
import { z } from 'zod'
import { jsonValue } from '../parse-json.js'

/** What the model is to answer. */
const AnswerSchema = /* @__PURE__ */ z.object({
  prompts: z.array(
    z.object({
      id: z.string().describe('The id of the beat, exactly as given.'),
      text: z.string().describe('The prompt for the picture.'),
    }),
  ),
})

/** The texts by id; an id that was answered twice, differently, has `null`. Or why there is no answer. */
export type Answer =
  | { ok: true; texts: Map<string, string | null> }
  | { ok: false; reason: string; remedy: 'retry' | 'split' }

/** A question. */
export interface Question {
  model: LanguageModel
  system: string
  prompt: string
  signal: AbortSignal | undefined
}

/**
 * Asks the model.
 *
 * @throws What the provider throws.
 */
export async function ask({ model, system, prompt, signal }: Question): Promise<Answer> {
  const output = Output.object({ schema: AnswerSchema, name: 'prompts' })
  try {
    const result = await generateText({
      model,
      system,
      prompt,
      output,
      // Tries are counted here, so that waiting can be injected and the reasons told.
      maxRetries: 0,
      ...(signal && { abortSignal: signal }),
    })
    // Whatever the reason to stop, a whole answer is an answer.
    return result.text.trim() ? answered(result.output.prompts) : unreadable(result.finishReason)
  } catch (error) {
    if (!NoObjectGeneratedError.isInstance(error)) throw error
    return readLoose(error.text ?? '') ?? unreadable(error.finishReason)
  }
}

function unreadable(finishReason: FinishReason | undefined): Answer {
  if (finishReason === 'length') return { ok: false, reason: 'the answer was cut off', remedy: 'split' }
  if (finishReason === 'content-filter') return { ok: false, reason: 'the model refused', remedy: 'split' }
  return { ok: false, reason: 'the answer was not what was asked for', remedy: 'retry' }
}

/** Reads an answer with words or a code fence around it. */
function readLoose(text: string): Answer | null {
  const checked = AnswerSchema.safeParse(jsonValue(text.slice(text.indexOf('{'), text.lastIndexOf('}') + 1)))
  return checked.success ? answered(checked.data.prompts) : null
}

function answered(prompts: readonly { id: string; text: string }[]): Answer {
  const texts = new Map<string, string | null>()
  for (const { id, text } of prompts) {
    const key = id.trim()
    texts.set(key, texts.has(key) && texts.get(key) !== text ? null : text)
  }
  return { ok: true, texts }
}
