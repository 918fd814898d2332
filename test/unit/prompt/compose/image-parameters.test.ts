import { describe, expect, it } from 'vitest'
import { imageParameters } from '../../../../src/prompt/compose/image-parameters.js'

const defaults = {
  model: 'flux1-dev-fp8',
  width: 1344,
  height: 768,
  steps: 40,
  cfgscale: 1,
  seed: -1,
  sampler: 'euler',
  scheduler: 'beta',
}

describe('imageParameters', () => {
  it('are StoryArt’s own where the context says nothing', () => {
    expect(imageParameters(null, 'cinematic')).toEqual(defaults)
    expect(imageParameters({ episode: {} }, 'vertical')).toEqual({ ...defaults, width: 768, height: 1344 })
    expect(imageParameters({}, 'marketingVertical')).toEqual({ ...defaults, width: 1088, height: 1920 })
  })

  it('are those of the context, under the names a prompt has', () => {
    const presets = { cinematic: { width: 1280, height: 720 }, vertical: { width: 720 } }
    const image_config = {
      model: 'm',
      steps: 8,
      cfgscale: 3.5,
      sampler: 's',
      scheduler: 'c',
      loras: 'l',
      lora_weights: '0.8',
    }
    const context = { episode: { image_config: { ...image_config, presets } } }
    const { lora_weights: loraweights, ...rest } = image_config
    expect(imageParameters(context, 'cinematic')).toEqual({ ...rest, loraweights, width: 1280, height: 720, seed: -1 })
    expect(imageParameters(context, 'vertical')).toMatchObject({ width: 720, height: 1344 })
    expect(imageParameters(context, 'marketingVertical')).toMatchObject({ width: 1088, height: 1920 })
  })

  it.each([
    '{"image_config":{"steps":0,"cfgscale":0,"model":" ","lora_weights":"1","presets":{"cinematic":{"width":0,"height":"tall"}}}}',
    '{"image_config":[],"steps":3}',
    '{"image_config":{"presets":"small","loras":null,"lora_weights":{}}}',
  ])('pass over what cannot be used: %s', (json) => {
    expect(imageParameters({ episode: JSON.parse(json) }, 'cinematic')).toEqual(defaults)
    expect(imageParameters(JSON.parse(json), 'cinematic')).toEqual(defaults)
  })
})
