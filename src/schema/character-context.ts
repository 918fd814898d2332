/**
 * Characters: who they are, and how they look where.
 * @module
 */
import { z } from 'zod'
import { flag, number, open, text, textOrNumber, texts } from './fields.js'
import { loose } from './loose.js'

/** How a character looks in one place. */
export const CharacterLocationContextSchema = loose({
  /** The place, or what stands for one (`Field Gear`); may repeat within a character. */
  location_name: text,
  /** Build, age, skin. */
  physical_description: text,
  /** What they wear. */
  clothing_description: text,
  /** Their hair. */
  hair_description: text,
  /** How they carry themselves. */
  demeanor_description: text,
  /** When in the story this holds. */
  temporal_context: open<'PRE_COLLAPSE' | 'POST_COLLAPSE' | 'DREAM_SEQUENCE' | 'FLASHBACK'>(),
  /** The whole look as prompt text, in place of every description; blank means none. */
  swarmui_prompt_override: text,
  /** Weight of the LORA; 0 means none was set. */
  lora_weight_adjustment: number,
  /** Prompt text while the helmet is off. */
  helmet_fragment_off: text,
  /** Prompt text while the visor is up. */
  helmet_fragment_visor_up: text,
  /** Prompt text while the visor is down. */
  helmet_fragment_visor_down: text,
  /** When a face segment belongs into the prompt. */
  face_segment_rule: open<'ALWAYS' | 'IF_FACE_VISIBLE' | 'NEVER'>(),
  /** The phase of the scene this look belongs to. */
  context_phase: open<'default' | 'transit' | 'arrival' | 'settled' | 'departure'>(),
  /** What in the script starts the phase. */
  phase_trigger_text: text,
  /** Age in years at this point of the story. */
  age_at_context: number,
})

/** How a character looks in one place. */
export type CharacterLocationContext = z.infer<typeof CharacterLocationContextSchema>

/** A character of the episode. */
export const CharacterContextSchema = loose({
  /** The full name, perhaps with a quoted nickname. */
  character_name: text,
  /** Other names. */
  aliases: texts,
  /** The LORA trigger that stands for the name in prompts. */
  base_trigger: text,
  /** A general description. */
  visual_description: text,
  /** How they look in each place. */
  location_contexts: z.array(CharacterLocationContextSchema).nullish(),
  /** `character_name`, as other writers call it. */
  name: text,
  /** A single look, as old contexts write it. */
  location_context: CharacterLocationContextSchema.nullish(),
  /** Age in years, as the injector writes it. */
  age: textOrNumber,
  /** The LORA file, as the injector writes it. */
  lora_model: text,
  /** Weight of the LORA, as the injector writes it. */
  lora_weight: number,
})

/** A character of the episode. */
export type CharacterContext = z.infer<typeof CharacterContextSchema>

/** A character in one scene. Real entries carry no trigger: it is found by the name. */
export const CharacterAppearanceSchema = loose({
  /** The name, as in the episode's characters. */
  character_name: text,
  /** `character_name`, as other writers call it. */
  name: text,
  /** Other names. */
  aliases: texts,
  /** The LORA trigger. */
  base_trigger: text,
  /** A general description. */
  visual_description: text,
  /** How they look in this scene. */
  location_context: CharacterLocationContextSchema.nullish(),
  /** How they look in each place, where a writer repeats it. */
  location_contexts: z.array(CharacterLocationContextSchema).nullish(),
  /** How they look in each phase of the scene, if there is more than one. */
  phases: z.array(CharacterLocationContextSchema).nullish(),
  /** Whether a tactical override was put in. */
  tactical_override_applied: flag,
  /** The gear they wear. */
  gear_context: open<'off_duty' | 'suit_up' | 'field_op' | 'stealth'>(),
  /** The state of the suit. */
  suit_alert_level: open<'normal' | 'warning' | 'danger'>(),
  /** Whether the override was put together from fragments. */
  assembled_from_fragments: flag,
  /** Helmet and visor, such as `HELMET_UP`. */
  gear_state: text,
})

/** A character in one scene. */
export type CharacterAppearance = z.infer<typeof CharacterAppearanceSchema>
