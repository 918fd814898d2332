import { describe, expect, it } from 'vitest'
import type { z } from 'zod'
import * as schemas from '../../../src/schema/index.js'

/** What every field of a kind takes and refuses; `undefined` stands for a missing field. */
const KINDS = {
  text: { good: ['', 'x', null, undefined], bad: [1, true, [], {}] },
  id: { good: ['s1-b1', ' '], bad: ['', null, undefined, 1, {}] },
  prompt: { good: ['', 'x'], bad: [null, undefined, 1, {}] },
  number: { good: [0, -1, 1.5, null, undefined], bad: ['1', true, Number.NaN, Number.POSITIVE_INFINITY, [], {}] },
  flag: { good: [true, false, null, undefined], bad: [0, 'true', {}] },
  texts: { good: [[], ['x'], null, undefined], bad: ['x', {}, [1], [null]] },
  textOrNumber: { good: ['x', 1, null, undefined], bad: [true, [], {}] },
  textOrTexts: { good: ['["x"]', '', ['x'], [], null, undefined], bad: [1, {}, [1]] },
  anything: { good: ['x', 1, true, null, undefined, [], {}], bad: [] },
  stored: { good: [{ prompt: 'x' }, 'x', '', null, undefined], bad: [1, [], {}, { prompt: 1 }] },
  object: { good: [{}, { extra: 1 }, null, undefined], bad: ['x', 1, []] },
  objectOrText: { good: [{}, 'x', null, undefined], bad: [1, true, []] },
  objects: { good: [[], [{}], null, undefined], bad: ['x', {}, ['x'], [null]] },
  objectsOrTexts: { good: [[], [{}, 'x'], null, undefined], bad: ['x', {}, [1], [null]] },
  beats: { good: [[], [{ beatId: 'x' }], null, undefined], bad: ['x', {}, [{}], [null]] },
} satisfies Record<string, { good: unknown[]; bad: unknown[] }>

type Table = { [Kind in keyof typeof KINDS]?: string }

const SHAPES: Record<string, Table> = {
  SwarmUIPromptSchema: {
    prompt: 'prompt',
    text: 'model sampler scheduler loras negativeprompt',
    number: 'width height steps cfgscale seed',
    textOrNumber: 'loraweights',
  },
  BeatPromptsSchema: { stored: 'cinematic vertical marketingVertical' },
  LegacyBeatPromptsSchema: { id: 'beatId', stored: 'cinematic vertical marketingVertical' },
  ImageDecisionSchema: { text: 'type reason reuseSourceBeatId reuseSourceBeatLabel' },
  PhaseTransitionSchema: { text: 'character toPhase' },
  PromptPairSchema: { text: 'positive negative' },
  BeatAnalysisSchema: {
    id: 'beatId',
    text:
      'beat_title beat_type narrative_function setting core_action beat_script_text source_paragraph emotional_tone ' +
      'visual_anchor transition_trigger visualSignificance cameraAngleSuggestion characterPositioning carryoverAction ' +
      'carryoverExpression carryoverSourceBeatId suggestedShotType resolvedLocationId hookNarrative narrativeText ' +
      'scriptText description primaryCharacter emotionalTone suggestedCameraAngle shotSuggestion lighting locationId',
    number: 'beat_number beat_duration_estimate_sec beatNumber',
    flag: 'varietyApplied',
    texts: 'characters locationAttributes secondaryCharacters visualElements',
    objectOrText: 'imageDecision prompt',
    objects: 'phaseTransitions',
    object: 'prompts',
    anything: 'generationMetadata',
  },
  SceneMetadataSchema: { textOrNumber: 'targetDuration', text: 'sceneRole timing', flag: 'adBreak' },
  AnalyzedSceneSchema: {
    number: 'sceneNumber totalBeats',
    text: 'title location timeOfDay',
    object: 'metadata',
    beats: 'beats',
  },
  AnalyzedEpisodeSchema: { number: 'episodeNumber totalScenes', text: 'title episodeTitle', objects: 'scenes' },
  ArtifactContextSchema: {
    text: 'artifact_name artifact_type description swarmui_prompt_fragment name type prompt_fragment',
    flag: 'always_present scene_specific',
  },
  LocationContextSchema: {
    textOrNumber: 'id',
    text:
      'name description visual_description atmosphere atmosphere_category geographical_location time_period ' +
      'cultural_context visual_reference_url significance_level tactical_override_location',
    textOrTexts: 'key_features',
    objects: 'artifacts',
  },
  CharacterLocationContextSchema: {
    text:
      'location_name physical_description clothing_description hair_description demeanor_description temporal_context ' +
      'swarmui_prompt_override helmet_fragment_off helmet_fragment_visor_up helmet_fragment_visor_down ' +
      'face_segment_rule context_phase phase_trigger_text',
    number: 'lora_weight_adjustment age_at_context',
  },
  CharacterContextSchema: {
    text: 'character_name base_trigger visual_description name lora_model',
    texts: 'aliases',
    objects: 'location_contexts',
    object: 'location_context',
    textOrNumber: 'age',
    number: 'lora_weight',
  },
  CharacterAppearanceSchema: {
    text: 'character_name name base_trigger visual_description gear_context suit_alert_level gear_state',
    texts: 'aliases',
    object: 'location_context',
    objects: 'location_contexts phases',
    flag: 'tactical_override_applied assembled_from_fragments',
  },
  ImageSizeSchema: { number: 'width height' },
  ImagePresetsSchema: { object: 'cinematic vertical' },
  ImageConfigSchema: {
    text: 'model sampler scheduler loras',
    number: 'steps cfgscale',
    textOrNumber: 'lora_weights',
    object: 'presets',
  },
  SceneContextSchema: {
    number: 'scene_number',
    text: 'scene_title scene_summary roadmap_location time_of_day gear_context pacing arc_phase scene_role scene_timing',
    object: 'location',
    objects: 'character_appearances characters',
    objectsOrTexts: 'characters_present',
    textOrNumber: 'intensity target_duration_minutes',
    flag: 'is_ad_break_scene',
    anything: 'ad_break_moment intensity_arc emotional_intensity conflict_level',
  },
  EpisodeSchema: {
    number: 'episode_number',
    text: 'episode_title episode_summary story_context narrative_tone core_themes',
    object: 'image_config',
    objects: 'characters scenes',
  },
  EnhancedEpisodeContextSchema: {
    object: 'episode',
    number: 'episodeNumber',
    text: 'episodeTitle storyTitle',
    objects: 'characters locations',
  },
  SwarmUIExportDataSchema: {
    text: 'scriptText storyUuid promptMode retrievalMode selectedLLM sessionKey storyName prompt model narrative',
    objectOrText: 'episodeContext',
    object: 'analyzedEpisode',
    textOrNumber: 'timestamp storyId',
    beats: 'prompts',
    number: 'width height steps cfgscale seed',
  },
}

