/** Triggers, looks, composing and filling, as one calls them. Checked by `tsc`, never run. */
import {
  type AmbiguousMention,
  type Appearance,
  type AppearanceDescriptions,
  type AppearanceQuery,
  type AppearanceSource,
  type AppliedAppearance,
  type AppliedMention,
  type ApplyAppearanceOptions,
  applyAppearance,
  type BeatAnalysis,
  type BeatInScene,
  type CharacterDescription,
  type CompactAppearance,
  type CompactArtifact,
  type CompactCharacter,
  type CompactContext,
  type CompactOptions,
  type CompactScene,
  type ComposeOptions,
  type ComposePromptOptions,
  characterDescriptions,
  compactContext,
  compileTriggers,
  composePrompt,
  type EnhancedEpisodeContext,
  type FailedSlot,
  type FilledPrompts,
  type FilledSlot,
  type FillPromptsOptions,
  fillPrompts,
  type GeneratePromptsOptions,
  type ImageFormat,
  type ImageParameters,
  type Mentions,
  type PictureCharacter,
  type PromptFilter,
  type PromptGenerator,
  type PromptPlace,
  type PromptRequest,
  type PromptRequestItem,
  type PromptResult,
  type PromptSlot,
  type ReplacedMention,
  resolveAppearance,
  type Session,
  type SkippedMention,
  type SkipReason,
  type Sourced,
  type Span,
  type SwarmUIPrompt,
  substituteTriggers,
  type TriggerOptions,
  type TriggerSubstitution,
} from 'storyart-sdk'
import { expectTypeOf } from 'vitest'
import type { Guide, StoryArt } from './consumers.js'

/** Contexts of theirs go in as they are, and so does none. */
export function theirs(context: StoryArt.Context, guide: Guide.Context, session: StoryArt.Session): void {
  void [substituteTriggers('', context), substituteTriggers('', guide), substituteTriggers('', null)]
  void [resolveAppearance(context, { sceneNumber: 1, character: 'Ida' }), compactContext(guide), compactContext(null)]
  void [applyAppearance('', context, { sceneNumber: '1' }), characterDescriptions(session, 'IDHLM')]
  const [beat] = session.analyzedEpisode.scenes.flatMap((scene) => scene.beats)
  if (beat) void composePrompt(session, beat)
  void fillPrompts(session)
}

export function triggers(text: string, context: EnhancedEpisodeContext | null | undefined): void {
  expectTypeOf(substituteTriggers).parameters.toEqualTypeOf<
    [text: string, context: EnhancedEpisodeContext | null | undefined, options?: TriggerOptions]
  >()
  const done = substituteTriggers(text, context, { except: undefined })
  expectTypeOf(done).toEqualTypeOf<TriggerSubstitution>()
  expectTypeOf(done).toExtend<Mentions>()
  expectTypeOf(done.replaced).toEqualTypeOf<ReplacedMention[]>()
  expectTypeOf(done.ambiguous[0]).toEqualTypeOf<AmbiguousMention | undefined>()
  expectTypeOf<ReplacedMention>().toExtend<Span>()
  for (const { reason } of done.skipped) {
    expectTypeOf(reason).toEqualTypeOf<SkipReason>()
    // @ts-expect-error no such reason
    if (reason === 'unknown') return
  }
  expectTypeOf(compileTriggers).returns.toEqualTypeOf<(text: string) => TriggerSubstitution>()
  // @ts-expect-error phrases are a list
  void substituteTriggers(text, context, { except: 'Ave Maria' })
  // @ts-expect-error parseEpisodeContext reads the text of a session first
  void substituteTriggers(text, '{"episode":{}}')
}

export function looks(context: EnhancedEpisodeContext, session: Session): void {
  const query: AppearanceQuery = { sceneNumber: 1, character: 'Ida', phase: undefined }
  const look = resolveAppearance(context, query)
  expectTypeOf(look).toEqualTypeOf<Appearance>()
  expectTypeOf(look.trigger).toEqualTypeOf<Sourced<string> | null>()
  expectTypeOf(look.loraWeight.value).toEqualTypeOf<number>()
  expectTypeOf(look.loraWeight.source).toEqualTypeOf<AppearanceSource>()
  expectTypeOf(look.loraWeight.confidence).toEqualTypeOf<'exact' | 'weak'>()
  expectTypeOf(look.descriptions).toEqualTypeOf<AppearanceDescriptions>()
  // @ts-expect-error there may be no override
  void look.override.value
  // @ts-expect-error of whom
  void resolveAppearance(context, { sceneNumber: 1 })

  const options: ApplyAppearanceOptions = {
    sceneNumber: 1,
    phase: undefined,
    weights: undefined,
    except: ['Ave Maria'],
  }
  const applied = applyAppearance('', context, options)
  expectTypeOf(applied).toEqualTypeOf<AppliedAppearance>()
  expectTypeOf(applied.applied).toEqualTypeOf<AppliedMention[]>()
  expectTypeOf(applied.skipped).toEqualTypeOf<SkippedMention[]>()
  // @ts-expect-error in which scene
  void applyAppearance('', context)

  expectTypeOf(characterDescriptions).parameters.toEqualTypeOf<
    [session: Session, trigger: string, options?: PromptFilter]
  >()
  const [first] = characterDescriptions(session, 'IDHLM', { formats: undefined, scenes: undefined, beats: undefined })
  expectTypeOf(first).toEqualTypeOf<CharacterDescription | undefined>()
  expectTypeOf(first?.places[0]).toEqualTypeOf<(PromptPlace & { start: number }) | undefined>()
}

