import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { findJsonFault } from '../../src/json-error.js'

function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

/** Text made of the pieces JSON is made of, mostly in the wrong order. */
const shards = fc
  .array(
    fc.constantFrom(
      '{',
      '}',
      '[',
      ']',
      ',',
      ':',
      '"',
      '\\',
      'u',
      '00e9',
      '"a"',
      '"a":',
      '0',
      '1',
      '-',
      '.',
      'e',
      'E',
      '+',
      'true',
      'nul',
      'null',
      ' ',
      '\n',
      '\r',
      '\t',
      '\u0000',
      '\u00a0',
      '\u2028',
      '\ufeff',
      'x',
    ),
    { maxLength: 12 },
  )
  .map((parts) => parts.join(''))

const damaged = fc.tuple(fc.json(), fc.nat(), fc.string({ maxLength: 2 }), fc.nat(2)).map(([text, at, put, cut]) => {
  const place = at % (text.length + 1)
  return text.slice(0, place) + put + text.slice(place + cut)
})

describe('findJsonFault', () => {
  it('is of one mind with JSON.parse', () => {
    for (const texts of [shards, damaged, fc.json(), fc.string()]) {
      fc.assert(
        fc.property(texts, (text) => {
          const fault = findJsonFault(text)
          expect(fault === undefined).toBe(isJson(text))
        }),
        { numRuns: 600 },
      )
    }
  })

  it('points at the first character no JSON text could have', () => {
    fc.assert(
      fc.property(fc.oneof(shards, damaged), (text) => {
        const fault = findJsonFault(text)
        if (!fault) return
        const lines = text.slice(0, fault.offset).split(/\r\n(?!$)|\r(?!\n)|\n/)
        expect(fault.column).toBeGreaterThan(0)
        expect(lines.length).toBeGreaterThanOrEqual(fault.line)
        // up to there the text could still have become JSON: what is missing is found at its very end
        expect(findJsonFault(text.slice(0, fault.offset))?.offset ?? fault.offset).toBe(fault.offset)
        expect(fault.problem).toMatch(/^[a-z ]+$/)
      }),
      { numRuns: 600 },
    )
  })

  it.each<[string, string, number, number, number, string]>([
    ['nothing', '', 0, 1, 1, 'the text ends too early'],
    ['blanks', ' \n ', 3, 2, 2, 'the text ends too early'],
    ['prose', 'once', 0, 1, 1, 'a value is expected'],
    ['a byte order mark', '\ufeff{}', 0, 1, 1, 'a byte order mark stands before the text'],
    ['a name without quotes', '{a:1}', 1, 1, 2, 'a quoted name is expected'],
    ['a trailing comma', '{"a":1,}', 7, 1, 8, 'a quoted name is expected'],
    ['a trailing comma in a list', '[1,]', 3, 1, 4, 'a value is expected'],
    ['no colon', '{"a" 1}', 5, 1, 6, 'a colon is expected'],
    ['no comma', '[1 2]', 3, 1, 4, 'a comma or a closing bracket is expected'],
    ['the wrong bracket', '[1}', 2, 1, 3, 'a comma or a closing bracket is expected'],
    ['a line end in a string', '["a\nb"]', 3, 1, 4, 'a control character inside a string must be escaped'],
    ['an unknown escape', '["\\x"]', 3, 1, 4, 'unknown escape in a string'],
    ['a short escape', '["\\u12g"]', 6, 1, 7, 'an escape needs four hexadecimal digits'],
    ['an unknown word', 'nil', 1, 1, 2, 'unknown word'],
    ['a leading zero', '01', 1, 1, 2, 'nothing may follow the value'],
    ['a bare minus', '[-]', 2, 1, 3, 'a digit is expected'],
    ['a bare point', '[1.]', 3, 1, 4, 'a digit is expected'],
    ['a bare exponent', '[1e+]', 4, 1, 5, 'a digit is expected'],
    ['a truncated number', '1.', 2, 1, 3, 'the text ends too early'],
    ['a truncated string', '{"a":"b', 7, 1, 8, 'the text ends too early'],
    ['a truncated escape', '"\\', 2, 1, 3, 'the text ends too early'],
    ['a second document', '{}\r\n{}', 4, 2, 1, 'nothing may follow the value'],
    ['lines of every kind', '[1,\n2,\r\n3,\rx]', 11, 4, 1, 'a value is expected'],
  ])('finds %s', (_, text, offset, line, column, problem) => {
    expect(findJsonFault(text)).toEqual({ offset, line, column, problem })
  })

  it('goes as deep and as far as a text does', () => {
    const depth = 200_000
    expect(findJsonFault('['.repeat(depth))?.offset).toBe(depth)
    expect(findJsonFault(`${'['.repeat(depth)}${']'.repeat(depth)}`)).toBeUndefined()
    expect(findJsonFault(`"${'a'.repeat(2_000_000)}`)?.offset).toBe(2_000_001)
  })
})
