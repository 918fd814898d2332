import { describe, expect, it } from 'vitest'
import { AdapterError, StoryArtError } from '../../../src/errors.js'
import { holds, rejection, rejectsWith, same } from '../../../src/testing/assert.js'

describe('same', () => {
  it.each([
    ['texts', 'a', 'a'],
    ['null', null, null],
    ['undefined', undefined, undefined],
    ['NaN', Number.NaN, Number.NaN],
    ['objects', { a: [1, { b: null }] }, { a: [1, { b: null }] }],
    ['an undefined member', { a: 1, b: undefined }, { a: 1 }],
  ])('lets %s pass', (_what, actual, expected) => {
    expect(() => same(actual, expected, 'x')).not.toThrow()
  })

  it.each([
    ['absent for null', undefined, null, 'x: expected null, got undefined'],
    ['another type', '1', 1, 'x: expected 1, got "1"'],
    ['another order', [2, 1], [1, 2], 'x: expected [1,2], got [2,1]'],
    ['a missing list', undefined, [], 'x: expected [], got undefined'],
    ['another text', 'abd', 'abc', 'x: expected "abc", got "abd" (lengths 3 and 3, first difference at 2)'],
    ['a cut text', 'ab', 'abc', 'x: expected "abc", got "ab" (lengths 2 and 3, first difference at 2)'],
  ])('refuses %s', (_what, actual, expected, message) => {
    expect(() => same(actual, expected, 'x')).toThrow(new Error(message))
  })

  it('does not fill the screen', () => {
    const long = 'a'.repeat(1_000_000)
    const message = /^x: expected "a{199}\.\.\. \(1000002 characters\), got "b" \(lengths 1 and 1000000, .* at 0\)$/
    expect(() => same('b', long, 'x')).toThrow(message)
  })
})

describe('holds', () => {
  it('says what must hold, and what came', () => {
    expect(() => holds(true, 'x')).not.toThrow()
    expect(() => holds(false, 'must be so')).toThrow(new Error('must be so'))
    expect(() => holds(false, 'must be so', null)).toThrow(new Error('must be so, got null'))
  })
})

describe('rejection', () => {
  it('hands back what was thrown, whatever it is', async () => {
    for (const reason of [new Error('no'), null, undefined, 0]) {
      expect(await rejection(() => Promise.reject(reason), 'x')).toBe(reason)
    }
  })

  it('refuses a value and a throw', async () => {
    await expect(rejection(async () => null, 'get')).rejects.toThrow('get: must reject, but resolved to null')
    const throwing = (): never => {
      throw new RangeError('id')
    }
    await expect(rejection(throwing, 'get')).rejects.toThrow('get: must reject, not throw')
  })
})

describe('rejectsWith', () => {
  it('wants an error of this library with this code', async () => {
    const error = new StoryArtError('CLOSED', 'closed')
    expect(await rejectsWith('CLOSED', () => Promise.reject(error), 'get')).toBe(error)
  })

  it.each([
    ['another error', new Error('CLOSED'), 'Error: CLOSED'],
    ['something that looks like one', { code: 'CLOSED' }, '{"code":"CLOSED"}'],
    [
      'another code',
      new AdapterError('ADAPTER_FAILED', 'a document', { adapter: 'x', operation: 'get' }),
      'AdapterError ADAPTER_FAILED',
    ],
  ])('refuses %s and keeps it as the cause', async (_what, thrown, shown) => {
    const failure = await rejectsWith('CLOSED', () => Promise.reject(thrown), 'get').catch((error: unknown) => error)
    const message = `get: must reject with a StoryArtError of code CLOSED, but rejected with ${shown}`
    expect(failure).toEqual(new Error(message, { cause: thrown }))
  })
})
