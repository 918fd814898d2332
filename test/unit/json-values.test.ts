import { runInNewContext } from 'node:vm'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { findJsonLoss } from '../../src/json-values.js'

class Lamp {
  glow = 1
}

const cycle: Record<string, unknown> = {}
cycle.again = { cycle }

function nested(levels: number): unknown {
  let value: unknown = 1
  for (let i = 0; i < levels; i++) value = i % 2 ? [value] : { a: value }
  return value
}

describe('findJsonLoss', () => {
  it.each<[string, unknown, string, string]>([
    ['NaN', Number.NaN, '', 'NaN is not a JSON number: give a finite number or null'],
    ['infinity', { a: Number.NEGATIVE_INFINITY }, 'a', '-Infinity is not a JSON number: give a finite number or null'],
    ['a bigint', { a: [1n] }, 'a[0]', 'JSON has no bigint: give a number or a string'],
    ['a function', { a: { b: () => 1 } }, 'a.b', 'JSON has no function: leave it out'],
    ['a symbol', { 'a b': Symbol('x') }, '["a b"]', 'JSON has no symbol: leave it out'],
    ['a symbol as a key', { a: { [Symbol('x')]: 1 } }, 'a', 'JSON has no symbol keys: name the field'],
    [
      'undefined in a list',
      { a: [1, undefined] },
      'a[1]',
      'undefined in an array comes back as null: give null or leave it out',
    ],
    [
      'a hole in a list',
      { a: Object.assign(new Array(3), { 0: 1, 2: 3 }) },
      'a[1]',
      'undefined in an array comes back as null: give null or leave it out',
    ],
    [
      'a field on a list',
      { a: Object.assign([1], { b: 2 }) },
      'a',
      'named fields of an array are lost: give an object',
    ],
    ['a Date', { a: new Date(0) }, 'a', 'a Date comes back as a string: give date.toISOString() or date.getTime()'],
    [
      'toJSON of its own',
      { a: { toJSON: () => 1 } },
      'a',
      'an object with toJSON comes back as something else: give what toJSON returns',
    ],
    [
      'toJSON by inheritance',
      { a: new URL('http://127.0.0.1/') },
      'a',
      'an object with toJSON comes back as something else: give what toJSON returns',
    ],
    [
      'a cycle',
      cycle,
      `${'again.cycle.'.repeat(10).slice(0, -1)}…`,
      'nested deeper than 500 levels, or referring to itself',
    ],
  ])('refuses %s', (_, value, path, message) => {
    expect(findJsonLoss(value)).toEqual({ path, message })
  })

  it.each([
    new Map([['a', 1]]),
    new Set([1]),
    new Lamp(),
    /x/,
    new Error('x'),
    new Uint8Array(1),
    new String('x'),
    Promise.resolve(),
  ])('refuses what is no plain object: %o', (value) => {
    expect(findJsonLoss({ a: value })).toEqual({
      path: 'a',
      message: expect.stringMatching(/^only plain objects come back/),
    })
  })

  it.each([
    null,
    undefined,
    'x',
    -0,
    true,
    { a: undefined },
    Object.create(null),
    Object.assign(Object.create(null), { a: [] }),
    runInNewContext('({ a: [{ b: 1 }] })'),
    JSON.parse('{"__proto__":1,"toJSON":"x","constructor":{},"hasOwnProperty":1}'),
    Object.defineProperty({ a: 1 }, Symbol('hidden'), { value: 1 }),
  ])('takes %o', (value) => {
    expect(findJsonLoss(value)).toBeUndefined()
  })

  it('draws the line at 500 levels', () => {
    expect(findJsonLoss(nested(500))).toBeUndefined()
    expect(findJsonLoss(nested(501))?.message).toBe('nested deeper than 500 levels, or referring to itself')
    expect(findJsonLoss(nested(100_000))?.path).toMatch(/^\[0\]\.a|^a\[0\]/)
  })

  it('takes exactly what JSON gives back unchanged', () => {
    const options = { withBigInt: true, withDate: true, withMap: true, withSet: true, withSparseArray: true }
    fc.assert(
      fc.property(fc.oneof(fc.anything(options), fc.anything(), fc.jsonValue()), (value) => {
        fc.pre(value !== undefined)
        expect(findJsonLoss(value) === undefined).toBe(comesBack(value))
      }),
      { numRuns: 1000 },
    )
  })
})

/** Whether a value goes through JSON as it is. A field that is `undefined` and the sign of zero are no loss. */
function comesBack(value: unknown): boolean {
  try {
    return same(value, JSON.parse(JSON.stringify(value)))
  } catch {
    return false
  }
}

function same(value: unknown, back: unknown): boolean {
  if (typeof value !== 'object' || typeof back !== 'object' || value === null || back === null) return value === back
  const prototype = Object.getPrototypeOf(value)
  if (Array.isArray(value) !== Array.isArray(back)) return false
  if (!Array.isArray(value) && prototype !== null && prototype !== Object.prototype) return false
  const keys = Object.keys(value).filter((key) => Array.isArray(value) || value[key as never] !== undefined)
  return (
    keys.length === Object.keys(back).length && keys.every((key) => same(value[key as never], Reflect.get(back, key)))
  )
}
