/**
 * What is said about the characters found in a text.
 * @module
 */

/** A piece of the original text. */
export interface Span {
  /** Where it starts in the original text, in UTF-16 code units. */
  start: number
  /** Just behind it, in UTF-16 code units. A possessive `'s` stays outside. */
  end: number
  /** The piece as written. */
  text: string
}

/** A name that was replaced by its character's trigger. */
export interface ReplacedMention extends Span {
  /** What stands there now, exactly as the context writes it. */
  trigger: string
  /** The full name of the character. */
  character: string
}

/** A name that was left because characters with different triggers share it. */
export interface AmbiguousMention extends Span {
  /** The full names of all who bear it, in the order of the context. */
  characters: readonly string[]
}

/**
 * Why something was left as it stands. `already-a-trigger`: it is a trigger, in whatever case. `excepted`: it is one of
 * the phrases of `except`. `quoted`: a name alone in quotes, so text in the picture. `compound`: a name that is part
 * of a path, a file name or a hyphenated word. `no-trigger`: the character has none that can be written. `unstable`:
 * the text with all triggers in place would hold further names, so that nothing was replaced.
 */
export type SkipReason = 'already-a-trigger' | 'excepted' | 'quoted' | 'compound' | 'no-trigger' | 'unstable'

/** A trigger, a name or a phrase that was left. */
export interface SkippedMention extends Span {
  /**
   * The full name of the character; of the first in the context when several share the name or the trigger. Empty for
   * a phrase of `except`.
   */
  character: string
  /** Why it was left. */
  reason: SkipReason
}

/** All characters found in a text, each list in the order of the text. */
export interface Mentions {
  /** The names replaced. */
  replaced: ReplacedMention[]
  /** The names left because several characters share them. */
  ambiguous: AmbiguousMention[]
  /** The triggers already there, and the names left for another reason. */
  skipped: SkippedMention[]
}
