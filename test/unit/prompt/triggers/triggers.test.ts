import { describe, expect, it } from 'vitest'
import { compileTriggers, substituteTriggers } from '../../../../src/prompt/triggers/triggers.js'
import type { EnhancedEpisodeContext } from '../../../../src/schema/index.js'
import { cast, TEN } from '../cast.js'

const ten = cast(...TEN)

/** Id of the row, input, what is wanted, and where it matters the cast and the phrases to leave. */
type Row = [id: string, input: string, wanted: string, context?: EnhancedEpisodeContext, except?: string[]]

const rows: Row[] = [
  ['P1', "Daniel O'Brien enters", 'HSCEIA man enters'],
  ['P1b', "Liam O'Brien enters", "liam_o'brien_v1 enters"],
  ['P1c', 'Daniel O’Brien enters', 'HSCEIA man enters'],
  ['P2', 'Daniel OBrien enters', 'HSCEIA man enters'],
  ['P2b', "O'Brien enters", "O'Brien enters"],
  [
    'P2c',
    'Catherine Mitchell and John Mitchell',
    'JRUMLV woman and JHN man',
    cast(...TEN, ['John Mitchell', 'JHN man']),
  ],
  [
    'P2c, other order',
    'Catherine Mitchell and John Mitchell',
    'JRUMLV woman and JHN man',
    cast(['John Mitchell', 'JHN man'], ...TEN),
  ],
  ['P3', 'Chen examines a vial', 'chen chen examines a vial'],
  ['P3b', 'Elara Chen and Chen', 'chen chen and chen chen'],
  ['P3c', 'Dr.Chen', 'chen chen'],
  ['P3d', "Dr. Chen's patient", "chen chen's patient"],
  [
    'P3e, unchanged: "woman" is a stop-word',
    'a woman with JRUMLV',
    'a woman with JRUMLV',
    cast(['Cat', 'JRUMLV woman', 'woman']),
  ],
  [
    'P3e, once: another word of its own trigger',
    'a wizard with JRUMLV',
    'a JRUMLV wizard with JRUMLV',
    cast(['Cat', 'JRUMLV wizard', 'wizard']),
  ],
  ['P4, Cat replaced', 'JRUMLV woman facing Cat', 'JRUMLV woman facing JRUMLV woman'],
  ['P4b, trigger known in any case, Cat replaced', 'Jrumlv Woman beside Cat', 'Jrumlv Woman beside JRUMLV woman'],
  ['P4c', 'superwebbman villain and Webb', 'superwebbman villain and webbman'],
  ['P5', 'a ghost town at dusk', 'a ghost town at dusk'],
  ['P5b', 'CAT scan on the monitor', 'CAT scan on the monitor'],
  ['P5b, lower case', 'a stray cat on the wall', 'a stray cat on the wall'],
  ['P5c', 'a colonel salutes', 'a colonel salutes'],
  ['P5c, one word as name', 'a preacher at the pulpit', 'a preacher at the pulpit'],
  ['P5c, by except', 'Ave Maria plays', 'Ave Maria plays', ten, ['Ave Maria']],
  ['P5d, unchanged: a lone rank', 'the Colonel watches', 'the Colonel watches'],
  ['P5e, by except', "Jack Daniel's bottle", "Jack Daniel's bottle", ten, ["Jack Daniel's"]],
  ['P5e, by except, other quotes', 'Jack Daniel’s bottle', 'Jack Daniel’s bottle', ten, ["jack daniel's"]],
  ['P5e, a lone surname before a noun is the name', 'Mitchell family photo', 'JRUMLV woman family photo'],
  ['P5e, by except', 'Mitchell family photo', 'Mitchell family photo', ten, ['Mitchell family']],
  [
    'P6, unchanged: an article makes no name of several words',
    'the shadow of the wall',
    'the shadow of the wall',
    cast(['The Shadow', 'SHDW_V1']),
  ],
  ['P6, as written', 'Here the Shadow leaps', 'Here SHDW_V1 leaps', cast(['The Shadow', 'SHDW_V1'])],
  ['P6b', 'a tall man stands', 'a tall man stands', cast(['Iron Man', 'IRN_V1'])],
  ['P6b, and', 'Bonnie and Tom sit', 'Bonnie and Tom sit', cast(['Bonnie and Clyde', 'BNC_V1'])],
  ['P7', 'Teresa (2K) crouches', '2kwoman crouches'],
  ['P7b', '2K crouches', '2K crouches'],
  ['P7b, as alias', '2K crouches', '2kwoman crouches', cast(['Teresa (2K)', '2kwoman', '2K'])],
  ['P8', 'Dr. Smith examines', 'Dr. Smith examines'],
  ['P9', "Catherine 'Cat' Mitchell whispers", 'JRUMLV woman whispers'],
  ['P9b, parentheses', 'Catherine (Cat) Mitchell', 'JRUMLV woman'],
  ['P9b, typographic quotes', 'Catherine “Cat” Mitchell', 'JRUMLV woman'],
  ['P9c', 'Mitchell, Catherine', 'JRUMLV woman'],
  ['P10', 'Cat <segment:cat ears,0.4,0.5>', 'JRUMLV woman <segment:cat ears,0.4,0.5>'],
  ['P10b', '<lora:Daniel:0.8> a man', '<lora:Daniel:0.8> a man'],
  ['P10b, wildcard', '<wildcard:cat/breeds>', '<wildcard:cat/breeds>'],
  ['P10b, as written', '<wildcard:Cat> <random:Cat|<lora:Cat>>', '<wildcard:Cat> <random:Cat|<lora:Cat>>'],
  ['P10c', 'C:/Cat/img.png', 'C:/Cat/img.png'],
  ['P10c, compound', 'Cat-5 cable', 'Cat-5 cable'],
  ['P11', "Cat's eyes", "JRUMLV woman's eyes"],
  ['P11, surname', "Webb's men", "webbman's men"],
  ['P11, typographic', 'O’Connor and Daniel O’Brien’s dog', 'O’Connor and HSCEIA man’s dog'],
  ['P12', 'neon sign "Ghost"', 'neon sign "Ghost"'],
  ['P12, other quotes', 'neon signs “Ghost” and ‘Cat’', 'neon signs “Ghost” and ‘Cat’'],
  ['P12b', "SUBJECT: O'BRIEN, D.", "SUBJECT: O'BRIEN, D."],
  ['P13, each mention by itself', 'Cat Cat walks', 'JRUMLV woman JRUMLV woman walks'],
  ['P13, nothing collapses', 'webbman webbmanly', 'webbman webbmanly'],
  [
    'P14, both replaced',
    'Daniel and Preacher talk',
    'HSCEIA man and HSCEIA man talk',
    cast(['Daniel', 'HSCEIA man'], ['Preacher', 'HSCEIA man']),
  ],
  ['P15', 'Cat Stevens sings', 'T_STEVENS sings', cast(['Cat', 'T_CAT'], ['Cat Stevens', 'T_STEVENS'])],
  ['P15, other order', 'Cat Stevens sings', 'T_STEVENS sings', cast(['Cat Stevens', 'T_STEVENS'], ['Cat', 'T_CAT'])],
  ['P15b', 'Anna and Rose', 'rose woman and ROSE_V1', cast(['Anna', 'rose woman'], ['Rose', 'ROSE_V1'])],
  ['P16', 'José walks', 'J_V1 walks', cast(['José', 'J_V1'])],
  ['P16, decomposed in the text', 'Jose\u0301 walks', 'J_V1 walks', cast(['José', 'J_V1'])],
  ['P16, decomposed in the context', 'José walks', 'J_V1 walks', cast(['Jose\u0301', 'J_V1'])],
  ['P16, no part of a longer word', 'Joséfine Jose', 'Joséfine Jose', cast(['José', 'J_V1'])],
  ['P16, first letter', 'Élodie walks', 'E_V1 walks', cast(['Élodie', 'E_V1'])],
  ['P16, Chinese', '小明 walks, 小明。', 'X_V1 walks, X_V1。', cast(['小明', 'X_V1'])],
  ['P16, no name inside a run of letters', '小明星 小明走', '小明星 小明走', cast(['小明', 'X_V1'])],
  ['P17', 'Cat Cat walks', 'ZZQ$&X ZZQ$&X walks', cast(['Cat', 'ZZQ$&X'])],
  ['P17, every pattern', 'Cat walks', "a$$b$1$`$'c walks", cast(['Cat', "a$$b$1$`$'c"])],
  ['P18', 'Reina walks', 'rei walks', cast(['Reina', 'rei'])],
  ['P19', 'scattered implications', 'scattered implications'],
  ['P21, newline', 'Catherine\nMitchell', 'JRUMLV woman'],
  ['P21, double space', 'Catherine  Mitchell', 'JRUMLV woman'],
  ['P21, non-breaking space', 'Catherine\u00a0Mitchell', 'JRUMLV woman'],
  ['P21, line separator', 'Catherine\u2028Mitchell', 'JRUMLV woman'],
]

