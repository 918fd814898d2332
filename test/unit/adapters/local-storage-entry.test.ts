import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { formatEntry, parseEntry } from '../../../src/adapters/local-storage-entry.js'

const entry = { expiresAt: 1_770_000_000_000, sizeBytes: 9, packedBytes: 0, summary: 'a|lab', payload: '{"a|":1}\n' }

describe('formatEntry', () => {
  it('has one form for good: stored entries outlive this version', () => {
    expect(formatEntry(entry)).toBe('storyart1|0001770000000000|9|0|9|5|a|lab{"a|":1}\n')
    const bare = { ...entry, expiresAt: 0, packedBytes: 12, summary: undefined }
    expect(formatEntry(bare)).toBe('storyart1|0000000000000000|9|12|9||{"a|":1}\n')
  })

  it('needs no more room for another life', () => {
    const lengths = [0, 1, 1_770_000_000_000, Number.MAX_SAFE_INTEGER].map(
      (expiresAt) => formatEntry({ ...entry, expiresAt }).length,
    )
    expect(new Set(lengths).size).toBe(1)
  })
})

describe('parseEntry', () => {
  it('reads what was written', () => {
    const anything = fc.record({
      expiresAt: fc.maxSafeNat(),
      sizeBytes: fc.nat(),
      packedBytes: fc.nat(),
      summary: fc.option(fc.string({ unit: 'binary' }), { nil: undefined }),
      payload: fc.string({ unit: 'binary' }),
    })
    fc.assert(
      fc.property(anything, (one) => {
        expect(parseEntry(formatEntry(one))).toEqual(one)
      }),
    )
  })

  it('tells an empty summary from none', () => {
    expect(parseEntry(formatEntry({ ...entry, summary: '' }))?.summary).toBe('')
    expect(parseEntry(formatEntry({ ...entry, summary: undefined }))?.summary).toBeUndefined()
  })

  it('refuses what was cut anywhere, and what has grown', () => {
    const text = formatEntry(entry)
    for (let length = 0; length < text.length; length++) expect(parseEntry(text.slice(0, length))).toBeUndefined()
    expect(parseEntry(`${text} `)).toBeUndefined()
  })

  it('refuses foreign values', () => {
    for (const text of ['', '{}', 'null', '{"scriptText":"x"}', 'storyart1|1|2|3|4|5|', ` ${formatEntry(entry)}`]) {
      expect(parseEntry(text)).toBeUndefined()
    }
  })
})
