import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { WordFilter } from '../../../../src/prompt/triggers/word-filter.js'
import { wordsOf } from '../../../../src/prompt/triggers/words.js'

const texts = fc
  .array(
    fc.constantFrom(
      ...['a', 'B', 'c', 's', 'S', '7', '_', "'", "'s", '’', 'é', '明', '\ud83d', '\u007f', ' ', '-', '<', '>', '\n'],
    ),
    {
      maxLength: 24,
    },
  )
  .map((codes) => codes.join(''))

describe('WordFilter', () => {
  it('loses no word of its set, and nothing of what is said about it', () => {
    fc.assert(
      fc.property(texts, texts, (text, others) => {
        const all = wordsOf(text)
        expect(wordsOf(text, new WordFilter(all.map(({ key }) => key)))).toEqual(all)
        const keys = new Set(wordsOf(others).map(({ key }) => key))
        const listed = wordsOf(text, new WordFilter(keys)).map(({ start, end }) => `${start}-${end}`)
        for (const { start, end, stem, key } of all) {
          const stemKey = stem < end ? key.slice(0, -2) : key
          if (keys.has(key) || keys.has(stemKey)) expect(listed).toContain(`${start}-${end}`)
        }
      }),
      { numRuns: 1000 },
    )
  })

  it('lists no plain word of another hash, so that a long text costs next to nothing', () => {
    const filter = new WordFilter(['ada', 'b'])
    expect(wordsOf("adam Adas a bad dab don't b's 'B' ada_", filter).map(({ key }) => key)).toEqual(["b's", 'b'])
  })

  it('passes over words with apostrophes that are none of the set, and over nothing else', () => {
    const filter = new WordFilter(['ada', 'obrien', "dan's"])
    const listed = (text: string) => wordsOf(text, filter).map(({ start, end }) => text.slice(start, end))
    expect(listed("don't ada'd Ada's ADA'S ada's' ada'sa a'da's O'Brien O'Brien's o'bri'en's Dan's dan d'ans")).toEqual(
      ["Ada's", "ADA'S", "ada's", "a'da's", "O'Brien", "O'Brien's", "o'bri'en's", "Dan's", "d'ans"],
    )
    expect(listed("isn't ada, isn't'ada, isn't-ada isn'té Ada")).toEqual(['ada', 'ada', 'Ada'])
    filter.load("isn't ada")
    expect([filter.next(0, 9), filter.known]).toEqual([6, 'ada'])
  })

  it('tells words of one hash apart', () => {
    const twins = new WordFilter(['c0', 'an'])
    twins.load('C0 An')
    expect([twins.next(0, 5), twins.known]).toEqual([0, undefined])
    expect([twins.next(2, 5), twins.known]).toEqual([3, 'an'])
    expect(wordsOf('C0 An', twins).map(({ key }) => key)).toEqual(['c0', 'an'])
  })

  it('reads a short text after a long one, and one that is not ASCII after one that is', () => {
    const filter = new WordFilter(['ada', 'élodie'])
    expect(wordsOf(`${'x '.repeat(50_000)}ada`, filter)).toHaveLength(1)
    expect(wordsOf('Élodie’s Ada — ada', filter).map(({ key }) => key)).toEqual(["élodie's", 'ada', 'ada'])
    expect(wordsOf('ada', filter)).toHaveLength(1)
    expect(wordsOf('', filter)).toEqual([])
  })
})
