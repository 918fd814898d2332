import { describe, expect, it } from 'vitest'
import { sceneIndex } from '../../../../src/prompt/compose/scene-index.js'

const ida = { character_name: 'Ida' }
const one = { scene_number: 1, scene_title: 'Quay' }
const alsoOne = { scene_number: 1, scene_title: 'Quay again' }
const two = { scene_number: 2 }

describe('sceneIndex', () => {
  it('finds the first scene of a number, also where that is a text', () => {
    const text: object = { scenes: [{ scene_number: ' 7 ' }, one, alsoOne, null] }
    const { first } = sceneIndex({ episode: text })
    expect([first(1), first(7), first(2)]).toEqual([one, { scene_number: ' 7 ' }, undefined])
  })

  it('narrows the context to the scenes of a number and changes nothing else', () => {
    const context = { episode: { episode_title: 'Fog', characters: [ida], scenes: [one, two, alsoOne] } }
    expect(sceneIndex(context).narrowed(1)).toEqual({ episode: { ...context.episode, scenes: [one, alsoOne] } })
    expect(sceneIndex(context).narrowed(3)).toEqual({ episode: { ...context.episode, scenes: [] } })
    expect(sceneIndex(context).narrowed(null)).toEqual({ episode: { ...context.episode, scenes: [] } })
    expect(context.episode.scenes).toHaveLength(3)
  })

  it('reads the flat dialect, and leaves a context without scenes as it is', () => {
    const flat: object = { characters: [ida], scenes: [one, two] }
    expect(sceneIndex(flat).narrowed(2)).toEqual({ characters: [ida], scenes: [two] })
    const bare = { episode: { characters: [ida] } }
    expect(sceneIndex(bare).narrowed(1)).toBe(bare)
  })

  it('keeps the scenes of one number fast to find among many', () => {
    let reads = 0
    const scenes = Array.from({ length: 1000 }, (_, at) =>
      Object.defineProperty({}, 'scene_number', {
        get: () => {
          reads++
          return at
        },
      }),
    )
    const index = sceneIndex({ episode: { scenes } })
    for (let at = 0; at < 1000; at++) index.narrowed(at)
    expect(reads).toBe(1000)
  })
})
