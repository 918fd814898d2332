/** Prompts by a language model. Checked by `tsc`, never run. */
import type { LanguageModel } from 'ai'
import { type FilledPrompts, fillPrompts, type PromptGenerator, type PromptResult, type Session } from 'storyart-sdk'
import { type AiPromptGeneratorOptions, aiPromptGenerator, type GenerationProgress } from 'storyart-sdk/ai'
import { expectTypeOf } from 'vitest'

export function generators(model: LanguageModel, session: Session, maybe: AbortSignal | undefined): void {
  expectTypeOf(aiPromptGenerator).toEqualTypeOf<(options: AiPromptGeneratorOptions) => PromptGenerator>()
  const generator = aiPromptGenerator({
    model,
    batchSize: undefined,
    maxRetries: undefined,
    maxTokens: undefined,
    instructions: undefined,
    signal: maybe,
    name: undefined,
    onProgress: (progress) => {
      expectTypeOf(progress).toEqualTypeOf<GenerationProgress>()
      expectTypeOf(progress.results).toEqualTypeOf<readonly PromptResult[]>()
      expectTypeOf([progress.done, progress.total, progress.failed]).toEqualTypeOf<number[]>()
    },
  })
  expectTypeOf(fillPrompts(session, generator)).toEqualTypeOf<Promise<FilledPrompts>>()
  // The gateway of the AI SDK takes a model's name.
  void aiPromptGenerator({ model: 'google/gemini-2.5-flash' })
  // @ts-expect-error the model has no default
  void aiPromptGenerator({ batchSize: 12 })
  // @ts-expect-error a provider is no model
  void aiPromptGenerator({ model: (name: string) => name })
}