const REQUIRED: Record<string, object> = {
  SwarmUIPromptSchema: { prompt: 'x' },
  LegacyBeatPromptsSchema: { beatId: 'x' },
  BeatAnalysisSchema: { beatId: 'x' },
}

const byName = new Map<string, unknown>(Object.entries(schemas))

function schemaOf(name: string): z.ZodObject {
  return byName.get(name) as z.ZodObject
}

describe.each(Object.entries(SHAPES))('%s', (name, table) => {
  const schema = schemaOf(name)
  const base = REQUIRED[name] ?? {}
  const kinds = Object.entries(table) as [keyof typeof KINDS, string][]
  const rows = kinds.flatMap(([kind, fields]) => fields.split(' ').map((field) => ({ field, kind })))

  it('is covered field by field', () => {
    expect(rows.map(({ field }) => field).sort()).toEqual(Object.keys(schema.shape).sort())
  })

  it.each(rows)('$field is $kind', ({ field, kind }) => {
    for (const value of KINDS[kind].good) {
      const given = { ...base, [field]: value }
      expect.soft(schema.safeParse(given).success, `${field}: ${JSON.stringify(value)}`).toBe(true)
    }
    for (const value of KINDS[kind].bad) {
      const result = schema.safeParse({ ...base, [field]: value })
      expect.soft(result.success, `${field}: ${JSON.stringify(value)}`).toBe(false)
      expect.soft(result.error?.issues[0]?.path[0]).toBe(field)
    }
    const { [field]: _, ...without } = { ...base, [field]: 1 }
    const optional: readonly unknown[] = KINDS[kind].good
    expect(schema.safeParse(without).success).toBe(optional.includes(undefined))
  })

  it('keeps what it does not know, and the order of the keys', () => {
    const given = JSON.parse(
      `{"zeta":[{"deep":null}],"__proto__":{"x":1},"constructor":2,${JSON.stringify(base).slice(1)}`.replace(',}', '}'),
    )
    const text = JSON.stringify(given)
    const parsed = schema.parse(given)
    expect(parsed).toBe(given)
    expect(JSON.stringify(parsed)).toBe(text)
    expect(({} as { x?: number }).x).toBeUndefined()
  })

  it.each([
    ['null', null],
    ['an array', []],
    ['a text', '{}'],
    ['a number', 1],
    ['nothing', undefined],
  ])('is not %s', (_, value) => {
    expect(schema.safeParse(value).success).toBe(false)
  })
})

describe('the list of names', () => {
  it('has every tree the design names, each an object schema that compiles', () => {
    const named =
      'SwarmUIExportData Session AnalyzedEpisode AnalyzedScene SceneMetadata BeatAnalysis ImageDecision BeatPrompts SwarmUIPrompt ' +
      'EnhancedEpisodeContext Episode CharacterContext CharacterLocationContext SceneContext LocationContext ArtifactContext ' +
      'CharacterAppearance ImageConfig StoryUuid SessionTimestamp'
    for (const name of named.split(' ')) expect(byName.has(`${name}Schema`), name).toBe(true)
    expect(schemas.SessionSchema).toBe(schemas.SwarmUIExportDataSchema)
  })

  it('holds every object schema in the table above', () => {
    const objects = [...byName.keys()].filter(
      (name) => /Schema$/.test(name) && !/^(Complete|Guide|Session|Story|Stored)/.test(name),
    )
    expect(Object.keys(SHAPES).sort()).toEqual(objects.sort())
  })
})
