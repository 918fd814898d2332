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
} from './appearance.js'
export { resolveAppearance } from './appearance.js'
export type { AppliedAppearance, AppliedMention, ApplyAppearanceOptions } from './apply-appearance.js'
export { applyAppearance } from './apply-appearance.js'
export type { BeatInScene } from './beats.js'
export { beats } from './beats.js'
export type { EscapeBracketsOptions } from './brackets.js'
export { escapeBrackets } from './brackets.js'
export type { CharacterDescription } from './character-descriptions.js'
export { characterDescriptions } from './character-descriptions.js'
export type { CheckOptions } from './check.js'
export { checkSession } from './check.js'
export type {
  CompactAppearance,
  CompactArtifact,
  CompactCharacter,
  CompactContext,
  CompactOptions,
  CompactScene,
} from './compact-context.js'
export { compactContext } from './compact-context.js'
export type { ComposeOptions, ComposePromptOptions } from './compose.js'
export { composePrompt } from './compose.js'
export { imageDecision } from './decision.js'
export type { BeatPosition, ChangedBeat, MovedBeat, SceneChange, SessionDiff } from './diff.js'
export { diffSessions } from './diff.js'
export type { ContextAspect, ContextChange } from './diff-context.js'
export type { EditedPrompts, EditOptions, EditPromptsOptions, PromptChange, PromptEdit } from './edit.js'
export { editPrompts } from './edit.js'
export type {
  FailedSlot,
  FilledPrompts,
  FilledSlot,
  FillPromptsOptions,
  GeneratePromptsOptions,
  PromptSlot,
} from './fill.js'
export { fillPrompts } from './fill.js'
export type { FoundText } from './find-text.js'
export type { Finding, FindingCode, FindingSummary, Severity } from './finding.js'
export { FINDING_CODES, summarizeFindings } from './finding.js'
export type { AspectRatio, ImageFormat } from './image-format.js'
export { IMAGE_FORMATS } from './image-format.js'
export type { ImageParameters } from './image-parameters.js'
export { jobKey } from './job-key.js'
export type { PromptPlace } from './map-prompts.js'
export type { AmbiguousMention, Mentions, ReplacedMention, SkippedMention, SkipReason, Span } from './mention.js'
export type { NormalizedPlace, NormalizedSession } from './normalize.js'
export { normalizeSession } from './normalize.js'
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
} from './parse-prompt.js'
export { formatPrompt, parsePrompt } from './parse-prompt.js'
export type { PromptFilter } from './prompt-filter.js'
export type { PromptFinding, PromptFindingCode } from './prompt-findings.js'
export { promptFindings } from './prompt-findings.js'
export type {
  PictureCharacter,
  PromptGenerator,
  PromptRequest,
  PromptRequestItem,
  PromptResult,
} from './prompt-generator.js'
export type { PromptFlaw } from './prompt-text.js'
export type { ImageJob, ImageQueueOptions } from './queue.js'
export { imageQueue } from './queue.js'
export type { SceneHeader, SceneScript, SceneScripts, ScriptHeader } from './scene-scripts.js'
export { sceneScripts, scriptHeader } from './scene-scripts.js'
export type { SearchedPart, SearchMatch, SearchOptions } from './search.js'
export { searchSession } from './search.js'
export type { MissingPrompt, PromptProblem, PromptStatus } from './status.js'
export { promptStatus } from './status.js'
export type { SectionKind } from './tag-kinds.js'
export type { AreaValues, LoraValues, SegmentValues, YoloMatch } from './tag-values.js'
export type { PromptTag, PromptTags } from './tags.js'
export { parseTags } from './tags.js'
export { estimateTokens } from './token-budget.js'
export type { TriggerOptions, TriggerSubstitution } from './triggers.js'
export { compileTriggers, substituteTriggers } from './triggers.js'
