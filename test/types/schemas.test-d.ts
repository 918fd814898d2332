/** Every schema has a type of its name, which is what it infers. Checked by `tsc`, never run. */
import type {
  AnalyzedEpisode,
  AnalyzedEpisodeSchema,
  AnalyzedScene,
  AnalyzedSceneSchema,
  ArtifactContext,
  ArtifactContextSchema,
  BeatAnalysis,
  BeatAnalysisSchema,
  BeatPrompts,
  BeatPromptsSchema,
  CharacterAppearance,
  CharacterAppearanceSchema,
  CharacterContext,
  CharacterContextSchema,
  CharacterLocationContext,
  CharacterLocationContextSchema,
  CompleteAnalyzedEpisode,
  CompleteAnalyzedEpisodeSchema,
  CompleteArtifactContext,
  CompleteArtifactContextSchema,
  CompleteBeat,
  CompleteBeatPrompts,
  CompleteBeatPromptsSchema,
  CompleteBeatSchema,
  CompleteCharacterAppearance,
  CompleteCharacterAppearanceSchema,
  CompleteCharacterContext,
  CompleteCharacterContextSchema,
  CompleteCharacterLocationContext,
  CompleteCharacterLocationContextSchema,
  CompleteEpisode,
  CompleteEpisodeContext,
  CompleteEpisodeContextSchema,
  CompleteEpisodeSchema,
  CompleteImageConfig,
  CompleteImageConfigSchema,
  CompleteImageDecision,
  CompleteImageDecisionSchema,
  CompleteLocationContext,
  CompleteLocationContextSchema,
  CompletePrompt,
  CompletePromptSchema,
  CompleteScene,
  CompleteSceneContext,
  CompleteSceneContextSchema,
  CompleteSceneMetadata,
  CompleteSceneMetadataSchema,
  CompleteSceneSchema,
  CompleteSession,
  CompleteSessionSchema,
  EnhancedEpisodeContext,
  EnhancedEpisodeContextSchema,
  Episode,
  EpisodeSchema,
  GuideEpisodeContext,
  GuideEpisodeContextSchema,
  GuideSession,
  GuideSessionSchema,
  ImageConfig,
  ImageConfigSchema,
  ImageDecision,
  ImageDecisionSchema,
  ImagePresets,
  ImagePresetsSchema,
  ImageSize,
  ImageSizeSchema,
  LegacyBeatPrompts,
  LegacyBeatPromptsSchema,
  LocationContext,
  LocationContextSchema,
  PhaseTransition,
  PhaseTransitionSchema,
  PromptPair,
  PromptPairSchema,
  SceneContext,
  SceneContextSchema,
  SceneMetadata,
  SceneMetadataSchema,
  Session,
  SessionSchema,
  SessionTimestamp,
  SessionTimestampSchema,
  StoredPrompt,
  StoredPromptSchema,
  StoryUuid,
  StoryUuidSchema,
  SwarmUIExportData,
  SwarmUIExportDataSchema,
  SwarmUIPrompt,
  SwarmUIPromptSchema,
} from 'storyart-sdk/schema'
import { expectTypeOf } from 'vitest'
import type { z } from 'zod'

