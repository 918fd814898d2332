/**
 * The types of the trees against the interfaces of the programs that use them. Checked by `tsc`, never run.
 *
 * Each namespace states, field by field, what the other side declares. Every right use has a wrong one beside it.
 */
import { expectTypeOf } from 'vitest'
import { z } from 'zod'
import { assertComplete, decodeSession, parseEpisodeContext } from '../../src/codec.js'
import type {
  AnalyzedEpisode,
  BeatAnalysis,
  CompleteBeat,
  CompleteEpisodeContext,
  CompleteSession,
  EnhancedEpisodeContext,
  GuideSession,
  Session,
  SwarmUIExportData,
  SwarmUIPrompt,
} from '../../src/schema/index.js'
import {
  BeatAnalysisSchema,
  isComplete,
  isCompleteContext,
  type SessionSchema,
  SwarmUIExportDataSchema,
  validateCompleteness,
} from '../../src/schema/index.js'

declare namespace StoryArt {
  interface Prompt {
    prompt: string
    model: string
    width: number
    height: number
    steps: number
    cfgscale: number
    seed: number
    sampler?: string
    scheduler?: string
    loras?: string
    loraweights?: string
  }
  type Decision =
    | { type: 'NEW_IMAGE'; reason: string }
    | { type: 'REUSE_IMAGE'; reason: string; reuseSourceBeatId: string; reuseSourceBeatLabel: string }
    | { type: 'NO_IMAGE'; reason: string }
  interface Beat {
    beatId: string
    beat_script_text: string
    source_paragraph?: string
    visualSignificance: 'High' | 'Medium' | 'Low'
    imageDecision: Decision
    cameraAngleSuggestion?: string
    characterPositioning?: string
    locationAttributes?: string[]
    carryoverAction?: string
    carryoverExpression?: string
    carryoverSourceBeatId?: string
    varietyApplied?: boolean
    suggestedShotType?: string
    resolvedLocationId?: string
    phaseTransitions?: { character: string; toPhase: string }[]
    hookNarrative?: string
    prompts?: { cinematic: Prompt; vertical?: Prompt; marketingVertical?: Prompt }
  }
  interface Metadata {
    targetDuration: string
    sceneRole: string
    timing: string
    adBreak: boolean
  }
  interface Scene {
    sceneNumber: number
    title: string
    metadata: Metadata
    beats: Beat[]
  }
  interface Analysis {
    episodeNumber: number
    title: string
    scenes: Scene[]
  }
  interface Session {
    scriptText: string
    episodeContext: string
    storyUuid: string
    analyzedEpisode: Analysis
    promptMode?: 'storyart' | 'storyswarm'
    retrievalMode?: 'manual' | 'database'
    selectedLLM?: 'gemini' | 'qwen' | 'claude' | 'openai' | 'xai' | 'deepseek' | 'glm'
    timestamp?: number
    sessionKey?: string
    prompt?: string
    model?: string
    width?: number
    height?: number
    steps?: number
    cfgscale?: number
    seed?: number
    narrative?: string
  }
  interface Size {
    width: number
    height: number
  }
  interface ImageConfig {
    model: string
    steps: number
    cfgscale: number
    sampler: string
    scheduler: string
    loras: string
    lora_weights: string
    presets: { cinematic: Size; vertical: Size }
  }
  interface Look {
    location_name: string
    physical_description: string
    clothing_description: string
    demeanor_description: string
    swarmui_prompt_override: string
    temporal_context: string
    lora_weight_adjustment: number
    hair_description?: string
    helmet_fragment_off?: string
    helmet_fragment_visor_up?: string
    helmet_fragment_visor_down?: string
    face_segment_rule?: 'ALWAYS' | 'IF_FACE_VISIBLE' | 'NEVER'
    context_phase?: string
    phase_trigger_text?: string
  }
  interface Character {
    character_name: string
    aliases: string[]
    base_trigger: string
    visual_description: string
    location_contexts: Look[]
  }
  interface Artifact {
    artifact_name: string
    artifact_type: string
    description: string
    swarmui_prompt_fragment: string
    always_present: boolean
    scene_specific: boolean
  }
  interface Location {
    id: string
    name: string
    description: string
    visual_description: string
    atmosphere: string
    atmosphere_category: string
    geographical_location: string
    time_period: string
    cultural_context: string
    key_features: string
    visual_reference_url: string
    significance_level: string
    artifacts: Artifact[]
  }
  interface SceneContext {
    scene_number: number
    scene_title: string
    scene_summary: string
    roadmap_location: string
    location: Location
    character_appearances: { character_name: string; location_context: Look; phases?: Look[] }[]
  }
  interface Context {
    episode: {
      episode_number: number
      episode_title: string
      episode_summary: string
      story_context: string
      narrative_tone: string
      core_themes: string
      image_config?: ImageConfig
      characters: Character[]
      scenes: SceneContext[]
    }
  }
}

