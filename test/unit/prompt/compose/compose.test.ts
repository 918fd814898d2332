import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { beats } from '../../../../src/prompt/beats.js'
import { type ComposePromptOptions, composePrompt } from '../../../../src/prompt/compose/compose.js'
import { estimateTokens } from '../../../../src/prompt/compose/token-budget.js'
import { promptFindings } from '../../../../src/prompt/syntax/prompt-findings.js'
import type {
  BeatAnalysis,
  CharacterAppearance,
  CharacterLocationContext,
  LocationContext,
  Session,
} from '../../../../src/schema/index.js'
import { fullEpisode, guideSession, sampleSession, storySwarmSession, v1Session } from '../../../fixtures/index.js'
import { promptText } from '../queue/prompt-text-arbitrary.js'

const quay: LocationContext = {
  name: 'Quay',
  visual_description: 'A quay of wet granite; iron rings in a row. Lamps burn behind fog.',
  atmosphere: 'cold, hushed',
  artifacts: [
    {
      artifact_name: 'The Bell',
      artifact_type: 'prop',
      swarmui_prompt_fragment: 'a bronze bell.',
      always_present: true,
    },
    {
      artifact_name: 'Crane',
      artifact_type: 'structural',
      swarmui_prompt_fragment: 'a rusted crane',
      always_present: true,
    },
    {
      artifact_name: "Ada's Coat",
      artifact_type: 'prop',
      swarmui_prompt_fragment: 'a long coat',
      always_present: true,
    },
    { name: 'Red Boat', prompt_fragment: 'a red boat', scene_specific: true },
  ],
}

/** Who is looked up by name: Ada has what is given, Ben a description of the scene, Cora nothing. */
function sessionOf(
  beat: Partial<BeatAnalysis>,
  ada: CharacterLocationContext = {},
  entry: CharacterAppearance = {},
): Session {
  const scene = (scene_number: number) => ({
    scene_number,
    time_of_day: 'night',
    location: quay,
    character_appearances: [
      { character_name: 'Ada Marsh', location_context: ada, ...entry },
      {
        character_name: 'Ben Tull',
        location_context: { physical_description: 'tall, bald', clothing_description: 'oilskin.' },
      },
    ],
  })
  const characters = [
    { character_name: 'Ada Marsh', aliases: ['Ada'], base_trigger: 'ADAM_V1', visual_description: 'grey-eyed' },
    { character_name: 'Ben Tull', aliases: ['Ben'], base_trigger: 'BENT man' },
    { character_name: 'Cora Hale', aliases: ['Cora'], base_trigger: 'CORAH' },
  ]
  return {
    // Scenes are found by their number, never by their place.
    episodeContext: JSON.stringify({ episode: { characters, scenes: [scene(9), scene(2)] } }),
    analyzedEpisode: { scenes: [{ sceneNumber: 2, beats: [{ beatId: 's2-b1', ...beat }] }] },
  }
}

function textOf(session: Session, options?: ComposePromptOptions): string {
  const [place] = [...beats(session)]
  return composePrompt(session, place?.beat ?? { beatId: '?' }, options).prompt
}

/** The words of a beat without its place, which is dropped first. */
const bare = (beat: Partial<BeatAnalysis>, ada?: CharacterLocationContext, entry?: CharacterAppearance) =>
  textOf(sessionOf({ characters: [], ...beat }, ada, entry), { budgetTokens: 0 })

const face = (at: number) => `<segment:yolo-face_yolov9c.pt-${at},0.35,0.5>`