export function compact(context: EnhancedEpisodeContext): void {
  expectTypeOf(compactContext).parameter(1).toEqualTypeOf<CompactOptions | undefined>()
  const small = compactContext(context, { sceneNumber: undefined })
  expectTypeOf(small).toEqualTypeOf<CompactContext>()
  expectTypeOf(small.episode.characters).toEqualTypeOf<CompactCharacter[]>()
  expectTypeOf(small.episode.scenes).toEqualTypeOf<CompactScene[]>()
  expectTypeOf<CompactScene['character_appearances']>().toEqualTypeOf<CompactAppearance[]>()
  expectTypeOf(small.episode.scenes[0]?.location?.artifacts).toEqualTypeOf<CompactArtifact[] | undefined>()
  // Small as it is, it is a context, too.
  const again: EnhancedEpisodeContext = small
  void again
}

export function compose(session: Session, beat: BeatAnalysis): void {
  expectTypeOf(composePrompt).toEqualTypeOf<
    (session: Session, beat: BeatAnalysis, options?: ComposePromptOptions) => SwarmUIPrompt
  >()
  expectTypeOf<ComposePromptOptions>().toExtend<ComposeOptions>()
  const parameters: ImageParameters = { seed: 7, model: null, steps: undefined }
  const all: ComposePromptOptions = { format: undefined, style: undefined, budgetTokens: Infinity, weights: undefined }
  const { prompt, seed } = composePrompt(session, beat, { ...all, parameters })
  expectTypeOf(prompt).toEqualTypeOf<string>()
  expectTypeOf(seed).toEqualTypeOf<number | null | undefined>()
  // @ts-expect-error the prompt is what is composed
  void composePrompt(session, beat, { parameters: { prompt: 'fog' } })
  // @ts-expect-error one format at a time
  void composePrompt(session, beat, { format: ['cinematic'] })
  // @ts-expect-error a beat, not its id
  void composePrompt(session, 's1-b1')
}

/** Without a generator it is done at once; with one it is awaited. */
export function fill(session: Session, signal: AbortSignal | undefined): void {
  const options: FillPromptsOptions = { formats: ['vertical'], include: 'all', style: undefined }
  expectTypeOf(fillPrompts(session, options)).toEqualTypeOf<FilledPrompts>()
  const generator: PromptGenerator = {
    name: 'mine',
    generate: async ({ items }) => items.map(({ key }) => ({ key, failure: 'not now' })),
  }
  const more: GeneratePromptsOptions = { ...options, signal }
  expectTypeOf(fillPrompts(session, generator, more)).toEqualTypeOf<Promise<FilledPrompts>>()
  const { filled, failed } = fillPrompts(session)
  expectTypeOf(filled).toEqualTypeOf<FilledSlot[]>()
  expectTypeOf(failed).toEqualTypeOf<FailedSlot[]>()
  expectTypeOf<FilledSlot>().toExtend<PromptSlot>()
  expectTypeOf<PromptSlot>().toEqualTypeOf<{
    sceneNumber: number | null
    beatId: string
    beatIndex: number
    format: ImageFormat
  }>()
  // @ts-expect-error what is done at once cannot be stopped
  void fillPrompts(session, { signal })
  // @ts-expect-error the generator comes first
  void fillPrompts(session, options, generator)
}

/** What a generator gets, and may answer. */
export function generating(request: PromptRequest, result: PromptResult): void {
  expectTypeOf(request.items).toEqualTypeOf<readonly PromptRequestItem[]>()
  expectTypeOf(request.context).toEqualTypeOf<EnhancedEpisodeContext>()
  expectTypeOf(request.signal).toEqualTypeOf<AbortSignal | undefined>()
  const [item] = request.items
  expectTypeOf(item?.place).toEqualTypeOf<BeatInScene | undefined>()
  expectTypeOf(item?.composed).toEqualTypeOf<SwarmUIPrompt | undefined>()
  expectTypeOf(item?.characters).toEqualTypeOf<readonly PictureCharacter[] | undefined>()
  if ('failure' in result) expectTypeOf(result.failure).toEqualTypeOf<string>()
  else expectTypeOf(result.prompt).toEqualTypeOf<SwarmUIPrompt | string>()
  // @ts-expect-error a prompt or a failure
  const neither: PromptResult = { key: 's1-b1' }
  // @ts-expect-error texts alone do not say whose they are
  const alone: PromptGenerator = { name: 'mine', generate: async () => ['fog'] }
  void [neither, alone]
}