declare namespace Guide {
  interface Prompt {
    prompt: string
    model: string
    width: number
    height: number
    steps: number
    cfgscale: number
    seed: number
  }
  interface Beat {
    beatId: string
    core_action: string
    beat_script_text: string
    emotional_tone: string
    visual_anchor: string
    locationAttributes: string[]
    cameraAngleSuggestion?: string
    characterPositioning?: string
    prompts?: { cinematic: Prompt; vertical: Prompt }
  }
  interface Session {
    scriptText: string
    episodeContext: string
    storyUuid: string
    analyzedEpisode: {
      episodeNumber: number
      title: string
      scenes: { sceneNumber: number; title: string; metadata: StoryArt.Metadata; beats: Beat[] }[]
    }
  }
  interface Look {
    location_name: string
    physical_description: string
    clothing_description: string
    hair_description: string
    demeanor_description: string
    temporal_context: string
    swarmui_prompt_override?: string
    lora_weight_adjustment?: number
  }
  interface Context {
    episode: {
      episode_number: number
      episode_title: string
      episode_summary: string
      story_context: string
      narrative_tone: string
      core_themes: string
      characters: {
        character_name: string
        aliases: string[]
        base_trigger: string
        visual_description: string
        location_contexts: Look[]
      }[]
      scenes: {
        scene_number: number
        scene_title: string
        scene_summary: string
        location: { id: string; name: string; visual_description: string; artifacts: StoryArt.Artifact[] }
        characters: { character_name: string; location_context?: Look }[]
      }[]
    }
  }
}

/** Values of theirs go in as they are. */
export function theirsIsOurs(
  session: StoryArt.Session,
  context: StoryArt.Context,
  guide: Guide.Session,
  other: Guide.Context,
): void {
  const ours: Session[] = [session, guide]
  const contexts: EnhancedEpisodeContext[] = [context, other]
  const beats: BeatAnalysis[] = session.analyzedEpisode.scenes.flatMap((scene) => scene.beats)
  const embedded: Session = { episodeContext: context }
  void [ours, contexts, beats, embedded]
  // @ts-expect-error a number is no script
  const script: Session = { scriptText: 1 }
  // @ts-expect-error a beat has an id
  const beat: BeatAnalysis = { core_action: 'waits' }
  // @ts-expect-error a width is a number
  const prompt: SwarmUIPrompt = { prompt: '', width: 'wide' }
  // @ts-expect-error scenes are an array
  const episode: AnalyzedEpisode = { scenes: {} }
  // @ts-expect-error a misspelt field is not taken for an unknown one
  const misspelt: Session = { scriptTxt: '' }
  void [script, beat, prompt, episode, misspelt]
}

/** What we return goes back once it has been narrowed, not before. */
export function oursIsTheirs(raw: string): void {
  const session = decodeSession(raw, 'a session')
  // @ts-expect-error anything may be missing
  const early: StoryArt.Session = session
  if (isComplete(session)) {
    const guarded: StoryArt.Session = session
    void guarded
  }
  assertComplete(session)
  const theirs: StoryArt.Session = session
  // @ts-expect-error StoryArt saves no vertical prompts, the guide requires them
  const guide: Guide.Session = session
  void [early, theirs, guide]
}

export function oursIsTheGuides(session: Session): void {
  assertComplete(session, 'guide')
  const guide: Guide.Session = session
  // @ts-expect-error the guide knows no image decision, StoryArt requires one
  const theirs: StoryArt.Session = session
  void [guide, theirs]
}

export function contextsToo(raw: string): void {
  const context = parseEpisodeContext(raw)
  // @ts-expect-error anything may be missing
  const early: StoryArt.Context = context
  if (isCompleteContext(context)) {
    const theirs: StoryArt.Context = context
    // @ts-expect-error StoryArt writes no hair_description
    const guide: Guide.Context = context
    void [theirs, guide]
  }
  if (isCompleteContext(context, 'guide')) {
    const guide: Guide.Context = context
    // @ts-expect-error the guide knows no roadmap_location
    const theirs: StoryArt.Context = context
    void [guide, theirs]
  }
  void early
}

/** With `exactOptionalPropertyTypes` on, an optional field takes `undefined` all the same. */
export function optionalFields(maybe: string | undefined): void {
  const session: Session = { scriptText: maybe, timestamp: undefined, analyzedEpisode: null }
  void session
}

/** Complete types are narrower, never other types. */
export function subtypes(session: CompleteSession, guide: GuideSession, context: CompleteEpisodeContext): void {
  const sessions: Session[] = [session, guide]
  const contexts: EnhancedEpisodeContext[] = [context]
  void [sessions, contexts]
  expectTypeOf(session.storyUuid).toEqualTypeOf<string>()
  expectTypeOf(session.analyzedEpisode.scenes[0]?.beats[0]).toEqualTypeOf<CompleteBeat | undefined>()
  expectTypeOf(context.episode.characters[0]?.base_trigger).toEqualTypeOf<string | undefined>()
  expectTypeOf<CompleteBeat['imageDecision']['type']>().toEqualTypeOf<'NEW_IMAGE' | 'REUSE_IMAGE' | 'NO_IMAGE'>()
}

/** The types are zod's own inference, without an index signature. */
export function inference(session: Session, beat: BeatAnalysis): void {
  expectTypeOf<z.infer<typeof SessionSchema>>().toEqualTypeOf<Session>()
  expectTypeOf<SwarmUIExportData>().toEqualTypeOf<Session>()
  expectTypeOf(SwarmUIExportDataSchema.parse({})).toEqualTypeOf<Session>()
  expectTypeOf<string extends keyof Session ? true : false>().toEqualTypeOf<false>()
  expectTypeOf<string extends keyof BeatAnalysis ? true : false>().toEqualTypeOf<false>()
  expectTypeOf(session.scriptText).toEqualTypeOf<string | null | undefined>()
  // @ts-expect-error unknown keys are kept, not typed
  void session.mood
  expectTypeOf(beat.beatId).toEqualTypeOf<string>()
  expectTypeOf(validateCompleteness(session).level).toEqualTypeOf<'none' | 'loadable' | 'complete' | 'prompted'>()
  const extended = BeatAnalysisSchema.extend({ storyboard: z.string() })
  expectTypeOf<z.infer<typeof extended>['storyboard']>().toEqualTypeOf<string>()
}
