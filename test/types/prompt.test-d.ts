/** The queue and what stands around it: status, check, diff, edit, search. Checked by `tsc`, never run. */
import {
  type AspectRatio,
  type BeatAnalysis,
  type BeatInScene,
  type BeatPosition,
  beats,
  type ChangedBeat,
  type CheckOptions,
  type ContextAspect,
  type ContextChange,
  checkSession,
  diffSessions,
  type EditedPrompts,
  type EditOptions,
  type EditPromptsOptions,
  editPrompts,
  FINDING_CODES,
  type Finding,
  type FindingCode,
  type FindingSummary,
  type FoundText,
  IMAGE_FORMATS,
  type ImageDecisionType,
  type ImageFormat,
  type ImageJob,
  type ImageQueueOptions,
  imageDecision,
  imageQueue,
  jobKey,
  type MissingPrompt,
  type MovedBeat,
  type PromptChange,
  type PromptEdit,
  type PromptFilter,
  type PromptFlaw,
  type PromptPlace,
  type PromptProblem,
  type PromptStatus,
  promptStatus,
  type SceneChange,
  type SearchedPart,
  type SearchMatch,
  type SearchOptions,
  type Session,
  type SessionDiff,
  type SessionRecord,
  type Severity,
  type SwarmUIPrompt,
  searchSession,
  summarizeFindings,
} from 'storyart-sdk'
import { expectTypeOf } from 'vitest'
import type { Guide, StoryArt } from './consumers.js'

/** StoryArt's sessions, and the guide's, go in as they are. */
/** A record passes for a session at run time, as every field of one may be missing: then the queue would be empty. */
export function records(record: SessionRecord): void {
  void imageQueue(record.session)
  // @ts-expect-error a record is no session
  void imageQueue(record)
  // @ts-expect-error nor is it here
  void checkSession(record)
}

export function theirs(session: StoryArt.Session, guide: Guide.Session, beat: StoryArt.Beat): void {
  void [imageQueue(session), imageQueue(guide), promptStatus(session), checkSession(session), [...beats(guide)]]
  void [diffSessions(session, guide), searchSession(session, 'fog'), editPrompts(guide, { find: 'fog', replace: '' })]
  void [imageDecision(beat), imageQueue(session, { since: guide })]
}

export function queue(session: Session, record: SessionRecord | null, since: Session | undefined): void {
  expectTypeOf(imageQueue).toEqualTypeOf<(session: Session, options?: ImageQueueOptions) => ImageJob[]>()
  expectTypeOf<ImageJob>().toEqualTypeOf<{
    key: string
    sceneNumber: number | null
    sceneTitle: string
    beatId: string
    beatIndex: number
    format: ImageFormat
    aspectRatio: AspectRatio
    prompt: SwarmUIPrompt
    beatScriptText: string
    images: number
  }>()
  void imageQueue(session, { formats: undefined, include: undefined, images: undefined, since })
  void imageQueue(session, { formats: IMAGE_FORMATS, include: 'all' })
  // @ts-expect-error there may be no session
  void imageQueue(record.session)
  if (record) void imageQueue(record.session)
  // @ts-expect-error no such format
  void imageQueue(session, { formats: ['square'] })
  // @ts-expect-error formats are a list
  void imageQueue(session, { formats: 'cinematic' })
  // @ts-expect-error 'wanted' or 'all'
  void imageQueue(session, { include: 'none' })
  expectTypeOf<AspectRatio>().toEqualTypeOf<'16:9' | '9:16'>()
  expectTypeOf<ImageFormat>().toEqualTypeOf<'cinematic' | 'vertical' | 'marketingVertical'>()
  expectTypeOf(IMAGE_FORMATS).toEqualTypeOf<readonly ['cinematic', 'vertical', 'marketingVertical']>()
  expectTypeOf(jobKey).toEqualTypeOf<(format: ImageFormat, prompt: SwarmUIPrompt) => string>()
}

export function walk(session: Session): void {
  for (const place of beats(session)) {
    expectTypeOf(place).toEqualTypeOf<BeatInScene>()
    expectTypeOf(place.sceneNumber).toEqualTypeOf<number | null>()
  }
  expectTypeOf(imageDecision).toEqualTypeOf<(beat: BeatAnalysis) => ImageDecisionType | null>()
  expectTypeOf<ImageDecisionType>().toEqualTypeOf<'NEW_IMAGE' | 'REUSE_IMAGE' | 'NO_IMAGE'>()
}

export function status(session: Session): void {
  const { missing, problems, promptsByFormat, ...counts } = promptStatus(session)
  expectTypeOf(promptStatus).toEqualTypeOf<(session: Session) => PromptStatus>()
  expectTypeOf(counts).toEqualTypeOf<{
    promptsReady: boolean
    totalBeats: number
    wantedBeats: number
    totalPrompts: number
  }>()
  expectTypeOf(promptsByFormat.marketingVertical).toEqualTypeOf<number>()
  expectTypeOf(missing).toEqualTypeOf<MissingPrompt[]>()
  expectTypeOf<MissingPrompt['reason']>().toEqualTypeOf<PromptFlaw>()
  expectTypeOf<PromptFlaw>().toEqualTypeOf<'missing' | 'empty' | 'placeholder'>()
  expectTypeOf(problems).toEqualTypeOf<PromptProblem[]>()
  expectTypeOf<PromptProblem['reason']>().toEqualTypeOf<'empty' | 'placeholder' | 'unknown-format' | 'no-beat'>()
}