export function pairs(): void {
  expectTypeOf<z.infer<typeof AnalyzedEpisodeSchema>>().toEqualTypeOf<AnalyzedEpisode>()
  expectTypeOf<z.infer<typeof AnalyzedSceneSchema>>().toEqualTypeOf<AnalyzedScene>()
  expectTypeOf<z.infer<typeof ArtifactContextSchema>>().toEqualTypeOf<ArtifactContext>()
  expectTypeOf<z.infer<typeof BeatAnalysisSchema>>().toEqualTypeOf<BeatAnalysis>()
  expectTypeOf<z.infer<typeof BeatPromptsSchema>>().toEqualTypeOf<BeatPrompts>()
  expectTypeOf<z.infer<typeof CharacterAppearanceSchema>>().toEqualTypeOf<CharacterAppearance>()
  expectTypeOf<z.infer<typeof CharacterContextSchema>>().toEqualTypeOf<CharacterContext>()
  expectTypeOf<z.infer<typeof CharacterLocationContextSchema>>().toEqualTypeOf<CharacterLocationContext>()
  expectTypeOf<z.infer<typeof CompleteAnalyzedEpisodeSchema>>().toEqualTypeOf<CompleteAnalyzedEpisode>()
  expectTypeOf<z.infer<typeof CompleteArtifactContextSchema>>().toEqualTypeOf<CompleteArtifactContext>()
  expectTypeOf<z.infer<typeof CompleteBeatPromptsSchema>>().toEqualTypeOf<CompleteBeatPrompts>()
  expectTypeOf<z.infer<typeof CompleteBeatSchema>>().toEqualTypeOf<CompleteBeat>()
  expectTypeOf<z.infer<typeof CompleteCharacterAppearanceSchema>>().toEqualTypeOf<CompleteCharacterAppearance>()
  expectTypeOf<z.infer<typeof CompleteCharacterContextSchema>>().toEqualTypeOf<CompleteCharacterContext>()
  expectTypeOf<
    z.infer<typeof CompleteCharacterLocationContextSchema>
  >().toEqualTypeOf<CompleteCharacterLocationContext>()
  expectTypeOf<z.infer<typeof CompleteEpisodeContextSchema>>().toEqualTypeOf<CompleteEpisodeContext>()
  expectTypeOf<z.infer<typeof CompleteEpisodeSchema>>().toEqualTypeOf<CompleteEpisode>()
  expectTypeOf<z.infer<typeof CompleteImageConfigSchema>>().toEqualTypeOf<CompleteImageConfig>()
  expectTypeOf<z.infer<typeof CompleteImageDecisionSchema>>().toEqualTypeOf<CompleteImageDecision>()
  expectTypeOf<z.infer<typeof CompleteLocationContextSchema>>().toEqualTypeOf<CompleteLocationContext>()
  expectTypeOf<z.infer<typeof CompletePromptSchema>>().toEqualTypeOf<CompletePrompt>()
  expectTypeOf<z.infer<typeof CompleteSceneContextSchema>>().toEqualTypeOf<CompleteSceneContext>()
  expectTypeOf<z.infer<typeof CompleteSceneMetadataSchema>>().toEqualTypeOf<CompleteSceneMetadata>()
  expectTypeOf<z.infer<typeof CompleteSceneSchema>>().toEqualTypeOf<CompleteScene>()
  expectTypeOf<z.infer<typeof CompleteSessionSchema>>().toEqualTypeOf<CompleteSession>()
  expectTypeOf<z.infer<typeof EnhancedEpisodeContextSchema>>().toEqualTypeOf<EnhancedEpisodeContext>()
  expectTypeOf<z.infer<typeof EpisodeSchema>>().toEqualTypeOf<Episode>()
  expectTypeOf<z.infer<typeof GuideEpisodeContextSchema>>().toEqualTypeOf<GuideEpisodeContext>()
  expectTypeOf<z.infer<typeof GuideSessionSchema>>().toEqualTypeOf<GuideSession>()
  expectTypeOf<z.infer<typeof ImageConfigSchema>>().toEqualTypeOf<ImageConfig>()
  expectTypeOf<z.infer<typeof ImageDecisionSchema>>().toEqualTypeOf<ImageDecision>()
  expectTypeOf<z.infer<typeof ImagePresetsSchema>>().toEqualTypeOf<ImagePresets>()
  expectTypeOf<z.infer<typeof ImageSizeSchema>>().toEqualTypeOf<ImageSize>()
  expectTypeOf<z.infer<typeof LegacyBeatPromptsSchema>>().toEqualTypeOf<LegacyBeatPrompts>()
  expectTypeOf<z.infer<typeof LocationContextSchema>>().toEqualTypeOf<LocationContext>()
  expectTypeOf<z.infer<typeof PhaseTransitionSchema>>().toEqualTypeOf<PhaseTransition>()
  expectTypeOf<z.infer<typeof PromptPairSchema>>().toEqualTypeOf<PromptPair>()
  expectTypeOf<z.infer<typeof SceneContextSchema>>().toEqualTypeOf<SceneContext>()
  expectTypeOf<z.infer<typeof SceneMetadataSchema>>().toEqualTypeOf<SceneMetadata>()
  expectTypeOf<z.infer<typeof SessionSchema>>().toExtend<Session>()
  expectTypeOf<z.infer<typeof SessionTimestampSchema>>().toEqualTypeOf<SessionTimestamp>()
  expectTypeOf<z.infer<typeof StoredPromptSchema>>().toEqualTypeOf<StoredPrompt>()
  expectTypeOf<z.infer<typeof StoryUuidSchema>>().toEqualTypeOf<StoryUuid>()
  expectTypeOf<z.infer<typeof SwarmUIExportDataSchema>>().toExtend<SwarmUIExportData>()
  expectTypeOf<z.infer<typeof SwarmUIPromptSchema>>().toEqualTypeOf<SwarmUIPrompt>()
}
