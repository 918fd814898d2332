import { describe, expect, it } from 'vitest'
import { WordFilter } from '../../../../src/prompt/triggers/word-filter.js'
import { keyOf, wordsOf, written } from '../../../../src/prompt/triggers/words.js'

const keys = (text: string) => wordsOf(text).map(({ key }) => key)

describe('keyOf', () => {
  it('is one for all ways to write a word', () => {
    for (const word of ["O'Brien", 'O’Brien', 'O‘BRIEN', 'Oʼbrien', 'OBRIEN']) expect(keyOf(word)).toBe('obrien')
    expect(keyOf('Jose\u0301')).toBe(keyOf('JOSÉ'))
  })

  it('tells a possessive from a plural', () => {
    expect(keyOf('Cat’s')).toBe("cat's")
    expect(keyOf('Cats')).toBe('cats')
    expect(written('Cat’S')).toBe("Cat'S")
    expect(written("rock'n'roll's")).toBe("rocknroll's")
  })
})

describe('wordsOf', () => {
  it('cuts at everything but letters, marks, digits, underscores and apostrophes inside', () => {
    expect(keys("a-b_c 2K (d) 'e' f'g Jose\u0301 小明 \u{1f600}h\u{1f600} ")).toEqual([
      'a',
      'b_c',
      '2k',
      'd',
      'e',
      'fg',
      'josé',
      '小明',
      'h',
    ])
  })

  it('takes the letter apostrophe for an apostrophe, and half a surrogate pair for a letter', () => {
    expect(wordsOf('ʼCatʼ Oʼb')).toMatchObject([
      { start: 1, end: 4, key: 'cat' },
      { start: 6, end: 9, key: 'ob' },
    ])
    expect(keys('a\ud83db \ude00c')).toEqual(['a\ud83db', '\ude00c'])
  })

  it('gives offsets in code units, with and without the possessive', () => {
    expect(wordsOf('\u{1f600} Cat’s')).toMatchObject([{ start: 3, end: 8, stem: 6, key: "cat's" }])
    expect(wordsOf("Cat' s")).toMatchObject([
      { start: 0, end: 3, stem: 3 },
      { start: 5, end: 6, stem: 6 },
    ])
  })

  it('makes what stands between words alike', () => {
    expect(wordsOf('A  “B” \n C').map(({ edge, marks }) => [edge, marks])).toEqual([
      ['', 0],
      [' b', 1],
      [' c', 1],
    ])
    expect(wordsOf('Dr.Ada J. R. Wood. Ben, Cy').map(({ edge }) => edge)).toEqual([
      '',
      ' ada',
      ' j',
      ' r',
      ' wood',
      '. ben',
      ', cy',
    ])
  })

  it('passes over tags, which part the words around them, and over all behind an open bracket', () => {
    expect(wordsOf('a <b:c> d e <f').map(({ key, edge }) => key + edge)).toEqual(['a', 'd', 'e e'])
  })

  it('passes over unknown words, which part the words around them', () => {
    const known = new WordFilter(['cat', 'o', 'obrien'])
    expect(wordsOf("The cat's hat, Cat O'Brien cat", known).map(({ key, edge }) => `${key}|${edge}`)).toEqual([
      "cat's|",
      'cat|',
      'obrien| obrien',
      'cat| cat',
    ])
  })

  it('finds every known word with or without a list', () => {
    const text = "ada Ben's O’Brien JOSÉ 小明 v1_x don't 2K"
    expect(wordsOf(text, new WordFilter(keys(text)))).toEqual(wordsOf(text))
  })
})
