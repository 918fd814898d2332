import { describe, expect, it } from 'vitest'
import { type AppearanceQuery, resolveAppearance } from '../../../../src/prompt/appearance/appearance.js'
import type {
  CharacterAppearance,
  CharacterContext,
  EnhancedEpisodeContext,
  SceneContext,
} from '../../../../src/schema/index.js'
import { guideSession, sampleSession, storySwarmSession, v1Session } from '../../../fixtures/index.js'

const nora: CharacterContext = {
  character_name: "Nora 'Nox' Quill",
  aliases: ['Nora', 'Nora Quill'],
  base_trigger: 'NRQL woman',
  visual_description: 'tall, grey-eyed',
  location_contexts: [
    { location_name: 'Harbour', swarmui_prompt_override: 'harbour override', lora_weight_adjustment: 0.8 },
    { location_name: 'Harbour', swarmui_prompt_override: 'second harbour override' },
    { location_name: 'Field Gear', swarmui_prompt_override: 'gear override', hair_description: 'hair of the gear' },
  ],
}
const finn: CharacterContext = { character_name: "Finn O'Dale", aliases: ['Finn'], base_trigger: 'FNDL man' }

const contextOf = (scenes: SceneContext[], characters: CharacterContext[] = [nora, finn]): EnhancedEpisodeContext => ({
  episode: { characters, scenes },
})
const sceneOf = (appearance: CharacterAppearance, rest: SceneContext = {}): SceneContext => ({
  scene_number: 1,
  character_appearances: [{ character_name: "Nora 'Nox' Quill", ...appearance }],
  ...rest,
})
const resolve = (context: EnhancedEpisodeContext, query: Partial<AppearanceQuery> = {}) =>
  resolveAppearance(context, { sceneNumber: 1, character: "Nora 'Nox' Quill", ...query })

