import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decodeForStoring, prepareParsed, prepareSession } from '../../src/codec.js'

const texts = fc
  .dictionary(fc.string({ maxLength: 5 }), fc.jsonValue({ maxDepth: 2 }), { maxKeys: 4 })
  .filter((value) => !('timestamp' in value))
  .map((value) => JSON.stringify({ ...value, scriptText: 'Caf\u00e9 } "' }, null, 1))

describe('prepareParsed', () => {
  it('stores what prepareSession stores, whatever the text looks like', () => {
    fc.assert(
      fc.property(texts, fc.boolean(), (text, stamped) => {
        const raw = stamped ? text.replace('{', '{"timestamp":5,') : text
        fc.pre(!/"(episodeContext|storyUuid|analyzedEpisode|prompts|promptMode|retrievalMode|selectedLLM)"/.test(raw))
        const value: unknown = JSON.parse(raw)
        const encoded = prepareParsed(value, ` ${raw}\n`, 'x').encode(5)
        expect(JSON.parse(encoded)).toEqual(JSON.parse(prepareSession(value, 'x').encode(5)))
        expect(encoded).toMatch(/^[\0-~]*$/)
      }),
    )
    expect(prepareParsed({}, ' { } ', 'x').encode(5)).toBe(' { "timestamp":5}')
  })

  it('refuses what prepareSession refuses', () => {
    const deep = `{"a":${'['.repeat(600)}${']'.repeat(600)}}`
    for (const raw of ['[]', 'null', '{"scriptText":1}', deep]) {
      expect(() => prepareParsed(JSON.parse(raw), raw, 'x')).toThrow(
        expect.objectContaining({ code: 'SESSION_INVALID' }),
      )
    }
  })
})

describe('decodeForStoring', () => {
  it('takes a session under its own timestamp, or without one', () => {
    expect(decodeForStoring('{"timestamp":5}', 5, 'x')).toEqual({ timestamp: 5 })
    expect(decodeForStoring('{"timestamp":null}', 5, 'x')).toEqual({ timestamp: null })
    for (const raw of ['{"timestamp":6}', '{"timestamp":"5"}', '[]', '{"a":']) {
      expect(() => decodeForStoring(raw, 5, 'x')).toThrow(expect.objectContaining({ code: 'SESSION_INVALID' }))
    }
  })
})
