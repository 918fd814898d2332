import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { escapeBrackets, findBrackets } from '../../../../src/prompt/syntax/brackets.js'
import { parseTags } from '../../../../src/prompt/syntax/tags.js'
import { promptText } from '../queue/prompt-text-arbitrary.js'

describe('findBrackets', () => {
  it.each([
    ['[1940s]', ['inert']],
    ['[]', ['inert']],
    ['[cat|dog|]', ['alternates']],
    ['[cat:dog:0.5]', ['switches']],
    ['[cat: 1e1 ]', ['timed']],
    ['[cat:1_0]', ['timed']],
    ['[cat:.5]', ['timed']],
    ['[cat:inf]', ['timed']],
    ['[cat:1__0]', ['fails']],
    ['[cat:]', ['fails']],
    ['[:5]', ['timed']],
    ['[MORNING: 6AM]', ['fails']],
    ['[a:b|c]', ['fails']],
    ['[a|b:c]', ['alternates']],
    ['[a:b:c:d]', ['inert']],
    ['[[a|b]:c:0.5]', ['switches', 'alternates']],
    ['[[a: b]|c]', ['alternates', 'fails']],
    ['[a [b:c] d|e]', ['alternates', 'fails']],
    ['[a:[1]]', ['fails', 'inert']],
    ['[a [b]', ['unclosed', 'inert']],
    ['a] [b', ['unclosed']],
    ['\\[a: b\\] [c\\: d]', ['inert']],
    ['\\\\[a', []],
    ['[a\\\\:0.5]', ['timed']],
    ['[a <lora:x: y|z> b]', ['inert']],
    ['[a:<random:0.2-0.5>]', ['timed']],
    ['[a <segment:x> b]', ['unclosed']],
  ])('%s', (text, kinds) => {
    expect(findBrackets(text).groups.map(({ kind }) => kind)).toEqual(kinds)
  })
})

describe('escapeBrackets', () => {
  it.each([
    ['a [1940s] b', 'a \\[1940s\\] b'],
    ['[MORNING: 6AM]', '\\[MORNING: 6AM\\]'],
    ['\\[MORNING: 6AM]', '\\[MORNING: 6AM\\]'],
    ['\\\\[a', '\\\\[a'],
    ['x [a|b] y [ z', 'x \\[a|b\\] y \\[ z'],
    ['<random[2]:[a]|b> [c] <fromto[0.5]:a,b>', '<random[2]:[a]|b> \\[c\\] <fromto[0.5]:a,b>'],
    ['[a] I <3 [b] <lora:x>', '\\[a\\] I <3 [b] <lora:x>'],
    ['', ''],
  ])('%s', (text, escaped) => {
    expect(escapeBrackets(text)).toBe(escaped)
  })

  it.each([
    ['[cat|dog] [1940s] [9:30]', '[cat|dog] \\[1940s\\] [9:30]'],
    ['[a: b] [c:d:0.5] ]', '\\[a: b\\] [c:d:0.5] \\]'],
    ['[[a|b]:c:0.5] [[a|b]: c]', '[[a|b]:c:0.5] \\[\\[a|b\\]: c\\]'],
    ['[a [b:c] d|e]', '\\[a \\[b:c\\] d|e\\]'],
    ['[ [a|b]', '\\[ [a|b]'],
    ['[a <random[2]:x> | b]', '[a <random[2]:x> | b]'],
    ['[a|b] <3 [c|d] [e', '[a|b] <3 [c|d] [e'],
    ['[a <3|b]', '\\[a <3|b]'],
  ])('leaves control where it is meant: %s', (text, escaped) => {
    expect(escapeBrackets(text, { keepControl: true })).toBe(escaped)
  })

  it('changes nothing when run again', () => {
    fc.assert(
      fc.property(promptText, fc.boolean(), (text, keepControl) => {
        const once = escapeBrackets(text, { keepControl })
        expect(escapeBrackets(once, { keepControl })).toBe(once)
      }),
    )
  })

  it('adds backslashes before brackets and nothing else, leaves every tag, and nothing to obey', () => {
    fc.assert(
      fc.property(promptText, (text) => {
        const escaped = escapeBrackets(text)
        expect(escaped.replace(/\\(?=[[\]])/g, '')).toBe(text.replace(/\\(?=[[\]])/g, ''))
        const raws = (text: string) => parseTags(text).tags.map(({ raw }) => raw)
        expect(raws(escaped)).toEqual(raws(text))
        if (parseTags(text).literalFrom === undefined) expect(findBrackets(escaped).groups).toEqual([])
      }),
    )
  })

  it('leaves nothing that fails, nor anything it could not keep', () => {
    fc.assert(
      fc.property(promptText, (text) => {
        fc.pre(parseTags(text).literalFrom === undefined)
        const { groups } = findBrackets(escapeBrackets(text, { keepControl: true }))
        expect(groups.filter(({ sound }) => !sound)).toEqual([])
      }),
    )
  })

  it('is linear in whatever a megabyte holds', { timeout: 60_000 }, () => {
    for (const text of ['[', '[a:0.5]', '[<a>', '[[a|b]:']) {
      const long = text.repeat(2 ** 20 / text.length)
      expect(escapeBrackets(long, { keepControl: true }).length).toBeGreaterThanOrEqual(long.length)
    }
  })
})
