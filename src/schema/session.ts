/**
 * The document itself: script, context, analysis and prompts of one episode.
 * @module
 */
import { z } from 'zod'
import { AnalyzedEpisodeSchema } from './analyzed-episode.js'
import { EnhancedEpisodeContextSchema } from './episode-context.js'
import { number, open, text, textOrNumber } from './fields.js'
import { loose } from './loose.js'
import { LegacyBeatPromptsSchema } from './swarmui-prompt.js'

/** The language models StoryArt knows. */
export type LanguageModelName = 'gemini' | 'qwen' | 'claude' | 'openai' | 'xai' | 'deepseek' | 'glm'

/**
 * A session: the script, the episode context, the analysis and the prompts of one episode.
 *
 * Every field may be missing, because any subset of them is found in the wild; what a field holds must be what it
 * claims to be. Unknown fields are kept.
 */
export const SwarmUIExportDataSchema = loose({
  /** The script. */
  scriptText: text,
  /** The episode context: a JSON text as a rule, sometimes empty, not JSON at all, or already parsed. */
  episodeContext: z.union([EnhancedEpisodeContextSchema, z.string()]).nullish(),
  /** The story's UUID, or a placeholder. */
  storyUuid: text,
  /** The analysis with its prompts. */
  analyzedEpisode: AnalyzedEpisodeSchema.nullish(),
  /** Who makes the prompts. */
  promptMode: open<'storyart' | 'storyswarm'>(),
  /** Where the context came from. */
  retrievalMode: open<'manual' | 'database'>(),
  /** Which language model made the analysis. */
  selectedLLM: open<LanguageModelName>(),
  /** The version, ms since the epoch; a text in some documents. */
  timestamp: textOrNumber,
  /** The session's key, where a client put it in. */
  sessionKey: text,
  /** The story's id, where a client put it in. */
  storyId: textOrNumber,
  /** The story's name, where a client put it in. */
  storyName: text,
  /** Legacy list of prompts by beat; today they are in the beats. */
  prompts: z.array(LegacyBeatPromptsSchema).nullish(),
  /** Legacy. */
  prompt: text,
  /** Legacy. */
  model: text,
  /** Legacy. */
  width: number,
  /** Legacy. */
  height: number,
  /** Legacy. */
  steps: number,
  /** Legacy. */
  cfgscale: number,
  /** Legacy. */
  seed: number,
  /** Legacy. */
  narrative: text,
})

/** A session: the script, the episode context, the analysis and the prompts of one episode. */
export type SwarmUIExportData = z.infer<typeof SwarmUIExportDataSchema> & {
  /**
   * Never there by this type. What a store returns holds its session in `session`; as every field may be missing, such a
   * record would pass for an empty session.
   */
  session?: never
}

/** A session: the short name of {@link SwarmUIExportDataSchema}. */
export const SessionSchema = SwarmUIExportDataSchema

/** A session: the short name of {@link SwarmUIExportData}. */
export type Session = SwarmUIExportData
