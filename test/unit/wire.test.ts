import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { etagOf, parsePathTimestamp, revisionOfEtag, sessionPath } from '../../src/wire.js'

describe('parsePathTimestamp', () => {
  it('reads what sessionPath writes, and nothing else', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 8_640_000_000_000_000 }), (timestamp) => {
        expect(parsePathTimestamp(sessionPath(timestamp).split('/').at(-1) ?? '')).toBe(timestamp)
      }),
    )
    fc.assert(
      fc.property(fc.string(), (text) => {
        const timestamp = parsePathTimestamp(text)
        expect(timestamp === null || String(timestamp) === text).toBe(true)
      }),
    )
    for (const text of ['', '0', '-1', '01', '1.5', '1e3', '5a', ' 5', '8640000000000001', '99999999999999999']) {
      expect(parsePathTimestamp(text)).toBeNull()
    }
  })
})

describe('sessionPath', () => {
  it('names what hangs below a version', () => {
    expect(sessionPath(5)).toBe('/api/v1/session/5')
    expect(sessionPath(5, 'queue')).toBe('/api/v1/session/5/queue')
  })
})

describe('revisionOfEtag', () => {
  const revision = 'bf21a9e8fbc5a3846fb05b4fa0859e0917b2202f'

  it('reads the tag of every representation', () => {
    for (const coding of [undefined, 'gzip', 'deflate', 'br']) {
      expect(revisionOfEtag(etagOf(revision, coding))).toBe(revision)
      expect(revisionOfEtag(` W/${etagOf(revision, coding)}`)).toBe(revision)
    }
  })

  it.each(['', '*', revision, '""', `"${revision}`, `"${revision}-zstd"`, `"${revision.toUpperCase()}"`, '"abc"'])(
    'gives null for %s',
    (etag) => {
      expect(revisionOfEtag(etag)).toBeNull()
    },
  )
})
