import { describe, expect, it } from 'vitest'
import { changesIn } from '../../src/adapters/redis-changes.js'

/** Two entries as clients nest them: lists, the stream's name as a key, maps, pairs. */
const SHAPES: [client: string, reply: unknown][] = [
  [
    'XREAD in RESP2',
    [
      [
        'app:storyart:changes',
        [
          ['1-0', ['written', '7']],
          ['2-5', ['removed', '8']],
        ],
      ],
    ],
  ],
  [
    'XREAD as an object',
    {
      'app:storyart:changes': [
        ['1-0', ['written', '7']],
        ['2-5', ['removed', '8']],
      ],
    },
  ],
  [
    'XREAD as a Map',
    new Map([
      [
        'app:storyart:changes',
        [
          ['1-0', { written: '7' }],
          ['2-5', { removed: '8' }],
        ],
      ],
    ]),
  ],
  [
    'XRANGE',
    [
      ['1-0', ['written', '7']],
      ['2-5', ['removed', '8']],
    ],
  ],
]

describe('the entries of a reply', () => {
  it.each(SHAPES)('are read as %s', (_client, reply) => {
    expect(changesIn(reply)).toEqual({
      entries: 2,
      first: '1-0',
      last: '2-5',
      changes: [{ id: 7, written: true }, { id: 8 }],
    })
  })

  it.each([
    ['nothing', null],
    ['an empty list', []],
    ['a stream without entries', [['storyart:changes', []]]],
  ])('are none in %s', (_what, reply) => {
    expect(changesIn(reply)).toEqual({ entries: 0, first: undefined, last: undefined, changes: [] })
  })

  it('that are none of ours are passed over', () => {
    const words = [['written', 'x'], ['written', '-7'], ['written', '1.5'], ['other', '7'], ['written']]
    const reply = words.map((fields, n) => [`${n + 1}-0`, fields])
    expect(changesIn(reply)).toMatchObject({ entries: 5, last: '5-0', changes: [] })
  })
})
