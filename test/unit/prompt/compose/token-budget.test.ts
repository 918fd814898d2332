import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { estimateTokens, type Fragment, joinWithin } from '../../../../src/prompt/compose/token-budget.js'

describe('estimateTokens', () => {
  it.each([
    ['', 0],
    ['abcd', 1],
    ['abcde', 2],
    ['abcd<lora:x:0.8><segment:yolo-face_yolov9c.pt-0,0.35,0.5>', 1],
    ['ab<3 d<lora:x>', 4],
  ])('%j has %i', (text, tokens) => {
    expect(estimateTokens(text)).toBe(tokens)
  })
})

const keep = (text: string): Fragment => ({ text, drop: null })

describe('joinWithin', () => {
  const fragments: Fragment[] = [
    keep('shot'),
    { text: 'anna in blue', drop: 8, instead: { text: 'anna', drop: null } },
    { text: 'quay one', drop: 3, instead: { text: 'quay', drop: 4 } },
    { text: 'quay two', drop: 3 },
    { text: 'fog', drop: 1 },
  ]

  it.each([
    [Number.POSITIVE_INFINITY, 'shot, anna in blue, quay one, quay two, fog'],
    [10.75, 'shot, anna in blue, quay one, quay two, fog'],
    [10.5, 'shot, anna in blue, quay one, quay two'],
    [9, 'shot, anna in blue, quay one'],
    [6, 'shot, anna in blue, quay'],
    [5, 'shot, anna in blue'],
    [4, 'shot, anna'],
    [0, 'shot, anna'],
  ])('within %d tokens', (budget, text) => {
    expect(joinWithin(fragments, budget)).toBe(text)
  })

  it('leaves out what is empty', () => {
    expect(joinWithin([keep(''), keep('a'), { text: '', drop: 1 }, keep('b')], 100)).toBe('a, b')
    expect(joinWithin([], 100)).toBe('')
  })

  it('keeps to the budget or has nothing left to drop, and drops nothing it need not', () => {
    const fragment = fc.record({
      text: fc.string({ unit: fc.constantFrom('a', 'b', ' '), maxLength: 12 }),
      drop: fc.option(fc.integer({ min: 1, max: 3 })),
    })
    fc.assert(
      fc.property(fc.array(fragment), fc.integer({ min: 0, max: 40 }), (fragments, budget) => {
        const text = joinWithin(fragments, budget)
        const whole = joinWithin(fragments, Number.POSITIVE_INFINITY)
        const least = joinWithin(fragments, Number.NEGATIVE_INFINITY)
        if (estimateTokens(whole) <= budget) expect(text).toBe(whole)
        if (estimateTokens(text) > budget) expect(text).toBe(least)
      }),
    )
  })
})
