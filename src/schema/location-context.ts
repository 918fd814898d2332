/**
 * A place and the things in it.
 * @module
 */
import { z } from 'zod'
import { flag, open, text, textOrNumber } from './fields.js'
import { loose } from './loose.js'

/** A thing in a place. */
export const ArtifactContextSchema = loose({
  /** The thing's name. */
  artifact_name: text,
  /** The kind, an open list in any case: `prop`, `STRUCTURAL`, `CLUE`, ... */
  artifact_type: text,
  /** What it is; often empty. */
  description: text,
  /** What to write into a prompt. */
  swarmui_prompt_fragment: text,
  /** Whether it is always there. */
  always_present: flag,
  /** Whether it belongs to one scene only. */
  scene_specific: flag,
  /** `artifact_name`, as other writers call it. */
  name: text,
  /** `artifact_type`, as other writers call it. */
  type: text,
  /** `swarmui_prompt_fragment`, as other writers call it. */
  prompt_fragment: text,
})

/** A thing in a place. */
export type ArtifactContext = z.infer<typeof ArtifactContextSchema>

/** A place. */
export const LocationContextSchema = loose({
  /** The place's id; not always a UUID. */
  id: textOrNumber,
  /** The place's name. */
  name: text,
  /** What it is. */
  description: text,
  /** What it looks like: the text to use in prompts. */
  visual_description: text,
  /** The mood of the place. */
  atmosphere: text,
  /** The mood in one word, in any case. */
  atmosphere_category: text,
  /** Where it lies. */
  geographical_location: text,
  /** When it is. */
  time_period: text,
  /** Its culture. */
  cultural_context: text,
  /** Its features: a JSON array as a text, or the array itself; may be empty. */
  key_features: z.union([z.string(), z.array(z.string())]).nullish(),
  /** A picture of it. */
  visual_reference_url: text,
  /** How much it matters, in any case. */
  significance_level: open<'primary' | 'secondary'>(),
  /** The location whose overrides are used here. */
  tactical_override_location: text,
  /** The things in it. */
  artifacts: z.array(ArtifactContextSchema).nullish(),
})

/** A place. */
export type LocationContext = z.infer<typeof LocationContextSchema>
