import { describe, expect, it } from 'vitest'
import { matcherOf } from '../../../../src/prompt/triggers/matcher-of.js'

const fresh = () => ({
  episode: {
    characters: [
      { character_name: 'Ada', name: 'Ada', base_trigger: 'A_V1', aliases: ['Addie'] as unknown },
      { character_name: 'Ben', name: 'Ben', base_trigger: 'B_V1', aliases: undefined as unknown },
    ],
  },
})

describe('matcherOf', () => {
  it('compiles a context once', () => {
    const context = fresh()
    expect(matcherOf(context)).toBe(matcherOf(context))
    expect(matcherOf(context, ['x'])).toBe(matcherOf(context, ['x']))
    expect(matcherOf(context)).not.toBe(matcherOf(fresh()))
  })

  it('notices every change that matters, also inside of the object', () => {
    const changes: ((context: ReturnType<typeof fresh>) => void)[] = [
      ({ episode }) => Object.assign(episode.characters[0] ?? {}, { character_name: 'Adam' }),
      ({ episode }) => Object.assign(episode.characters[0] ?? {}, { base_trigger: 'A_V2' }),
      ({ episode }) => Object.assign(episode.characters[0] ?? {}, { aliases: ['Adele'] }),
      ({ episode }) => Object.assign(episode.characters[0] ?? {}, { aliases: 'Adele' }),
      ({ episode }) => Object.assign(episode.characters[1] ?? {}, { aliases: [] }),
      ({ episode }) => Object.assign(episode.characters[1] ?? {}, { character_name: null, name: 'Bo' }),
      ({ episode }) => episode.characters.reverse(),
      // The same values in the same order, but of one character.
      ({ episode }) => {
        const [ada] = episode.characters
        episode.characters = [
          { ...ada, aliases: ['Addie', 'Ben', 'Ben', 'B_V1', undefined] },
        ] as typeof episode.characters
      },
      ({ episode }) => episode.characters.pop(),
      ({ episode }) => Object.assign(episode.characters[0] ?? {}, { character_name: '', name: null }),
      ({ episode }) => Object.assign(episode.characters, { 1: null }),
      ({ episode }) => {
        episode.characters = []
      },
      (context) => Object.assign(context, { episode: { characters: [{ name: 'Ada' }] } }),
    ]
    for (const [number, change] of changes.entries()) {
      const context = fresh()
      const before = matcherOf(context)
      change(context)
      expect(matcherOf(context), `change ${number}`).not.toBe(before)
      expect(matcherOf(context)('Ada Adam Addie Adele Ben Bo')).toEqual(
        matcherOf(structuredClone(context))('Ada Adam Addie Adele Ben Bo'),
      )
    }
  })

  it('notices other phrases to leave', () => {
    const context = fresh()
    expect(matcherOf(context, [])('Ada').replaced).toHaveLength(1)
    expect(matcherOf(context, ['Ada'])('Ada').replaced).toHaveLength(0)
    expect(matcherOf(context)('Ada').replaced).toHaveLength(1)
  })
})
