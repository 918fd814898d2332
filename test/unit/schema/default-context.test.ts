import { describe, expect, it } from 'vitest'
import { DEFAULT_EPISODE_CONTEXT, EnhancedEpisodeContextSchema } from '../../../src/schema/index.js'

describe('DEFAULT_EPISODE_CONTEXT', () => {
  it('is the empty template, valid and byte for byte', () => {
    expect(EnhancedEpisodeContextSchema.safeParse(DEFAULT_EPISODE_CONTEXT).success).toBe(true)
    expect(JSON.stringify(DEFAULT_EPISODE_CONTEXT)).toBe(
      '{"episode":{"episode_number":0,"episode_title":"","episode_summary":"","characters":[],"scenes":[]}}',
    )
  })

  it('is frozen at every level', () => {
    const { episode } = DEFAULT_EPISODE_CONTEXT
    expect([DEFAULT_EPISODE_CONTEXT, episode, episode?.characters, episode?.scenes].every(Object.isFrozen)).toBe(true)
    expect(() => episode?.characters?.push({})).toThrow(TypeError)
  })
})
