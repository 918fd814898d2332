import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { asciiJson } from '../../src/ascii-json.js'

const bytes = (text: string): number => new TextEncoder().encode(text).length

describe('asciiJson', () => {
  it.each([
    ['{"a":"plain"}', '{"a":"plain"}'],
    [`{"a":"caf\u00e9 and ${'x'.repeat(40)}"}`, `{"a":"caf\\u00e9 and ${'x'.repeat(40)}"}`],
    [`["\u0080\uffff\u2028${'x'.repeat(80)}"]`, `["\\u0080\\uffff\\u2028${'x'.repeat(80)}"]`],
    [`["\u{1f514}${'x'.repeat(80)}"]`, `["\\ud83d\\udd14${'x'.repeat(80)}"]`],
    [`{"\u00e9${'x'.repeat(40)}":1}`, `{"\\u00e9${'x'.repeat(40)}":1}`],
  ])('writes %s as %s', (json, ascii) => {
    expect(asciiJson(json)).toBe(ascii)
  })

  it.each([8188, 8189, 8190, 8191, 8192, 16_380])('keeps characters whole around unit %i of a long text', (place) => {
    const around = (middle: string): string => `["${'x'.repeat(place - 2)}${middle}${'y'.repeat(9000)}"]`
    expect(asciiJson(around('\u{1f514}\u00e9\u706f'))).toBe(around('\\ud83d\\udd14\\u00e9\\u706f'))
  })

  it('keeps half a surrogate pair, which has no bytes', () => {
    const of = (half: string): string => `["${half}\u00e9 and ${'x'.repeat(80)}"]`
    expect(asciiJson(of('\ud83d'))).toBe(`["\\ud83d\\u00e9 and ${'x'.repeat(80)}"]`)
    expect(asciiJson(of('\udd14'))).toBe(`["\\udd14\\u00e9 and ${'x'.repeat(80)}"]`)
  })

  it('leaves a text alone that would grow by more than a quarter', () => {
    // one letter of two bytes becomes six: 4 more for 16 is a quarter, for 15 more than one
    const of = (size: number): string => `["\u00e9${'x'.repeat(size - 6)}"]`
    expect(bytes(of(16))).toBe(16)
    expect(asciiJson(of(16))).toBe('["\\u00e9xxxxxxxxxx"]')
    expect(asciiJson(of(15))).toBe(of(15))
    const chinese = JSON.stringify({ scriptText: '\u706f\u5854'.repeat(5000) })
    expect(asciiJson(chinese)).toBe(chinese)
  })

  it('means the same, is ASCII or unchanged, and never grows by more than a quarter', () => {
    fc.assert(
      fc.property(
        fc.jsonValue(),
        fc.string({ unit: 'binary', maxLength: 100 }),
        fc.nat(400),
        (value, text, padding) => {
          const json = JSON.stringify([value, text, 'x'.repeat(padding)])
          const ascii = asciiJson(json)
          expect(JSON.parse(ascii)).toEqual(JSON.parse(json))
          expect(bytes(ascii)).toBeLessThanOrEqual(bytes(json) * 1.25)
          if (ascii !== json) expect(ascii).toMatch(/^[ -\u007f]*$/)
          else if (bytes(json) > json.length) {
            const growth =
              [...json.matchAll(/[\u0080-\uffff]/g)].length * 6 +
              json.replace(/[\u0080-\uffff]/g, '').length -
              bytes(json)
            expect(growth).toBeGreaterThan(bytes(json) / 4)
          }
        },
      ),
    )
  })
})
