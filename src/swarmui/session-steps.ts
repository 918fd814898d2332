/**
 * What is done with a session before it is painted: waiting, filling, checking.
 * @module
 */

import type { Finding } from '../prompt/check/finding.js'
import { type FilledPrompts, type FillPromptsOptions, fillPrompts } from '../prompt/compose/fill.js'
import type { PromptGenerator } from '../prompt/compose/prompt-generator.js'
import type { Session } from '../schema/index.js'

/** How long StoryArt itself waits for StorySwarm. */
const STORYSWARM_WAIT_MS = 30 * 60_000

/** For how long somebody else may still be writing this session's prompts, in ms. @internal */
export function promptWaitMs(session: Session): number {
  return session.promptMode === 'storyswarm' ? STORYSWARM_WAIT_MS : 0
}

/** Who fills in what is missing, and in which formats. @internal */
export interface FillStep extends Pick<FillPromptsOptions, 'formats' | 'include'> {
  generator: PromptGenerator | undefined
  signal: AbortSignal | undefined
}

/** The session with its missing prompts. @internal */
export async function fillStep(session: Session, { generator, signal, ...options }: FillStep): Promise<FilledPrompts> {
  return generator ? fillPrompts(session, generator, { ...options, signal }) : fillPrompts(session, options)
}

/** Whether a finding will spoil a picture that is about to be paid for. @internal */
export function spoilsPicture({ severity, path }: Finding): boolean {
  return severity === 'error' && /\.prompts\.\w+/.test(path)
}
