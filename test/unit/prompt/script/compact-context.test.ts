import { describe, expect, it } from 'vitest'
import { compactContext } from '../../../../src/prompt/script/compact-context.js'
import { substituteTriggers } from '../../../../src/prompt/triggers/triggers.js'
import type { EnhancedEpisodeContext } from '../../../../src/schema/index.js'
import { fullEpisode, storySwarmSession, v1Session } from '../../../fixtures/index.js'

const contextOf = ({ episodeContext }: { episodeContext: string }): EnhancedEpisodeContext => JSON.parse(episodeContext)

describe('compactContext', () => {
  it('keeps every thing with its name and fragment', () => {
    const context = contextOf(fullEpisode())
    const kept = compactContext(context).episode.scenes.flatMap(({ location }) => location?.artifacts ?? [])
    const there = (context.episode?.scenes ?? []).flatMap(({ location }) => location?.artifacts ?? [])
    expect(there.length).toBeGreaterThan(5)
    expect(kept).toEqual(
      there.map(({ artifact_name, swarmui_prompt_fragment }) => ({ artifact_name, swarmui_prompt_fragment })),
    )
  })

  it('is short, and tells names and triggers as the whole does', () => {
    const session = fullEpisode()
    const context = contextOf(session)
    const compact = compactContext(context)
    expect(JSON.stringify(compact).length * 4).toBeLessThan(session.episodeContext.length)
    const prompts = session.analyzedEpisode.scenes
      .flatMap(({ beats }) => beats)
      .flatMap(({ prompts }) => prompts?.cinematic?.prompt ?? [])
    for (const prompt of prompts.slice(0, 40)) {
      expect(substituteTriggers(prompt, compact).text).toBe(substituteTriggers(prompt, context).text)
    }
  })

  it('keeps one scene, or all of that number, or none', () => {
    const scenes = (sceneNumber: number | string) =>
      compactContext(
        { episode: { scenes: [{ scene_number: 1 }, { scene_number: 2 }, { scene_number: 1 }] } },
        { sceneNumber },
      ).episode.scenes
    expect(scenes(1).map(({ scene_number }) => scene_number)).toEqual([1, 1])
    expect(scenes(' 2').length).toBe(1)
    expect(scenes(7)).toEqual([])
  })

  it('is never the whole where something cannot be read', () => {
    const secret = 'a very long description'
    const context = {
      episode: {
        characters: [{ character_name: 'Ada', base_trigger: 'ADA_V1', location_contexts: null }],
        scenes: [
          {
            scene_number: 1,
            scene_summary: secret,
            location: null,
            character_appearances: [{ character_name: 'Ada', location_context: null }],
          },
          { scene_number: 2, location: { name: 'Pier', description: secret, artifacts: null } },
        ],
      },
    }
    expect(compactContext(context)).toEqual({
      episode: {
        episode_number: null,
        episode_title: '',
        characters: [{ character_name: 'Ada', aliases: [], base_trigger: 'ADA_V1', visual_description: '' }],
        scenes: [
          { scene_number: 1, scene_title: '', location: null, character_appearances: [{ character_name: 'Ada' }] },
          {
            scene_number: 2,
            scene_title: '',
            location: { name: 'Pier', visual_description: '', artifacts: [] },
            character_appearances: [],
          },
        ],
      },
    })
    for (const nothing of [null, undefined, {}]) expect(compactContext(nothing).episode.scenes).toEqual([])
  })

  it('tells the phases', () => {
    const phases = [
      { context_phase: 'default' },
      { context_phase: 'arrival', phase_trigger_text: 'the door opens', clothing_description: 'coat' },
    ]
    const { episode } = compactContext({
      episode: {
        characters: [{ character_name: 'Ada', location_contexts: phases }],
        scenes: [
          {
            scene_number: 1,
            character_appearances: [{ character_name: 'Ada', phases, location_context: { location_name: 'Pier' } }],
          },
        ],
      },
    })
    expect(episode.characters[0]?.available_phases).toEqual(['arrival'])
    expect(episode.scenes[0]?.character_appearances).toEqual([
      {
        character_name: 'Ada',
        location_context: { location_name: 'Pier' },
        phases: [{ context_phase: 'default' }, { context_phase: 'arrival', phase_trigger_text: 'the door opens' }],
      },
    ])
  })

  it('reads the other dialects', () => {
    expect(compactContext(contextOf(storySwarmSession())).episode).toMatchObject({
      episode_number: 6,
      episode_title: 'The Night Tram',
      characters: [{ character_name: 'Ottilie Brask', base_trigger: 'OTLBRK woman' }, { character_name: 'Mr. Pim' }],
    })
    const [scene] = compactContext(contextOf(v1Session())).episode.scenes
    expect(scene?.location?.artifacts).toEqual([
      { artifact_name: 'The Dial', swarmui_prompt_fragment: 'a bronze sundial half free of salt crust' },
    ])
    expect(scene?.character_appearances[0]).toMatchObject({
      base_trigger: 'MRSACH woman',
      location_context: { location_name: 'Pan Nine' },
    })
  })
})
