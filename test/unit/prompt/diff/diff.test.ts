import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { diffSessions } from '../../../../src/prompt/diff/diff.js'
import { movedAgainst } from '../../../../src/prompt/diff/moved.js'
import { imageQueue } from '../../../../src/prompt/queue/queue.js'
import { same } from '../../../../src/prompt/same.js'
import type { AnalyzedScene, BeatAnalysis, Session } from '../../../../src/schema/index.js'
import { fullEpisode } from '../../../fixtures/index.js'
import { frozen } from '../mixed-session.js'

const beat = (beatId: string, text = beatId): BeatAnalysis => ({ beatId, prompts: { cinematic: { prompt: text } } })
const scenesOf = (...scenes: AnalyzedScene[]): Session => ({ analyzedEpisode: { scenes } })
const sessionOf = (...beats: BeatAnalysis[]): Session => scenesOf({ sceneNumber: 1, beats })
const ids = (list: { beatId: string }[]) => list.map(({ beatId }) => beatId).join(' ')

describe('diffSessions', () => {
  it('finds nothing between a session and its copy, whatever the order of keys', () => {
    const session = fullEpisode({ beats: 40 })
    const copy = JSON.parse(JSON.stringify(session))
    const { scriptText, ...rest } = copy
    expect(diffSessions(session, { ...rest, scriptText })).toEqual({
      same: true,
      fields: [],
      beats: { added: [], removed: [], changed: [], moved: [] },
      scenes: [],
      context: [],
      jobs: [],
    })
  })

  it('tells added, removed, changed and moved beats apart', () => {
    const older = sessionOf(beat('a'), beat('b'), beat('c'), beat('d'))
    const newer = sessionOf(beat('x'), beat('d'), beat('a'), { ...beat('c', 'new'), core_action: 'sits' })
    const { beats, same: equal, fields } = diffSessions(frozen(older), frozen(newer))
    expect(equal).toBe(false)
    expect(fields).toEqual(['analyzedEpisode'])
    expect(beats).toEqual({
      added: [{ beatId: 'x', sceneNumber: 1, sceneIndex: 0, beatIndex: 0 }],
      removed: [{ beatId: 'b', sceneNumber: 1, sceneIndex: 0, beatIndex: 1 }],
      changed: [
        { beatId: 'c', sceneNumber: 1, sceneIndex: 0, beatIndex: 3, fields: ['prompts.cinematic', 'core_action'] },
      ],
      moved: [
        {
          beatId: 'd',
          sceneNumber: 1,
          sceneIndex: 0,
          beatIndex: 1,
          from: { beatId: 'd', sceneNumber: 1, sceneIndex: 0, beatIndex: 3 },
        },
      ],
    })
  })

  it('moves no beat because others came before it, but one that went to another scene', () => {
    const older = scenesOf({ sceneNumber: 1, beats: [beat('a'), beat('b')] }, { sceneNumber: 2, beats: [beat('c')] })
    const newer = scenesOf(
      { sceneNumber: 1, beats: [beat('x'), beat('y'), beat('a')] },
      { sceneNumber: 2, beats: [beat('b'), beat('c')] },
    )
    expect(ids(diffSessions(older, newer).beats.moved)).toBe('b')
  })

  it('matches the n-th of an id with the n-th, and ids with blanks', () => {
    const older = sessionOf(beat('a', '1'), beat('a', '2'))
    const newer = sessionOf(beat(' a ', '1'), beat('a', '3'), beat('a', '4'))
    const { changed, added } = diffSessions(older, newer).beats
    expect(changed.map(({ beatIndex, fields }) => `${beatIndex} ${fields}`)).toEqual([
      '0 beatId',
      '1 prompts.cinematic',
    ])
    expect(added.map(({ beatIndex }) => beatIndex)).toEqual([2])
  })

  it('reports prompts that come or go whole as prompts', () => {
    const { changed } = diffSessions(sessionOf({ beatId: 'a' }), sessionOf(beat('a'))).beats
    expect(changed[0]?.fields).toEqual(['prompts'])
  })

  it('tells scenes apart by number', () => {
    const older = scenesOf(
      { sceneNumber: 1, title: 'A' },
      { sceneNumber: 2, title: 'B' },
      { sceneNumber: 2, title: 'C' },
    )
    const newer = scenesOf({ sceneNumber: 3 }, { sceneNumber: 2, title: 'B', metadata: { adBreak: true } })
    expect(diffSessions(older, newer).scenes).toEqual([
      { sceneNumber: 3, sceneIndex: 0, change: 'added', fields: [] },
      { sceneNumber: 2, sceneIndex: 1, change: 'changed', fields: ['metadata'] },
      { sceneNumber: 1, sceneIndex: 0, change: 'removed', fields: [] },
      { sceneNumber: 2, sceneIndex: 2, change: 'removed', fields: [] },
    ])
  })

  it('says what the context tells differently of triggers, looks and places', () => {
    const context = {
      episode: {
        episode_summary: 'before',
        image_config: { model: 'flux', steps: 40 },
        characters: [
          {
            character_name: 'Ada',
            base_trigger: 'ADA_V1',
            location_contexts: [{ location_name: 'Pier', swarmui_prompt_override: 'wet' }],
          },
          { character_name: 'Theo', base_trigger: 'THEO_V1' },
        ],
        scenes: [
          {
            scene_number: 1,
            location: {
              name: 'Pier',
              visual_description: 'fog',
              artifacts: [{ artifact_name: 'Lamp', swarmui_prompt_fragment: 'brass' }],
            },
            character_appearances: [
              {
                character_name: 'Ada',
                location_context: { swarmui_prompt_override: 'coat', lora_weight_adjustment: 0 },
              },
            ],
          },
        ],
      },
    }
    const changed = JSON.parse(JSON.stringify(context))
    changed.episode.episode_summary = 'after'
    changed.episode.image_config.steps = 30
    changed.episode.characters.reverse()
    changed.episode.characters[1].base_trigger = 'ADA_V2'
    changed.episode.characters[1].location_contexts[0].swarmui_prompt_override = 'dry'
    changed.episode.scenes[0].location.visual_description = ' sun'
    changed.episode.scenes[0].location.artifacts = []
    changed.episode.scenes[0].character_appearances[0].location_context = {
      swarmui_prompt_override: ' coat ',
      lora_weight_adjustment: 1.2,
    }
    const changes = diffSessions({ episodeContext: JSON.stringify(context) }, { episodeContext: changed }).context
    expect(changes.map(({ aspect, change, path }) => `${aspect} ${change} ${path}`)).toEqual([
      'image-config changed episode.image_config',
      'trigger changed episode.characters[1].base_trigger',
      'override changed episode.characters[1].location_contexts[0].swarmui_prompt_override',
      'weight added episode.scenes[0].character_appearances[0].location_context.lora_weight_adjustment',
      'location changed episode.scenes[0].location.visual_description',
      'artifact removed episode.scenes[0].location.artifacts[0].artifact_name',
      'artifact removed episode.scenes[0].location.artifacts[0].swarmui_prompt_fragment',
    ])
    expect(changes[1]?.character).toBe('Ada')
    expect(changes[4]?.sceneNumber).toBe(1)
    expect(diffSessions({ episodeContext: '[no context]' }, { episodeContext: '' }).context).toEqual([])
  })

  it('takes an episode of 4,228 beats, and one turned round', () => {
    const session: Session = fullEpisode({ beats: 4228 })
    const scenes = session.analyzedEpisode?.scenes ?? []
    const turned = scenes.map((scene) => ({ ...scene, beats: [...(scene.beats ?? [])].reverse() }))
    const { beats, jobs } = diffSessions(session, {
      ...session,
      analyzedEpisode: { ...session.analyzedEpisode, scenes: turned },
    })
    expect(beats.moved.length).toBe(4228 - scenes.length)
    expect(beats.changed).toEqual([])
    expect(jobs).toEqual([])
  })
})

