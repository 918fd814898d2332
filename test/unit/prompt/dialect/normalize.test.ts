import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { normalizeSession } from '../../../../src/prompt/dialect/normalize.js'
import { imageQueue } from '../../../../src/prompt/queue/queue.js'
import { substituteTriggers } from '../../../../src/prompt/triggers/triggers.js'
import { SessionSchema } from '../../../../src/schema/index.js'
import {
  fullEpisode,
  hostileSessions,
  hostileText,
  sampleSession,
  storySwarmSession,
  v1Session,
} from '../../../fixtures/index.js'
import { frozen } from '../mixed-session.js'

const withBeats = (...beats: object[]) => ({ analyzedEpisode: { scenes: [{ sceneNumber: 1, beats }] } })
const beatsOf = (value: unknown) => SessionSchema.parse(value).analyzedEpisode?.scenes?.[0]?.beats ?? []
const normal = (value: unknown) => {
  const { session, changes } = normalizeSession(frozen(value))
  return { session, changes: changes.map(({ path, message }) => `${path}: ${message}`) }
}

describe('normalizeSession', () => {
  it.each([
    ['a full episode', fullEpisode()],
    ['the sample', sampleSession()],
  ])('gives %s back as the same object', (_, session) => {
    const result = normalizeSession(session)
    expect(result.session).toBe(session)
    expect(result.changes).toEqual([])
  })

  it.each([null, undefined, 5, 'text', [1]])('gives back what is no object: %j', (value) => {
    expect(normalizeSession(value)).toEqual({ session: value, changes: [] })
  })

  it('takes the session out of the answer of a server', () => {
    const data = { scriptText: 'x', timestamp: 5 }
    expect(normal({ success: true, data, storage: 'redis' })).toEqual({
      session: data,
      changes: ['data: taken out of the answer of a server'],
    })
    const session = { scriptText: 'x', success: true, data }
    expect(normal(session).session).toBe(session)
  })

  it.each([
    [{ timestamp: ' 1704067200000 ' }, 1704067200000],
    [{ timestamp: null, sessionKey: 'storyart:session:1704067200000' }, 1704067200000],
    [{ sessionKey: 'session:5' }, 5],
    [{ timestamp: 'yesterday' }, 'yesterday'],
    [{ timestamp: '99999999999999999999' }, '99999999999999999999'],
    [{ timestamp: 7, sessionKey: 'session:5' }, 7],
  ])('reads the timestamp of %j', (session, timestamp) => {
    expect(normalizeSession(session as unknown).session).toMatchObject({ timestamp })
  })

  it('turns the beats of the injector into ours, in the place of each key', () => {
    const session = storySwarmSession({ prompts: 'strings' })
    const { session: done, changes } = normal(session)
    const [beat] = beatsOf(done)
    expect(Object.keys(beat ?? {})).toEqual([
      'beatId',
      'beat_number',
      'beat_script_text',
      'description',
      'emotional_tone',
      'cameraAngleSuggestion',
      'lighting',
      'locationAttributes',
      'prompts',
      'characters',
    ])
    expect(beat?.characters).toEqual(['Ottilie Brask', 'Mr. Pim'])
    expect(beat?.prompts?.vertical).toEqual({ prompt: expect.stringMatching(/, tall frame$/) })
    expect(beat).not.toHaveProperty('imageDecision')
    expect(done).toMatchObject({
      analyzedEpisode: { title: 'The Night Tram', totalScenes: 1 },
      promptMode: 'storyswarm',
    })
    const at = 'analyzedEpisode.scenes[0].beats[0]'
    expect(changes.filter((change) => change.startsWith(at))).toEqual([
      `${at}.beatNumber: renamed to beat_number`,
      `${at}.narrativeText: renamed to beat_script_text`,
      `${at}.emotionalTone: renamed to emotional_tone`,
      `${at}.suggestedCameraAngle: renamed to cameraAngleSuggestion`,
      `${at}.visualElements: renamed to locationAttributes`,
      `${at}.characters: put together from primaryCharacter and secondaryCharacters`,
      `${at}.prompts.cinematic: the text became an object`,
      `${at}.prompts.vertical: the text became an object`,
    ])
  })

  it('puts a flat context under episode', () => {
    const { session, changes } = normal(storySwarmSession())
    const context = JSON.parse(SessionSchema.parse(session).episodeContext as string)
    expect(context.episode).toMatchObject({
      episode_number: 6,
      episode_title: 'The Night Tram',
      storyTitle: 'Terminus',
    })
    expect(context.episode.characters[0]).toMatchObject({ character_name: 'Ottilie Brask', lora_weight: 0.9 })
    expect(changes[0]).toBe('episodeContext: put under episode')
  })

  it('reads the context of the first API', () => {
    const { session, changes } = normal(v1Session())
    const { episode } = JSON.parse(SessionSchema.parse(session).episodeContext as string)
    const [scene] = episode.scenes
    expect(scene).not.toHaveProperty('characters')
    expect(scene.character_appearances[0]).toMatchObject({
      character_name: "Marisol 'Sol' Achterberg",
      base_trigger: 'MRSACH woman',
    })
    expect(scene.location.artifacts[0]).toEqual({
      artifact_name: 'The Dial',
      artifact_type: 'prop',
      swarmui_prompt_fragment: 'a bronze sundial half free of salt crust',
    })
    expect(episode.characters.map((one: object) => Object.entries(one)[0]?.join())).toEqual([
      "character_name,Marisol 'Sol' Achterberg",
      'character_name,Foreman Quill',
    ])
    expect(changes).toContain('episodeContext.episode.characters: listed the characters of the scenes')
    expect(substituteTriggers('Sol waits', { episode }).text).toBe('MRSACH woman waits')
  })

  it('writes the context as one text, as it was indented', () => {
    const context = { episode: { characters: [{ character_name: 'Ada' }] } }
    const text = JSON.stringify(context)
    expect(normal({ episodeContext: context })).toEqual({
      session: { episodeContext: text },
      changes: ['episodeContext: the object became a JSON text'],
    })
    expect(normal({ episodeContext: JSON.stringify(text) }).session).toEqual({ episodeContext: text })
    const pretty = JSON.stringify({ episode: { characters: [{ name: 'Ada' }] } }, null, 2)
    expect(normal({ episodeContext: pretty }).session).toEqual({ episodeContext: JSON.stringify(context, null, 2) })
    for (const episodeContext of ['', '[Restored context]', '{"episode": oops}', '5', null]) {
      const session = { episodeContext }
      expect(normal(session).session).toBe(session)
    }
  })

  it('makes objects of decisions and prompts, and guesses none', () => {
    const { session } = normal(
      withBeats(
        { beatId: 'a', imageDecision: ' new_image', prompts: { cinematic: 'fog', vertical: null, square: 'kept' } },
        { beatId: 'b', imageDecision: 'later', prompt: { positive: 'sun', negative: 'rain', model: 'x' } },
        { beatId: 'c', prompt: 'moon', prompts: { cinematic: { prompt: 'taken' } } },
        { beatId: 'd', prompt: { positive: '' }, imageDecision: '' },
      ),
    )
    expect(beatsOf(session)).toEqual([
      {
        beatId: 'a',
        imageDecision: { type: 'NEW_IMAGE' },
        prompts: { cinematic: { prompt: 'fog' }, vertical: null, square: 'kept' },
      },
      {
        beatId: 'b',
        imageDecision: { type: 'later' },
        prompts: { cinematic: { prompt: 'sun', negativeprompt: 'rain', model: 'x' } },
      },
      { beatId: 'c', prompt: 'moon', prompts: { cinematic: { prompt: 'taken' } } },
      { beatId: 'd', prompt: { positive: '' }, imageDecision: '' },
    ])
  })

  it('keeps a second value where the place is taken', () => {
    const beat = { beatId: 'a', narrativeText: 'one', scriptText: 'two', emotionalTone: 'calm', emotional_tone: 'calm' }
    const { session, changes } = normal(withBeats(beat))
    expect(beatsOf(session)).toEqual([
      { beatId: 'a', beat_script_text: 'one', scriptText: 'two', emotional_tone: 'calm' },
    ])
    expect(changes).toContain('analyzedEpisode.scenes[0].beats[0].emotionalTone: removed: emotional_tone says the same')
  })

  it('moves the list of prompts into the beats, and leaves what does not fit', () => {
    const session = {
      ...withBeats(
        { beatId: 'a' },
        { beatId: 'b', prompts: { cinematic: { prompt: 'own' } } },
        { beatId: 'a' },
        { beatId: 'c' },
      ),
      prompts: [
        { beatId: 'a ', cinematic: 'one', vertical: { prompt: 'tall' } },
        { beatId: 'b', cinematic: 'other' },
        { beatId: 'a', cinematic: null },
        { beatId: 'gone', cinematic: 'lost' },
        { beatId: 'c', cinematic: 'x', note: 'unknown field' },
      ],
    }
    const { session: done, changes } = normal(session)
    expect(beatsOf(done)).toEqual([
      { beatId: 'a', prompts: { vertical: { prompt: 'tall' }, cinematic: { prompt: 'one' } } },
      { beatId: 'b', prompts: { cinematic: { prompt: 'own' } } },
      { beatId: 'a' },
      { beatId: 'c' },
    ])
    expect(done).toMatchObject({ prompts: [session.prompts[1], session.prompts[3], session.prompts[4]] })
    expect(changes).toEqual(['prompts[0]: moved into the beat', 'prompts[2]: moved into the beat'])
    expect(imageQueue(SessionSchema.parse(done)).map(({ key }) => key)).toEqual(
      imageQueue(SessionSchema.parse(session)).map(({ key }) => key),
    )
    expect(
      normal({ ...withBeats({ beatId: 'a' }), prompts: [{ beatId: 'a', cinematic: 'x' }] }).session,
    ).not.toHaveProperty('prompts')
  })

  it('moves all entries of an id or none, for the next would become the first', () => {
    const session = {
      ...withBeats({ beatId: 'a' }, { beatId: 'a' }),
      prompts: [
        { beatId: 'a', cinematic: 'one' },
        { beatId: 'a', cinematic: 'two', note: 'unknown field' },
      ],
    }
    expect(normal(session).session).toBe(session)
  })

  it('labels reused pictures, and does not fail on a beat without decision', () => {
    const reuse = (reuseSourceBeatId: string, reuseSourceBeatLabel?: string) => ({
      type: 'REUSE_IMAGE',
      reuseSourceBeatId,
      ...(reuseSourceBeatLabel && { reuseSourceBeatLabel }),
    })
    const { session, changes } = normal(
      withBeats(
        { beatId: 'a' },
        { beatId: 'b', imageDecision: reuse(' a ') },
        { beatId: 'c', imageDecision: reuse('gone', 'Unknown Source (ID: gone)') },
        { beatId: 'd', imageDecision: { type: 'NEW_IMAGE', reuseSourceBeatId: 'a' } },
      ),
    )
    expect(beatsOf(session).map(({ imageDecision }) => imageDecision)).toEqual([
      undefined,
      reuse('a', 'Scene 1, Beat a'),
      reuse('gone', 'Unknown Source (ID: gone)'),
      { type: 'NEW_IMAGE', reuseSourceBeatId: 'a' },
    ])
    expect(changes.length).toBe(2)
  })

  it('changes nothing the second time, whatever it is given', () => {
    const text = fc.constantFrom('', ' ', 'x', 'y', '[Beat a: Generation failed]')
    const stored = fc.oneof(text, fc.constant(null), fc.record({ prompt: text }), fc.record({ positive: text }))
    const prompts = fc.record({ cinematic: stored, vertical: stored, square: stored }, { requiredKeys: [] })
    const beat = fc.record(
      {
        beatId: fc.constantFrom('a', 'b', ' a', ''),
        narrativeText: text,
        scriptText: text,
        beat_script_text: text,
        primaryCharacter: fc.option(text),
        secondaryCharacters: fc.option(fc.array(text)),
        characters: fc.option(fc.array(text)),
        imageDecision: fc.oneof(
          text,
          fc.constant('reuse image'),
          fc.record({ type: fc.constant('REUSE_IMAGE'), reuseSourceBeatId: fc.constantFrom('a', ' b') }),
        ),
        prompt: stored,
        prompts: fc.option(prompts),
      },
      { requiredKeys: ['beatId'] },
    )
    const person = fc.record({ name: text, character_name: text, base_trigger: text }, { requiredKeys: [] })
    const scene = fc.record(
      {
        characters: fc.array(person),
        character_appearances: fc.array(person),
        location: fc.record({
          artifacts: fc.array(fc.record({ name: text, artifact_name: text }, { requiredKeys: [] })),
        }),
      },
      { requiredKeys: [] },
    )
    const episode = fc.record(
      { episodeNumber: fc.nat(), characters: fc.array(person), scenes: fc.array(scene) },
      { requiredKeys: [] },
    )
    const context = fc.oneof(episode, fc.record({ episode }))
    const session = fc.record(
      {
        success: fc.boolean(),
        timestamp: fc.constantFrom('5', 5, null, 'x'),
        sessionKey: fc.constantFrom('session:5', 'x'),
        episodeContext: fc.oneof(
          context,
          context.map((value) => JSON.stringify(value)),
          context.map((value) => JSON.stringify(JSON.stringify(value, null, 1))),
        ),
        analyzedEpisode: fc.record({
          scenes: fc.array(fc.record({ sceneNumber: fc.constantFrom(1, '2'), beats: fc.array(beat) }), {
            maxLength: 2,
          }),
        }),
        prompts: fc.array(
          fc.record(
            { beatId: fc.constantFrom('a', 'b', 'c'), cinematic: stored, vertical: stored },
            { requiredKeys: ['beatId'] },
          ),
        ),
      },
      { requiredKeys: [] },
    )
    fc.assert(
      fc.property(
        fc.oneof(session, fc.record({ success: fc.constant(true), data: session }), fc.jsonValue()),
        (value) => {
          const once = normalizeSession(frozen(value))
          if (!once.changes.length) expect(once.session).toBe(value)
          const twice = normalizeSession(once.session)
          expect(twice.changes).toEqual([])
          expect(twice.session).toBe(once.session)
        },
      ),
      { numRuns: 300 },
    )
  })

  it('never throws, however odd or deep', { timeout: 30_000 }, () => {
    for (const hostile of hostileSessions()) {
      if (hostile.expect !== 'kept' || hostile.name.includes('10,000 characters')) continue
      expect(normalizeSession(JSON.parse(hostileText(hostile))).session).toBeTypeOf('object')
    }
  })
})
