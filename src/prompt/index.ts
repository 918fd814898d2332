/**
 * The pure helpers: flatten beats into an image queue, substitute triggers, resolve how a character looks.
 *
 * Everything here is synchronous, deterministic and free of zod.
 * @module
 */
export type {
  Appearance,
  AppearanceDescriptions,
  AppearanceQuery,
  AppearanceSource,
  Sourced,
} from './appearance/appearance.js'
export { resolveAppearance } from './appearance/appearance.js'
export type { AppliedAppearance, AppliedMention, ApplyAppearanceOptions } from './appearance/apply-appearance.js'
export { applyAppearance } from './appearance/apply-appearance.js'
export type { BeatInScene } from './beats.js'
export { beats } from './beats.js'
export type { CheckOptions } from './check/check.js'
export { checkSession } from './check/check.js'
export type { Finding, FindingCode, FindingSummary, Severity } from './check/finding.js'
export { FINDING_CODES, summarizeFindings } from './check/finding.js'
export type { ComposeOptions, ComposePromptOptions } from './compose/compose.js'
export { composePrompt } from './compose/compose.js'
export type {
  FailedSlot,
  FilledPrompts,
  FilledSlot,
  FillPromptsOptions,
  GeneratePromptsOptions,
  PromptSlot,
} from './compose/fill.js'
export { fillPrompts } from './compose/fill.js'
export type { ImageParameters } from './compose/image-parameters.js'
export type {
  PictureCharacter,
  PromptGenerator,
  PromptRequest,
  PromptRequestItem,
  PromptResult,
} from './compose/prompt-generator.js'
export { estimateTokens } from './compose/token-budget.js'
export { imageDecision } from './decision.js'
export type { NormalizedPlace, NormalizedSession } from './dialect/normalize.js'
export { normalizeSession } from './dialect/normalize.js'
export type { BeatPosition, ChangedBeat, MovedBeat, SceneChange, SessionDiff } from './diff/diff.js'
export { diffSessions } from './diff/diff.js'
export type { ContextAspect, ContextChange } from './diff/diff-context.js'
export type { CharacterDescription } from './edit/character-descriptions.js'
export { characterDescriptions } from './edit/character-descriptions.js'
export type { EditedPrompts, EditOptions, EditPromptsOptions, PromptChange, PromptEdit } from './edit/edit.js'
export { editPrompts } from './edit/edit.js'
export type { SearchedPart, SearchMatch, SearchOptions } from './edit/search.js'
export { searchSession } from './edit/search.js'
export type { FoundText } from './find-text.js'
export type { AspectRatio, ImageFormat } from './image-format.js'
export { IMAGE_FORMATS } from './image-format.js'
export type { PromptPlace } from './map-prompts.js'
export type { PromptFilter } from './prompt-filter.js'
export { jobKey } from './queue/job-key.js'
export type { PromptFlaw } from './queue/prompt-text.js'
export type { ImageJob, ImageQueueOptions } from './queue/queue.js'
export { imageQueue } from './queue/queue.js'
export type { MissingPrompt, PromptProblem, PromptStatus } from './queue/status.js'
export { promptStatus } from './queue/status.js'
export type {
  CompactAppearance,
  CompactArtifact,
  CompactCharacter,
  CompactContext,
  CompactOptions,
  CompactScene,
} from './script/compact-context.js'
export { compactContext } from './script/compact-context.js'
export type { SceneHeader, SceneScript, SceneScripts, ScriptHeader } from './script/scene-scripts.js'
export { sceneScripts, scriptHeader } from './script/scene-scripts.js'
export type { EscapeBracketsOptions } from './syntax/brackets.js'
export { escapeBrackets } from './syntax/brackets.js'
export type {
  AreaSection,
  OtherTag,
  ParsedPrompt,
  PlainSection,
  PromptLora,
  PromptPart,
  PromptSection,
  PromptWords,
  SectionBase,
  SegmentSection,
} from './syntax/parse-prompt.js'
export { formatPrompt, parsePrompt } from './syntax/parse-prompt.js'
export type { PromptFinding, PromptFindingCode } from './syntax/prompt-findings.js'
export { promptFindings } from './syntax/prompt-findings.js'
export type { SectionKind } from './syntax/tag-kinds.js'
export type { AreaValues, LoraValues, SegmentValues, YoloMatch } from './syntax/tag-values.js'
export type { PromptTag, PromptTags } from './syntax/tags.js'
export { parseTags } from './syntax/tags.js'
export type {
  AmbiguousMention,
  Mentions,
  ReplacedMention,
  SkippedMention,
  SkipReason,
  Span,
} from './triggers/mention.js'
export type { TriggerOptions, TriggerSubstitution } from './triggers/triggers.js'
export { compileTriggers, substituteTriggers } from './triggers/triggers.js'