describe('imageQueue since an older version', () => {
  const texts = (older: Session, newer: Session) =>
    imageQueue(newer, { since: older }).map(({ prompt }) => prompt.prompt)

  it('lists what is new and nothing that only moved', () => {
    const older = sessionOf(beat('a'), beat('b'), beat('c'))
    expect(texts(older, older)).toEqual([])
    expect(texts(older, sessionOf(beat('c'), beat('x', 'a'), beat('b', 'new')))).toEqual(['new'])
    expect(texts({}, older)).toEqual(['a', 'b', 'c'])
  })

  it('paints a prompt again when a parameter differs, or the same text is of another kind', () => {
    const older = sessionOf({ beatId: 'a', prompts: { cinematic: { prompt: 'x', steps: 20 } } })
    const newer = sessionOf({
      beatId: 'a',
      prompts: { cinematic: { prompt: 'x', steps: 30 }, vertical: { prompt: 'x', steps: 20 } },
    })
    expect(imageQueue(newer, { since: older }).map(({ format }) => format)).toEqual(['cinematic', 'vertical'])
    expect(imageQueue(newer, { since: older, formats: ['vertical'] }).map(({ format }) => format)).toEqual(['vertical'])
  })

  it('counts equal jobs: three where there were two are one new picture', () => {
    const twice = sessionOf(beat('a', 'x'), beat('b', 'x'))
    const thrice = sessionOf(beat('a', 'x'), beat('b', 'x'), beat('c', 'x'))
    expect(imageQueue(thrice, { since: twice }).map(({ key }) => key.slice(-2))).toEqual(['-3'])
    expect(texts(thrice, twice)).toEqual([])
  })

  it('paints what the older version did not want', () => {
    const reused = { ...beat('a'), imageDecision: { type: 'REUSE_IMAGE' } }
    expect(texts(sessionOf(reused), sessionOf(beat('a')))).toEqual(['a'])
  })

  it('is the difference of the two queues, and what the comparison calls its jobs', () => {
    const beats = fc.array(
      fc.record({
        beatId: fc.constantFrom('a', 'b', 'c'),
        prompts: fc.record({ cinematic: fc.constantFrom('1', '2', '3') }),
      }),
    )
    fc.assert(
      fc.property(beats, beats, (before, after) => {
        const older = sessionOf(...before)
        const newer = sessionOf(...after)
        const since = imageQueue(newer, { since: older })
        const keys = new Set(imageQueue(older).map(({ key }) => key))
        expect(since).toEqual(imageQueue(newer).filter(({ key }) => !keys.has(key)))
        expect(diffSessions(older, newer).jobs).toEqual(since)
      }),
    )
  })
})

