import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { substituteTriggers } from '../../../../src/prompt/triggers/triggers.js'

// Few words, so that names, triggers and texts are made of each other; and all that may stand between.
const word = fc.constantFrom(
  ...['Cat', 'cat', 'Rose', 'rose', 'woman', 'man', 'Chen', 'chen', 'Dr', 'The', 'the', "O'Brien", 'OBrien', 'Will'],
  ...['José', 'Jose\u0301', '小明', 'v1', '_a', 'a', 's', 'X', '\u{1f600}', '\ud83d', '\ude00', '$&', '__proto__'],
)
const gap = fc.constantFrom(
  ...[' ', ' ', ' ', ' ', '  ', '\n', '\u00a0', '-', '.', '. ', ', ', "'", '"', ' "', '" ', ' (', ') ', "'s ", '’s '],
  ...['/', ' <', '> ', '<lora:', '|', ''],
)
const plain = (most: number) => fc.array(word, { minLength: 1, maxLength: most }).map((words) => words.join(' '))
const wild = (most: number) =>
  fc.array(fc.tuple(word, gap), { minLength: 1, maxLength: most }).map((pairs) => pairs.flat().join(''))
const mixed = (most: number) => fc.oneof(plain(most), wild(most))

const character = fc.record({
  character_name: mixed(3),
  base_trigger: mixed(3),
  aliases: fc.array(mixed(2), { maxLength: 2 }),
})
const characters = fc.array(character, { minLength: 1, maxLength: 5 })

describe('substituteTriggers on any cast and text', { timeout: 120_000 }, () => {
  it('changes nothing the second time, and only what it reports the first time', () => {
    fc.assert(
      fc.property(characters, mixed(14), fc.array(mixed(2), { maxLength: 1 }), (characters, text, except) => {
        const context = { episode: { characters } }
        const once = substituteTriggers(text, context, { except })
        expect(substituteTriggers(once.text, context, { except }).text).toBe(once.text)

        let rebuilt = ''
        let from = 0
        for (const { start, end, text: name, trigger } of once.replaced) {
          expect(start).toBeGreaterThanOrEqual(from)
          expect(text.slice(start, end)).toBe(name)
          rebuilt += text.slice(from, start) + trigger
          from = end
        }
        expect(rebuilt + text.slice(from)).toBe(once.text)
      }),
      { numRuns: 4000 },
    )
  })

  it('is never kept from replacing by that, unless names and triggers are made of each other', () => {
    const own = fc.constantFrom('Ada', 'Ben', 'Cora', 'Rose', 'rose', 'Chen', 'Dr.', "O'Hara", "'Addie'", '(2K)', 'The')
    const apart = fc.constantFrom('woman', 'man', 'v1', "x'y", 'JRU-M', 'a_v2', '小明')
    const phrase = (word: fc.Arbitrary<string>) =>
      fc.array(word, { minLength: 1, maxLength: 3 }).map((words) => words.join(' '))
    const gap = fc.constantFrom(' ', ' ', ', ', "'s ", ' (', ') ', '. ', '-', ' "', '" ', '’s')
    const text = fc.array(fc.tuple(fc.oneof(own, apart), gap), { maxLength: 20 }).map((pairs) => pairs.flat().join(''))
    const cast = fc.array(fc.record({ character_name: phrase(own), base_trigger: phrase(apart) }), { maxLength: 5 })
    fc.assert(
      fc.property(cast, text, (characters, text) => {
        const { skipped } = substituteTriggers(text, { episode: { characters } })
        expect(skipped.filter(({ reason }) => reason === 'unstable')).toEqual([])
      }),
      { numRuns: 2000 },
    )
  })

  it('leaves tags as they are, to the letter', () => {
    const tag = fc.constantFrom('<lora:Cat:1>', '<segment:Rose,0.4>', '<random:Cat|<wildcard:Rose>>', '<Cat>')
    fc.assert(
      fc.property(characters, fc.array(fc.tuple(plain(3), tag), { maxLength: 5 }), (characters, pairs) => {
        const usable = characters.map((one) => ({ ...one, base_trigger: one.base_trigger.replace(/[<>]/g, '') }))
        const { text } = substituteTriggers(pairs.flat().join(' '), { episode: { characters: usable } })
        expect(text.match(/<random.*?>>|<.*?>/g) ?? []).toEqual(pairs.map(([, tag]) => tag))
      }),
      { numRuns: 1000 },
    )
  })
})
