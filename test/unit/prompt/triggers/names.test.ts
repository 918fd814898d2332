import { describe, expect, it } from 'vitest'
import { namesOf } from '../../../../src/prompt/triggers/names.js'

/** Each form once, its blanks made one; those that count only as written in angle brackets, those implied in parentheses. */
const forms = (name: string, ...aliases: string[]) => [
  ...new Set(
    namesOf(name, aliases).map(({ text, exact, listed }) => {
      const form = text.replace(/\s+/g, ' ').trim()
      const marked = exact ? `<${form}>` : form
      return listed ? marked : `(${marked})`
    }),
  ),
]

describe('namesOf', () => {
  it('lists what a name with title, nickname and parenthesis implies', () => {
    expect(forms("Dr. Ada Jane 'Addie' Marsh (2K)", 'Jane')).toEqual([
      "Dr. Ada Jane 'Addie' Marsh (2K)",
      '<Jane>',
      '<Addie>',
      "(Dr. Ada Jane 'Addie' Marsh)",
      '(Dr. Ada Jane Marsh)',
      '(Ada Jane Marsh)',
      '(Ada Jane Addie Marsh)',
      '(<Marsh>)',
      '(Addie Marsh)',
      '(Dr. Marsh)',
      '(<Marsh, Ada Jane>)',
    ])
  })

  it.each([
    ['Ghost', ['<Ghost>', '(<Ghost>)', '(<Ghost,>)']],
    ['Mary-Jane', ['<Mary-Jane>', '(<Mary-Jane>)', '(<Mary-Jane,>)']],
    ['The Shadow', ['<The Shadow>', '(<The Shadow>)']],
    ['Bonnie and Clyde', ['Bonnie and Clyde', '(Bonnie and Clyde)']],
    ['Tom & Jerry', ['Tom & Jerry', '(Tom & Jerry)']],
    ['Iron Man', ['Iron Man', '(Iron Man)']],
    ['Colonel', ['<Colonel>', '(<Colonel>)']],
    ['Man', []],
    ['The', []],
    ['', []],
    ['!?', []],
  ])('%s', (name, wanted) => {
    expect(forms(name)).toEqual(wanted)
  })

  it.each(['Dr.', 'dr', 'The Colonel', 'Lt. Col.', 'the', 'A', 'and', 'woman', ' ', '...'])(
    '%j is no alias',
    (alias) => {
      expect(namesOf('Ada Marsh', [alias]).map(({ text }) => text)).not.toContain(alias)
    },
  )
})
