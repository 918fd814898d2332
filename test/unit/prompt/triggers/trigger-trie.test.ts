import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { gluedTriggerFinder } from '../../../../src/prompt/triggers/trigger-trie.js'

const found = (text: string, ...triggers: string[]) =>
  gluedTriggerFinder(triggers)(text).map(({ trigger, start }) => `${start} ${trigger}`)

describe('gluedTriggerFinder', () => {
  it('finds triggers that touch letters on either side', () => {
    expect(found('sJRUMLV womantered, impliJRUMLV womanions, JRUMLV womans', 'JRUMLV woman')).toEqual([
      '1 JRUMLV woman',
      '25 JRUMLV woman',
      '43 JRUMLV woman',
    ])
    expect(found('JRUMLV woman, (JRUMLV woman) JRUMLV woman\u2019s', 'JRUMLV woman')).toEqual([])
    expect(found('éADA_V1 ADA_V1小 ADA_V1', 'ADA_V1')).toEqual(['1 ADA_V1', '8 ADA_V1'])
  })

  it('passes over triggers that may be part of a word', () => {
    expect(found('reins superwebbmanly AIRport', 'rei', 'webbman', 'AIR')).toEqual([])
  })

  it('finds what looking at every place finds, whatever triggers overlap', () => {
    const word = fc.array(fc.constantFrom('A', 'b', ' '), { minLength: 4, maxLength: 6 }).map((chars) => chars.join(''))
    fc.assert(
      fc.property(
        fc.uniqueArray(word, { maxLength: 5 }),
        fc.array(fc.constantFrom('A', 'b', ' ')),
        (triggers, chars) => {
          const text = chars.join('')
          const listed = triggers.filter((trigger) => !/^b*$/.test(trigger)).sort((a, b) => b.length - a.length)
          const letter = (at: number) => /[Ab]/.test(text.charAt(at))
          const expected: string[] = []
          for (let end = 1; end <= text.length; end++) {
            const trigger = listed.find((one) => text.slice(0, end).endsWith(one))
            const start = end - (trigger?.length ?? 0)
            if (trigger && ((letter(start - 1) && letter(start)) || (letter(end) && letter(end - 1))))
              expected.push(`${start} ${trigger}`)
          }
          expect(found(text, ...triggers)).toEqual(expected)
        },
      ),
    )
  })
})
