import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { enforce } from '../../../src/ai/enforce.js'
import { compileTriggers, type PromptRequestItem, parseTags, promptFindings } from '../../../src/prompt/index.js'
import { promptText } from '../prompt/queue/prompt-text-arbitrary.js'

const context = {
  episode: {
    characters: [
      { character_name: 'Ada Marsh', aliases: ['Ada'], base_trigger: 'ADAM_V1' },
      { character_name: 'Ben Tull', aliases: ['Ben'], base_trigger: 'BENT man' },
    ],
  },
}
const triggers = compileTriggers(context)
const rules = { substitute: (text: string) => triggers(text).text, maxTokens: 100 }

const ada = { character: 'Ada Marsh', trigger: 'ADAM_V1', look: 'ADAM_V1 in a red coat' }
const ben = { character: 'Ben Tull', trigger: 'BENT man', look: 'BENT man (tall, bald)' }

function itemOf(characters: PromptRequestItem['characters'], composed: string, sections: readonly string[] = []) {
  const place = {
    beat: { beatId: 'b1' },
    beatId: 'b1',
    beatIndex: 0,
    scene: {},
    sceneIndex: 0,
    sceneNumber: 1,
    sceneTitle: '',
  }
  const prompt = [composed, ...sections].join(' ')
  return { key: '1', place, format: 'cinematic', composed: { prompt }, characters, sections } as const
}

const enforced = (
  text: string,
  characters: PromptRequestItem['characters'] = [ada],
  composed = 'x',
  sections: string[] = [],
) => {
  const result = enforce(text, itemOf(characters, composed, sections), rules)
  return result.ok ? result.text : `refused: ${result.reason}`
}

describe('enforce', () => {
  it.each([
    ['puts the look where the trigger stands', 'wide shot, ADAM_V1 runs', 'wide shot, ADAM_V1 in a red coat runs'],
    ['knows the name', 'wide shot, Ada runs', 'wide shot, ADAM_V1 in a red coat runs'],
    ['knows the trigger in any case', 'wide shot, adam_v1 runs', 'wide shot, ADAM_V1 in a red coat runs'],
    ['passes over a possessive', "ADAM_V1's hat, ADAM_V1 runs", "ADAM_V1's hat, ADAM_V1 in a red coat runs"],
    ['unless it is all there is', "Ada's hat", "ADAM_V1 in a red coat's hat"],
    ['takes the place of the model’s own idea', 'ADAM_V1 (blonde, blue coat) runs', 'ADAM_V1 in a red coat runs'],
    ['leaves a look that is there', 'ADAM_V1 in a red coat runs', 'ADAM_V1 in a red coat runs'],
    ['puts in who was left out', 'wide shot, an empty quay', 'wide shot, ADAM_V1 in a red coat, an empty quay'],
    ['puts them first without a shot', 'an empty quay', 'ADAM_V1 in a red coat, an empty quay'],
    ['is not taken in by a part of a word', 'shot, XADAM_V1 runs', 'shot, ADAM_V1 in a red coat, XADAM_V1 runs'],
    ['makes invented tags words', 'ADAM_V1 <smiling:1> [x: y] {z}', 'ADAM_V1 in a red coat smiling:1 \\[x: y\\] z'],
    ['makes one line of it', ' The quay,\n\n ADAM_V1 runs. ', 'the quay, ADAM_V1 in a red coat runs'],
  ])('%s', (_, text, words) => {
    expect(enforced(text)).toBe(words)
  })

  it('does it for each character, also for one without a trigger', () => {
    expect(enforced('shot, Ben meets Ada', [ada, ben])).toBe('shot, BENT man (tall, bald) meets ADAM_V1 in a red coat')
    const cora = { character: 'Cora', trigger: '', look: 'a woman in grey' }
    expect(enforced('shot, a pier', [cora])).toBe('shot, a woman in grey, a pier')
    expect(enforced('shot, a pier', [{ character: 'Dan', trigger: '', look: '' }])).toBe('shot, a pier')
  })

  it('puts the sections and the tags of the composed prompt at the end, each once', () => {
    const composed = 'x <lora:ink:0.5>, ADAM_V1 <lora:coat:1> in red'
    const red = { ...ada, look: 'ADAM_V1 <lora:coat:1> in red' }
    const face = '<segment:face,0.4,0.5>'
    const words = 'ADAM_V1 <lora:coat:1> in red runs <lora:ink:0.5> <segment:face,0.4,0.5>'
    expect(enforced('Ada runs', [red], composed, [face])).toBe(words)
    expect(enforced(`Ada runs <segment:face,0.4,0.5//cid=11> <lora:ink:0.5>`, [red], composed, [face])).toBe(words)
  })

  it.each([
    ['', 'an empty text'],
    ['[Beat 7: Generation failed]', 'a placeholder'],
    ['...', 'an empty text'],
    ['Ada <lora:x>', 'an invented tag'],
    ['Ada <Segment:x>', 'an invented tag'],
    ['Ada <wildcard:x>', 'an invented tag'],
    ['a pier, '.repeat(60), 'too many words'],
  ])('refuses %j', (text, reason) => {
    expect(enforced(text)).toBe(`refused: ${reason}`)
  })

  it('refuses what would break the generation', () => {
    expect(enforced('a pier', [{ ...ada, look: 'ADAM_V1 [a: b]' }])).toBe('refused: what would break the generation')
  })

  it('lets nothing through that would be found, and always the looks, the tags and the sections', () => {
    const sections = ['<segment:coat,0.4,0.5>', '<segment:face,0.4,0.5>']
    fc.assert(
      fc.property(fc.array(fc.oneof(promptText, fc.constantFrom('Ada', 'Ben', 'BENT man'))), (parts) => {
        const text = enforced(parts.join(' '), [ada, ben], 'x', sections)
        if (text.startsWith('refused: ')) return
        expect(promptFindings(text).filter(({ code }) => code !== 'embedding')).toEqual([])
        expect(parseTags(text).tags.map(({ raw }) => raw)).toEqual(sections)
        expect(text.endsWith(` ${sections.join(' ')}`)).toBe(true)
        for (const { look } of [ada, ben]) expect(text).toContain(look)
      }),
      { numRuns: 200 },
    )
  })
})