describe('resolveAppearance', () => {
  it('finds everything of a scene entry, and the trigger by the name', () => {
    const context = contextOf([
      sceneOf({
        location_context: {
          location_name: 'Nowhere else',
          physical_description: 'thirty, freckled',
          clothing_description: 'yellow raincoat',
          hair_description: 'wet hair',
          demeanor_description: 'alert',
          swarmui_prompt_override: 'NRQL woman in a yellow raincoat',
          lora_weight_adjustment: 1.2,
        },
      }),
    ])
    const path = 'episode.scenes[0].character_appearances[0].location_context'
    const from = (key: string, value: unknown) => ({
      value,
      source: 'scene.character_appearances',
      path: `${path}.${key}`,
      confidence: 'exact',
    })
    const found = resolve(context)
    expect(found).toEqual({
      character: "Nora 'Nox' Quill",
      known: true,
      trigger: {
        value: 'NRQL woman',
        source: 'character',
        path: 'episode.characters[0].base_trigger',
        confidence: 'exact',
      },
      override: from('swarmui_prompt_override', 'NRQL woman in a yellow raincoat'),
      descriptions: {
        physical: from('physical_description', 'thirty, freckled'),
        clothing: from('clothing_description', 'yellow raincoat'),
        hair: from('hair_description', 'wet hair'),
        demeanor: from('demeanor_description', 'alert'),
        visual: {
          value: 'tall, grey-eyed',
          source: 'character',
          path: 'episode.characters[0].visual_description',
          confidence: 'exact',
        },
      },
      description: from('swarmui_prompt_override', 'NRQL woman in a yellow raincoat'),
      loraWeight: from('lora_weight_adjustment', 1.2),
      gearState: null,
      helmet: null,
      faceSegmentRule: null,
    })
    expect(found.description).toBe(found.override)
  })

  it('prefers characters[] to character_appearances[], value by value', () => {
    const context = contextOf([
      sceneOf(
        { location_context: { swarmui_prompt_override: 'newer', clothing_description: 'coat' } },
        {
          characters: [
            finn,
            {
              name: 'nora',
              base_trigger: 'NRQL2 woman',
              location_context: { swarmui_prompt_override: 'older', clothing_description: ' ' },
            },
          ],
        },
      ),
    ])
    const { override, descriptions, trigger } = resolve(context)
    expect(override?.value).toBe('older')
    expect(override?.source).toBe('scene.characters')
    expect(override?.path).toBe('episode.scenes[0].characters[1].location_context.swarmui_prompt_override')
    expect(descriptions.clothing?.source).toBe('scene.character_appearances')
    expect(trigger).toEqual({
      value: 'NRQL2 woman',
      source: 'scene.characters',
      path: 'episode.scenes[0].characters[1].base_trigger',
      confidence: 'exact',
    })
  })

  it.each(["Nora 'Nox' Quill", 'NORA ‘NOX’ QUILL', ' nora  quill', 'Nora', 'nrql woman'])(
    'knows the character as %j',
    (character) => {
      const context = contextOf([sceneOf({ location_context: { swarmui_prompt_override: 'here' } })])
      const found = resolve(context, { character })
      expect(found.character).toBe("Nora 'Nox' Quill")
      expect(found.override?.value).toBe('here')
      expect(found.override?.confidence).toBe('exact')
    },
  )

  it.each<[string, CharacterAppearance]>([
    ['its name', { character_name: "NORA 'NOX' QUILL" }],
    ['typographic quotes', { character_name: 'Nora ‘Nox’ Quill' }],
    ['an alias', { character_name: 'Nora' }],
    ['its name in the old dialect', { character_name: null, name: 'Nora Quill' }],
    ['an alias of its own beside an unknown name', { character_name: 'The Keeper', aliases: ["nora 'nox' quill"] }],
    ['its trigger alone', { character_name: null, base_trigger: 'NRQL woman' }],
    ['its trigger beside an unknown name', { character_name: 'The Keeper', base_trigger: 'NRQL woman' }],
  ])('joins an entry by %s', (_, entry) => {
    const context = contextOf([sceneOf({ ...entry, location_context: { swarmui_prompt_override: 'here' } })])
    expect(resolve(context).override?.value).toBe('here')
  })

  it('leaves an entry to the character it names, whatever its trigger', () => {
    const context = contextOf([
      sceneOf({
        character_name: 'Finn',
        base_trigger: 'NRQL woman',
        location_context: { swarmui_prompt_override: 'of Finn' },
      }),
    ])
    expect(resolve(context).override).toBeNull()
    expect(resolve(context, { character: 'Finn' }).override?.value).toBe('of Finn')
  })

  it('prefers the one who is called so to those who have it as alias', () => {
    const nox: CharacterContext = { character_name: 'Nora', base_trigger: 'OTHER woman' }
    expect(resolve(contextOf([], [nora, nox]), { character: 'Nora' }).trigger?.value).toBe('OTHER woman')
  })

  it('marks everything weak when several bear what was asked for and the scene does not tell', () => {
    const twin: CharacterContext = {
      character_name: 'Ines Quill',
      base_trigger: 'NRQL woman',
      visual_description: 'short',
    }
    const nobody = resolve(contextOf([], [nora, twin]), { character: 'NRQL woman' })
    expect(nobody.character).toBe("Nora 'Nox' Quill")
    expect(nobody.trigger?.confidence).toBe('weak')
    const entry = { character_name: 'Ines Quill', location_context: { swarmui_prompt_override: 'of Ines' } }
    const ines = resolve(contextOf([sceneOf(entry)], [nora, twin]), { character: 'NRQL woman' })
    expect(ines.character).toBe('Ines Quill')
    expect(ines.override).toMatchObject({ value: 'of Ines', confidence: 'exact' })
    const both = contextOf([{ scene_number: 1, characters: [{ name: 'Ines Quill' }, { name: 'Nora' }] }], [nora, twin])
    expect(resolve(both, { character: 'NRQL woman' }).trigger?.confidence).toBe('weak')
    expect(resolve(both, { character: 'Ines Quill' }).trigger?.confidence).toBe('exact')
  })

  it('never mixes two of them', () => {
    const twin: CharacterContext = {
      character_name: 'Ines Quill',
      base_trigger: 'NRQL woman',
      visual_description: 'short',
    }
    const look = { swarmui_prompt_override: 'of Nora' }
    const both = contextOf(
      [{ scene_number: 1, characters: [{ name: 'Ines Quill' }, { name: 'Nora', location_context: look }] }],
      [nora, twin],
    )
    const found = resolve(both, { character: 'NRQL woman' })
    expect(found.character).toBe('Ines Quill')
    expect(found.override).toBeNull()
  })
})

