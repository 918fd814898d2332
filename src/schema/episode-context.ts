/**
 * The episode context: story, characters, places and scenes.
 * @module
 */
import { z } from 'zod'
import { CharacterAppearanceSchema, CharacterContextSchema } from './character-context.js'
import { anything, flag, number, open, text, textOrNumber } from './fields.js'
import { LocationContextSchema } from './location-context.js'
import { loose } from './loose.js'

/** The size of a picture. */
export const ImageSizeSchema = loose({
  /** Width in pixels. */
  width: number,
  /** Height in pixels. */
  height: number,
})

/** The size of a picture. */
export type ImageSize = z.infer<typeof ImageSizeSchema>

/** The sizes of a story's pictures by kind. */
export const ImagePresetsSchema = loose({
  /** The 16:9 size. */
  cinematic: ImageSizeSchema.nullish(),
  /** The 9:16 size. */
  vertical: ImageSizeSchema.nullish(),
})

/** The sizes of a story's pictures by kind. */
export type ImagePresets = z.infer<typeof ImagePresetsSchema>

/** The parameters of a story's pictures. */
export const ImageConfigSchema = loose({
  /** Model name. */
  model: text,
  /** Generation steps. */
  steps: number,
  /** CFG scale. */
  cfgscale: number,
  /** Sampler name. */
  sampler: text,
  /** Scheduler name. */
  scheduler: text,
  /** LORA names, separated by commas. */
  loras: text,
  /** LORA weights, separated by commas; a prompt calls them `loraweights`. */
  lora_weights: textOrNumber,
  /** The sizes by kind. */
  presets: ImagePresetsSchema.nullish(),
})

/** The parameters of a story's pictures. */
export type ImageConfig = z.infer<typeof ImageConfigSchema>

/** One scene: where it is and who is in it. */
export const SceneContextSchema = loose({
  /** The scene's number: the way to find a scene, never its position. */
  scene_number: number,
  /** The scene's title. */
  scene_title: text,
  /** What happens. */
  scene_summary: text,
  /** The place by the roadmap's name, which need not be the location's. */
  roadmap_location: text,
  /** The place. */
  location: LocationContextSchema.nullish(),
  /** Who is in the scene, as StoryArt writes it. */
  character_appearances: z.array(CharacterAppearanceSchema).nullish(),
  /** Who is in the scene, as the guide and old contexts write it. */
  characters: z.array(CharacterAppearanceSchema).nullish(),
  /** Who is in the scene, by name or as an entry. */
  characters_present: z.array(z.union([CharacterAppearanceSchema, z.string()])).nullish(),
  /** The time of day. */
  time_of_day: text,
  /** The gear worn in the scene. */
  gear_context: open<'off_duty' | 'suit_up' | 'field_op' | 'stealth'>(),
  /** How intense the scene is. */
  intensity: textOrNumber,
  /** How fast it is. */
  pacing: text,
  /** Where it stands in the arc. */
  arc_phase: text,
  /** The scene's role in the story. */
  scene_role: text,
  /** The length to aim at, in minutes. */
  target_duration_minutes: textOrNumber,
  /** Where in the episode it stands. */
  scene_timing: text,
  /** Whether an ad break follows. */
  is_ad_break_scene: flag,
  /** Where the ad break falls. */
  ad_break_moment: anything,
  /** How the intensity develops. */
  intensity_arc: anything,
  /** How strong the feelings are. */
  emotional_intensity: anything,
  /** How strong the conflict is. */
  conflict_level: anything,
})

/** One scene: where it is and who is in it. */
export type SceneContext = z.infer<typeof SceneContextSchema>

/** The episode with its characters and scenes. */
export const EpisodeSchema = loose({
  /** The episode's number. */
  episode_number: number,
  /** The episode's title. */
  episode_title: text,
  /** What happens. */
  episode_summary: text,
  /** The story around the episode. */
  story_context: text,
  /** How it is told. */
  narrative_tone: text,
  /** What it is about. */
  core_themes: text,
  /** The parameters of the story's pictures. */
  image_config: ImageConfigSchema.nullish(),
  /** The characters; their order counts in StoryArt's own substitution. */
  characters: z.array(CharacterContextSchema).nullish(),
  /** The scenes. */
  scenes: z.array(SceneContextSchema).nullish(),
})

/** The episode with its characters and scenes. */
export type Episode = z.infer<typeof EpisodeSchema>

/**
 * The episode context: what `episodeContext` holds once it is parsed.
 *
 * Usually everything is under `episode`; the other fields are those of the flat form that the injector script writes.
 */
export const EnhancedEpisodeContextSchema = loose({
  /** The episode. */
  episode: EpisodeSchema.nullish(),
  /** Flat form: the episode's number. */
  episodeNumber: number,
  /** Flat form: the episode's title. */
  episodeTitle: text,
  /** Flat form: the story's title. */
  storyTitle: text,
  /** Flat form: the characters. */
  characters: z.array(CharacterContextSchema).nullish(),
  /** Flat form: the places. */
  locations: z.array(LocationContextSchema).nullish(),
})

/** The episode context: what `episodeContext` holds once it is parsed. */
export type EnhancedEpisodeContext = z.infer<typeof EnhancedEpisodeContextSchema>
