import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { putLooks } from '../../../src/ai/put-looks.js'

const ada = { character: 'Ada Marsh', trigger: 'ADAM_V1', look: 'ADAM_V1 in a red coat' }
const ben = { character: 'Ben Tull', trigger: 'BENT man', look: 'BENT man (tall, bald)' }

describe('putLooks', () => {
  it.each([
    ['no look into the parentheses that another takes the place of', 'BENT man (old, sad)', [ada, ben]],
    ['nobody who is named in the parentheses behind another', 'BENT man (near ADAM_V1)', [ben, ada]],
  ])('loses %s', (_, words, characters) => {
    expect(putLooks(words, characters)).toBe('ADAM_V1 in a red coat, BENT man (tall, bald)')
  })

  it.each([
    ['put in', 'BENT man runs', 'ADAM_V1 in a red coat, BENT man (tall, bald) runs'],
    ['there already', 'BENT man (tall, bald) runs', 'ADAM_V1 in a red coat, BENT man (tall, bald) runs'],
    [
      'said in parentheses',
      'a pier (old, wet), fog',
      'a pier (old, wet), BENT man (tall, bald), ADAM_V1 in a red coat, fog',
    ],
    ['escaped', 'a \\(sign, hut', 'a \\(sign, BENT man (tall, bald), ADAM_V1 in a red coat, hut'],
  ])('takes no comma of what is %s for the end of the shot', (_, words, whole) => {
    expect(putLooks(words, [ben, ada])).toBe(whole)
  })

  it('writes those who are nowhere in the order of the characters', () => {
    expect(putLooks('shot, a pier', [ada, ben])).toBe('shot, ADAM_V1 in a red coat, BENT man (tall, bald), a pier')
    expect(putLooks('a pier', [ben, ada])).toBe('BENT man (tall, bald), ADAM_V1 in a red coat, a pier')
  })

  it('finds no trigger in the look of another', () => {
    const cora = { character: 'Cora', trigger: 'CORA', look: 'CORA beside ADAM_V1' }
    expect(putLooks('CORA, then ADAM_V1', [cora, ada])).toBe('CORA beside ADAM_V1, then ADAM_V1 in a red coat')
    expect(putLooks('CORA beside ADAM_V1', [cora, ada])).toBe('ADAM_V1 in a red coat, CORA beside ADAM_V1')
  })

  it('keeps what stands in parentheses behind a trigger, if it is the look of another', () => {
    expect(putLooks('BENT man (ADAM_V1 in a red coat)', [ben, ada])).toBe(
      'BENT man (tall, bald) (ADAM_V1 in a red coat)',
    )
  })

  it('gives two of one trigger a place each, and one look once', () => {
    const twin = { character: 'Eve Marsh', trigger: 'ADAM_V1', look: 'ADAM_V1 in blue' }
    expect(putLooks('ADAM_V1 and ADAM_V1', [ada, twin])).toBe('ADAM_V1 in a red coat and ADAM_V1 in blue')
    expect(putLooks('ADAM_V1 runs', [ada, ada])).toBe('ADAM_V1 in a red coat runs')
  })

  const wordsOf = (parts: string[]) => fc.array(fc.constantFrom(...parts), { maxLength: 12 }).map((all) => all.join(''))
  const parts = ['ADAM_V1', 'BENT man', ', ', "'s", ' x ', ada.look]

  it('has each look in the end, whatever the words are', () => {
    fc.assert(
      fc.property(wordsOf([...parts, ' (', ')', '\\(', ben.look]), fc.boolean(), (words, swap) => {
        const whole = putLooks(words, swap ? [ben, ada] : [ada, ben])
        expect(whole).toContain(ada.look)
        expect(whole).toContain(ben.look)
        expect(putLooks(whole, [ada, ben])).toBe(whole)
      }),
      { numRuns: 1000 },
    )
  })

  it('takes no word away but those in parentheses', () => {
    const rest = (text: string) => text.replaceAll(ben.look, '').replace(/[^x]/g, '')
    fc.assert(
      fc.property(wordsOf(parts), (words) => {
        expect(rest(putLooks(words, [ada, ben]))).toBe(rest(words))
      }),
      { numRuns: 1000 },
    )
  })
})
