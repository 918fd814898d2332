import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { escapeBrackets } from '../../../../src/prompt/syntax/brackets.js'
import { promptFindings } from '../../../../src/prompt/syntax/prompt-findings.js'
import { promptText } from '../queue/prompt-text-arbitrary.js'

const found = (text: string) =>
  promptFindings(text).map(({ severity, code, start, end }) => `${severity} ${code} ${start}-${end}`)

describe('promptFindings', () => {
  it('says what, how bad, where, and what to do', () => {
    expect(promptFindings('x [a: b]')).toEqual([
      {
        code: 'bracket-fails',
        severity: 'error',
        start: 2,
        end: 8,
        message: 'Read as timing without a number: the generation fails',
        remedy: 'Escape the brackets as escapeBrackets does.',
      },
    ])
    expect(promptFindings('a quiet pier, (fog:1.2) \\[a\\] <lora:x:0.8:1> <segment:face,0.4,0.5>')).toEqual([])
  })

  // The verified behaviour of SwarmUI's text node, row by row.
  it.each([
    ['a [1940s] b', []],
    ['[cat|dog] x', ['info bracket-control 0-9']],
    ['[cat:dog:0.5] x', ['info bracket-control 0-13']],
    ['a [note: 5] b', ['warning bracket-timing 2-11']],
    ['[MORNING: 6AM]', ['error bracket-fails 0-14']],
    ['[a:b:c]', ['error bracket-fails 0-7']],
    ['[a:b:c:d]', []],
    ['\\[MORNING: 6AM\\]', []],
    ['[MORNING\\: 6AM]', ['warning bracket-backslash 8-9']],
    ['[9:30] b', ['warning bracket-timing 0-6']],
    ['[EXT:0.5] foo', ['warning bracket-timing 0-9']],
    ['a [1940s] b [c|d]', ['warning bracket-stripped 2-9', 'info bracket-control 12-17']],
    ['x [a|b] y [ z', ['info bracket-control 2-7', 'error bracket-unclosed 10-11']],
  ])('%s', (text, findings) => {
    expect(found(text)).toEqual(findings)
  })

  it('sees what tags do to brackets, section by section', () => {
    expect(found('a [1940s] <alternate:a,b> <base>[b]')).toEqual(['warning bracket-stripped 2-9'])
    expect(found('a [x <base> y]')).toEqual(['error bracket-unclosed 2-3'])
  })

  it.each([
    ['[a [b: c] d]', []],
    ['[[a: b]: c]', ['error bracket-fails 0-11']],
    ['[[a: b]|c]', ['info bracket-control 0-10', 'error bracket-fails 1-7']],
  ])('reads nothing in a group that is not obeyed: %s', (text, findings) => {
    expect(found(text)).toEqual(findings)
  })

  it.each([
    ['I <3 you <lora:x>', ['error unclosed-tag 2-3']],
    ['I <3 you', ['warning stray-open 2-3']],
    ['a -> b', ['info stray-close 3-4']],
    ['a <Segment:face,0.4>', ['error section-case 2-20']],
    ['a <foo:bar>', ['warning unknown-tag 2-11']],
    ['a <LORA:x:1> <lora:y:strong>', ['error lora-weight 13-28']],
    ['a <lora:y:>', ['error lora-weight 2-11']],
    ['a <lora:y:<random:1,2>>', []],
    ['a <region:0,0,half,1> b', ['error area-unreadable 2-21']],
    ['a <object:0,0,1> b', ['error area-unreadable 2-16']],
    ['a <region:0,0,1,1,1,1,1> b', ['error area-unreadable 2-24']],
    ['a <region:100,0,512,512> b', ['warning area-outside 2-24']],
    ['a <region:0.7,0,0.3,1,0.5> b <region:background> c <region:end> d', []],
    ['a <segment:face> , cinematic light <lora:x>', ['warning words-in-segment 17-34']],
    ['a <clear:sky> b', ['warning words-in-segment 14-15']],
    ['a <refiner> b <object:0,0,1,1> c <extend:8> d', []],
    ['a ((b) c)) (', ['warning parenthesis 9-10', 'warning parenthesis 11-12']],
    [
      'a (b <segment:c> ) \\(',
      ['warning parenthesis 2-3', 'warning words-in-segment 17-21', 'warning parenthesis 17-18'],
    ],
    ['a {value} } b', ['warning braces 2-9', 'warning braces 10-11']],
    ['an embedding:x', ['info embedding 3-13']],
    ['', ['error empty-global 0-0']],
    [' <lora:x> <segment:face>', ['error empty-global 0-0']],
  ])('%s', (text, findings) => {
    expect(found(text)).toEqual(findings)
  })

  it('asks for words of the whole picture', () => {
    expect(found('<segment:face> eyes')).toContain('error empty-global 0-0')
    expect(found('<comment:x><break> \n')).toEqual(['error empty-global 0-0'])
    expect(found('<base>a pier')).toEqual([])
    expect(found('<region:0,0,1,1>a<region:end>a pier')).toEqual([])
    expect(found('<wildcard:pier>')).toEqual([])
  })

  it('has no bracket to complain of once they are escaped', () => {
    fc.assert(
      fc.property(promptText, (text) => {
        const left = promptFindings(escapeBrackets(text)).filter(({ code }) => code.startsWith('bracket'))
        const open = promptFindings(text).some(({ code }) => code === 'unclosed-tag' || code === 'stray-open')
        if (!open) expect(left).toEqual([])
      }),
    )
  })

  it('is linear in a megabyte, keeps the order, and stops at a thousand of a kind', { timeout: 60_000 }, () => {
    for (const text of ['(', '[a: b]', '<segment:x>b', '{a']) {
      const findings = promptFindings(text.repeat(2 ** 20 / text.length))
      expect(findings.length).toBeGreaterThanOrEqual(1000)
      expect(findings.length).toBeLessThanOrEqual(2001)
      expect(findings.every(({ start }, at) => at === 0 || start >= (findings[at - 1]?.start ?? 0))).toBe(true)
    }
  })
})
