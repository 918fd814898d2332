/**
 * One beat of the analysis.
 * @module
 */
import { z } from 'zod'
import { anything, flag, number, open, text, texts } from './fields.js'
import { loose } from './loose.js'
import { BeatPromptsSchema } from './swarmui-prompt.js'

/** What a decision usually says. */
export type ImageDecisionType = 'NEW_IMAGE' | 'REUSE_IMAGE' | 'NO_IMAGE'

/** Whether a beat gets a picture of its own. */
export const ImageDecisionSchema = loose({
  /** The decision. */
  type: open<ImageDecisionType>(),
  /** Why. */
  reason: text,
  /** With `REUSE_IMAGE`: the beat whose picture is shown again. */
  reuseSourceBeatId: text,
  /** With `REUSE_IMAGE`: that beat in words, such as `Scene 1, Beat s1-b4`. */
  reuseSourceBeatLabel: text,
})

/** Whether a beat gets a picture of its own. */
export type ImageDecision = z.infer<typeof ImageDecisionSchema>

/** A change of a character's phase within a beat. */
export const PhaseTransitionSchema = loose({
  /** The character's name. */
  character: text,
  /** The phase the character is in from here on. */
  toPhase: text,
})

/** A change of a character's phase within a beat. */
export type PhaseTransition = z.infer<typeof PhaseTransitionSchema>

/** The prompt of a beat as StorySwarm's documents write it. */
export const PromptPairSchema = loose({
  /** What the picture shows. */
  positive: text,
  /** What it must not show. */
  negative: text,
})

/** The prompt of a beat as StorySwarm's documents write it. */
export type PromptPair = z.infer<typeof PromptPairSchema>

/**
 * One beat: a moment of the script with its analysis, its image decision and its prompts.
 *
 * Only `beatId` is required. The second half holds the names other writers use for the same things.
 */
export const BeatAnalysisSchema = loose({
  /** The id, unique within the episode by convention, such as `s1-b1`. Never empty. */
  beatId: z.string().min(1),
  /** Position within the scene, from 1. */
  beat_number: number,
  /** A short title. */
  beat_title: text,
  /** The kind of beat, an open list: `Action`, `Dialogue`, `Revelation`, ... */
  beat_type: text,
  /** What the beat does for the story. */
  narrative_function: text,
  /** The place, in words. */
  setting: text,
  /** Names of the characters in the beat. */
  characters: texts,
  /** What happens. */
  core_action: text,
  /** The words of the script. */
  beat_script_text: text,
  /** The paragraph of the script it was taken from. */
  source_paragraph: text,
  /** The mood, as a comma list. */
  emotional_tone: text,
  /** What the eye rests on. */
  visual_anchor: text,
  /** What leads to the next beat. */
  transition_trigger: text,
  /** Estimated length in seconds. */
  beat_duration_estimate_sec: number,
  /** How much a picture matters here. */
  visualSignificance: open<'High' | 'Medium' | 'Low'>(),
  /** Whether the beat gets a picture: an object, or the bare decision as a text. */
  imageDecision: z.union([ImageDecisionSchema, z.string()]).nullish(),
  /** Shot and angle, in words. */
  cameraAngleSuggestion: text,
  /** Where the characters stand; texts that start with `N/A` mean nowhere in particular. */
  characterPositioning: text,
  /** Visual elements of the place. */
  locationAttributes: texts,
  /** What a character goes on doing from an earlier beat. */
  carryoverAction: text,
  /** The expression a character keeps from an earlier beat. */
  carryoverExpression: text,
  /** The beat that action or expression comes from. */
  carryoverSourceBeatId: text,
  /** Whether the shot was changed for variety. */
  varietyApplied: flag,
  /** The shot asked for by that change. */
  suggestedShotType: text,
  /** The id of the sub-location. */
  resolvedLocationId: text,
  /** Changes of phase within the beat. */
  phaseTransitions: z.array(PhaseTransitionSchema).nullish(),
  /** The hook of the episode, if it is told here. */
  hookNarrative: text,
  /** The prompts by kind; `{}` while they are still to be made. */
  prompts: BeatPromptsSchema.nullish(),

  /** `beat_number` in camel case. */
  beatNumber: number,
  /** `beat_script_text`, as the injector writes it. */
  narrativeText: text,
  /** `beat_script_text`, as StorySwarm's documents write it. */
  scriptText: text,
  /** A description beside `narrativeText`. */
  description: text,
  /** The first of `characters`. */
  primaryCharacter: text,
  /** The rest of `characters`. */
  secondaryCharacters: texts,
  /** `emotional_tone` in camel case. */
  emotionalTone: text,
  /** `cameraAngleSuggestion`, as the injector writes it. */
  suggestedCameraAngle: text,
  /** `cameraAngleSuggestion`, as StorySwarm asks for it. */
  shotSuggestion: text,
  /** The light, in words. */
  lighting: text,
  /** `locationAttributes`, as the injector writes them. */
  visualElements: texts,
  /** `resolvedLocationId`, as StorySwarm writes it. */
  locationId: text,
  /** The prompt as StorySwarm's documents write it: a pair or a text. */
  prompt: z.union([PromptPairSchema, z.string()]).nullish(),
  /** What the generator noted about `prompt`. */
  generationMetadata: anything,
})

/** One beat: a moment of the script with its analysis, its image decision and its prompts. */
export type BeatAnalysis = z.infer<typeof BeatAnalysisSchema>
