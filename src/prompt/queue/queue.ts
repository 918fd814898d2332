/**
 * The pictures a session asks for, flat and in order.
 * @module
 */

import type { BeatAnalysis, Session, SwarmUIPrompt } from '../../schema/index.js'
import { wantsImage } from '../decision.js'
import { type AspectRatio, IMAGE_FORMATS, type ImageFormat } from '../image-format.js'
import { textOf } from '../text-of.js'
import { nameJobs } from './job-keys.js'
import { promptReader } from './prompt-reader.js'
import { jobsSince } from './since.js'

/** What {@link imageQueue} takes. */
export interface ImageQueueOptions {
  /** The kinds of picture to make; their order here means nothing. Default: all of `IMAGE_FORMATS`. */
  formats?: readonly ImageFormat[] | undefined
  /**
   * `wanted`: the beats for which a picture is to be made, which is all but those that reuse one or show none.
   * `all`: every beat with a prompt. Default: `wanted`.
   */
  include?: 'wanted' | 'all' | undefined
  /** How many takes to make of each prompt, at least 1. Default: 1. */
  images?: number | undefined
  /**
   * An older version of the session: only jobs that its queue, made with the same options, does not have. Their pictures
   * must be made again, those of all others are there. Default: none, and every job is listed.
   */
  since?: Session | undefined
}

/** One picture to make. */
export interface ImageJob {
  /**
   * Names what decides the picture, see {@link jobKey}; the second and every further job of a queue that would paint
   * exactly the same has `-2`, `-3`, ... at its end, so no two jobs of a queue share a key. The number of takes, the
   * beat and its place do not count: a moved beat keeps its pictures.
   */
  key: string
  /** The number of the scene, which may repeat; `null` if it has none. */
  sceneNumber: number | null
  /** The title of the scene; empty if it has none. */
  sceneTitle: string
  /** The id of the beat. */
  beatId: string
  /** Position of the beat within its scene, from 0. */
  beatIndex: number
  /** The kind of picture. */
  format: ImageFormat
  /** Width to height of this kind of picture; width and height in the prompt may say otherwise and win. */
  aspectRatio: AspectRatio
  /** What to paint: the stored prompt itself, not a copy. Of a prompt stored as plain text it has the text alone. */
  prompt: SwarmUIPrompt
  /** What the script says in this beat; empty if nothing. */
  beatScriptText: string
  /** How many takes to make. */
  images: number
}

/**
 * Lists the pictures a session asks for: scene by scene, beat by beat, of each beat cinematic (16:9), vertical (9:16)
 * and marketingVertical (9:16).
 *
 * A beat without a decision, or with an unknown one, counts as `NEW_IMAGE` (StoryArt's own pipeline passes over it).
 * Prompts may be objects or plain texts; where a beat has none, StorySwarm's `beat.prompt` and the legacy list
 * `session.prompts` are read. Blank prompts, notes of failure and kinds not in `IMAGE_FORMATS` give no job:
 * {@link promptStatus} reports them. Scenes and beats that share a number or id each give their own jobs, once. Takes
 * time linear in the number of beats and never throws on a valid session.
 *
 * @param session - The session, as the store returns it.
 * @param options - Which pictures, and how many takes.
 * @returns The jobs in order.
 * @example
 * ```ts
 * import { imageQueue } from 'storyart-sdk/prompt'
 *
 * const session = {
 *   analyzedEpisode: {
 *     scenes: [
 *       {
 *         sceneNumber: 1,
 *         beats: [
 *           { beatId: 's1-b1', prompts: { vertical: 'a lighthouse, tall', cinematic: { prompt: 'a lighthouse', width: 1344 } } },
 *           { beatId: 's1-b2', imageDecision: { type: 'REUSE_IMAGE' }, prompts: { cinematic: { prompt: 'the same' } } },
 *         ],
 *       },
 *     ],
 *   },
 * }
 * const jobs = imageQueue(session)
 * console.log(jobs.map((job) => `${job.beatId} ${job.aspectRatio} ${job.prompt.prompt}`).join('; ')) // s1-b1 16:9 a lighthouse; s1-b1 9:16 a lighthouse, tall
 * console.log(imageQueue(session, { include: 'all', formats: ['cinematic'] }).length) // 2
 * ```
 */
export function imageQueue(session: Session, options: ImageQueueOptions = {}): ImageJob[] {
  const { formats = IMAGE_FORMATS, include = 'wanted', images = 1 } = options
  const asked = IMAGE_FORMATS.filter((format) => formats.includes(format))
  const prompts = promptReader(session)
  const jobs: ImageJob[] = []
  // Not the generator of `beats`: for thousands of beats it takes as long as all of this.
  for (const scene of session.analyzedEpisode?.scenes ?? []) {
    const sceneNumber = scene.sceneNumber ?? null
    const sceneTitle = scene.title ?? ''
    const inScene = scene.beats ?? []
    for (let beatIndex = 0; beatIndex < inScene.length; beatIndex++) {
      const beat = inScene[beatIndex] as BeatAnalysis
      const readings = prompts.read(beat)
      if (include !== 'all' && !wantsImage(beat)) continue
      for (const format of asked) {
        const prompt = readings[format]
        if (typeof prompt === 'string') continue
        jobs.push({
          key: '',
          sceneNumber,
          sceneTitle,
          beatId: beat.beatId,
          beatIndex,
          format,
          aspectRatio: format === 'cinematic' ? '16:9' : '9:16',
          prompt,
          beatScriptText: scriptTextOf(beat),
          images,
        })
      }
    }
  }
  nameJobs(jobs)
  return options.since ? jobsSince(jobs, imageQueue(options.since, { ...options, since: undefined })) : jobs
}

/** The words of the script, by whichever name the writer gave them. */
function scriptTextOf(beat: BeatAnalysis): string {
  return textOf(beat.beat_script_text) ?? textOf(beat.narrativeText) ?? beat.scriptText ?? ''
}
