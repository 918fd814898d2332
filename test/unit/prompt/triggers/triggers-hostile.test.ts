import { describe, expect, it } from 'vitest'
import { compileTriggers, substituteTriggers } from '../../../../src/prompt/triggers/triggers.js'
import type { EnhancedEpisodeContext } from '../../../../src/schema/index.js'
import { cast } from '../cast.js'

// Far above what linear work takes on a slow machine, far below what quadratic work would take on a fast one.
const BOUND_MS = 30_000

function timed<T>(work: () => T): T {
  const start = performance.now()
  const result = work()
  expect(performance.now() - start).toBeLessThan(BOUND_MS)
  return result
}

describe('hostile names', () => {
  it.each(['.*', '(a+)+$', '[', '\\', '^', '', '  ', '$&', '\u{1f600}', "'", '""', '<Cat>', ', '])(
    '%j matches nothing',
    (name) => {
      const text = 'aaaa .* (a+)+$ [ \\ ^ $& \u{1f600} \ud83d \' "" <Cat> , Cat'
      expect(substituteTriggers(text, cast([name, 'BAD']))).toMatchObject({ text, replaced: [], ambiguous: [] })
    },
  )

  it.each(['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'Cat\u{1f600}Dog'])('%s is a name', (name) => {
    expect(substituteTriggers(`${name} walks`, cast([name, 'T_V1'])).text).toBe('T_V1 walks')
    expect(substituteTriggers('__proto__ constructor toString', cast(['Cat', 'T_V1'])).replaced).toEqual([])
  })

  it('takes punctuation inside of a name literally', () => {
    const context = cast(['Ke$ha', 'K_V1'], ['Tom & Jerry', 'TJ_V1'], ['a.b', 'AB_V1'])
    expect(substituteTriggers('Ke$ha, tom & jerry, Tom Jerry, a.b, axb, Keha', context).text).toBe(
      'K_V1, TJ_V1, Tom Jerry, AB_V1, axb, Keha',
    )
  })

  it('writes nothing against half a surrogate pair', () => {
    const context = cast(['Cat', '\ude00x'])
    for (const text of ['\ud83dCat', '\ud83d Cat', 'Cat\ude00', '\u{1f600}Cat']) {
      const once = substituteTriggers(text, context).text
      expect(substituteTriggers(once, context).text).toBe(once)
    }
    expect(substituteTriggers('\ud83dCat', context).text).toBe('\ud83dCat')
  })
})

describe('hostile contexts', () => {
  it.each([
    { characters: 'x' },
    { characters: [null, 1, 'x', [], {}] },
    { characters: [{ character_name: 7, name: null, base_trigger: {}, aliases: {} }] },
    { characters: [{ character_name: 'Cat', base_trigger: 7 }] },
    { characters: null, scenes: [null, 'x', { characters: 7, character_appearances: [null, {}] }] },
  ])('%j is no reason to throw', (episode) => {
    const context = { episode } as unknown as EnhancedEpisodeContext
    expect(substituteTriggers('Cat walks', context)).toMatchObject({ text: 'Cat walks', replaced: [] })
  })
})

describe('hostile sizes', { timeout: 4 * BOUND_MS }, () => {
  const cat = cast(['Cat', 'T_V1'])
  const million = 1_000_000

  it.each([
    ['one letter', 'a'.repeat(million)],
    ['Chinese', '小'.repeat(million)],
    ['emoji', '\u{1f600}'.repeat(million / 2)],
    ['accents', `e${'\u0301'.repeat(million)}`],
    ['apostrophes', "a'".repeat(million / 2)],
    ['quotes', "'".repeat(million)],
    ['blanks', ' '.repeat(million)],
    ['full stops', '.'.repeat(million)],
    ['open brackets', '<'.repeat(million)],
    ['closed brackets', '>'.repeat(million)],
    ['nested brackets', '<'.repeat(million / 2) + '>'.repeat(million / 2)],
    ['tags', '<a:b>'.repeat(million / 5)],
    ['colons', `<${':'.repeat(million)}>`],
    ['square brackets', `<${'['.repeat(million)}]>`],
  ])('a prompt of 1 MB of %s', (_, text) => {
    expect(timed(() => substituteTriggers(text, cat).text) === text).toBe(true)
  })

  it('a prompt of 1 MB of names', () => {
    expect(timed(() => substituteTriggers('Cat '.repeat(million / 4), cat).replaced.length)).toBe(million / 4)
  })

  it('names that begin alike, in a text that is always about to match', () => {
    const long = cast([`${'ab '.repeat(31)}x`, 'T_V1'], [`${'ab '.repeat(30)}y`, `${'ab '.repeat(31)}z`])
    const text = 'ab '.repeat(200_000)
    expect(timed(() => substituteTriggers(text, long).text) === text).toBe(true)
  })

  it('a name of more than 32 words is none, however long', () => {
    const context = cast([
      `${'x '.repeat(100_000)}y`,
      'T_V1',
      '"'.repeat(100_000),
      "'a ".repeat(100_000),
      '('.repeat(100_000),
    ])
    expect(timed(() => substituteTriggers('x '.repeat(300_000), context).replaced.length)).toBe(0)
    expect(substituteTriggers('ab '.repeat(32), cast(['ab '.repeat(32), 'T_V1'])).text).toBe('T_V1 ')
    expect(substituteTriggers('ab '.repeat(33), cast(['Zed', 'T_V1', 'ab '.repeat(33)])).replaced).toEqual([])
  })

  it('10,000 characters with 100 aliases each', () => {
    const characters = Array.from({ length: 10_000 }, (_, number) => ({
      character_name: `Person${number} Family${number}`,
      base_trigger: `trigger_${number}`,
      aliases: Array.from({ length: 100 }, (_, other) => `Alias${number}x${other}`),
    }))
    const substitute = timed(() => compileTriggers({ episode: { characters } }))
    const text = 'Alias55x5 meets person77 family77 and Family3. '
    expect(substitute(text).text).toBe('trigger_55 meets trigger_77 and trigger_3. ')
    expect(timed(() => substitute(text.repeat(20_000)).replaced.length)).toBe(60_000)
  })

  it('10,000 characters of one name', () => {
    const context = cast(...Array.from({ length: 10_000 }, (_, number): [string, string] => ['Chen', `T_${number}`]))
    expect(timed(() => substituteTriggers('Chen '.repeat(100_000), context).ambiguous.length)).toBe(100_000)
  })
})
