import { describe, expect, it } from 'vitest'
import sampleFile from '../../docs/examples/sample-session.json' with { type: 'json' }
import { type Session, SessionSchema } from '../../src/schema/index.js'
import {
  type FixtureBeat,
  type FixtureSession,
  fullEpisode,
  guideSession,
  hostileSessions,
  hostileText,
  manualSave,
  sampleSession,
  storySwarmSession,
  v1Session,
} from '../fixtures/index.js'
import { story } from '../fixtures/story.js'
import { sampleText } from '../fixtures/write-sample.mjs'

const beatsOf = (session: FixtureSession): FixtureBeat[] =>
  session.analyzedEpisode.scenes.flatMap((scene) => scene.beats)
const bytes = (value: unknown): number => new TextEncoder().encode(JSON.stringify(value)).length
const promptsOf = (beat: FixtureBeat) => Object.values(beat.prompts ?? {}).map((prompt) => prompt.prompt)
const parseText = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

const beatKeys = [
  'beatId',
  'beat_number',
  'beat_title',
  'beat_type',
  'narrative_function',
  'setting',
  'characters',
  'core_action',
  'beat_script_text',
  'source_paragraph',
  'emotional_tone',
  'visual_anchor',
  'transition_trigger',
  'beat_duration_estimate_sec',
  'visualSignificance',
  'imageDecision',
  'cameraAngleSuggestion',
  'characterPositioning',
  'locationAttributes',
  'carryoverAction',
  'carryoverSourceBeatId',
  'varietyApplied',
  'suggestedShotType',
  'prompts',
]
const sessionKeys = [
  'scriptText',
  'episodeContext',
  'storyUuid',
  'analyzedEpisode',
  'promptMode',
  'retrievalMode',
  'selectedLLM',
  'timestamp',
]

function expectSoundBeats(session: FixtureSession): void {
  const earlier = new Map<string, FixtureBeat>()
  for (const scene of session.analyzedEpisode.scenes) {
    scene.beats.forEach((beat, index) => {
      expect(beat.beatId).toBe(`s${scene.sceneNumber}-b${index + 1}`)
      expect(beat.beat_number).toBe(index + 1)
      expect(Object.keys(beat)).toEqual(beatKeys.filter((key) => key in beat))
      expect(beat.source_paragraph === '' || session.scriptText.includes(beat.source_paragraph)).toBe(true)
      expect(Object.values(beat)).not.toContain(undefined)
      const { reuseSourceBeatId, reuseSourceBeatLabel, type } = beat.imageDecision
      expect(type === 'REUSE_IMAGE').toBe(reuseSourceBeatId !== undefined)
      if (reuseSourceBeatId !== undefined) {
        expect(earlier.get(reuseSourceBeatId)?.prompts?.cinematic?.prompt).toBeTypeOf('string')
        expect(reuseSourceBeatLabel).toBe(`Scene ${scene.sceneNumber}, Beat ${reuseSourceBeatId}`)
        expect(beat.prompts).toBeUndefined()
      }
      if (beat.carryoverSourceBeatId !== undefined) expect(earlier.has(beat.carryoverSourceBeatId)).toBe(true)
      expect(beat.carryoverSourceBeatId === undefined).toBe(beat.carryoverAction === undefined)
      for (const text of promptsOf(beat))
        expect(text).toMatch(/^[^{}\n<]+( <segment:yolo-face_yolov9c\.pt-[01],0\.35,0\.5>){0,2}$/)
      earlier.set(beat.beatId, beat)
    })
  }
}

