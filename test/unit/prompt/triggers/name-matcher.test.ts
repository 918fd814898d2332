import { describe, expect, it } from 'vitest'
import { compileMatcher } from '../../../../src/prompt/triggers/name-matcher.js'

const ada = { name: 'Ada Marsh', trigger: 'ADAM woman', aliases: ['Ada'] }
const ben = { name: 'Ben', trigger: 'BEN_V1', aliases: [] }

describe('compileMatcher', () => {
  it('is settled when every word that could be a name is replaced or a trigger', () => {
    const find = compileMatcher([ada, ben], [])
    expect(find('Ada meets Ben, adam woman').settled).toBe(true)
    expect(find('nobody').settled).toBe(true)
    expect(find('Ada and a marsh').settled).toBe(false)
    expect(find('Ada and "Ben"').settled).toBe(false)
    expect(find('Ada (Marsh)').settled).toBe(false)
  })

  it('is never settled when a trigger does not start and end with a word', () => {
    for (const trigger of ['BEN_V1!', '(BEN_V1', "BEN's"]) {
      expect(compileMatcher([ada, { ...ben, trigger }], [])('Ada').settled, trigger).toBe(false)
    }
    expect(compileMatcher([ada, { ...ben, trigger: '' }], [])('Ada').settled).toBe(true)
  })

  it('keeps every word of triggers that overlap', () => {
    const cast = [
      { name: 'Ann', trigger: 'rose ADAM', aliases: ['woman'] },
      { name: 'Wood', trigger: 'ADAM wood', aliases: [] },
    ]
    const { skipped, replaced } = compileMatcher(cast, [])('rose ADAM wood Wood')
    expect(skipped.map(({ text }) => text)).toEqual(['rose ADAM'])
    expect(replaced.map(({ start }) => start)).toEqual([15])
  })

  it('keeps all of a trigger that holds another', () => {
    const cast = [
      { name: 'Ann', trigger: 'rose red Wood', aliases: [] },
      { name: 'Wood', trigger: 'red', aliases: [] },
    ]
    expect(compileMatcher(cast, [])('rose red Wood').replaced).toEqual([])
  })

  it('finds the longest name that ends before a trigger', () => {
    const cast = [
      { name: 'Ada Marsh woman', trigger: 'LONG_V1', aliases: [] },
      { name: 'Ada Marsh', trigger: 'woman', aliases: [] },
    ]
    const { replaced } = compileMatcher(cast, [])('Ada Marsh woman, Ada Marsh Woman, Ada Marsh')
    expect(replaced.map(({ text, trigger }) => `${text}: ${trigger}`)).toEqual(Array(3).fill('Ada Marsh: woman'))
  })
})
