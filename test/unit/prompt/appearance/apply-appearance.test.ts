import { describe, expect, it } from 'vitest'
import { applyAppearance } from '../../../../src/prompt/appearance/apply-appearance.js'
import type { CharacterLocationContext } from '../../../../src/schema/index.js'

/** Ada and Ben in scene 2, with what is given; Cora is nowhere. */
function scene(ada: CharacterLocationContext, ben: CharacterLocationContext = {}, triggers = ['ADAM_V1', 'BENT man']) {
  return {
    episode: {
      characters: [
        { character_name: 'Ada Marsh', aliases: ['Ada'], base_trigger: triggers[0] ?? null },
        { character_name: 'Ben Tull', aliases: ['Ben'], base_trigger: triggers[1] ?? null },
        { character_name: 'Cora Hale', aliases: ['Cora'] },
      ],
      scenes: [
        {
          scene_number: 2,
          character_appearances: [
            { character_name: 'Ada Marsh', location_context: ada },
            { character_name: 'Ben Tull', location_context: ben },
          ],
        },
      ],
    },
  }
}

const look = (swarmui_prompt_override: string, lora_weight_adjustment = 1) => ({
  swarmui_prompt_override,
  lora_weight_adjustment,
})
const at = { sceneNumber: 2 }

describe('applyAppearance', () => {
  it('writes the override once, then the trigger', () => {
    const context = scene(look('ADAM_V1 in a raincoat'), look('adam_v1 is not his, a tall fisherman.'))
    expect(applyAppearance('Ada sees Ben. ada marsh waves to Ben', context, at)).toEqual({
      text: 'ADAM_V1 in a raincoat sees BENT man, adam_v1 is not his, a tall fisherman. ADAM_V1 waves to BENT man',
      applied: [
        { start: 0, end: 3, text: 'Ada', character: 'Ada Marsh', written: 'ADAM_V1 in a raincoat', override: true },
        {
          start: 9,
          end: 12,
          text: 'Ben',
          character: 'Ben Tull',
          written: 'BENT man, adam_v1 is not his, a tall fisherman',
          override: true,
        },
        { start: 14, end: 23, text: 'ada marsh', character: 'Ada Marsh', written: 'ADAM_V1', override: false },
        { start: 33, end: 36, text: 'Ben', character: 'Ben Tull', written: 'BENT man', override: false },
      ],
      ambiguous: [],
      skipped: [],
      sections: [],
    })
  })

  it.each(['', '  ', '\n'])('writes the trigger when the override is %j', (blank) => {
    expect(applyAppearance('Ada waits', scene(look(blank)), at).text).toBe('ADAM_V1 waits')
  })

  it('keeps the override for a mention that is no possessive, if there is one', () => {
    const context = scene(look('ADAM_V1 in a raincoat'))
    expect(applyAppearance("Ada's lamp, Ada, Ada", context, at).text).toBe(
      "ADAM_V1's lamp, ADAM_V1 in a raincoat, ADAM_V1",
    )
    expect(applyAppearance('Ada’s lamp, Ada’s hat', context, at).text).toBe(
      'ADAM_V1 in a raincoat’s lamp, ADAM_V1’s hat',
    )
  })

  it('knows the trigger in an override as a whole word in any case only', () => {
    expect(applyAppearance('Ada', scene(look('Adam_V1 smiling')), at).text).toBe('Adam_V1 smiling')
    expect(applyAppearance('Ada', scene(look('ADAM_V12 smiling')), at).text).toBe('ADAM_V1, ADAM_V12 smiling')
  })

  it('does not touch what is around the mentions, triggers already there, tags and signs', () => {
    const text = 'ADAM_V1 <lora:Ada> "Ada" $& Ada-5'
    const result = applyAppearance(text, scene(look('x')), at)
    expect(result.text).toBe(text)
    expect(result.skipped.map(({ reason }) => reason)).toEqual(['already-a-trigger', 'quoted', 'compound'])
    expect(applyAppearance('Ada', scene(look('costs $& $1')), at).text).toBe('ADAM_V1, costs $& $1')
  })

  it('leaves what is excepted and what is ambiguous', () => {
    const context = scene(look('in red'))
    context.episode.characters.push({ character_name: 'Ada', aliases: [], base_trigger: 'OTHER' })
    const result = applyAppearance('Ada, Ben Ten, Ben', context, { ...at, except: ['Ben Ten'] })
    expect(result.text).toBe('Ada, Ben Ten, BENT man')
    expect(result.ambiguous).toEqual([{ start: 0, end: 3, text: 'Ada', characters: ['Ada Marsh', 'Ada'] }])
  })

  describe('sections', () => {
    it('go to the end, in the order of the mentions, each once', () => {
      const context = scene(
        look('ADAM_V1 in red <segment:face,0.4,0.5> green eyes <segment:coat>'),
        look('<segment:face,0.4,0.5> green eyes<segment:hat>'),
      )
      const result = applyAppearance('Ben and Ada wait.', context, at)
      expect(result.text).toBe(
        'BENT man and ADAM_V1 in red wait. <segment:face,0.4,0.5> green eyes <segment:hat> <segment:coat>',
      )
      expect(result.sections).toEqual(['<segment:face,0.4,0.5> green eyes', '<segment:hat>', '<segment:coat>'])
    })

    it('stand behind those of the text, whose words stay theirs, and not twice', () => {
      const context = scene(
        look('in red <segment:face,0.4,0.5> <lora:red> <segment:coat>'),
        look('a hat <segment:hat>'),
      )
      expect(applyAppearance('Ada. <segment:coat//cid=11> Ben in wool', context, at).text).toBe(
        'ADAM_V1, in red. <segment:coat//cid=11> BENT man, a hat in wool <segment:face,0.4,0.5> <lora:red> <segment:hat>',
      )
    })

    it('are not written behind a bracket that nothing closes', () => {
      const result = applyAppearance('Ada I <3 Ada', scene(look('in red <segment:coat>')), at)
      expect(result.text).toBe('ADAM_V1, in red I <3 Ada')
      expect(result.sections).toEqual(['<segment:coat>'])
    })

    it('keep other tags in place', () => {
      expect(applyAppearance('Ada waits', scene(look('in <random:red,blue> <lora:coat:0.5>')), at).text).toBe(
        'ADAM_V1, in <random:red,blue> <lora:coat:0.5> waits',
      )
    })

    it('do not matter in an override whose bracket nothing closes', () => {
      expect(applyAppearance('Ada <lora:x>', scene(look('I <3 red <segment:coat>')), at)).toMatchObject({
        text: 'ADAM_V1 <lora:x>',
        sections: [],
      })
    })
  })

  describe('weights', () => {
    const weighted = { ...at, weights: true }

    it('are written where they are not 1, and only when asked for', () => {
      const context = scene(look('a portrait of ADAM_V1, red', 1.2), look('', 0.85))
      const text = "Ada, Ben's hat, Ada"
      expect(applyAppearance(text, context, weighted).text).toBe(
        "a portrait of (ADAM_V1:1.2), red, (BENT man:0.85)'s hat, (ADAM_V1:1.2)",
      )
      expect(applyAppearance(text, context, at).text).toBe("a portrait of ADAM_V1, red, BENT man's hat, ADAM_V1")
      expect(applyAppearance('Ada', scene(look('', 1)), weighted).text).toBe('ADAM_V1')
      expect(applyAppearance('Ada', scene(look('', 0)), weighted).text).toBe('ADAM_V1')
    })

    it('are not written twice, nor into a trigger with brackets or colons of its own', () => {
      expect(applyAppearance('Ada', scene(look('(adam_v1:1.4) in red', 1.2)), weighted).text).toBe(
        '(adam_v1:1.4) in red',
      )
      expect(applyAppearance('Ada', scene(look('in red', 1.2), {}, ['a:b']), weighted).text).toBe('a:b, in red')
    })
  })

  describe('characters without a trigger', () => {
    it('are replaced by their override, once', () => {
      const result = applyAppearance('Ada, Ada and Cora', scene(look('a woman in red'), {}, []), at)
      expect(result.text).toBe('a woman in red, Ada and Cora')
      expect(result.skipped).toEqual([
        { start: 5, end: 8, text: 'Ada', character: 'Ada Marsh', reason: 'no-trigger' },
        { start: 13, end: 17, text: 'Cora', character: 'Cora Hale', reason: 'no-trigger' },
      ])
    })

    it('take the trigger their scene knows', () => {
      const context = {
        episode: {
          characters: [{ character_name: 'Ada Marsh' }],
          scenes: [{ scene_number: 2, characters: [{ name: 'Ada Marsh', base_trigger: 'ADAM_V1' }] }],
        },
      }
      expect(applyAppearance('Ada Marsh waits', context, at).text).toBe('ADAM_V1 waits')
    })

    it('stay when the trigger would be a tag', () => {
      expect(applyAppearance('Ada', scene({}, {}, ['<lora:x>']), at).text).toBe('Ada')
    })
  })

  it('does not write a weak override where the scene has words of its own', () => {
    const context = scene({ location_name: 'Harbour', clothing_description: 'a raincoat' })
    const contexts = [{ location_name: 'Harbour', swarmui_prompt_override: 'in red' }]
    Object.assign(context.episode.characters[0] ?? {}, { location_contexts: contexts })
    expect(applyAppearance('Ada', context, at).text).toBe('ADAM_V1')
    Object.assign(context.episode.scenes[0]?.character_appearances[0]?.location_context ?? {}, {
      clothing_description: '',
    })
    expect(applyAppearance('Ada', context, at).text).toBe('ADAM_V1, in red')
  })

  it('looks up scene and phase', () => {
    const context = {
      episode: {
        characters: [{ character_name: 'Ada', base_trigger: 'A_V1' }],
        scenes: [1, 2].map((scene_number) => ({
          scene_number,
          character_appearances: [
            {
              character_name: 'Ada',
              phases: ['default', 'arrival'].map((context_phase) => ({
                context_phase,
                swarmui_prompt_override: `${context_phase} ${scene_number}`,
              })),
            },
          ],
        })),
      },
    }
    const texts = [at, { sceneNumber: 1, phase: 'arrival' }, { sceneNumber: 9 }].map(
      (options) => applyAppearance('Ada', context, options).text,
    )
    expect(texts).toEqual(['A_V1, default 2', 'A_V1, arrival 1', 'A_V1'])
  })

  it.each([null, undefined, {}])('changes nothing with the context %j', (context) => {
    expect(applyAppearance('Ada <3', context, at)).toEqual({
      text: 'Ada <3',
      applied: [],
      ambiguous: [],
      skipped: [],
      sections: [],
    })
  })
})
