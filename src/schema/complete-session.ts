/**
 * Sessions with nothing missing, as StoryArt's own interfaces require them.
 * @module
 */
import { z } from 'zod'
import { AnalyzedEpisodeSchema, AnalyzedSceneSchema, SceneMetadataSchema } from './analyzed-episode.js'
import { BeatAnalysisSchema, ImageDecisionSchema, PhaseTransitionSchema } from './beat.js'
import { whole } from './loose.js'
import { SwarmUIExportDataSchema } from './session.js'
import { StoryUuidSchema } from './story-uuid.js'
import { BeatPromptsSchema, SwarmUIPromptSchema } from './swarmui-prompt.js'

/** The smallest script: one that is not blank. */
const script = z.string().regex(/\S/)

/** A prompt with all seven parameters of the guide. */
export const CompletePromptSchema = whole(SwarmUIPromptSchema, {
  model: z.string(),
  width: z.number(),
  height: z.number(),
  steps: z.number(),
  cfgscale: z.number(),
  seed: z.number(),
  loraweights: z.string().optional(),
})

/** A prompt with all seven parameters of the guide. */
export type CompletePrompt = z.infer<typeof CompletePromptSchema>

/** Prompts as objects, the 16:9 one among them. */
export const CompleteBeatPromptsSchema = whole(BeatPromptsSchema, {
  cinematic: CompletePromptSchema,
  vertical: CompletePromptSchema.optional(),
  marketingVertical: CompletePromptSchema.optional(),
})

/** Prompts as objects, the 16:9 one among them. */
export type CompleteBeatPrompts = z.infer<typeof CompleteBeatPromptsSchema>

const newImage = whole(ImageDecisionSchema, { type: z.literal('NEW_IMAGE'), reason: z.string() })
const noImage = whole(ImageDecisionSchema, { type: z.literal('NO_IMAGE'), reason: z.string() })
const reuseImage = whole(ImageDecisionSchema, {
  type: z.literal('REUSE_IMAGE'),
  reason: z.string(),
  reuseSourceBeatId: z.string(),
  reuseSourceBeatLabel: z.string(),
})

/** One of the three decisions, with its reason, and its source where a picture is shown again. */
export const CompleteImageDecisionSchema = z.union([newImage, reuseImage, noImage])

/** One of the three decisions, with its reason, and its source where a picture is shown again. */
export type CompleteImageDecision = z.infer<typeof CompleteImageDecisionSchema>

/** A beat with every field that StoryArt's interface or the guide requires. Its prompts may still be missing. */
export const CompleteBeatSchema = whole(BeatAnalysisSchema, {
  core_action: z.string(),
  beat_script_text: z.string(),
  emotional_tone: z.string(),
  visual_anchor: z.string(),
  locationAttributes: z.array(z.string()),
  visualSignificance: z.enum(['High', 'Medium', 'Low']),
  imageDecision: CompleteImageDecisionSchema,
  phaseTransitions: z.array(whole(PhaseTransitionSchema, { character: z.string(), toPhase: z.string() })).optional(),
  prompts: CompleteBeatPromptsSchema.optional(),
})

/** A beat with every field that StoryArt's interface or the guide requires. Its prompts may still be missing. */
export type CompleteBeat = z.infer<typeof CompleteBeatSchema>

/** Scene metadata with all four fields. */
export const CompleteSceneMetadataSchema = whole(SceneMetadataSchema, {
  targetDuration: z.string(),
  sceneRole: z.string(),
  timing: z.string(),
  adBreak: z.boolean(),
})

/** Scene metadata with all four fields. */
export type CompleteSceneMetadata = z.infer<typeof CompleteSceneMetadataSchema>

/** A scene with number, title, metadata and complete beats. */
export const CompleteSceneSchema = whole(AnalyzedSceneSchema, {
  sceneNumber: z.number(),
  title: z.string(),
  metadata: CompleteSceneMetadataSchema,
  beats: z.array(CompleteBeatSchema),
})

/** A scene with number, title, metadata and complete beats. */
export type CompleteScene = z.infer<typeof CompleteSceneSchema>

/** An analysis with number, title and at least one scene, all complete. */
export const CompleteAnalyzedEpisodeSchema = whole(AnalyzedEpisodeSchema, {
  episodeNumber: z.number(),
  title: z.string(),
  scenes: z.array(CompleteSceneSchema).min(1),
})

/** An analysis with number, title and at least one scene, all complete. */
export type CompleteAnalyzedEpisode = z.infer<typeof CompleteAnalyzedEpisodeSchema>

/** The fields of a session that must be there in either form of completeness, and those with a closed list of values. */
export const completeEnvelope = {
  scriptText: script,
  episodeContext: z.string(),
  storyUuid: StoryUuidSchema,
  promptMode: z.enum(['storyart', 'storyswarm']).optional(),
  retrievalMode: z.enum(['manual', 'database']).optional(),
  selectedLLM: z.enum(['gemini', 'qwen', 'claude', 'openai', 'xai', 'deepseek', 'glm']).optional(),
  timestamp: z.number().optional(),
}

/**
 * A session with its four fields, each usable: a script, a context as JSON text, a UUID and a complete analysis.
 *
 * What the context text holds is not part of the schema: `isComplete` looks at that too.
 */
export const CompleteSessionSchema = whole(SwarmUIExportDataSchema, {
  ...completeEnvelope,
  analyzedEpisode: CompleteAnalyzedEpisodeSchema,
})

/** A session that `isComplete` accepted: assignable to StoryArt's own interface. */
export type CompleteSession = z.infer<typeof CompleteSessionSchema>