describe('docs/examples/sample-session.json', () => {
  it('is what node test/fixtures/write-sample.mjs writes, and what sampleSession makes', () => {
    expect(`${JSON.stringify(sampleFile, null, 2)}\n`).toBe(sampleText())
    expect(JSON.stringify(sampleSession())).toBe(JSON.stringify(sampleFile))
  })

  it('has the shape, key order and size of a stored session', () => {
    const sample = sampleSession()
    expect(Object.keys(sample)).toEqual(sessionKeys)
    expect(sample.storyUuid).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
    expect(sample.analyzedEpisode.scenes.map((scene) => scene.beats.length)).toEqual([10, 10, 10, 10])
    expect(sample.scriptText.match(/^===SCENE \d: .+===$/gm)).toHaveLength(4)
    expect(bytes(sample)).toBeGreaterThan(150_000)
    expect(bytes(sample)).toBeLessThan(250_000)
    expectSoundBeats(sample)
  })

  it('holds each case a reader must cope with', () => {
    const beats = beatsOf(sampleSession())
    const withType = (type: string) =>
      beats.filter((beat) => beat.imageDecision.type === type).map((beat) => beat.beatId)
    expect(withType('REUSE_IMAGE')).toEqual(['s1-b7', 's3-b10', 's4-b8'])
    expect(withType('NO_IMAGE')).toEqual(['s2-b8'])
    expect(
      beats.filter((beat) => beat.imageDecision.type === 'NEW_IMAGE' && !beat.prompts).map((beat) => beat.beatId),
    ).toEqual(['s3-b6'])
    expect(beats.filter((beat) => beat.prompts?.cinematic)).toHaveLength(35)
    expect(beats.filter((beat) => beat.prompts?.vertical)).toHaveLength(10)
    expect(beats.filter((beat) => beat.prompts?.marketingVertical).map((beat) => beat.beatId)).toEqual(['s1-b9'])
    expect(beats.filter((beat) => beat.characterPositioning?.startsWith('N/A'))).toHaveLength(5)
    expect(beats.filter((beat) => beat.varietyApplied)).toHaveLength(4)
    const texts = beats.flatMap(promptsOf).join('\n')
    for (const left of [
      "Wilhelmina 'Billie' Sandoval",
      "Brendan's",
      'Brendan O’Rourke',
      "the other O'Rourke",
      'faint echo',
      '"ECHO"',
      '"7B"',
    ]) {
      expect(texts).toContain(left)
    }
  })

  it('has a context whose weights, triggers and locations vary as in stored ones', () => {
    const { episode } = JSON.parse(sampleSession().episodeContext)
    expect(Object.keys(episode)).toEqual([
      'episode_number',
      'episode_title',
      'episode_summary',
      'story_context',
      'narrative_tone',
      'core_themes',
      'image_config',
      'characters',
      'scenes',
    ])
    expect(new Set(episode.characters.map((character: { base_trigger: string }) => character.base_trigger)).size).toBe(
      10,
    )
    const contexts = episode.characters.flatMap(
      (character: { location_contexts: object[] }) => character.location_contexts,
    )
    expect(new Set(contexts.map((entry: { lora_weight_adjustment: number }) => entry.lora_weight_adjustment))).toEqual(
      new Set([0.85, 1, 1.2, 1.3]),
    )
    for (const scene of episode.scenes) {
      expect(Array.isArray(JSON.parse(scene.location.key_features))).toBe(true)
      for (const entry of scene.character_appearances) expect(entry).not.toHaveProperty('base_trigger')
    }
  })
})

describe('fullEpisode', () => {
  it('has the counts and the size of a production episode, whatever the seed', () => {
    for (let seed = 0; seed < 12; seed++) {
      const session = fullEpisode({ seed })
      const beats = beatsOf(session)
      expect(session.analyzedEpisode.scenes.map((scene) => scene.beats.length)).toEqual([62, 68, 59, 60])
      expect(beats.filter((beat) => beat.imageDecision.type === 'NEW_IMAGE' && beat.prompts?.cinematic)).toHaveLength(
        240,
      )
      expect(beats.filter((beat) => beat.imageDecision.type === 'REUSE_IMAGE')).toHaveLength(9)
      expect(bytes(session)).toBeGreaterThan(830_000)
      expect(bytes(session)).toBeLessThan(870_000)
    }
  })

  it('is sound, and starts each scene with the hand-written beats', () => {
    const session = fullEpisode()
    expectSoundBeats(session)
    expect(Object.keys(session)).toEqual(sessionKeys)
    expect(session.analyzedEpisode.scenes.map((scene) => scene.beats[0]?.beat_title)).toEqual([
      'The Ice Stops Talking',
      'The Biscuit Tin',
      'Descent Through Green',
      'Out of the Water',
    ])
    expect(JSON.parse(session.episodeContext).episode.characters).toHaveLength(story.characters.length)
  })

  it('is the same for the same seed and another for another', () => {
    expect(fullEpisode({ seed: 7 })).toEqual(fullEpisode({ seed: 7 }))
    expect(fullEpisode({ seed: 7 })).not.toEqual(fullEpisode({ seed: 8 }))
  })

  it('makes any number of beats with unique ids', () => {
    for (const beats of [4, 11, 40, 1000, 4228]) {
      const session = fullEpisode({ beats })
      const ids = beatsOf(session).map((beat) => beat.beatId)
      expect(ids).toHaveLength(beats)
      expect(new Set(ids).size).toBe(beats)
    }
  })

  it('hands out a document of its own each time', () => {
    const first = fullEpisode()
    for (const beat of beatsOf(first)) beat.characters.push('Nobody')
    expect(beatsOf(fullEpisode()).some((beat) => beat.characters.includes('Nobody'))).toBe(false)
  })
})

