import type { BeatAnalysis, CharacterContext, SceneContext, Session } from '../../../src/schema/index.js'

const LOOK = 'ADAM_V1 woman in a yellow raincoat, wet hair'

/** The one scene of the clean session's context. */
export const PIER = {
  scene_number: 1,
  location: {
    name: 'Pier',
    visual_description: 'a long wooden pier in fog',
    artifacts: [{ artifact_name: 'Lamp', swarmui_prompt_fragment: 'a brass lamp' }],
  },
}

/** A session with nothing to find in it, as parts to be spoiled before it is put together. */
export function cleanSession() {
  const first = {
    prompt: `close-up, ${LOOK}, a brass lamp`,
    model: 'flux1-dev-fp8',
    width: 1344,
    height: 768,
    steps: 40,
    cfgscale: 1,
  }
  const still = (beatId: string): BeatAnalysis & { characters: string[] } => ({
    beatId,
    characters: [],
    imageDecision: { type: 'NEW_IMAGE' },
    prompts: { cinematic: { prompt: 'an empty pier', model: 'flux1-dev-fp8' } },
  })
  const reuse = { type: 'REUSE_IMAGE', reuseSourceBeatId: 's1-b1', reuseSourceBeatLabel: 'Scene 1, Beat s1-b1' }
  // biome-ignore lint/suspicious/noExplicitAny: each test spoils these in ways their types would forbid
  const beats: any[] = [
    { ...still('s1-b1'), characters: ['Ada Marsh'], prompts: { cinematic: first } },
    { beatId: 's1-b2', imageDecision: reuse },
    {
      ...still('s1-b3'),
      characters: ['Ada'],
      prompts: { cinematic: { prompt: `wide shot, ${LOOK}, at the rail`, model: 'flux1-dev-fp8' } },
    },
    still('s1-b4'),
  ]
  const look = { location_name: 'Rain', swarmui_prompt_override: LOOK }
  const theo: CharacterContext = { character_name: 'Theo Marsh', aliases: ['Theo'], base_trigger: 'THEO_V1 man' }
  const pier: SceneContext = {
    ...PIER,
    character_appearances: [{ character_name: 'Ada Marsh', location_context: look }],
  }
  const characters: CharacterContext[] = [
    { character_name: 'Ada Marsh', aliases: ['Ada'], base_trigger: 'ADAM_V1 woman' },
    theo,
  ]
  const context: { characters: CharacterContext[]; scenes: SceneContext[] } = { characters, scenes: [pier] }
  const metadata: { targetDuration: string | number } = { targetDuration: '4' }
  const scenes: { sceneNumber?: number; metadata?: object; beats: BeatAnalysis[] }[] = [
    { sceneNumber: 1, metadata, beats },
  ]
  const draft = {
    scriptText: '===SCENE 1: The Pier===\nTARGET_DURATION: 4\n\nFog.',
    storyUuid: '5c2f7a1e-0d4b-4f63-9a58-3f1d2c6b7e90',
    first,
    beats,
    reuse,
    look,
    theo,
    pier,
    context,
    metadata,
    scenes,
    still,
    rest: {} as Partial<Session>,
    session(): Session {
      const { scriptText, storyUuid, rest } = draft
      return {
        scriptText,
        episodeContext: JSON.stringify({ episode: context }),
        storyUuid,
        analyzedEpisode: { episodeNumber: 1, title: 'The Lamp', scenes },
        timestamp: 1704067200000,
        ...rest,
      }
    },
  }
  return draft
}
