/**
 * `--scene`, `--beat` and `--format`, the same in every command that is about prompts.
 * @module
 */
import type { Command } from 'commander'
import { beats, type ImageFormat, type PromptFilter } from 'storyart-sdk/prompt'
import { CliError } from './cli-error.js'
import { EXIT } from './exit-codes.js'
import { collected, imageFormats, sceneNumbers } from './option-values.js'
import type { NamedSession } from './session-argument.js'

/** What the options give. */
export interface FilterOptions {
  scene?: number[]
  beat?: string[]
  format?: ImageFormat[]
}

/** Adds the options to a command. */
export function withFilter(command: Command): Command {
  return command
    .option('--scene <numbers>', 'only these scenes, such as 2 or 1,3-5', sceneNumbers)
    .option('--beat <id>', 'only this beat; may be given several times', collected)
    .option('--format <kinds>', 'only these: cinematic, vertical, marketingVertical', imageFormats)
}

/**
 * The filter of the options.
 *
 * @throws {CliError} of code `missing` when the session has no such scene or beat; it says which there are.
 */
export function filterOf({ session, name }: NamedSession, { scene, beat, format }: FilterOptions): PromptFilter {
  const scenes = session.analyzedEpisode?.scenes ?? []
  const numbers = new Set(scenes.map(({ sceneNumber }) => sceneNumber))
  const missing = scene?.filter((number) => !numbers.has(number)) ?? []
  if (missing.length > 0) {
    const known = [...numbers].filter((number) => number !== undefined && number !== null).join(', ') || 'none'
    throw new CliError(EXIT.missing, `${name} has no scene ${missing.join(', ')}; its scenes: ${known}`)
  }
  if (beat) {
    const ids = new Set([...beats(session)].map(({ beatId }) => beatId.trim()))
    const unknown = beat.filter((id) => !ids.has(id.trim()))
    if (unknown.length > 0) throw new CliError(EXIT.missing, `${name} has no beat ${unknown.join(', ')}`)
  }
  return {
    ...(scene === undefined ? {} : { scenes: scene }),
    ...(beat === undefined ? {} : { beats: beat }),
    ...(format === undefined ? {} : { formats: format }),
  }
}