describe('the scene', () => {
  it('is found by its number, not its place, also if a number is a text', () => {
    const scenes = [
      sceneOf({ location_context: { swarmui_prompt_override: 'two' } }, { scene_number: 2 }),
      sceneOf({ location_context: { swarmui_prompt_override: 'one' } }, { scene_number: 1 }),
    ]
    expect(resolve(contextOf(scenes)).override?.value).toBe('one')
    expect(resolve(contextOf(scenes), { sceneNumber: ' 2' }).override?.path).toContain('scenes[0]')
    const texts: EnhancedEpisodeContext = JSON.parse(
      JSON.stringify(contextOf(scenes)).replace('"scene_number":2', '"scene_number":"2"'),
    )
    expect(resolve(texts, { sceneNumber: 2 }).override?.value).toBe('two')
    expect(resolve(contextOf(scenes), { sceneNumber: 3 }).override).toBeNull()
  })

  it('is the first of its number that has the character', () => {
    const context = contextOf([
      { scene_number: 1, character_appearances: [{ character_name: 'Finn' }], location: { name: 'Harbour' } },
      sceneOf({ location_context: { swarmui_prompt_override: 'second' } }),
      sceneOf({ location_context: { swarmui_prompt_override: 'third' } }),
    ])
    expect(resolve(context).override?.value).toBe('second')
    const nobody = contextOf([
      { scene_number: 1, location: { name: 'Harbour' } },
      { scene_number: 1, location: { name: 'Field Gear' } },
    ])
    expect(resolve(nobody).override?.value).toBe('harbour override')
  })
})

describe('phases', () => {
  const look = (context_phase: string | null, swarmui_prompt_override: string) => ({
    context_phase,
    swarmui_prompt_override,
  })
  const single = { location_context: { swarmui_prompt_override: 'single', clothing_description: 'coat' } }
  const phases = [look('transit', 'on the way'), look('default', 'as ever'), look('Arrival', 'there')]

  it.each([
    [undefined, 'as ever', 1],
    ['arrival ', 'there', 2],
    ['transit', 'on the way', 0],
    ['departure', 'as ever', 1],
  ])('asked for %j, is %j', (phase, override, index) => {
    const found = resolve(contextOf([sceneOf({ ...single, phases })]), { phase })
    expect(found.override).toEqual({
      value: override,
      source: 'scene.phase',
      path: `episode.scenes[0].character_appearances[0].phases[${index}].swarmui_prompt_override`,
      confidence: 'exact',
    })
    expect(found.descriptions.clothing?.value).toBe('coat')
  })

  it('is the first without a default, and the single context without phases or with a blank override', () => {
    const first = contextOf([sceneOf({ ...single, phases: [look('transit', 'on the way'), look(null, 'there')] })])
    expect(resolve(first, { phase: 'departure' }).override?.value).toBe('on the way')
    expect(resolve(contextOf([sceneOf({ ...single, phases: [] })]), { phase: 'arrival' }).override?.value).toBe(
      'single',
    )
    expect(resolve(contextOf([sceneOf({ ...single, phases: [look('default', ' ')] })])).override?.value).toBe('single')
  })

  it('reads repeated entries, a row for each phase', () => {
    const row = (phase: string, override: string): CharacterAppearance => ({
      character_name: 'Nora',
      location_context: look(phase, override),
    })
    const context = contextOf([
      {
        scene_number: 1,
        character_appearances: [row('transit', 'on the way'), row('default', 'as ever'), row('arrival', 'there')],
      },
    ])
    expect(resolve(context, { phase: 'arrival' }).override?.value).toBe('there')
    expect(resolve(context, { phase: 'arrival' }).override?.path).toContain('character_appearances[2]')
    expect(resolve(context).override?.value).toBe('as ever')
    expect(resolve(context, { phase: 'settled' }).override?.value).toBe('as ever')
  })
})

