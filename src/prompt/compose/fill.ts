/**
 * Filling in the prompts a session lacks.
 * @module
 */

import type { BeatAnalysis, Session, SwarmUIPrompt } from '../../schema/index.js'
import { type BeatInScene, beats } from '../beats.js'
import { wantsImage } from '../decision.js'
import { IMAGE_FORMATS, type ImageFormat } from '../image-format.js'
import { promptReader } from '../queue/prompt-reader.js'
import { readPrompt } from '../queue/prompt-text.js'
import { sessionContext } from '../session-context.js'
import { mapShared, withValue } from '../share.js'
import { type ComposeOptions, promptComposer } from './compose.js'
import type { PromptGenerator, PromptRequestItem, PromptResult } from './prompt-generator.js'

/** What {@link fillPrompts} may be told. */
export interface FillPromptsOptions extends ComposeOptions {
  /** The kinds of prompt every beat is to have. Default: `cinematic` alone, as in StoryArt's own sessions. */
  formats?: readonly ImageFormat[] | undefined
  /** `wanted`: beats that reuse a picture or show none get no prompt. `all`: they do. Default: `wanted`. */
  include?: 'wanted' | 'all' | undefined
}

/** The same with a generator. */
export interface GeneratePromptsOptions extends FillPromptsOptions {
  /** Cancels the work. Default: none. */
  signal?: AbortSignal | undefined
}

/** Where a prompt belongs. */
export interface PromptSlot {
  /** The number of the scene; `null` if it has none. */
  sceneNumber: number | null
  /** The id of the beat. */
  beatId: string
  /** Position of the beat within its scene, from 0. */
  beatIndex: number
  /** The kind of prompt. */
  format: ImageFormat
}

/** A prompt that was missing and is there now. */
export interface FilledSlot extends PromptSlot {
  /** Who wrote it: `composer`, or the generator's name. */
  by: string
}

/** Something that did not go as asked. */
export interface FailedSlot extends PromptSlot {
  /**
   * Why: what the generator said; `no result` when it said nothing about this prompt; `empty` or `placeholder` when its
   * prompt could not be painted; `nothing to compose from` when the beat says nothing, and then it has no prompt still.
   */
  reason: string
}

/** What {@link fillPrompts} returns. */
export interface FilledPrompts {
  /** The session with its prompts; the very same object when nothing was filled. */
  session: Session
  /** What was filled, in the order of the document. */
  filled: FilledSlot[]
  /** What failed, in the order of the document. What the generator could not do was filled by the composer. */
  failed: FailedSlot[]
}

/**
 * Gives each beat that wants a picture the prompts it lacks: written by {@link composePrompt}, or by a generator.
 *
 * A prompt that can be painted is never touched, wherever it is stored; blank ones and notes of failure count as
 * missing. New prompts go to `beat.prompts`. The session given is not changed: beats, scenes and fields in which nothing
 * was filled are the same objects in the one returned, in the same order of keys.
 *
 * With a generator the result is a promise. What it fails to write the composer writes, and it is reported.
 *
 * @param session - The session.
 * @param options - Which prompts, and how to compose.
 * @returns The session and the reports.
 * @throws With a generator: `signal.reason` when it is aborted; what the generator rejects with.
 * @example
 * ```ts
 * import { fillPrompts, type PromptGenerator } from 'storyart-sdk/prompt'
 *
 * const session = {
 *   analyzedEpisode: {
 *     scenes: [{ sceneNumber: 1, beats: [
 *       { beatId: 's1-b1', core_action: 'Fog rolls over the quay.' },
 *       { beatId: 's1-b2', core_action: 'A bell rings.', prompts: { cinematic: { prompt: 'a bell' } } },
 *     ] }],
 *   },
 * }
 * const { session: filled, filled: slots } = fillPrompts(session)
 * console.log(slots.map(({ beatId, by }) => `${beatId} by ${by}`).join()) // s1-b1 by composer
 * console.log(filled.analyzedEpisode?.scenes?.[0]?.beats?.[1] === session.analyzedEpisode.scenes[0]?.beats[1]) // true
 *
 * const shouting: PromptGenerator = {
 *   name: 'shouting',
 *   generate: async ({ items }) => items.map(({ key, composed }) => ({ key, prompt: composed.prompt.toUpperCase() })),
 * }
 * const { filled: shouted } = await fillPrompts(session, shouting)
 * console.log(shouted[0]?.by) // shouting
 * ```
 */
export function fillPrompts(session: Session, options?: FillPromptsOptions): FilledPrompts
/**
 * The same with a generator.
 *
 * @param session - The session.
 * @param generator - Who writes the prompts.
 * @param options - Which prompts, and how to compose those the generator fails to write.
 * @returns The session and the reports.
 * @throws `signal.reason` when it is aborted; what the generator rejects with.
 */