describe('the table of format 6.2', () => {
  it.each(rows)('%s: %s', (_, input, wanted, context = ten, except = undefined) => {
    const result = substituteTriggers(input, context, { except })
    expect(result.text).toBe(wanted)
    expect(substituteTriggers(wanted, context, { except }).text).toBe(wanted)
    expect(compileTriggers(context, { except })(input)).toEqual(result)
  })

  it('P2b: says whose name it may be', () => {
    expect(substituteTriggers("O'Brien enters", ten).ambiguous).toEqual([
      { start: 0, end: 7, text: "O'Brien", characters: ["Liam O'Brien", "Daniel O'Brien"] },
    ])
  })

  it('P4b: reports the trigger that was there', () => {
    expect(substituteTriggers('Jrumlv Woman beside Cat', ten)).toEqual({
      text: 'Jrumlv Woman beside JRUMLV woman',
      replaced: [{ start: 20, end: 23, text: 'Cat', trigger: 'JRUMLV woman', character: "Catherine 'Cat' Mitchell" }],
      ambiguous: [],
      skipped: [
        {
          start: 0,
          end: 12,
          text: 'Jrumlv Woman',
          character: "Catherine 'Cat' Mitchell",
          reason: 'already-a-trigger',
        },
      ],
    })
  })

  it('P20: aliases may be missing, one text, null, or hold anything', () => {
    const characters = [
      { character_name: 'Ada', base_trigger: 'A' },
      { character_name: 'Benjamin', base_trigger: 'B', aliases: 'Ben' },
      { character_name: 'Cora', base_trigger: 'C', aliases: null },
      { character_name: 'Dora', base_trigger: 'D', aliases: [null, 7, '', '  ', ['x'], ' Dee '] },
    ]
    const context = { episode: { characters } } as unknown as EnhancedEpisodeContext
    expect(substituteTriggers('Ada, Ben, Cora, Dee', context).text).toBe('A, B, C, D')
  })
})