describe('composePrompt', () => {
  it('writes everything the analysis and the context say, in its order', () => {
    const session = sessionOf({
      characters: ['Ben'],
      core_action: 'Ben hauls the rope.',
      visual_anchor: 'A wide shot of Ben’s hands.',
      characterPositioning: 'Ben by the crane.',
      cameraAngleSuggestion: 'wide shot, low angle',
      locationAttributes: ['iron rings in a row', 'a red boat is near'],
      emotional_tone: 'Tense, Grim',
      lighting: 'lamplight',
    })
    const [place] = [...beats(session)]
    const prompt = composePrompt(session, place?.beat ?? { beatId: '?' }, { style: 'oil painting <lora:ink:0.5>' })
    expect(prompt).toEqual({
      prompt: `${[
        'wide shot, low angle',
        'BENT man (tall, bald, oilskin)',
        'hauls the rope',
        'hands',
        'by the crane',
        'a red boat is near',
        'a quay of wet granite',
        'iron rings in a row',
        'Lamps burn behind fog',
        'a red boat',
        'a rusted crane',
        'a bronze bell',
        'lamplight',
        'night',
        'cold, hushed',
        'tense, grim mood',
        'oil painting <lora:ink:0.5>',
      ].join(', ')} ${face(0)}`,
      model: 'flux1-dev-fp8',
      width: 1344,
      height: 768,
      steps: 40,
      cfgscale: 1,
      seed: -1,
      sampler: 'euler',
      scheduler: 'beta',
    })
    expect(promptFindings(prompt.prompt)).toEqual([])
  })

  it('drops what is least missed first, and never what must be there', () => {
    const session = sessionOf({
      characters: ['Ben'],
      core_action: 'Ben hauls the rope.',
      visual_anchor: 'Wet hands.',
      characterPositioning: 'Ben by the crane.',
      locationAttributes: ['iron rings'],
      emotional_tone: 'Tense',
    })
    const texts = new Set<string>()
    for (let budget = 100; budget >= 0; budget -= 0.5)
      texts.add(textOf(session, { budgetTokens: budget, style: 'ink' }))
    const pieces = [...texts].map((text) => text.replace(` ${face(0)}`, '').split(', '))
    const dropped = pieces.slice(1).map((left, at) => pieces[at]?.filter((piece) => !left.includes(piece)).join(', '))
    expect(dropped).toEqual([
      'hushed',
      'cold',
      'night',
      'a bronze bell',
      'a rusted crane',
      'Lamps burn behind fog',
      'iron rings in a row',
      'a quay of wet granite',
      'iron rings',
      'tense mood',
      'by the crane',
      'Wet hands',
      'BENT man (tall, bald, oilskin)',
    ])
    expect(pieces.at(-1)).toEqual(['medium shot', 'BENT man', 'hauls the rope', 'ink'])
  })

  it('gives the same prompt each time, for a copy of the beat too', () => {
    const session = sessionOf({ characters: ['Ada', 'Ben'], core_action: 'Ada waves.' })
    const [place] = [...beats(session)]
    expect(textOf(session)).toBe(composePrompt(session, structuredClone(place?.beat ?? { beatId: '?' })).prompt)
    expect(composePrompt(session, { beatId: 'elsewhere', core_action: 'Fog rolls in.' }).prompt).toBe(
      'wide shot, Fog rolls in',
    )
  })

  it.each([
    ['cinematic', 'medium shot, ', 1344],
    ['vertical', 'medium shot, tall vertical composition, ', 768],
    ['marketingVertical', 'medium shot, tall vertical composition, ', 1088],
  ] as const)('frames a %s picture', (format, start, width) => {
    const session = sessionOf({ characters: ['Ben'], core_action: 'Ben waits.' })
    const [place] = [...beats(session)]
    const prompt = composePrompt(session, place?.beat ?? { beatId: '?' }, { format, parameters: { seed: 7 } })
    expect(prompt).toMatchObject({ width, seed: 7 })
    expect(prompt.prompt.startsWith(`${start}BENT man`)).toBe(true)
  })

  it.each([
    [{ cameraAngleSuggestion: 'wide shot, low angle' }, 'wide shot, low angle'],
    [{ cameraAngleSuggestion: 'wide shot, low angle', suggestedShotType: 'close-up' }, 'close-up, low angle'],
    [{ cameraAngleSuggestion: 'Medium Close-Up, fog', suggestedShotType: 'medium close-up' }, 'Medium Close-Up, fog'],
    [{ cameraAngleSuggestion: 'soft light', suggestedShotType: 'close-up' }, 'close-up, soft light'],
    [{ suggestedShotType: 'close-up' }, 'close-up'],
    [{ suggestedCameraAngle: 'top view' }, 'top view'],
    [{ shotSuggestion: 'long shot' }, 'long shot'],
    [{ cameraAngleSuggestion: 'N/A' }, 'wide shot'],
  ])('takes the shot of %j', (beat, shot) => {
    expect(bare({ ...beat, core_action: 'Rain' })).toBe(`${shot}, Rain`)
  })

  it.each([
    [{ core_action: 'Rain', visual_anchor: 'A close-up of a drop' }, 'Rain'],
    [{ visual_anchor: 'A sequence of close-ups: drops' }, 'drops'],
    [{ description: 'Rain' }, 'Rain'],
    [{ beat_title: 'Rain' }, 'Rain'],
    [{ narrativeText: 'It rains.' }, 'it rains'],
    [{ beat_script_text: 'It rains.' }, 'it rains'],
    [{ core_action: 'N/A', scriptText: 'It rains.' }, 'it rains'],
    [{ core_action: 'A sign [EXIT: 5] <3 {x} (left' }, 'a sign \\[EXIT: 5\\] 3 x left'],
  ])('takes what happens from %j', (beat, words) => {
    expect(bare(beat)).toBe(`wide shot, ${words}`)
  })

  it.each([
    ['ada stands left, ben by the door', 'ADAM_V1 stands left, BENT man by the door'],
    ['a ben of the crew', 'a ben of the crew'],
    ['Ada stands, ben not', 'ADAM_V1 stands, ben not'],
  ])('knows names in the lower case of carried-over actions: %s', (carryoverAction, words) => {
    const text = textOf(sessionOf({ characters: [], core_action: 'Rain', carryoverAction }), { budgetTokens: 200 })
    expect(text).toContain(`Rain, ${words}, `)
  })

  it('says no shot twice, nor what somebody says', () => {
    const cameraAngleSuggestion = 'close-up'
    expect(bare({ cameraAngleSuggestion, core_action: 'An extreme close-up on the crane as it turns.' })).toBe(
      'close-up, the crane as it turns',
    )
    expect(bare({ cameraAngleSuggestion, core_action: "A hand lifts as a voice says: 'Wait for the tide.'" })).toBe(
      'close-up, a hand lifts as a voice says',
    )
  })

  it('takes four words for the mood of a place', () => {
    const session = sessionOf({ characters: [], core_action: 'Rain.' })
    const context = JSON.stringify({
      episode: { scenes: [{ scene_number: 2, location: { atmosphere: 'cold; hushed, wet, grey, lonely, old' } }] },
    })
    expect(textOf({ ...session, episodeContext: context })).toBe('wide shot, Rain, cold, hushed, wet, grey')
  })

  it('passes over positions that are not applicable', () => {
    const text = textOf(sessionOf({ characters: [], core_action: 'Rain', characterPositioning: 'N/A (HUD view)' }))
    expect(text).not.toMatch(/N\/A|HUD/)
  })

  it('keeps to one sentence and to what is mentioned, close to a face', () => {
    const close = { cameraAngleSuggestion: 'extreme close-up', characters: ['Ben'], core_action: 'Ben rings the bell.' }
    expect(textOf(sessionOf(close))).toBe(
      `extreme close-up, BENT man (tall, bald, oilskin), rings the bell, a quay of wet granite, a bronze bell, night, cold, hushed ${face(0)}`,
    )
  })

  it('leaves a person’s things to the beats that mention them', () => {
    expect(textOf(sessionOf({ characters: [], core_action: 'Rain' }))).not.toContain('a long coat')
    expect(textOf(sessionOf({ characters: [], core_action: 'Ada’s coat on a hook' }))).toContain('a long coat')
  })
})

