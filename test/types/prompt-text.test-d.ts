/** Prompts as text, scripts as scenes, and sessions of other dialects. Checked by `tsc`, never run. */
import {
  type AreaSection,
  type AreaValues,
  type EscapeBracketsOptions,
  escapeBrackets,
  estimateTokens,
  formatPrompt,
  type LoraValues,
  type NormalizedPlace,
  type NormalizedSession,
  normalizeSession,
  type OtherTag,
  type ParsedPrompt,
  type PlainSection,
  type PromptFinding,
  type PromptFindingCode,
  type PromptLora,
  type PromptPart,
  type PromptSection,
  type PromptTag,
  type PromptTags,
  type PromptWords,
  parsePrompt,
  parseTags,
  promptFindings,
  type SceneHeader,
  type SceneScript,
  type SceneScripts,
  type ScriptHeader,
  type SectionBase,
  type SectionKind,
  type SegmentSection,
  type SegmentValues,
  sceneScripts,
  scriptHeader,
  type YoloMatch,
} from 'storyart-sdk/prompt'
import type { Session } from 'storyart-sdk/schema'
import { expectTypeOf } from 'vitest'

/** The kind says which values a section has. */
export function sections(section: PromptSection): void {
  expectTypeOf(section).toExtend<SectionBase>()
  expectTypeOf(section.kind).toEqualTypeOf<SectionKind>()
  // @ts-expect-error only segments have a threshold
  void section.threshold
  if (section.kind === 'segment' || section.kind === 'clear') {
    expectTypeOf(section).toEqualTypeOf<SegmentSection>()
    expectTypeOf(section).toExtend<SegmentValues>()
    expectTypeOf(section.yolo).toEqualTypeOf<YoloMatch | null>()
    section.threshold = null
    // @ts-expect-error written in `match`
    section.yolo = null
  } else if (section.kind === 'region' || section.kind === 'object') {
    expectTypeOf(section).toEqualTypeOf<AreaSection>()
    expectTypeOf(section).toExtend<AreaValues>()
    section.strength2 = 0.5
  } else if (section.kind === 'global' || section.kind === 'video') {
    expectTypeOf(section).toEqualTypeOf<PlainSection>()
  }
}

/** And so does the kind of a part. */
export function parts(part: PromptPart): void {
  expectTypeOf(part.kind).toEqualTypeOf<'words' | 'lora' | 'tag'>()
  switch (part.kind) {
    case 'words':
      expectTypeOf(part).toEqualTypeOf<PromptWords>()
      return
    case 'lora':
      expectTypeOf(part).toExtend<LoraValues>()
      expectTypeOf(part).toEqualTypeOf<PromptLora>()
      return
    case 'tag':
      expectTypeOf(part).toEqualTypeOf<OtherTag>()
      return
    default:
      part satisfies never
  }
}

export function parsing(text: string): void {
  expectTypeOf(parsePrompt).toEqualTypeOf<(text: string) => ParsedPrompt>()
  const parsed = parsePrompt(text)
  expectTypeOf(parsed.loras).toEqualTypeOf<PromptLora[]>()
  expectTypeOf(parsed.literalFrom).toEqualTypeOf<number | undefined>()
  expectTypeOf(formatPrompt).toEqualTypeOf<(prompt: Pick<ParsedPrompt, 'sections'>) => string>()
  const [lora] = parsed.loras
  if (lora) lora.weight = null
  // @ts-expect-error a weight is a number
  if (lora) lora.weight = '0.8'
  expectTypeOf(parseTags).toEqualTypeOf<(text: string) => PromptTags>()
  expectTypeOf(parseTags(text).tags).toEqualTypeOf<PromptTag[]>()
  expectTypeOf(estimateTokens).toEqualTypeOf<(text: string) => number>()
  // @ts-expect-error a stored prompt may be no text
  void parsePrompt({ prompt: text })
}

export function judging(text: string, keepControl: boolean | undefined): void {
  expectTypeOf(promptFindings).toEqualTypeOf<(text: string) => PromptFinding[]>()
  for (const { code, severity } of promptFindings(text)) {
    expectTypeOf(code).toEqualTypeOf<PromptFindingCode>()
    expectTypeOf(severity).toEqualTypeOf<'error' | 'warning' | 'info'>()
    if (code === 'bracket-fails') return
    // @ts-expect-error no such code
    if (code === 'bracket-works') return
  }
  expectTypeOf(escapeBrackets).toEqualTypeOf<(text: string, options?: EscapeBracketsOptions) => string>()
  void escapeBrackets(text, { keepControl })
}

export function scripts(session: Session): void {
  // A session's script as it is, also where there is none.
  const { preamble, scenes } = sceneScripts(session.scriptText)
  expectTypeOf(sceneScripts).returns.toEqualTypeOf<SceneScripts>()
  expectTypeOf(preamble).toEqualTypeOf<string>()
  expectTypeOf(scenes).toEqualTypeOf<SceneScript[]>()
  expectTypeOf<SceneScript['header']>().toEqualTypeOf<SceneHeader>()
  expectTypeOf<SceneHeader['adBreak']>().toEqualTypeOf<boolean | null>()
  const header = scriptHeader(session.scriptText)
  expectTypeOf(header).toEqualTypeOf<ScriptHeader | null>()
  // @ts-expect-error there may be no header
  void header.title
}

/** A session stays one; of anything else only the schema knows. */
export function dialects(session: Session, value: unknown): void {
  expectTypeOf(normalizeSession(session)).toEqualTypeOf<NormalizedSession<Session>>()
  const foreign = normalizeSession(value)
  expectTypeOf(foreign).toEqualTypeOf<NormalizedSession<unknown>>()
  expectTypeOf(foreign.changes).toEqualTypeOf<NormalizedPlace[]>()
  // @ts-expect-error decodeSession or SessionSchema tells whether it is a session
  const known: Session = foreign.session
  void known
}
