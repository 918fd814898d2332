/**
 * The analysis of an episode: scenes and their beats.
 * @module
 */
import { z } from 'zod'
import { BeatAnalysisSchema } from './beat.js'
import { flag, number, text, textOrNumber } from './fields.js'
import { loose } from './loose.js'

/** What the script says about a scene. */
export const SceneMetadataSchema = loose({
  /** The length to aim at, in words: `15-20 minutes`, `3`. */
  targetDuration: textOrNumber,
  /** The scene's role in the story. */
  sceneRole: text,
  /** Where in the episode it stands. */
  timing: text,
  /** Whether an ad break follows. */
  adBreak: flag,
})

/** What the script says about a scene. */
export type SceneMetadata = z.infer<typeof SceneMetadataSchema>

/** One scene with its beats. */
export const AnalyzedSceneSchema = loose({
  /** The scene's number; may repeat and need not start at 1. */
  sceneNumber: number,
  /** The scene's title. */
  title: text,
  /** What the script says about the scene. */
  metadata: SceneMetadataSchema.nullish(),
  /** The beats in their order. */
  beats: z.array(BeatAnalysisSchema).nullish(),
  /** The place, as the injector writes it. */
  location: text,
  /** The time of day, as the injector writes it. */
  timeOfDay: text,
  /** The number of beats the injector meant to write. */
  totalBeats: number,
})

/** One scene with its beats. */
export type AnalyzedScene = z.infer<typeof AnalyzedSceneSchema>

/** The beat-by-beat analysis of one episode. */
export const AnalyzedEpisodeSchema = loose({
  /** The episode's number. */
  episodeNumber: number,
  /** The episode's title. */
  title: text,
  /** The scenes in their order. */
  scenes: z.array(AnalyzedSceneSchema).nullish(),
  /** `title`, as the injector writes it. */
  episodeTitle: text,
  /** The number of scenes the injector meant to write. */
  totalScenes: number,
})

/** The beat-by-beat analysis of one episode. */
export type AnalyzedEpisode = z.infer<typeof AnalyzedEpisodeSchema>