describe('the characters of a composed prompt', () => {
  it('are written by the override whole, with its segments at the very end', () => {
    const look = {
      swarmui_prompt_override: 'ADAM_V1 in [red|blue] silk <segment:coat,0.4,0.5>, rain. <segment:coat,0.4,0.5>',
    }
    expect(bare({ characters: ['Ada'], core_action: 'Ada’s lamp goes out.' }, look)).toBe(
      `medium shot, ADAM_V1 in [red|blue] silk, lamp goes out <segment:coat,0.4,0.5>, rain <segment:coat,0.4,0.5> ${face(0)}`,
    )
  })

  it('keep the tags of overrides to the letter, and no bracket that would fail', () => {
    const look = {
      swarmui_prompt_override: 'ADAM_V1  <random: red  |blue> coat <segment:a  b,0.4,0.5//cid=11>x [y: z]',
    }
    expect(bare({ characters: ['Ada'], core_action: 'Rain' }, look)).toBe(
      `medium shot, ADAM_V1 <random: red  |blue> coat, Rain <segment:a  b,0.4,0.5>x \\[y: z\\] ${face(0)}`,
    )
  })

  it('are two from left to right, each with a face of their own', () => {
    const look = { swarmui_prompt_override: `ADAM_V1 in red ${face(0)} <segment:coat,0.4,0.5>` }
    const two = (characterPositioning: string) =>
      textOf(sessionOf({ characters: ['Ada', 'Ben Tull'], core_action: 'Ada nods.', characterPositioning }, look), {
        budgetTokens: 30,
      })
    expect(two('N/A')).toBe(
      `medium shot, on the left ADAM_V1 in red, on the right BENT man (tall, bald, oilskin), ADAM_V1 nods <segment:coat,0.4,0.5> ${face(0)} ${face(1)}`,
    )
    expect(two('Ada on the right, Ben by the door')).toBe(
      `medium shot, BENT man (tall, bald, oilskin), ADAM_V1 in red, ADAM_V1 nods, ADAM_V1 on the right, BENT man by the door <segment:coat,0.4,0.5> ${face(0)} ${face(1)}`,
    )
    expect(two('Ada stands left')).toContain('medium shot, ADAM_V1 in red, BENT man')
  })

  it.each([
    [['Ada', 'ada marsh', 'ADAM_V1'], ['ADAM_V1']],
    [['Nobody', 'Cora'], ['CORAH']],
    [undefined, ['ADAM_V1', 'BENT man']],
    [null, ['ADAM_V1', 'BENT man']],
    [[], []],
  ])('are those of %j', (characters, triggers) => {
    const text = textOf(sessionOf({ characters, core_action: 'Ada meets Ben; Ada nods.' }), { budgetTokens: 0 })
    expect(text.split('<').length - 1).toBe(triggers.length)
    for (const trigger of triggers) expect(text).toContain(trigger)
  })

  it('are StorySwarm’s primary and secondary ones', () => {
    const text = bare({ characters: null, primaryCharacter: 'Cora', secondaryCharacters: ['Ben'], core_action: 'Rain' })
    expect(text).toBe(`medium shot, on the left CORAH, on the right BENT man, Rain ${face(0)} ${face(1)}`)
  })

  it('fall back to the base description', () => {
    expect(textOf(sessionOf({ characters: ['Ada'], core_action: 'Rain' }))).toContain('ADAM_V1 (grey-eyed), Rain')
  })

  it('carry their LORA’s weight when asked', () => {
    const look = { swarmui_prompt_override: 'ADAM_V1 in red', lora_weight_adjustment: 1.2 }
    const session = sessionOf({ characters: ['Ada'], core_action: 'Rain' }, look)
    expect(textOf(session, { weights: true, budgetTokens: 0 })).toContain('medium shot, (ADAM_V1:1.2) in red, Rain')
  })

  it.each([
    ['HELMET_UP', 'ADAM_V1 in red, visor raised, Rain', true],
    ['HELMET_HUD', 'ADAM_V1 in red, visor closed, Rain', false],
    ['HELMET_OFF', 'ADAM_V1 in red, Rain', true],
  ])('wear the helmet of %s', (gear_state, words, seen) => {
    const look = {
      swarmui_prompt_override: 'ADAM_V1 in red',
      helmet_fragment_off: 'in red',
      helmet_fragment_visor_up: 'visor raised',
      helmet_fragment_visor_down: 'visor closed',
    }
    const text = bare({ characters: ['Ada'], core_action: 'Rain' }, look, { gear_state })
    expect(text).toBe(`medium shot, ${words}${seen ? ` ${face(0)}` : ''}`)
  })

  it.each([
    ['ALWAYS', 'from behind', true],
    ['NEVER', 'eye-level', false],
    ['IF_FACE_VISIBLE', 'from behind', false],
    ['IF_FACE_VISIBLE', 'eye-level', true],
    [null, 'rear view', false],
  ])('have a face segment by the rule %s, %s', (face_segment_rule, cameraAngleSuggestion, seen) => {
    const text = bare({ characters: ['Ada'], core_action: 'Rain', cameraAngleSuggestion }, { face_segment_rule })
    expect(text.includes(face(0))).toBe(seen)
  })

  it('go through the phases of the scene', () => {
    const session = sessionOf(
      {},
      {},
      {
        phases: ['default', 'wet'].map((context_phase) => ({
          context_phase,
          clothing_description: `${context_phase} coat`,
        })),
      },
    )
    const list: BeatAnalysis[] = ['b1', 'b2', 'b3'].map((beatId) => ({
      beatId,
      characters: ['Ada'],
      core_action: 'Rain',
    }))
    const phaseTransitions = [{ character: 'ada marsh', toPhase: 'wet' }, { character: null }]
    const scene = { sceneNumber: 2, beats: list.map((beat, at) => (at === 1 ? { ...beat, phaseTransitions } : beat)) }
    const changed = { ...session, analyzedEpisode: { scenes: [scene] } }
    const coats = scene.beats.map((beat) => /(\w+) coat/.exec(composePrompt(changed, beat).prompt)?.[1])
    expect(coats).toEqual(['default', 'wet', 'wet'])
  })
})