describe('names', () => {
  it.each([
    ['Cat', 'JRUMLV woman'],
    ['cat mitchell', 'JRUMLV woman'],
    ["'Cat' Mitchell", 'JRUMLV woman'],
    ['(Cat) Mitchell', 'JRUMLV woman'],
    ['CATHERINE MITCHELL', 'JRUMLV woman'],
    ['Elara Chen', 'chen chen'],
    ['dr chen', 'chen chen'],
    ['Dr.  Elara  Chen', 'chen chen'],
    ['Colonel Marcus Webb', 'webbman'],
    ['Webb, Marcus', 'webbman'],
    ['webb, marcus', 'webb, marcus'],
    ['Tuca Cristina', '2kwoman'],
    ["Teresa Cristina 'Tuca'", '2kwoman'],
    ['(Cat:1.2)', '(JRUMLV woman:1.2)'],
    ['Cat--really', 'JRUMLV woman--really'],
    ['Cat... Cat—Cat', 'JRUMLV woman... JRUMLV woman—JRUMLV woman'],
    ['Cat/Daniel', 'Cat/Daniel'],
    ['a Cat-like Webb-Chen', 'a Cat-like Webb-Chen'],
    ['C:\\Cat Mitchell\\a Cat.png', 'C:\\Cat Mitchell\\a Cat.png'],
    ['@Cat #Cat', '@Cat #Cat'],
    ['Teresa (2K)crouches', 'Teresa (2K)crouches'],
    ['x(Cat) Mitchell', 'x(Cat) Mitchell'],
    ['Daniel "O\'Brien\'s" hat', 'HSCEIA man "O\'Brien\'s" hat'],
    ['"Hello Cat" Mitchell said', '"Hello JRUMLV woman" JRUMLV woman said'],
    ['"Thanks, Cat," he says', '"Thanks, JRUMLV woman," he says'],
    ['_Cat_ Cat2 sCat', '_Cat_ Cat2 sCat'],
    ['saw Catherine. Mitchell left', 'saw JRUMLV woman. JRUMLV woman left'],
  ])('%s', (input, wanted) => {
    expect(substituteTriggers(input, ten).text).toBe(wanted)
  })

  it('matches a nickname or a parenthesis of several words whole', () => {
    const context = cast(["Dwayne 'The Rock' Johnson", 'DJ_V1'], ['Ghost (AI entity)', 'G_V1'])
    const text = "Dwayne 'The Rock' Johnson, the Rock, Johnson, Ghost (AI entity), Ghost"
    expect(substituteTriggers(text, context).text).toBe('DJ_V1, DJ_V1, DJ_V1, G_V1, G_V1')
  })

  it('keeps apostrophes and hyphens inside of names whole', () => {
    const context = cast(["Mary-Jane D'Arcy", 'MJ_V1', 'Mary-Jane'], ['R2-D2', 'R_V1'], ["Jack Daniel's", 'JD_V1'])
    expect(substituteTriggers("mary-jane DArcy, Mary-Jane, R2-D2, jack Daniel’s, Jack Daniel's's", context).text).toBe(
      "MJ_V1, MJ_V1, R_V1, JD_V1, Jack Daniel's's",
    )
  })

  it('knows a title by itself only as full name', () => {
    expect(substituteTriggers('Captain Smith, Captain', cast(['Captain', 'C_V1'])).text).toBe('C_V1 Smith, C_V1')
    expect(substituteTriggers('Captain', cast(['Jo Smith', 'C_V1', 'Captain', 'the Captain'])).text).toBe('Captain')
  })

  it('gives a surname to who is called so, not to who has it implied', () => {
    expect(substituteTriggers('Rose', cast(['Anna Rose', 'A_V1'], ['Rose', 'R_V1'])).text).toBe('R_V1')
    expect(substituteTriggers('Rose', cast(['Rose', 'R_V1'], ['Anna Rose', 'A_V1'])).text).toBe('R_V1')
  })

  it('leaves what two characters are called, but not when they share the trigger', () => {
    const two = cast(['Cat', 'T_CAT'], ["Catherine 'Cat' Marsh", 'T_MARSH'])
    expect(substituteTriggers('Cat', two).ambiguous[0]?.characters).toEqual(['Cat', "Catherine 'Cat' Marsh"])
    expect(substituteTriggers('Ann Marsh, Marsh', cast(['Ann Marsh', 'X y'], ['Bob Marsh', 'x Y'])).text).toBe(
      'X y, X y',
    )
    expect(substituteTriggers('Ann', cast(['Ann', 'A'], ['Ann', 'B']))).toMatchObject({
      text: 'Ann',
      ambiguous: [{ characters: ['Ann'] }],
    })
  })

  it('does not let the caller of one text change the answer for the next', () => {
    const { characters } = substituteTriggers("O'Brien", ten).ambiguous[0] ?? { characters: [] }
    expect(Object.isFrozen(characters)).toBe(true)
  })
})