describe('sessions of the other dialects', () => {
  it('guideSession has the fields of the guide and no others', () => {
    const session = guideSession()
    expect(Object.keys(session)).toEqual(['scriptText', 'episodeContext', 'storyUuid', 'analyzedEpisode'])
    const [scene] = JSON.parse(session.episodeContext).episode.scenes
    expect(Object.keys(scene)).toEqual(['scene_number', 'scene_title', 'scene_summary', 'location', 'characters'])
    for (const beat of session.analyzedEpisode.scenes.flatMap((entry) => entry.beats)) {
      expect(Object.keys(beat.prompts)).toEqual(['cinematic', 'vertical'])
    }
  })

  it('manualSave has an empty analysis and the template context', () => {
    const session = manualSave()
    expect(session.analyzedEpisode).toEqual({ episodeNumber: 1, title: '', scenes: [] })
    expect(JSON.parse(session.episodeContext).episode.characters).toEqual([])
    expect(session).not.toHaveProperty('timestamp')
  })

  it('v1Session names people only in the scenes', () => {
    const { episode } = JSON.parse(v1Session().episodeContext)
    expect(episode).not.toHaveProperty('characters')
    expect(episode.scenes[0].characters[0]).toMatchObject({
      name: "Marisol 'Sol' Achterberg",
      base_trigger: 'MRSACH woman',
    })
  })

  it('storySwarmSession holds no prompts, texts or pairs', () => {
    const first = (options?: Parameters<typeof storySwarmSession>[0]) =>
      storySwarmSession(options).analyzedEpisode.scenes[0]?.beats[0]
    expect(first()).toMatchObject({ beatId: 'ep6_sc1_bt1', prompts: {} })
    expect(first({ prompts: 'strings' })).toMatchObject({
      prompts: { cinematic: expect.stringContaining('OTLBRK woman') },
    })
    expect(first({ prompts: 'pairs' })).toMatchObject({ prompt: { negative: 'blurry' }, imageDecision: 'NEW_IMAGE' })
  })

  it('all pass the schema and the types as they are', () => {
    const sessions: Session[] = [
      fullEpisode(),
      sampleSession(),
      guideSession(),
      manualSave(),
      v1Session(),
      storySwarmSession(),
      storySwarmSession({ prompts: 'strings' }),
      storySwarmSession({ prompts: 'pairs' }),
    ]
    for (const session of sessions) expect(SessionSchema.safeParse(session)).toMatchObject({ success: true })
  })
})

describe('hostileSessions', () => {
  it('have unique names and either a text or a value', () => {
    const sessions = hostileSessions()
    expect(new Set(sessions.map((session) => session.name)).size).toBe(sessions.length)
    for (const session of sessions) expect('text' in session).not.toBe('value' in session)
  })

  it.each(hostileSessions().map((session) => [session.name, session] as const))(
    '%s: the schema agrees',
    (_name, session) => {
      const value = parseText(hostileText(session))
      const result = SessionSchema.safeParse(value)
      expect(result.success).toBe(session.expect === 'kept')
      if (result.success) expect(result.data).toBe(value)
    },
  )
})
