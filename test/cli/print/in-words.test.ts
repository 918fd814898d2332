import { describe, expect, it } from 'vitest'
import { counted, durationInWords, sizeInWords } from '../../../src/cli/print/in-words.js'

describe('numbers in words', () => {
  it('counts', () => {
    expect([counted(0, 'beat'), counted(1, 'beat'), counted(2, 'beat'), counted(2, 'match', 'matches')]).toEqual([
      '0 beats',
      '1 beat',
      '2 beats',
      '2 matches',
    ])
  })

  it('tells sizes', () => {
    expect([null, 0, 999, 1000, 845_499, 9_999_000, 9_999_500, 19_298_809].map(sizeInWords)).toEqual([
      '',
      '0 B',
      '999 B',
      '1 KB',
      '845 KB',
      '9999 KB',
      '10 MB',
      '19 MB',
    ])
  })

  it('tells durations, never longer than they are', () => {
    expect([-5, 0, 999, 1000, 61_000, 3_600_000, 86_399_999, 604_799_999, 604_800_000].map(durationInWords)).toEqual([
      '0s',
      '0s',
      '0s',
      '1s',
      '1m 1s',
      '1h',
      '23h 59m',
      '6d 23h',
      '7d',
    ])
  })
})