describe('the character`s own contexts', () => {
  it('serve the place of the entry before the place of the scene, weakly', () => {
    const scene = sceneOf(
      { location_context: { location_name: 'FIELD  gear', swarmui_prompt_override: '' } },
      { location: { name: 'Harbour' } },
    )
    const found = resolve(contextOf([scene]))
    expect(found.override).toEqual({
      value: 'gear override',
      source: 'character.location_contexts',
      path: 'episode.characters[0].location_contexts[2].swarmui_prompt_override',
      confidence: 'weak',
    })
    expect(found.loraWeight).toMatchObject({ value: 0.8, confidence: 'weak' })
  })

  it.each<[string, SceneContext]>([
    ['location', { location: { name: ' harbour' } }],
    ['location with prefix', { location: { name: 'General Location - Harbour' } }],
    ['roadmap', { location: { name: 'Elsewhere' }, roadmap_location: 'General Location - HARBOUR' }],
    ['roadmap without location', { location: null, roadmap_location: 'Harbour' }],
  ])('serve who is not listed in the scene, by its %s; of two with one name the first', (_, scene) => {
    const found = resolve(contextOf([{ scene_number: 1, ...scene }]))
    expect(found.override?.value).toBe('harbour override')
    expect(found.override?.confidence).toBe('weak')
    expect(found.trigger?.confidence).toBe('exact')
  })

  it('serve the phase asked for', () => {
    const here = (context_phase: string) => ({
      location_name: 'Harbour',
      context_phase,
      swarmui_prompt_override: context_phase,
    })
    const character = { ...nora, location_contexts: [here('transit'), here('default')] }
    const context = contextOf([{ scene_number: 1, location: { name: 'Harbour' } }], [character])
    expect(resolve(context).override?.value).toBe('default')
    expect(resolve(context, { phase: 'transit' }).override?.value).toBe('transit')
  })

  it('do not serve a place without a name', () => {
    const character = { ...nora, location_contexts: [{ location_name: '', swarmui_prompt_override: 'nowhere' }] }
    expect(resolve(contextOf([sceneOf({ location_context: { location_name: '' } })], [character])).override).toBeNull()
  })
})

describe('the text to paint from', () => {
  const words = {
    clothing_description: ' coat',
    physical_description: 'tall',
    demeanor_description: '',
    hair_description: 'wet',
  }

  it('is the override, whole', () => {
    const context = contextOf([sceneOf({ location_context: { ...words, swarmui_prompt_override: 'all of it' } })])
    expect(resolve(context).description?.value).toBe('all of it')
  })

  it.each([undefined, null, '', ' \n'])(
    'is the words of one place when the override is %j',
    (swarmui_prompt_override) => {
      const context = contextOf([sceneOf({ location_context: { ...words, swarmui_prompt_override } })])
      expect(resolve(context).description).toEqual({
        value: 'tall, coat, wet',
        source: 'scene.character_appearances',
        path: 'episode.scenes[0].character_appearances[0].location_context',
        confidence: 'exact',
      })
    },
  )

  it('is the words of the scene rather than a weak override', () => {
    const found = resolve(contextOf([sceneOf({ location_context: words }, { location: { name: 'Harbour' } })]))
    expect(found.override?.value).toBe('harbour override')
    expect(found.description?.value).toBe('tall, coat, wet')
  })

  it('is a weak override rather than the base description', () => {
    const found = resolve(contextOf([{ scene_number: 1, location: { name: 'Harbour' } }]))
    expect(found.description).toBe(found.override)
    expect(found.description?.confidence).toBe('weak')
  })

  it('is the base description when there is nothing else', () => {
    const found = resolve(contextOf([]))
    expect(found.description).toBe(found.descriptions.visual)
    expect(found.description?.value).toBe('tall, grey-eyed')
  })
})

describe('the weight', () => {
  it.each([
    [undefined, 1],
    [null, 1],
    [0, 1],
    [1, 1],
    [0.85, 0.85],
    [-0.5, -0.5],
  ])('of a stored %j is %d', (lora_weight_adjustment, weight) => {
    const { loraWeight } = resolve(contextOf([sceneOf({ location_context: { lora_weight_adjustment } })]))
    expect(loraWeight.value).toBe(weight)
    expect(loraWeight.source).toBe(lora_weight_adjustment ? 'scene.character_appearances' : 'default')
  })
})

