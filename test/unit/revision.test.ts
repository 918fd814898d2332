import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { revisionOf } from '../../src/revision.js'

describe('revisionOf', () => {
  it('is SHA-1 of the UTF-8 bytes, as Node has it', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 300 }), (text) => {
        expect(revisionOf(text)).toBe(createHash('sha1').update(text, 'utf8').digest('hex'))
      }),
    )
  })

  it('holds at every length around a block, and for a large text', () => {
    for (const length of [0, 1, 54, 55, 56, 57, 63, 64, 65, 118, 119, 120, 128, 1_000_000]) {
      const text = 'a'.repeat(length)
      expect(revisionOf(text), String(length)).toBe(createHash('sha1').update(text).digest('hex'))
    }
  })
})
