import { describe, expect, it } from 'vitest'
import { fold, foldPlace } from '../../../src/prompt/fold.js'

describe('fold', () => {
  it.each([
    ["Daniel O'Brien", 'daniel o’brien'],
    ["Daniel O'Brien", 'DANIEL  O\u02bcBRIEN '],
    [`Catherine "Cat" Mitchell`, 'catherine “Cat”\u00a0Mitchell'],
    ["Catherine 'Cat' Mitchell", 'Catherine ‘Cat’\nMitchell'],
    ['José', 'JOSE\u0301'],
  ])('takes %j and %j for one name', (one, other) => {
    expect(fold(other)).toBe(fold(one))
  })

  it.each([
    ["O'Brien", 'OBrien'],
    ['Jose', 'José'],
    ["Catherine 'Cat'", 'Catherine "Cat"'],
    ['Ann Lee', 'Annlee'],
  ])('takes %j and %j for two', (one, other) => {
    expect(fold(other)).not.toBe(fold(one))
  })

  it.each([undefined, null, 7, {}, ['a'], ' \n'])('makes nothing of %j', (value) => {
    expect(fold(value)).toBe('')
  })
})

describe('foldPlace', () => {
  it.each([
    ['General Location - Dan’s Safehouse', "dan's safehouse"],
    ['general location -  Quay', 'quay'],
    ['Quay', 'quay'],
    ['The General Location - Quay', 'the general location - quay'],
    [null, ''],
  ])('reads %j as %j', (place, expected) => {
    expect(foldPlace(place)).toBe(expected)
  })
})