describe('other dialects', () => {
  it('reads the flat context', () => {
    const context: EnhancedEpisodeContext = JSON.parse(storySwarmSession().episodeContext)
    expect(resolve(context, { character: 'ottilie brask' })).toMatchObject({
      character: 'Ottilie Brask',
      known: true,
      trigger: { value: 'OTLBRK woman', source: 'character', path: 'characters[0].base_trigger' },
      override: null,
      loraWeight: { value: 0.9, path: 'characters[0].lora_weight' },
    })
  })

  it('reads a context that lists people in the scenes alone', () => {
    const context: EnhancedEpisodeContext = JSON.parse(v1Session().episodeContext)
    const sol = resolve(context, { character: 'Marisol ‘Sol’ Achterberg' })
    expect(sol).toMatchObject({ character: "Marisol 'Sol' Achterberg", known: true, loraWeight: { value: 1.2 } })
    expect(sol.trigger).toEqual({
      value: 'MRSACH woman',
      source: 'scene.characters',
      path: 'episode.scenes[0].characters[0].base_trigger',
      confidence: 'exact',
    })
    expect(sol.override?.value).toMatch(/^MRSACH woman, forty/)
    const quill = resolve(context, { character: 'QUILFM MAN' })
    expect(quill).toMatchObject({
      character: 'Foreman Quill',
      override: null,
      loraWeight: { value: 1, source: 'default' },
    })
    expect(quill.description?.value).toBe('Grey waistcoat, rolled sleeves')
  })

  it('reads the guide`s context', () => {
    const context: EnhancedEpisodeContext = JSON.parse(guideSession().episodeContext)
    expect(resolve(context, { character: 'Tam' })).toMatchObject({
      character: "Tamsin 'Tam' Quillfeather",
      trigger: { value: 'TMSNRA woman', source: 'scene.characters' },
      override: { source: 'scene.characters', confidence: 'exact' },
      loraWeight: { value: 1.1 },
    })
  })

  it('finds every entry of a real-shaped episode exactly, with its trigger', () => {
    const context: EnhancedEpisodeContext = JSON.parse(sampleSession().episodeContext)
    let entries = 0
    for (const scene of context.episode?.scenes ?? []) {
      for (const entry of scene.character_appearances ?? []) {
        const found = resolve(context, { sceneNumber: scene.scene_number ?? 0, character: entry.character_name ?? '' })
        expect(found.override?.value).toBe(entry.location_context?.swarmui_prompt_override)
        expect(found.override?.confidence).toBe('exact')
        expect(found.trigger?.source).toBe('character')
        entries++
      }
    }
    expect(entries).toBeGreaterThan(0)
  })
})

describe('what is worn on the head', () => {
  const location_context = {
    helmet_fragment_off: 'helmet under one arm',
    helmet_fragment_visor_up: 'helmet, visor raised',
    helmet_fragment_visor_down: 'helmet, visor closed',
    face_segment_rule: 'NEVER',
  }

  it.each([
    ['HELMET_UP', 'helmet, visor raised'],
    ['HELMET_VISOR_UP', 'helmet, visor raised'],
    ['HELMET_HUD', 'helmet, visor closed'],
    ['VISOR_DOWN', 'helmet, visor closed'],
    ['helmet_down', 'helmet, visor closed'],
    ['HELMET_OFF', 'helmet under one arm'],
    ['IN_HAND', 'helmet under one arm'],
    ['ON_VEHICLE', 'helmet under one arm'],
    ['SOMETHING', undefined],
    [null, undefined],
  ])('%s', (gear_state, helmet) => {
    const found = resolve(contextOf([sceneOf({ gear_state, location_context })]))
    expect(found.helmet?.value).toBe(helmet)
    expect(found.gearState?.value).toBe(gear_state ?? undefined)
    expect(found.faceSegmentRule).toMatchObject({ value: 'NEVER', source: 'scene.character_appearances' })
  })
})

