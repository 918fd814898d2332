/**
 * The parameters of a composed prompt.
 * @module
 */

import type { EnhancedEpisodeContext, SwarmUIPrompt } from '../../schema/index.js'
import type { ImageFormat } from '../image-format.js'
import { isRecord } from '../is-record.js'
import { textOf } from '../text-of.js'

/** A prompt without its text. */
export type ImageParameters = Omit<SwarmUIPrompt, 'prompt'>

/** The sizes StoryArt uses where the context says none. */
const SIZES = {
  cinematic: { width: 1344, height: 768 },
  vertical: { width: 768, height: 1344 },
  marketingVertical: { width: 1088, height: 1920 },
} as const satisfies Record<ImageFormat, { width: number; height: number }>

/** The parameters of the context's `image_config`, and StoryArt's own where it has none that can be used. */
export function imageParameters(context: EnhancedEpisodeContext | null, format: ImageFormat): ImageParameters {
  const episode: unknown = context?.episode ?? context
  const config = isRecord(episode) && isRecord(episode.image_config) ? episode.image_config : {}
  const preset = isRecord(config.presets) ? config.presets[format] : undefined
  const size = isRecord(preset) ? preset : {}
  const loras = textOf(config.loras)
  const weights = config.lora_weights
  return {
    model: textOf(config.model) ?? 'flux1-dev-fp8',
    width: positive(size.width) ?? SIZES[format].width,
    height: positive(size.height) ?? SIZES[format].height,
    steps: positive(config.steps) ?? 40,
    cfgscale: positive(config.cfgscale) ?? 1,
    seed: -1,
    sampler: textOf(config.sampler) ?? 'euler',
    scheduler: textOf(config.scheduler) ?? 'beta',
    ...(loras !== undefined && { loras }),
    ...(loras !== undefined &&
      (typeof weights === 'string' || typeof weights === 'number') && { loraweights: weights }),
  }
}

function positive(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) && value > 0 ? value : undefined
}
