import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseTags } from '../../../../src/prompt/syntax/tags.js'

const raws = (text: string) => parseTags(text).tags.map(({ raw }) => raw)

describe('parseTags', () => {
  it('tells everything about a tag', () => {
    expect(parseTags('a <Segment:face,0.4,0.5> b')).toEqual({
      tags: [
        {
          start: 2,
          end: 24,
          raw: '<Segment:face,0.4,0.5>',
          prefix: 'segment',
          preData: null,
          data: 'face,0.4,0.5',
        },
      ],
    })
  })

  it.each([
    ['<break>', 'break', null, ''],
    ['<lora:name:0.8>', 'lora', null, 'name:0.8'],
    ['<random[2-3,]:a|b>', 'random', '2-3,', 'a|b'],
    ['<setvar[x,false]:y>', 'setvar', 'x,false', 'y'],
    ['<macro[n]>', 'macro', 'n', ''],
    ['<param[a[b]]:c>', 'param', 'a[b]', 'c'],
    ['<a[b]c:d>', 'a[b]c', null, 'd'],
    ['<a]:d>', 'a]', null, 'd'],
    ['<x<y:z>:w>', 'x<y:z>', null, 'w'],
    ['<random[<var:n>]:a>', 'random', '<var:n>', 'a'],
    ['<r<a[b]>[c]:d>', 'r<a[b]>', 'c', 'd'],
    ['<:x>', '', null, 'x'],
    ['<>', '', null, ''],
    ['<segment:face//cid=11>', 'segment', null, 'face//cid=11'],
  ])('%s', (raw, prefix, preData, data) => {
    expect(parseTags(raw)).toEqual({ tags: [{ start: 0, end: raw.length, raw, prefix, preData, data }] })
  })

  it('takes the outermost tags only', () => {
    expect(raws('<random:a,<lora:b>> c <foo:<lora:x>>')).toEqual(['<random:a,<lora:b>>', '<foo:<lora:x>>'])
  })

  it('takes a bracket closed without one open as text', () => {
    expect(raws('a > b <c> > <d>')).toEqual(['<c>', '<d>'])
  })

  it('reads nothing behind a bracket that is not closed', () => {
    expect(parseTags('I <3 you <lora:x>')).toEqual({ tags: [], literalFrom: 2 })
    expect(parseTags('<a> <3 <b>')).toMatchObject({ tags: [{ raw: '<a>' }], literalFrom: 4 })
    expect(parseTags('x <')).toEqual({ tags: [], literalFrom: 2 })
    expect(parseTags('<a> <')).toMatchObject({ tags: [{ raw: '<a>' }], literalFrom: 4 })
    expect(parseTags('no tags')).toEqual({ tags: [] })
    expect(parseTags('')).toEqual({ tags: [] })
  })

  it('does not count the character right behind the bracket, from the second tag on', () => {
    expect(raws('<> <>x>')).toEqual(['<>', '<>x>'])
    expect(parseTags('<> <>').literalFrom).toBe(3)
    expect(raws('<a> <<b>')).toEqual(['<a>', '<<b>'])
    expect(parseTags('<<b>').literalFrom).toBe(0)
  })

  it('covers the text in order and without overlap, whatever it is', () => {
    const text = fc.string({ unit: fc.constantFrom('<', '>', ':', '[', ']', 'a', ' ') })
    fc.assert(
      fc.property(text, (text) => {
        const { tags, literalFrom = text.length } = parseTags(text)
        let from = 0
        for (const { start, end, raw } of tags) {
          expect(text.slice(from, start)).not.toContain('<')
          expect(text.slice(start, end)).toBe(raw)
          from = end
        }
        expect(text.slice(from, literalFrom)).not.toContain('<')
        expect(text.charAt(literalFrom)).toBe(literalFrom < text.length ? '<' : '')
      }),
    )
  })
})