describe('what is left', () => {
  const reasons = (text: string, context = ten, except: string[] = []) =>
    substituteTriggers(text, context, { except }).skipped.map(({ text, reason }) => `${text}: ${reason}`)

  it('says why, in the order of the text', () => {
    expect(reasons('"Ghost" Cat-5 chen Chen Ave Maria webbman', ten, ['Ave Maria'])).toEqual([
      'Ghost: quoted',
      'Cat: compound',
      'chen Chen: already-a-trigger',
      'Ave Maria: excepted',
      'webbman: already-a-trigger',
    ])
  })

  it('is a trigger of the first who has it, before any phrase', () => {
    const two = cast(['Ada', 'X_V1'], ['Ben', 'x_v1'])
    expect(substituteTriggers('X_V1', two).skipped.map(({ character }) => character)).toEqual(['Ada'])
    expect(reasons('X_V1', two, ['x_v1'])).toEqual(['X_V1: already-a-trigger'])
  })

  it('names the character, and nobody for a phrase', () => {
    const { skipped } = substituteTriggers('webbman, Ave Maria', ten, { except: ['ave maria'] })
    expect(skipped.map(({ character }) => character)).toEqual(['Colonel Marcus Webb', ''])
  })

  it('is the name of a character without a trigger that can be written', () => {
    for (const trigger of ['', '  ', '<lora:x>', 'a<b', '$&', '\u{1f600}', 'x '.repeat(33)]) {
      const context = cast(['Ada', trigger])
      expect(reasons('Ada', context), trigger).toEqual(['Ada: no-trigger'])
      expect(substituteTriggers('Ada', context).text).toBe('Ada')
    }
  })

  it('is everything behind a bracket that nothing closes, as SwarmUI reads no tag there', () => {
    expect(substituteTriggers('Cat I <3 Cat <lora:Cat>', ten).text).toBe('JRUMLV woman I <3 Cat <lora:Cat>')
    expect(substituteTriggers('Cat > Cat', ten).text).toBe('JRUMLV woman > JRUMLV woman')
  })

  it('is a phrase to leave, unless a longer name starts there or any before', () => {
    const except = ['Ave Maria', 'Maria', "o'brien said", '', '!', 'Maria Santos <x>']
    expect(substituteTriggers('Ave Maria Santos; Maria Santos, AVE  maria’s, maria', ten, { except }).text).toBe(
      'Ave Maria maria_santos_v1; maria_santos_v1, AVE  maria’s, maria',
    )
    expect(substituteTriggers('Daniel O’Brien said; O’Brien said', ten, { except })).toMatchObject({
      text: 'HSCEIA man said; O’Brien said',
      ambiguous: [],
      skipped: [{ text: 'O’Brien said', reason: 'excepted' }],
    })
    expect(substituteTriggers('Cat CAT', ten, { except: ['cat'] }).skipped).toHaveLength(2)
  })

  it('is everything when the triggers in place would make further names', () => {
    // In "T!'s" the s stands by itself, and is a name then.
    expect(substituteTriggers("X's s", cast(['X', 'T!'], ['s', 'S_V1']))).toEqual({
      text: "X's s",
      replaced: [],
      ambiguous: [],
      skipped: [
        { start: 0, end: 1, text: 'X', character: 'X', reason: 'unstable' },
        { start: 4, end: 5, text: 's', character: 's', reason: 'unstable' },
      ],
    })
  })
})

describe('offsets', () => {
  it('are those of the original text, in code units, without the possessive', () => {
    const text = "\u{1f600} Cat's <lora:x> Elara Chen"
    const { replaced } = substituteTriggers(text, ten)
    expect(replaced.map(({ start, end }) => [start, end])).toEqual([
      [3, 6],
      [18, 28],
    ])
    expect(replaced.map(({ start, end }) => text.slice(start, end))).toEqual(['Cat', 'Elara Chen'])
  })
})

describe('contexts', () => {
  it.each([null, undefined, {}, { episode: null }, { episode: {} }, [], 'x', 7] as unknown[])(
    '%j: nothing',
    (value) => {
      const context = value as EnhancedEpisodeContext
      expect(substituteTriggers('Cat', context)).toEqual({ text: 'Cat', replaced: [], ambiguous: [], skipped: [] })
      expect(compileTriggers(context)('').text).toBe('')
    },
  )
})
