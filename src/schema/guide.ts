/**
 * Completeness as the format guide's interfaces require it, where that differs from what StoryArt's app writes: a
 * vertical prompt beside every cinematic one, and the characters of a scene in `characters` with trigger and hair.
 * @module
 */
import { z } from 'zod'
import { AnalyzedEpisodeSchema, AnalyzedSceneSchema } from './analyzed-episode.js'
import { BeatAnalysisSchema } from './beat.js'
import {
  CharacterAppearanceSchema,
  CharacterContextSchema,
  CharacterLocationContextSchema,
} from './character-context.js'
import { CompleteArtifactContextSchema } from './complete-context.js'
import { CompletePromptSchema, CompleteSceneMetadataSchema, completeEnvelope } from './complete-session.js'
import { EnhancedEpisodeContextSchema, EpisodeSchema, SceneContextSchema } from './episode-context.js'
import { LocationContextSchema } from './location-context.js'
import { whole } from './loose.js'
import { SwarmUIExportDataSchema } from './session.js'
import { BeatPromptsSchema } from './swarmui-prompt.js'

const beat = whole(BeatAnalysisSchema, {
  core_action: z.string(),
  beat_script_text: z.string(),
  emotional_tone: z.string(),
  visual_anchor: z.string(),
  locationAttributes: z.array(z.string()),
  prompts: whole(BeatPromptsSchema, { cinematic: CompletePromptSchema, vertical: CompletePromptSchema }).optional(),
})

const scene = whole(AnalyzedSceneSchema, {
  sceneNumber: z.number(),
  title: z.string(),
  metadata: CompleteSceneMetadataSchema,
  beats: z.array(beat),
})

/** A session with every field of the guide's interfaces, both picture formats wherever there are prompts. */
export const GuideSessionSchema = whole(SwarmUIExportDataSchema, {
  ...completeEnvelope,
  analyzedEpisode: whole(AnalyzedEpisodeSchema, {
    episodeNumber: z.number(),
    title: z.string(),
    scenes: z.array(scene).min(1),
  }),
})

/** A session that `isComplete(session, 'guide')` accepted: assignable to the guide's interface. */
export type GuideSession = z.infer<typeof GuideSessionSchema>

const look = whole(CharacterLocationContextSchema, {
  location_name: z.string(),
  physical_description: z.string(),
  clothing_description: z.string(),
  hair_description: z.string(),
  demeanor_description: z.string(),
  temporal_context: z.string(),
})

const character = {
  character_name: z.string(),
  aliases: z.array(z.string()),
  base_trigger: z.string(),
  visual_description: z.string(),
}

/** A context with every field of the guide's interfaces. */
export const GuideEpisodeContextSchema = whole(EnhancedEpisodeContextSchema, {
  episode: whole(EpisodeSchema, {
    episode_number: z.number(),
    episode_title: z.string(),
    episode_summary: z.string(),
    story_context: z.string(),
    narrative_tone: z.string(),
    core_themes: z.string(),
    characters: z.array(whole(CharacterContextSchema, { ...character, location_contexts: z.array(look) })),
    scenes: z.array(
      whole(SceneContextSchema, {
        scene_number: z.number(),
        scene_title: z.string(),
        scene_summary: z.string(),
        location: whole(LocationContextSchema, {
          id: z.string(),
          name: z.string(),
          visual_description: z.string(),
          artifacts: z.array(CompleteArtifactContextSchema),
        }),
        characters: z.array(
          whole(CharacterAppearanceSchema, { character_name: z.string(), location_context: look.optional() }),
        ),
      }),
    ),
  }),
})

/** A context that `isCompleteContext(context, 'guide')` accepted: assignable to the guide's interface. */
export type GuideEpisodeContext = z.infer<typeof GuideEpisodeContextSchema>
