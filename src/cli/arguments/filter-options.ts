/**
 * `--scene`, `--beat` and `--format`, the same in every command that is about prompts.
 * @module
 */
import type { Command } from 'commander'
import { beats, type ImageFormat, type PromptFilter } from 'storyart-sdk/prompt'
import { CliError } from '../cli-error.js'
import { EXIT } from '../exit-codes.js'
import { collected, imageFormats, names, sceneNumbers } from './option-values.js'
import type { NamedSession } from './session-argument.js'

/** What the options give. */
export interface FilterOptions<Format extends string = ImageFormat> {
  scene?: number[]
  beat?: string[]
  format?: Format[]
}

/** Adds the options to a command. */
export function withFilter(command: Command): Command {
  return withPlaces(command).option(
    '--format <kinds>',
    'only these: cinematic, vertical, marketingVertical',
    imageFormats,
  )
}

/** Adds the options to a command that looks at prompts of all kinds, also those that nobody paints. */
export function withOpenFilter(command: Command): Command {
  return withPlaces(command).option('--format <kinds>', 'only these, such as cinematic or vertical', names)
}

function withPlaces(command: Command): Command {
  return command
    .option('--scene <numbers>', 'only these scenes, such as 2 or 1,3-5', sceneNumbers)
    .option('--beat <id>', 'only this beat; may be given several times', collected)
}

/**
 * The filter of the options.
 *
 * @throws {CliError} of code `missing` when the session has no such scene or beat; it says which there are.
 */
export function filterOf(
  { session, name }: NamedSession,
  { scene, beat, format }: FilterOptions<string>,
): PromptFilter {
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

/** The test whether a place is among the scenes and beats of a filter. */
export function placeTest({ scenes, beats: ids }: PromptFilter) {
  const numbers = scenes && new Set(scenes)
  const wanted = ids && new Set(ids.map((id) => id.trim()))
  return ({ sceneNumber, beatId }: { sceneNumber: number | null; beatId: string }): boolean =>
    (!numbers || (sceneNumber !== null && numbers.has(sceneNumber))) && (!wanted || wanted.has(beatId.trim()))
}
