import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { plain, promptWords, said, saidIn } from '../../../../src/prompt/compose/prose.js'
import { promptFindings } from '../../../../src/prompt/syntax/prompt-findings.js'
import { promptText } from '../queue/prompt-text-arbitrary.js'

describe('said', () => {
  it.each([
    ['a pier', 'a pier'],
    ['Nail', 'Nail'],
    ['N/A', undefined],
    ['n/a (HUD view)', undefined],
    ['NA', undefined],
    [' ', undefined],
    [null, undefined],
    [7, undefined],
  ])('%j', (value, text) => {
    expect(said(value)).toBe(text)
  })

  it('takes a text for a list of one', () => {
    expect(saidIn('fog')).toEqual(['fog'])
    expect(saidIn(['fog', '', 'N/A', null, 'ice'])).toEqual(['fog', 'ice'])
    expect(saidIn(undefined)).toEqual([])
  })
})

describe('plain', () => {
  it.each([
    ['  The  quay\nis wet. ', 'the quay is wet'],
    ['Theo waits', 'Theo waits'],
    ['a <lora:x> b', 'a lora:x b'],
    ['hours {value} (late', 'hours value late'],
    ['a) (b) c', 'a (b) c'],
    ['a sign [OPEN: 24H]', 'a sign \\[OPEN: 24H\\]'],
    ['Who is there?', 'Who is there?'],
    ['fog , ice', 'fog, ice'],
    ['...', ''],
  ])('%j', (text, words) => {
    expect(plain(text)).toBe(words)
  })

  it('leaves nothing that would be found', () => {
    fc.assert(
      fc.property(promptText, (text) => {
        expect(promptFindings(`a pier ${plain(text)}`).filter(({ code }) => code !== 'embedding')).toEqual([])
      }),
    )
  })
})

describe('promptWords', () => {
  it.each([
    [' a [cat|dog] <lora:x:0.8>, [a: b]. ', 'a [cat|dog] <lora:x:0.8>, \\[a: b\\]'],
    ['I <3 [a|b]', 'I 3 \\[a|b\\]'],
  ])('%j', (text, words) => {
    expect(promptWords(text)).toBe(words)
  })
})