describe('whatever the session', () => {
  const sessions: Record<string, Session> = {
    'the sample': sampleSession(),
    'a whole episode': fullEpisode({ beats: 60 }),
    'the guide’s': guideSession(),
    'the first dialect': v1Session(),
    StorySwarm: storySwarmSession(),
  }

  it.each(Object.keys(sessions))('%s gives prompts in which nothing is found and every trigger is known', (name) => {
    const session = sessions[name] ?? {}
    let count = 0
    for (const { beat } of beats(session)) {
      const { prompt } = composePrompt(session, beat)
      expect(promptFindings(prompt)).toEqual([])
      expect(estimateTokens(prompt)).toBeLessThan(450)
      expect(prompt).not.toMatch(/, ,|,,| {2}|undefined|null|N\/A/)
      count++
    }
    expect(count).toBeGreaterThan(0)
  })

  it('finds the place of the injector’s flat context', () => {
    const beat = { beatId: 'b1', core_action: 'Rain' }
    const session: Session = {
      episodeContext: { locations: [{ name: 'Dock', visual_description: 'Black water.' }] },
      analyzedEpisode: { scenes: [{ sceneNumber: 1, location: ' dock', timeOfDay: 'dawn', beats: [beat] }] },
    }
    expect(composePrompt(session, beat).prompt).toBe('wide shot, Rain, Black water, dawn')
  })

  it.each(['', '[Restored context for x]', '{"episode":{"scenes":[null,7],"characters":"x"}}', '[]', 'null'])(
    'composes from the analysis alone with the context %j',
    (episodeContext) => {
      const beat = { beatId: 'b1', characters: ['Ada'], core_action: 'Ada waves.', setting: 'Quay, night' }
      const session = { episodeContext, analyzedEpisode: { scenes: [{ sceneNumber: 1, beats: [beat] }] } }
      expect(composePrompt(session, beat).prompt).toBe('wide shot, Ada waves, Quay, night')
    },
  )

  it('writes nothing that would be found, whatever the words', () => {
    const field = fc.option(promptText)
    const beat = fc.record({
      core_action: field,
      visual_anchor: field,
      cameraAngleSuggestion: field,
      characterPositioning: field,
      carryoverAction: field,
      emotional_tone: field,
      characters: fc.option(fc.subarray(['Ada', 'Ben', 'Cora', 'Nobody'])),
      locationAttributes: fc.option(fc.array(promptText, { maxLength: 2 })),
    })
    fc.assert(
      fc.property(beat, field, field, (beat, clothing_description, helmet_fragment_off) => {
        const text = textOf(sessionOf(beat, { clothing_description, helmet_fragment_off }))
        const codes = promptFindings(text).map(({ code }) => code)
        expect(codes.filter((code) => code !== 'embedding')).toEqual([])
      }),
    )
  })
})
