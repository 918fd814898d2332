/** What the programs around declare for themselves, field by field: StoryArt's own interfaces, and those of the format guide. */

export declare namespace StoryArt {
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

export declare namespace Guide {
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