export function fillPrompts(
  session: Session,
  generator: PromptGenerator,
  options?: GeneratePromptsOptions,
): Promise<FilledPrompts>
export function fillPrompts(
  session: Session,
  first: PromptGenerator | FillPromptsOptions = {},
  options: GeneratePromptsOptions = {},
): FilledPrompts | Promise<FilledPrompts> {
  if (!('generate' in first)) return filledWith(session, missingIn(session, first), new Map(), 'composer')
  const missing = missingIn(session, options)
  const items = missing.filter(({ bare }) => !bare).map(({ item }) => item)
  return generated(session, first, items, options.signal).then((results) =>
    filledWith(session, missing, results, first.name),
  )
}

/** A prompt that is missing. */
interface Missing {
  item: PromptRequestItem
  /** Whether there is nothing to write it from. */
  bare: boolean
}

function missingIn(session: Session, options: FillPromptsOptions): Missing[] {
  const { formats = ['cinematic'], include = 'wanted' } = options
  const asked = IMAGE_FORMATS.filter((format) => formats.includes(format))
  const prompts = promptReader(session)
  const compose = promptComposer(session, options)
  const missing: Missing[] = []
  for (const place of beats(session)) {
    const readings = prompts.read(place.beat)
    if (include !== 'all' && !wantsImage(place.beat)) continue
    for (const format of asked) {
      if (typeof readings[format] === 'object') continue
      const { prompt: composed, characters: members, sections, bare } = compose(place, format)
      const characters = members.map(({ character, trigger, text }) => ({ character, trigger, look: text }))
      missing.push({ item: { key: `${missing.length + 1}`, place, format, composed, characters, sections }, bare })
    }
  }
  return missing
}

async function generated(
  session: Session,
  generator: PromptGenerator,
  items: PromptRequestItem[],
  signal: AbortSignal | undefined,
): Promise<Map<string, PromptResult>> {
  signal?.throwIfAborted()
  const results = new Map<string, PromptResult>()
  if (!items.length) return results
  const read = sessionContext(session)
  const context = typeof read === 'string' ? {} : read
  for (const result of await generator.generate({ session, context, items, signal })) {
    if (!results.has(result.key)) results.set(result.key, result)
  }
  return results
}

/** Puts the prompts in: the generator's where it has one, else the composer's. */
function filledWith(
  session: Session,
  missing: readonly Missing[],
  results: ReadonlyMap<string, PromptResult>,
  name: string,
): FilledPrompts {
  const filled: FilledSlot[] = []
  const failed: FailedSlot[] = []
  const prompts = new Map<string, { format: ImageFormat; prompt: SwarmUIPrompt }[]>()
  for (const { item, bare } of missing) {
    const { place, format, composed } = item
    const slot = { sceneNumber: place.sceneNumber, beatId: place.beatId, beatIndex: place.beatIndex, format }
    if (bare) {
      failed.push({ ...slot, reason: 'nothing to compose from' })
      continue
    }
    const written = name === 'composer' ? composed : promptOf(results.get(item.key), composed)
    if (typeof written === 'string') failed.push({ ...slot, reason: written })
    filled.push({ ...slot, by: typeof written === 'string' ? 'composer' : name })
    const prompt = typeof written === 'string' ? composed : written
    const key = keyOf(place)
    prompts.set(key, [...(prompts.get(key) ?? []), { format, prompt }])
  }
  return { session: prompts.size ? withPrompts(session, prompts) : session, filled, failed }
}

/** The prompt of a result, or why there is none. */
function promptOf(result: PromptResult | undefined, composed: SwarmUIPrompt): SwarmUIPrompt | string {
  if (!result) return 'no result'
  if ('failure' in result) return result.failure
  const prompt = typeof result.prompt === 'string' ? { ...composed, prompt: result.prompt } : result.prompt
  return readPrompt(prompt)
}

function keyOf({ sceneIndex, beatIndex }: Pick<BeatInScene, 'sceneIndex' | 'beatIndex'>): string {
  return `${sceneIndex}/${beatIndex}`
}

function withPrompts(
  session: Session,
  prompts: ReadonlyMap<string, readonly { format: ImageFormat; prompt: SwarmUIPrompt }[]>,
): Session {
  const episode = session.analyzedEpisode
  if (!episode?.scenes) return session
  const scenes = mapShared(episode.scenes, (scene, sceneIndex) => {
    if (!scene.beats) return scene
    const filled = mapShared(scene.beats, (beat, beatIndex): BeatAnalysis => {
      const mine = prompts.get(keyOf({ sceneIndex, beatIndex }))
      if (!mine) return beat
      return {
        ...beat,
        prompts: { ...beat.prompts, ...Object.fromEntries(mine.map((one) => [one.format, one.prompt])) },
      }
    })
    return withValue(scene, 'beats', filled)
  })
  return withValue(session, 'analyzedEpisode', withValue(episode, 'scenes', scenes))
}