export function check(session: Session, timestamp: number | undefined): void {
  expectTypeOf(checkSession).toEqualTypeOf<(session: Session, options?: CheckOptions) => Finding[]>()
  const findings = checkSession(session, { timestamp, except: undefined })
  expectTypeOf<Finding>().toEqualTypeOf<{
    code: FindingCode
    severity: Severity
    path: string
    message: string
    remedy: string
    beatId?: string
    sceneNumber?: number
  }>()
  expectTypeOf<Severity>().toEqualTypeOf<'error' | 'warning' | 'info'>()
  expectTypeOf(FINDING_CODES).toEqualTypeOf<readonly FindingCode[]>()
  const told = findings.filter(({ code }) => code === 'override-unused' || code === 'prompts-pending')
  // @ts-expect-error no such code, so the comparison is a slip of the pen
  void findings.filter(({ code }) => code === 'override-missing')
  expectTypeOf(summarizeFindings).toEqualTypeOf<(findings: readonly Finding[]) => FindingSummary>()
  const { byCode, error } = summarizeFindings(told)
  expectTypeOf(error).toEqualTypeOf<number>()
  expectTypeOf(byCode['script-missing']).toEqualTypeOf<number | undefined>()
  // @ts-expect-error no such code
  void byCode['script-lost']
}

export function diff(older: Session, newer: Session): void {
  expectTypeOf(diffSessions).toEqualTypeOf<
    (older: Session, newer: Session, options?: Omit<ImageQueueOptions, 'since'>) => SessionDiff
  >()
  const { beats: changed, scenes, context, jobs } = diffSessions(older, newer, { images: 2, formats: undefined })
  expectTypeOf(changed).toEqualTypeOf<{
    added: BeatPosition[]
    removed: BeatPosition[]
    changed: ChangedBeat[]
    moved: MovedBeat[]
  }>()
  expectTypeOf<ChangedBeat['fields']>().toEqualTypeOf<string[]>()
  expectTypeOf<MovedBeat['from']>().toEqualTypeOf<BeatPosition>()
  expectTypeOf(scenes).toEqualTypeOf<SceneChange[]>()
  expectTypeOf(context).toEqualTypeOf<ContextChange[]>()
  for (const { aspect, change } of context) {
    expectTypeOf(aspect).toEqualTypeOf<ContextAspect>()
    expectTypeOf(change).toEqualTypeOf<'added' | 'removed' | 'changed'>()
    // @ts-expect-error an aspect is one of ten
    if (aspect === 'mood') return
  }
  expectTypeOf(jobs).toEqualTypeOf<ImageJob[]>()
  // @ts-expect-error the older session is what it is since
  void diffSessions(older, newer, { since: older })
}

export function edit(session: Session): void {
  expectTypeOf(editPrompts).toEqualTypeOf<(session: Session, options: EditPromptsOptions) => EditedPrompts>()
  const one: EditPromptsOptions = { find: 'fog', replace: 'mist', scenes: undefined, beats: ['s1-b1'] }
  const several: EditPromptsOptions = { edits: [{ find: /fog (\w+)/, replace: (found) => found.groups[0] ?? '' }] }
  const { changes, session: edited } = editPrompts(session, { ...one, protectTags: undefined, around: undefined })
  expectTypeOf(edited).toEqualTypeOf<Session>()
  expectTypeOf(changes).toEqualTypeOf<PromptChange[]>()
  expectTypeOf<PromptChange>().toExtend<PromptPlace>()
  expectTypeOf<PromptEdit['replace']>().toEqualTypeOf<string | ((found: FoundText, place: PromptPlace) => string)>()
  expectTypeOf<EditOptions>().toExtend<PromptFilter>()
  // @ts-expect-error what to find, and what for it
  void editPrompts(session, { formats: ['cinematic'] })
  // @ts-expect-error a replacement is needed, be it ''
  void editPrompts(session, { find: 'fog' })
  // @ts-expect-error a session is never changed in place
  void several.session
}

export function search(session: Session): void {
  expectTypeOf(searchSession).toEqualTypeOf<
    (session: Session, wanted: string | RegExp, options?: SearchOptions) => SearchMatch[]
  >()
  const [match] = searchSession(session, /fog/u, { parts: ['script'], caseSensitive: undefined, around: undefined })
  expectTypeOf(match?.part).toEqualTypeOf<SearchedPart | undefined>()
  expectTypeOf<SearchedPart>().toEqualTypeOf<'prompts' | 'beats' | 'script'>()
  // @ts-expect-error the script has no beats
  const id: string | undefined = match?.beatId
  // @ts-expect-error no such part
  void searchSession(session, 'fog', { parts: ['context'] })
  void id
}
