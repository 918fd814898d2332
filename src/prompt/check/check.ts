/**
 * Everything in a session that will spoil a picture, before any is painted.
 * @module
 */

import type { Session } from '../../schema/index.js'
import { type ContextFlaw, sessionContext } from '../session-context.js'
import { textOf } from '../text-of.js'
import { checkAnalysis } from './check-analysis.js'
import { castOf } from './check-cast.js'
import { checkContext } from './check-context.js'
import { checkTimestamp } from './check-timestamp.js'
import { type Finding, findingList, type Report } from './finding.js'
import { overrideUses } from './override-use.js'

/** What {@link checkSession} may be told. */
export interface CheckOptions {
  /** The timestamp under which the session is stored, ms since the epoch: its own must not say another. Default: not known. */
  timestamp?: number | undefined
  /** Phrases that look like names and are none, as in {@link substituteTriggers}. Default: none. */
  except?: readonly string[] | undefined
}

/**
 * Looks through a session for everything that will spoil a picture or lose one, before any is painted.
 *
 * Script, context (characters, triggers, overrides, places), scenes, beats with their decisions and reuses, and each
 * prompt of a beat that wants a picture: its form, its tags and brackets, names where triggers belong, triggers that are
 * missing or damaged, its parameters. `docs/guide/check.md` explains every code.
 *
 * The findings come in a fixed order: script, context, story id, scenes with their beats and prompts in the order of the
 * document, what concerns the analysis as a whole, the legacy prompts, the timestamp. Linear in the session; never throws
 * on a valid one.
 *
 * @param session - The session, as the store returns it.
 * @param options - What the session itself does not say.
 * @returns The findings; none means that nothing is known against painting it.
 * @example
 * ```ts
 * import { checkSession } from 'storyart-sdk/prompt'
 *
 * const session = {
 *   scriptText: '===SCENE 1: The Quay===',
 *   storyUuid: '5c2f7a1e-0d4b-4f63-9a58-3f1d2c6b7e90',
 *   episodeContext: { episode: { characters: [{ character_name: 'Ada Marsh', base_trigger: 'ADAM_V1' }] } },
 *   analyzedEpisode: {
 *     scenes: [
 *       {
 *         sceneNumber: 1,
 *         beats: [
 *           { beatId: 's1-b1', imageDecision: { type: 'NEW_IMAGE' }, prompts: { cinematic: { prompt: 'Ada Marsh at the quay' } } },
 *           { beatId: 's1-b2', imageDecision: { type: 'REUSE_IMAGE', reuseSourceBeatId: 's1-b7' } },
 *         ],
 *       },
 *     ],
 *   },
 * }
 * const findings = checkSession(session)
 * console.log(findings.map(({ severity, code }) => `${severity} ${code}`).join(', ')) // info context-without-scenes, warning name-unsubstituted, error reuse-dangling
 * console.log(findings[1]?.path) // analyzedEpisode.scenes[0].beats[0].prompts.cinematic.prompt
 * ```
 */
export function checkSession(session: Session, options: CheckOptions = {}): Finding[] {
  const context = sessionContext(session)
  const cast = castOf(typeof context === 'string' ? {} : context, options.except ?? [])
  const { report, findings } = findingList()
  checkScript(session, report)

  // What the context leaves unused is known only when the prompts have been read.
  const overrides = overrideUses(cast)
  const analysis = findingList()
  checkAnalysis({
    session,
    cast,
    known: cast.members.length > 0,
    countOverrides: overrides.count,
    report: analysis.report,
  })

  const scenes = session.analyzedEpisode?.scenes ?? []
  if (typeof context === 'string') {
    const [code, message] = FLAWS[context]
    report(code, 'episodeContext', message)
  } else {
    const numbers = new Set(scenes.flatMap(({ sceneNumber }) => (sceneNumber == null ? [] : [sceneNumber])))
    checkContext({ cast, analyzed: scenes.length > 0 ? numbers : null, overrides: overrides.uses, report })
  }
  if (!UUID.test(session.storyUuid ?? '')) report('story-uuid-invalid', 'storyUuid', 'The story id is no UUID')
  for (const finding of analysis.findings) findings.push(finding)
  checkTimestamp(session, options.timestamp, report)
  return findings
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i

const FLAWS = {
  missing: ['context-missing', 'There is no episode context'],
  empty: ['context-empty', 'The episode context is an empty text'],
  placeholder: ['context-placeholder', 'The episode context is a note that there is none'],
  'not-json': ['context-not-json', 'The episode context is no JSON object'],
} as const satisfies Record<ContextFlaw, readonly [string, string]>

function checkScript({ scriptText }: Session, report: Report): void {
  if (!textOf(scriptText)) report('script-missing', 'scriptText', 'There is no script')
  else if (/^\s*\[(?:Restored|Auto-saved)\b[^\]]*\]\s*$/.test(scriptText ?? '')) {
    report('script-placeholder', 'scriptText', 'The script is a note that there is none')
  }
}
