/**
 * The document trees of StoryArt: schemas, their types, and how complete a session is.
 * @module
 */
export * from './analyzed-episode.js'
export * from './beat.js'
export * from './character-context.js'
export * from './complete-context.js'
export {
  type CompleteAnalyzedEpisode,
  CompleteAnalyzedEpisodeSchema,
  type CompleteBeat,
  type CompleteBeatPrompts,
  CompleteBeatPromptsSchema,
  CompleteBeatSchema,
  type CompleteImageDecision,
  CompleteImageDecisionSchema,
  type CompletePrompt,
  CompletePromptSchema,
  type CompleteScene,
  type CompleteSceneMetadata,
  CompleteSceneMetadataSchema,
  CompleteSceneSchema,
  type CompleteSession,
  CompleteSessionSchema,
} from './complete-session.js'
export {
  type Completeness,
  type CompletenessFinding,
  type CompletenessLevel,
  validateCompleteness,
} from './completeness.js'
export * from './constants.js'
export * from './default-context.js'
export * from './episode-context.js'
export type { Open } from './fields.js'
export * from './guide.js'
export { type CompletenessForm, isComplete, isCompleteContext } from './is-complete.js'
export * from './location-context.js'
export * from './session.js'
export * from './session-timestamp.js'
export * from './story-uuid.js'
export * from './swarmui-prompt.js'