describe('a context that is changed between two looks', () => {
  const changes: [string, (characters: CharacterContext[]) => unknown][] = [
    ['a name', ([one]) => Object.assign(one ?? {}, { character_name: 'Ada' })],
    ['a name in the other dialect', ([one]) => Object.assign(one ?? {}, { character_name: null, name: 'Ada' })],
    ['an alias', ([one]) => Object.assign(one?.aliases ?? [], { 0: 'Ada' })],
    ['one alias more', ([one]) => one?.aliases?.push('Ada')],
    ['other aliases', ([one]) => Object.assign(one ?? {}, { aliases: ['Ada'] })],
    ['a trigger', ([one]) => Object.assign(one ?? {}, { base_trigger: 'ADA' })],
    ['one more', (characters) => characters.unshift({ character_name: 'Ada', base_trigger: 'first' })],
    ['another object', (characters) => characters.splice(0, 1, { character_name: 'Ada', base_trigger: 'other' })],
    ['an equal object', (characters) => characters.splice(1, 1, { ...finn, visual_description: 'grown old' })],
    ['the order', (characters) => characters.reverse()],
    ['one less', (characters) => characters.shift()],
    ['what is no character', (characters) => characters.unshift(null as never)],
  ]
  it.each(changes)('is read as it is now: %s', (_, change) => {
    const context = contextOf([sceneOf({})], structuredClone([nora, finn]))
    const look = (one: EnhancedEpisodeContext) =>
      ['Ada', 'Nora', "Finn O'Dale"].map((character) => resolve(one, { character }))
    const before = look(context)
    change(context.episode?.characters ?? [])
    expect(look(context)).toEqual(look(structuredClone(context)))
    expect(look(context)).not.toEqual(before)
  })

  it('gives the values of the character as they are now', () => {
    const context = contextOf([], [{ ...nora }])
    expect(resolve(context).descriptions.visual?.value).toBe('tall, grey-eyed')
    Object.assign(context.episode?.characters?.[0] ?? {}, { visual_description: 'small' })
    expect(resolve(context).descriptions.visual?.value).toBe('small')
  })

  it('says where one list stands in each of two contexts', () => {
    const characters = [nora]
    expect(resolve({ episode: { characters } }).trigger?.path).toBe('episode.characters[0].base_trigger')
    expect(resolve({ characters } as EnhancedEpisodeContext).trigger?.path).toBe('characters[0].base_trigger')
  })
})

describe('somebody nobody knows', () => {
  const nothing = {
    known: false,
    trigger: null,
    override: null,
    descriptions: { physical: null, clothing: null, hair: null, demeanor: null, visual: null },
    description: null,
    loraWeight: { value: 1, source: 'default', path: '', confidence: 'exact' },
    gearState: null,
    helmet: null,
    faceSegmentRule: null,
  }

  it.each(['Arthur Vance', '', ' '])('gets a result and no error: %j', (character) => {
    const scene = sceneOf({ location_context: { location_name: 'Harbour' } }, { location: { name: 'Harbour' } })
    const nameless: CharacterContext = { character_name: '', aliases: [''], base_trigger: ' ' }
    expect(resolve(contextOf([scene], [nameless, nora]), { character })).toEqual({ character, ...nothing })
  })

  it.each([
    '{}',
    '{"episode":null}',
    '{"episode":{"characters":null,"scenes":null}}',
    '{"episode":{"characters":[],"scenes":[]}}',
  ])('gets the same from %s', (json) => {
    expect(resolve(JSON.parse(json), { character: 'Nora' })).toEqual({ character: 'Nora', ...nothing })
  })

  it('gets the same from what no schema has seen', () => {
    const odd = JSON.parse(
      '{"episode":{"characters":[null,"Nora",[],{"aliases":null,"location_contexts":[null]}],' +
        '"scenes":[null,{"scene_number":1,"location":"Quay","characters":[null,4],"character_appearances":{}}]}}',
    )
    expect(resolve(odd, { character: 'Nora' })).toEqual({ character: 'Nora', ...nothing })
  })

  it('is known once an entry of the scene introduces them', () => {
    const found = resolve(
      contextOf([sceneOf({ name: 'Arthur Vance', character_name: null, visual_description: 'gaunt' })]),
      {
        character: 'arthur vance',
      },
    )
    expect(found).toMatchObject({
      character: 'Arthur Vance',
      known: true,
      trigger: null,
      description: { value: 'gaunt', source: 'scene.character_appearances' },
    })
  })
})
