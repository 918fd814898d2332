import { describe, expect, it } from 'vitest'
import { incompleteness, isComplete, isCompleteContext } from '../../../src/schema/is-complete.js'
import { fullEpisode, guideSession, manualSave, sampleSession, v1Session } from '../../fixtures/index.js'

const parsed = (session: { episodeContext: string }): Record<string, unknown> => JSON.parse(session.episodeContext)

/** A complete session in which one beat is another one. */
function withBeat(change: object): unknown {
  const session = sampleSession()
  const [scene] = session.analyzedEpisode.scenes
  if (scene?.beats[0]) Object.assign(scene.beats[0], change)
  return session
}

const first = 'analyzedEpisode.scenes[0].beats[0]'

describe('isComplete', () => {
  it("accepts what StoryArt saves, with or without prompts, and not what lacks the guide's vertical", () => {
    expect(isComplete(sampleSession())).toBe(true)
    expect(isComplete(fullEpisode({ beats: 8 }))).toBe(true)
    expect(isComplete(withBeat({ prompts: undefined }))).toBe(true)
    expect(isComplete(sampleSession(), 'guide')).toBe(false)
  })

  it('accepts what the guide describes, which has no image decisions', () => {
    expect(isComplete(guideSession(), 'guide')).toBe(true)
    expect(isComplete(guideSession())).toBe(false)
    expect(incompleteness(guideSession(), 'storyart')[0]).toEqual({
      path: `${first}.visualSignificance`,
      message: 'expected "High", "Medium" or "Low", received nothing',
    })
  })

  it.each<[string, unknown, string]>([
    ['blank script', { scriptText: ' \n' }, 'scriptText'],
    ['no script', { scriptText: undefined }, 'scriptText'],
    ['null script', { scriptText: null }, 'scriptText'],
    ['no context', { episodeContext: undefined }, 'episodeContext'],
    ['empty context', { episodeContext: ' ' }, 'episodeContext'],
    ['context that is no JSON', { episodeContext: '[Restored context for x]' }, 'episodeContext'],
    ['context without episode', { episodeContext: '{"episodeNumber":1}' }, 'episodeContext'],
    ['context whose episode is a list', { episodeContext: '{"episode":[]}' }, 'episodeContext'],
    ['context that is a list', { episodeContext: '[]' }, 'episodeContext'],
    ['context that is null', { episodeContext: 'null' }, 'episodeContext'],
    ['parsed context', { episodeContext: { episode: {} } }, 'episodeContext'],
    ['placeholder UUID', { storyUuid: 'restored-1704067200000' }, 'storyUuid'],
    ['no analysis', { analyzedEpisode: null }, 'analyzedEpisode'],
    ['no scenes', { analyzedEpisode: { episodeNumber: 1, title: '', scenes: [] } }, 'analyzedEpisode.scenes'],
    ['timestamp as text', { timestamp: '1704067200000' }, 'timestamp'],
    ['unknown language model', { selectedLLM: 'other' }, 'selectedLLM'],
  ])('refuses: %s', (_, change, path) => {
    const session = { ...sampleSession(), ...(change as object) }
    expect(isComplete(session)).toBe(false)
    expect(incompleteness(session, 'storyart').map((fault) => fault.path)).toEqual([path])
    expect(isComplete({ ...guideSession(), ...(change as object) }, 'guide')).toBe(false)
  })

  it.each<[string, object, string]>([
    ['no action', { core_action: undefined }, 'core_action'],
    ['null tone', { emotional_tone: null }, 'emotional_tone'],
    ['no attributes', { locationAttributes: undefined }, 'locationAttributes'],
    ['significance of another name', { visualSignificance: 'Highest' }, 'visualSignificance'],
    ['decision as text', { imageDecision: 'NEW_IMAGE' }, 'imageDecision'],
    [
      'reuse without source',
      { imageDecision: { type: 'REUSE_IMAGE', reason: '', reuseSourceBeatLabel: '' } },
      'imageDecision.reuseSourceBeatId',
    ],
    ['empty prompts', { prompts: {} }, 'prompts.cinematic'],
    ['prompt as text', { prompts: { cinematic: 'x' } }, 'prompts.cinematic'],
    ['null in an optional field', { characterPositioning: null }, 'characterPositioning'],
  ])('refuses a beat: %s', (_, change, path) => {
    expect(isComplete(withBeat(change))).toBe(false)
    expect(incompleteness(withBeat(change), 'storyart').map((fault) => fault.path)).toEqual([`${first}.${path}`])
  })

  it.each([null, undefined, 1, 'x', [], {}, manualSave()])('never throws: %#', (value) => {
    expect(isComplete(value)).toBe(false)
    expect(isComplete(value, 'guide')).toBe(false)
    expect(incompleteness(value, 'storyart').length).toBeGreaterThan(0)
  })
})

describe('isCompleteContext', () => {
  it('accepts what StoryArt writes, and what the guide describes, each for itself', () => {
    expect(isCompleteContext(parsed(sampleSession()))).toBe(true)
    expect(isCompleteContext(parsed(sampleSession()), 'guide')).toBe(false)
    expect(isCompleteContext(parsed(guideSession()), 'guide')).toBe(true)
    expect(isCompleteContext(parsed(guideSession()))).toBe(false)
    expect(isCompleteContext(parsed(v1Session()))).toBe(false)
  })

  it.each([null, undefined, 'x', [], {}, { episode: null }])('refuses %j', (value) => {
    expect(isCompleteContext(value)).toBe(false)
    expect(isCompleteContext(value, 'guide')).toBe(false)
  })
})
