import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { hexDigits } from '../../../../src/prompt/queue/hex-digits.js'

describe('hexDigits', () => {
  it('writes every digit at every place', () => {
    expect(hexDigits(new Int32Array([0x01234567, 0x89abcdef, 0xfedcba98, 0x76543210]))).toBe(
      '0123456789abcdeffedcba9876543210',
    )
    expect(hexDigits(new Int32Array(0))).toBe('')
  })

  it('writes what toString writes', () => {
    fc.assert(
      fc.property(fc.int32Array(), (words) => {
        expect(hexDigits(words)).toBe([...words].map((word) => (word >>> 0).toString(16).padStart(8, '0')).join(''))
      }),
    )
  })
})
