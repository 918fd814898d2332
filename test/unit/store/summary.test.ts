import { describe, expect, it } from 'vitest'
import { decodeCursor, encodeCursor } from '../../../src/store/cursor.js'
import { decodeFacts, encodeFacts, factsOf } from '../../../src/store/summary.js'
import { TimestampSource } from '../../../src/store/timestamps.js'

describe('facts', () => {
  it('survive their own text', () => {
    const facts = factsOf({
      scriptText: 'SCENE 1 \u2028 “café”',
      storyUuid: 'restored-17',
      analyzedEpisode: { episodeNumber: 2, title: 'T' },
    })
    expect(decodeFacts(encodeFacts(facts))).toMatchObject(facts)
  })

  it('are refused when any of them is of another kind', () => {
    const good = JSON.parse(encodeFacts(factsOf({}))) as Record<string, unknown>
    for (const key of Object.keys(good)) {
      expect(decodeFacts(JSON.stringify({ ...good, [key]: ['wrong'] })), key).toBeNull()
      expect(decodeFacts(JSON.stringify({ ...good, [key]: undefined })), key).toBeNull()
    }
    expect(decodeFacts('null')).toBeNull()
  })

  it('cut the preview between characters', () => {
    expect(factsOf({ scriptText: '\u{1F5FB}'.repeat(500) }).scriptPreview).toBe('\u{1F5FB}'.repeat(160))
  })
})

describe('the cursor', () => {
  it('comes back as it went', () => {
    for (const before of [1, 1704067200000, 8_640_000_000_000_000])
      expect(decodeCursor(encodeCursor(before))).toBe(before)
  })
})

describe('new timestamps', () => {
  it('rise by one while nobody refuses, and spread out when somebody does', () => {
    const source = new TimestampSource(
      () => 1000,
      () => 0.999,
    )
    expect([source.next(), source.next(), source.next()]).toEqual([1000, 1001, 1002])
    source.skip(3)
    expect(source.next()).toBe(1003)
    source.skip(4)
    expect(source.next()).toBe(1003 + 3 + 1)
    source.skip(50)
    expect(source.next()).toBe(1007 + 1022 + 1)
  })
})
