/**
 * The seam for other ways to write prompts.
 * @module
 */

import type { EnhancedEpisodeContext, Session, SwarmUIPrompt } from '../../schema/index.js'
import type { BeatInScene } from '../beats.js'
import type { ImageFormat } from '../image-format.js'

/** A character in a picture. */
export interface PictureCharacter {
  /** The full name. */
  character: string
  /** The trigger; empty when there is none. */
  trigger: string
  /** How the character is written, trigger included: the override, or trigger and description. Empty when nothing is known. */
  look: string
}

/** One prompt to write. */
export interface PromptRequestItem {
  /** Names the item within its request. */
  key: string
  /** The beat and where it stands. */
  place: BeatInScene
  /** The kind of picture. */
  format: ImageFormat
  /** What the composer makes of it: true to the analysis, and what is stored if the generator fails. */
  composed: SwarmUIPrompt
  /** The characters in the picture, from left to right: a prompt without a trigger shows somebody else. */
  characters: readonly PictureCharacter[]
  /** The sections at the end of `composed`, such as the segments of overrides. */
  sections: readonly string[]
}

/** What a generator is asked for. */
export interface PromptRequest {
  /** The session. */
  session: Session
  /** Its context as far as it could be read; empty when it could not. */
  context: EnhancedEpisodeContext
  /** The prompts to write, in the order of the document; never empty. */
  items: readonly PromptRequestItem[]
  /** Cancels the work: `generate` then rejects with `signal.reason`. */
  signal?: AbortSignal | undefined
}

/** What became of one item: a prompt, whose text alone takes the parameters of the composed one, or why there is none. */
export type PromptResult =
  | {
      /** The item's key. */
      key: string
      /** The prompt, or its text. */
      prompt: SwarmUIPrompt | string
    }
  | {
      /** The item's key. */
      key: string
      /** Why there is none, in a few words without text of the document. */
      failure: string
    }

/** Any other way to write prompts than the composer. */
export interface PromptGenerator {
  /** What the generator is called in reports. */
  readonly name: string
  /**
   * Writes prompts. An item that is missing from the results has failed; of several results for one item the first
   * counts. To reject is for what concerns all items, such as wrong credentials.
   */
  generate(request: PromptRequest): Promise<readonly PromptResult[]>
}