describe('movedAgainst', () => {
  it('leaves a longest run in order', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.nat(30), { maxLength: 9 }), (order) => {
        const moved = movedAgainst(order)
        const kept = order.filter((_, at) => !moved.has(at))
        expect([...kept].sort((a, b) => a - b)).toEqual(kept)
        let longest = 0
        for (let mask = 0; mask < 1 << order.length; mask++) {
          const run = order.filter((_, at) => mask & (1 << at))
          if (run.every((number, at) => at === 0 || number > (run[at - 1] ?? 0)))
            longest = Math.max(longest, run.length)
        }
        expect(kept.length).toBe(longest)
      }),
      { numRuns: 60 },
    )
  })
})

describe('same', () => {
  it('is the equality of JSON values without the order of keys, at any depth', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), (one, other) => {
        expect(same(one, JSON.parse(JSON.stringify(one)))).toBe(true)
        expect(same(one, other)).toBe(same(other, one))
      }),
    )
    expect(same({ a: 1, b: undefined }, { a: 1 })).toBe(true)
    expect(same([], {})).toBe(false)
    expect(same({ a: null }, {})).toBe(false)
    const deep = (levels: number) => JSON.parse(`${'['.repeat(levels)}1${']'.repeat(levels)}`)
    expect(same(deep(20_000), deep(20_000))).toBe(true)
  })
})
