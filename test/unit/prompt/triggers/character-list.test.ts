import { describe, expect, it } from 'vitest'
import { personOf, rowsOf } from '../../../../src/prompt/triggers/character-list.js'

const people = (context: unknown) => rowsOf(context).map(personOf)

describe('the characters of a context', () => {
  it('are those of the episode', () => {
    const characters = [
      { character_name: ' Ada Marsh ', base_trigger: ' A_V1 ', aliases: ['Ada', ' ', null, ' A. '] },
      { character_name: '', name: 'Ben' },
      { base_trigger: 'NOBODY' },
    ]
    const scenes = [{ characters: [{ name: 'Cora' }] }]
    expect(people({ episode: { characters, scenes } })).toEqual([
      { name: 'Ada Marsh', trigger: 'A_V1', aliases: ['Ada', 'A.'] },
      { name: 'Ben', trigger: '', aliases: [] },
    ])
  })

  it.each([undefined, null, [], [{ base_trigger: 'NOBODY' }]])(
    'are those of the scenes when the episode has %j',
    (characters) => {
      const scenes = [
        { character_appearances: [{ character_name: 'Ada' }, { character_name: 'Ben', base_trigger: 'B_1' }] },
        { characters: [{ name: 'Ada', base_trigger: 'A_V1' }, { name: 'Cora' }] },
        {
          character_appearances: [
            { character_name: 'Cora', base_trigger: 'C_V1' },
            { character_name: 'Ben', base_trigger: 'B_2' },
          ],
        },
      ]
      expect(people({ episode: { characters, scenes } }).map(({ name, trigger }) => `${name} ${trigger}`)).toEqual([
        'Ada A_V1',
        'Cora C_V1',
        'Ben B_1',
      ])
    },
  )

  it('are those of the flat dialect', () => {
    expect(people({ episodeNumber: 1, characters: [{ name: 'Ada', base_trigger: 'A_V1' }] })).toEqual([
      { name: 'Ada', trigger: 'A_V1', aliases: [] },
    ])
  })

  it.each([null, undefined, 7, 'x', [], { episode: [] }, { episode: { scenes: {} } }])('are none in %j', (context) => {
    expect(people(context)).toEqual([])
  })

  it('keep two of one name, for they may be two', () => {
    const characters = [
      { character_name: 'Ada', base_trigger: 'A' },
      { character_name: 'Ada', base_trigger: 'B' },
    ]
    expect(people({ episode: { characters } }).map(({ trigger }) => trigger)).toEqual(['A', 'B'])
  })
})
