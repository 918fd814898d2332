/** From text to session, to context, and how complete it is. Checked by `tsc`, never run. */
import {
  assertComplete,
  type Completeness,
  type CompletenessFinding,
  type CompletenessForm,
  type CompletenessLevel,
  type CompleteSession,
  DEFAULT_EPISODE_CONTEXT,
  decodeSession,
  type EnhancedEpisodeContext,
  type EpisodeContextResult,
  type GuideSession,
  isComplete,
  isCompleteContext,
  type LanguageModelName,
  type Open,
  type PreparedSession,
  parseEpisodeContext,
  parseStoryUuid,
  prepareSession,
  type SESSION_INDEX_KEY,
  type SESSION_KEY_PREFIX,
  type SESSION_TTL_MS,
  type Session,
  type SessionIssue,
  SessionSchema,
  safeParseEpisodeContext,
  validateCompleteness,
} from 'storyart-sdk'
import { expectTypeOf } from 'vitest'
import type { StoryArt } from './consumers.js'

export function sessions(raw: string, value: unknown, theirs: StoryArt.Session): void {
  expectTypeOf(decodeSession).toEqualTypeOf<(raw: string, where: string) => Session>()
  expectTypeOf(prepareSession).toEqualTypeOf<(session: unknown, where: string) => PreparedSession>()
  expectTypeOf(prepareSession(theirs, 'a session').encode).toEqualTypeOf<(timestamp: number) => string>()
  expectTypeOf(parseStoryUuid).toEqualTypeOf<(value: unknown, fallback?: string) => string>()
  const parsed = SessionSchema.safeParse(value)
  if (parsed.success) expectTypeOf(parsed.data).toExtend<Session>()
  // @ts-expect-error what is it that is read
  void decodeSession(raw)
  // @ts-expect-error a parsed value is no text; SessionSchema reads it
  void decodeSession(JSON.parse(raw) as object, 'a session')
}

/** A context, or why there is none. */
export function contexts(session: Session, theirs: StoryArt.Context, result: EpisodeContextResult): void {
  expectTypeOf(parseEpisodeContext).parameters.toEqualTypeOf<[Session | EnhancedEpisodeContext | string]>()
  void [parseEpisodeContext(session), parseEpisodeContext('{}'), parseEpisodeContext(theirs)]
  expectTypeOf(parseEpisodeContext).returns.toEqualTypeOf<EnhancedEpisodeContext>()
  expectTypeOf(safeParseEpisodeContext).toEqualTypeOf<(sessionOrText: unknown) => EpisodeContextResult>()
  if (result.ok) expectTypeOf(result.context).toEqualTypeOf<EnhancedEpisodeContext>()
  else expectTypeOf(result.issues).toEqualTypeOf<SessionIssue[]>()
  // @ts-expect-error there may be none
  void result.context
  expectTypeOf(DEFAULT_EPISODE_CONTEXT).toEqualTypeOf<EnhancedEpisodeContext>()
  // @ts-expect-error no context has a number
  void parseEpisodeContext(7)
}

export function completeness(session: Session, form: CompletenessForm): void {
  expectTypeOf(validateCompleteness).toEqualTypeOf<(session: unknown) => Completeness>()
  const { level, findings } = validateCompleteness(session)
  expectTypeOf(level).toEqualTypeOf<CompletenessLevel>()
  expectTypeOf(findings).toEqualTypeOf<CompletenessFinding[]>()
  // @ts-expect-error no such level
  if (level === 'done') return
  expectTypeOf(form).toEqualTypeOf<'storyart' | 'guide'>()
  expectTypeOf(isCompleteContext).returns.toEqualTypeOf<boolean>()
  if (isComplete(session, 'guide')) {
    const guide: GuideSession = session
    void guide
  }
  assertComplete(session)
  const complete: CompleteSession = session
  void complete
}

/** The names keys are made of are known to the letter. */
export function constants(name: Open<'gemini'>): void {
  expectTypeOf<typeof SESSION_KEY_PREFIX>().toEqualTypeOf<'storyart:session:'>()
  expectTypeOf<typeof SESSION_INDEX_KEY>().toEqualTypeOf<'storyart:sessions:index'>()
  expectTypeOf<typeof SESSION_TTL_MS>().toEqualTypeOf<604800000>()
  expectTypeOf<'gemini' | 'qwen'>().toExtend<LanguageModelName>()
  // Any text is taken; the usual ones are offered.
  const other: Open<'gemini'> = `${name}-2`
  const session: Session = { selectedLLM: other }
  void session
}
