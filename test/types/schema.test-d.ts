/**
 * The types of the trees against the interfaces of the programs that use them. Checked by `tsc`, never run.
 *
 * Every right use has a wrong one beside it.
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
import type { Guide, StoryArt } from './consumers.js'

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

/** The types are zod's own inference, without an index signature; of a session also without the field of a record. */
export function inference(session: Session, beat: BeatAnalysis): void {
  expectTypeOf<z.infer<typeof SessionSchema>>().toEqualTypeOf<Omit<Session, 'session'>>()
  expectTypeOf<z.infer<typeof SessionSchema>>().toExtend<Session>()
  expectTypeOf<SwarmUIExportData>().toEqualTypeOf<Session>()
  expectTypeOf(SwarmUIExportDataSchema.parse({})).toExtend<Session>()
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
