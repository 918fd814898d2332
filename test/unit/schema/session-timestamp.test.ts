import { describe, expect, it } from 'vitest'
import { SessionSchema, SessionTimestampSchema } from '../../../src/schema/index.js'

describe('SessionTimestampSchema', () => {
  it.each([1, 1704067200000, 8_640_000_000_000_000])('takes %d', (timestamp) => {
    expect(SessionTimestampSchema.parse(timestamp)).toBe(timestamp)
  })

  it.each([
    0,
    -1,
    -5,
    1704067200000.5,
    1e21,
    8_640_000_000_000_001,
    Number.NaN,
    Number.POSITIVE_INFINITY,
    '1704067200000',
    null,
    undefined,
    new Date(5),
  ])('refuses %s', (value) => {
    expect(SessionTimestampSchema.safeParse(value).success).toBe(false)
  })

  it('is stricter than the field of a stored session', () => {
    for (const timestamp of [0, -5, 1.5, 1e21, '1704067200000', 'abc', null]) {
      expect(SessionSchema.safeParse({ timestamp }).success).toBe(true)
    }
    expect(SessionSchema.safeParse({ timestamp: {} }).success).toBe(false)
  })
})
