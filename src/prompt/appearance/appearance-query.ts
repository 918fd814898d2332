/**
 * What is asked about a character's look, and where an answer comes from.
 * @module
 */

/** Whom to look up, and where in the episode. */
export interface AppearanceQuery {
  /** The scene's number as the context knows it (`scene_number`); a numeric string matches the same number. */
  sceneNumber: number | string
  /** A name, an alias or a trigger, in any case, with straight or typographic quotes. */
  character: string
  /** The phase of the scene, such as `arrival`. Default: `default`, then the first there is. */
  phase?: string | undefined
}

/**
 * Where a value was found: an entry of the scene's `characters[]` or `character_appearances[]` (for these three the
 * scene says it itself), one of the character's own `location_contexts[]`, the character itself, or `default` where
 * nobody says anything.
 */
export type AppearanceSource =
  | 'scene.characters'
  | 'scene.character_appearances'
  | 'scene.phase'
  | 'character.location_contexts'
  | 'character'
  | 'default'

/** A value with its origin. */
export interface Sourced<T> {
  /** The value as stored, unchanged; never blank. */
  value: T
  /** Which kind of place it comes from. */
  source: AppearanceSource
  /** Where in the context, such as `episode.scenes[0].character_appearances[1].location_context.clothing_description`. Empty for a default. */
  path: string
  /**
   * `exact`: written for this scene, or for the character everywhere. `weak`: a guess, from a context of a place with
   * the same name, or for a name or trigger that several characters bear.
   */
  confidence: 'exact' | 'weak'
}
