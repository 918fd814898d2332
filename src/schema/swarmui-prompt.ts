/**
 * One image prompt with its parameters, and the prompts of a beat.
 * @module
 */
import { z } from 'zod'
import { number, text, textOrNumber } from './fields.js'
import { loose } from './loose.js'

/** A prompt for SwarmUI with its parameters. Only the text is required; it may be empty. */
export const SwarmUIPromptSchema = loose({
  /** The prompt text, with SwarmUI's tags. */
  prompt: z.string(),
  /** Model name, such as `flux1-dev-fp8`. */
  model: text,
  /** Width in pixels. */
  width: number,
  /** Height in pixels. */
  height: number,
  /** Generation steps. */
  steps: number,
  /** CFG scale. */
  cfgscale: number,
  /** Random seed; -1 asks for a new one each time. */
  seed: number,
  /** Sampler name. */
  sampler: text,
  /** Scheduler name. */
  scheduler: text,
  /** LORA names, separated by commas. */
  loras: text,
  /** LORA weights, separated by commas, in the order of `loras`. */
  loraweights: textOrNumber,
  /** What the picture must not show. StoryArt writes none. */
  negativeprompt: text,
})

/** A prompt for SwarmUI with its parameters. */
export type SwarmUIPrompt = z.infer<typeof SwarmUIPromptSchema>

/** A prompt as it is stored: an object, a plain text, `null` or nothing. */
export const StoredPromptSchema = z.union([SwarmUIPromptSchema, z.string()]).nullish()

/** A prompt as it is stored. */
export type StoredPrompt = z.infer<typeof StoredPromptSchema>

/** The prompts of a beat by kind. Every kind may be missing, kinds not named here are kept as they are. */
export const BeatPromptsSchema = loose({
  /** The 16:9 prompt. */
  cinematic: StoredPromptSchema,
  /** The 9:16 prompt. */
  vertical: StoredPromptSchema,
  /** The 9:16 prompt for marketing. */
  marketingVertical: StoredPromptSchema,
})

/** The prompts of a beat by kind. */
export type BeatPrompts = z.infer<typeof BeatPromptsSchema>

/** An entry of the legacy list `prompts` beside `analyzedEpisode`. */
export const LegacyBeatPromptsSchema = loose({
  /** The beat the prompts belong to. */
  beatId: z.string().min(1),
  /** The 16:9 prompt. */
  cinematic: StoredPromptSchema,
  /** The 9:16 prompt. */
  vertical: StoredPromptSchema,
  /** The 9:16 prompt for marketing. */
  marketingVertical: StoredPromptSchema,
})

/** An entry of the legacy list `prompts` beside `analyzedEpisode`. */
export type LegacyBeatPrompts = z.infer<typeof LegacyBeatPromptsSchema>
