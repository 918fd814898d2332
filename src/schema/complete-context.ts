/**
 * Episode contexts with nothing missing, as StoryArt's own interfaces require them.
 * @module
 */
import { z } from 'zod'
import {
  CharacterAppearanceSchema,
  CharacterContextSchema,
  CharacterLocationContextSchema,
} from './character-context.js'
import {
  EnhancedEpisodeContextSchema,
  EpisodeSchema,
  ImageConfigSchema,
  ImagePresetsSchema,
  ImageSizeSchema,
  SceneContextSchema,
} from './episode-context.js'
import { ArtifactContextSchema, LocationContextSchema } from './location-context.js'
import { whole } from './loose.js'

const size = whole(ImageSizeSchema, { width: z.number(), height: z.number() })

/** Picture parameters with every field. */
export const CompleteImageConfigSchema = whole(ImageConfigSchema, {
  model: z.string(),
  steps: z.number(),
  cfgscale: z.number(),
  sampler: z.string(),
  scheduler: z.string(),
  loras: z.string(),
  lora_weights: z.string(),
  presets: whole(ImagePresetsSchema, { cinematic: size, vertical: size }),
})

/** Picture parameters with every field. */
export type CompleteImageConfig = z.infer<typeof CompleteImageConfigSchema>

/** A thing with name, kind, description and fragment. */
export const CompleteArtifactContextSchema = whole(ArtifactContextSchema, {
  artifact_name: z.string(),
  artifact_type: z.string(),
  description: z.string(),
  swarmui_prompt_fragment: z.string(),
  always_present: z.boolean(),
  scene_specific: z.boolean(),
})

/** A thing with name, kind, description and fragment. */
export type CompleteArtifactContext = z.infer<typeof CompleteArtifactContextSchema>

/** A place with every description; `tactical_override_location` may be `null`, as StoryArt's database gives it. */
export const CompleteLocationContextSchema = whole(LocationContextSchema, {
  id: z.string(),
  name: z.string(),
  description: z.string(),
  visual_description: z.string(),
  atmosphere: z.string(),
  atmosphere_category: z.string(),
  geographical_location: z.string(),
  time_period: z.string(),
  cultural_context: z.string(),
  key_features: z.string(),
  visual_reference_url: z.string(),
  significance_level: z.string(),
  tactical_override_location: z.string().nullish(),
  artifacts: z.array(CompleteArtifactContextSchema),
})

/** A place with every description. */
export type CompleteLocationContext = z.infer<typeof CompleteLocationContextSchema>

/** A look with every description, override and weight. */
export const CompleteCharacterLocationContextSchema = whole(CharacterLocationContextSchema, {
  location_name: z.string(),
  physical_description: z.string(),
  clothing_description: z.string(),
  demeanor_description: z.string(),
  temporal_context: z.string(),
  swarmui_prompt_override: z.string(),
  lora_weight_adjustment: z.number(),
  face_segment_rule: z.enum(['ALWAYS', 'IF_FACE_VISIBLE', 'NEVER']).optional(),
})

/** A look with every description, override and weight. */
export type CompleteCharacterLocationContext = z.infer<typeof CompleteCharacterLocationContextSchema>

/** A character with name, aliases, trigger, description and looks. */
export const CompleteCharacterContextSchema = whole(CharacterContextSchema, {
  character_name: z.string(),
  aliases: z.array(z.string()),
  base_trigger: z.string(),
  visual_description: z.string(),
  location_contexts: z.array(CompleteCharacterLocationContextSchema),
})

/** A character with name, aliases, trigger, description and looks. */
export type CompleteCharacterContext = z.infer<typeof CompleteCharacterContextSchema>

/** A character in a scene, with name and look; `gear_state` may be `null`, as StoryArt's database gives it. */
export const CompleteCharacterAppearanceSchema = whole(CharacterAppearanceSchema, {
  character_name: z.string(),
  location_context: CompleteCharacterLocationContextSchema,
  phases: z.array(CompleteCharacterLocationContextSchema).optional(),
  gear_state: z.string().nullish(),
})

/** A character in a scene, with name and look. */
export type CompleteCharacterAppearance = z.infer<typeof CompleteCharacterAppearanceSchema>

/** A scene with its place and the characters in it. */
export const CompleteSceneContextSchema = whole(SceneContextSchema, {
  scene_number: z.number(),
  scene_title: z.string(),
  scene_summary: z.string(),
  roadmap_location: z.string(),
  location: CompleteLocationContextSchema,
  character_appearances: z.array(CompleteCharacterAppearanceSchema),
})

/** A scene with its place and the characters in it. */
export type CompleteSceneContext = z.infer<typeof CompleteSceneContextSchema>

/** An episode with story, characters and scenes. */
export const CompleteEpisodeSchema = whole(EpisodeSchema, {
  episode_number: z.number(),
  episode_title: z.string(),
  episode_summary: z.string(),
  story_context: z.string(),
  narrative_tone: z.string(),
  core_themes: z.string(),
  image_config: CompleteImageConfigSchema.optional(),
  characters: z.array(CompleteCharacterContextSchema),
  scenes: z.array(CompleteSceneContextSchema),
})

/** An episode with story, characters and scenes. */
export type CompleteEpisode = z.infer<typeof CompleteEpisodeSchema>

/** A context whose episode is complete. */
export const CompleteEpisodeContextSchema = whole(EnhancedEpisodeContextSchema, { episode: CompleteEpisodeSchema })

/** A context that `isCompleteContext` accepted: assignable to StoryArt's own interface. */
export type CompleteEpisodeContext = z.infer<typeof CompleteEpisodeContextSchema>
