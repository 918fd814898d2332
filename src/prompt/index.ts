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
export { imageDecision } from './decision.js'
export type { AspectRatio, ImageFormat } from './image-format.js'
export { IMAGE_FORMATS } from './image-format.js'
export { jobKey } from './job-key.js'
export type { AmbiguousMention, Mentions, ReplacedMention, SkippedMention, SkipReason, Span } from './mention.js'
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
export type { PromptFinding, PromptFindingCode } from './prompt-findings.js'
export { promptFindings } from './prompt-findings.js'
export type { PromptFlaw } from './prompt-text.js'
export type { ImageJob, ImageQueueOptions } from './queue.js'
export { imageQueue } from './queue.js'
export type { MissingPrompt, PromptProblem, PromptStatus } from './status.js'
export { promptStatus } from './status.js'
export type { SectionKind } from './tag-kinds.js'
export type { AreaValues, LoraValues, SegmentValues, YoloMatch } from './tag-values.js'
export type { PromptTag, PromptTags } from './tags.js'
export { parseTags } from './tags.js'
export type { TriggerOptions, TriggerSubstitution } from './triggers.js'
export { compileTriggers, substituteTriggers } from './triggers.js'
