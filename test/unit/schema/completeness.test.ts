import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { promptStatus } from '../../../src/prompt/index.js'
import { isComplete, type Session, validateCompleteness } from '../../../src/schema/index.js'
import {
  fullEpisode,
  guideSession,
  hostileSessions,
  manualSave,
  sampleSession,
  storySwarmSession,
} from '../../fixtures/index.js'

/** A complete session of one scene with the beats given. */
function sessionOf(...beats: object[]): Session {
  const { analyzedEpisode, ...rest } = sampleSession()
  const [scene] = analyzedEpisode.scenes
  const [beat] = scene?.beats ?? []
  const scenes = [{ ...scene, beats: beats.map((change) => ({ ...beat, ...change })) }]
  return { ...rest, analyzedEpisode: { ...analyzedEpisode, scenes } } as Session
}

const prompt = { prompt: 'a lamp', model: 'm', width: 1, height: 1, steps: 1, cfgscale: 1, seed: 1 }
const failed = { ...prompt, prompt: '[Beat s1-bb1: Generation failed]' }
const reuse = { type: 'REUSE_IMAGE', reason: 'x', reuseSourceBeatId: 's1-b1', reuseSourceBeatLabel: 'x' }

describe('validateCompleteness', () => {
  it('knows the three levels, and what is none', () => {
    expect(validateCompleteness([]).level).toBe('none')
    expect(validateCompleteness({}).level).toBe('loadable')
    expect(validateCompleteness(manualSave()).level).toBe('loadable')
    expect(validateCompleteness(storySwarmSession()).level).toBe('loadable')
    expect(validateCompleteness(sampleSession()).level).toBe('complete')
    expect(validateCompleteness(fullEpisode({ beats: 12 }))).toEqual({ level: 'prompted', findings: [] })
  })

  it("takes the guide's form of completeness too, and mentions the decisions it lacks", () => {
    expect(validateCompleteness(guideSession())).toEqual({
      level: 'prompted',
      findings: [
        {
          severity: 'info',
          path: 'analyzedEpisode',
          message: expect.stringMatching(
            /^(\d+) of \1 beats have no image decision; StoryArt's own pipeline passes over them$/,
          ),
          remedy: 'Set imageDecision on every beat.',
        },
      ],
    })
  })

  it('says what is missing, where, and what to do', () => {
    const { level, findings } = validateCompleteness({
      storyUuid: 'restored-1',
      scriptText: ' ',
      episodeContext: '[x]',
    })
    expect(level).toBe('loadable')
    expect(findings.map(({ severity, path }) => `${severity} ${path}`)).toEqual([
      'error storyUuid',
      'error scriptText',
      'error analyzedEpisode',
      'error episodeContext',
    ])
    for (const { remedy } of findings) expect(remedy).toMatch(/^[A-Z].{20,}\.$/)
    expect(findings[0]?.remedy).toContain('parseStoryUuid')
  })

  it('reports the nearer of the two forms', () => {
    const session = guideSession()
    const [scene] = session.analyzedEpisode.scenes
    if (scene) scene.title = undefined as never
    expect(validateCompleteness(session).findings.filter(({ severity }) => severity === 'error')).toMatchObject([
      { path: 'analyzedEpisode.scenes[0].title', message: 'expected string, received nothing' },
    ])
  })

  it('says why a document would be refused', () => {
    const { level, findings } = validateCompleteness({ analyzedEpisode: { scenes: [{ beats: [{}] }] }, scriptText: 1 })
    expect(level).toBe('none')
    expect(findings.map(({ severity, path }) => `${severity} ${path}`)).toEqual([
      'error analyzedEpisode.scenes[0].beats[0].beatId',
      'error scriptText',
    ])
    expect(validateCompleteness(null).findings[0]?.remedy).toBe('Give the session as a plain object.')
  })

  it.each<[string, object, string | undefined]>([
    ['a prompt', { prompts: { cinematic: prompt } }, undefined],
    ['a decision against', { imageDecision: reuse, prompts: undefined }, undefined],
    ['no prompts', { prompts: undefined }, 'the beat has no prompt'],
    ['a blank prompt', { prompts: { cinematic: { ...prompt, prompt: ' ' } } }, 'the beat has no prompt'],
    ['a failed prompt', { prompts: { cinematic: failed } }, 'the prompt is a placeholder for one that failed'],
    ['a failed prompt and a good one', { prompts: { cinematic: failed, vertical: prompt } }, undefined],
    ["StorySwarm's pair", { prompts: undefined, prompt: { positive: 'a lamp' } }, undefined],
  ])('looks for a prompt: %s', (_, beat, message) => {
    const { level, findings } = validateCompleteness(sessionOf({ prompts: { cinematic: prompt } }, beat))
    expect(level).toBe(message ? 'complete' : 'prompted')
    expect(findings).toEqual(
      message
        ? [
            {
              severity: 'warning',
              path: 'analyzedEpisode.scenes[0].beats[1].prompts',
              message,
              remedy: 'Make the prompt, for instance with fillPrompts.',
            },
          ]
        : [],
    )
  })

  it('takes prompts from the legacy list, one entry for each beat of that id', () => {
    const bare = { beatId: ' a', prompts: undefined }
    const session = { ...sessionOf(bare, bare), prompts: [{ beatId: 'a ', cinematic: prompt }] }
    expect(validateCompleteness(session).findings.map(({ path }) => path)).toEqual([
      'analyzedEpisode.scenes[0].beats[1].prompts',
    ])
  })

  it('wants beats at all', () => {
    const { level, findings } = validateCompleteness(sessionOf())
    expect(level).toBe('complete')
    expect(findings.map(({ severity, path, message }) => `${severity} ${path}: ${message}`)).toEqual([
      'warning analyzedEpisode: there are no beats',
      'info analyzedEpisode.scenes[0].beats: the scene has no beats',
    ])
  })

  it('agrees with the guards and the image queue on every fixture', () => {
    const fixtures = [sampleSession(), guideSession(), manualSave(), storySwarmSession(), fullEpisode({ beats: 9 })]
    for (const session of fixtures) {
      const { level } = validateCompleteness(session)
      const complete = isComplete(session) || isComplete(session, 'guide')
      expect(level !== 'none' && level !== 'loadable').toBe(complete)
      expect(level === 'prompted').toBe(complete && promptStatus(session as Session).promptsReady)
    }
  })

  it('never throws', () => {
    for (const { text, value, name } of hostileSessions()) {
      if (text === undefined) expect(() => validateCompleteness(value), name).not.toThrow()
    }
    fc.assert(fc.property(fc.anything(), (value) => void validateCompleteness(value)))
  })
})
