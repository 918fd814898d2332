/**
 * What a check can find, by name, with what to do about it.
 * @module
 */

import type { PromptPlace } from '../map-prompts.js'

/**
 * `error`: a picture, or the session itself, will be missing or wrong. `warning`: it probably will. `info`: worth knowing.
 */
export type Severity = 'error' | 'warning' | 'info'

const SUBSTITUTE = 'Replace it with substituteTriggers, or name the phrase in `except` if nobody is meant.'
const DAMAGE = 'Restore the word with editPrompts, or make the prompt again.'
const REUSE = 'Set reuseSourceBeatId to an earlier beat of its own picture, or decide NEW_IMAGE.'

/** What {@link checkSession} can find. Closed within a major version; `docs/guide/check.md` explains each. */
export type FindingCode =
  | 'script-missing'
  | 'script-placeholder'
  | 'context-missing'
  | 'context-empty'
  | 'context-placeholder'
  | 'context-not-json'
  | 'context-without-scenes'
  | 'character-without-trigger'
  | 'trigger-shared'
  | 'alias-unusable'
  | 'scene-not-analyzed'
  | 'location-undescribed'
  | 'artifact-without-fragment'
  | 'override-unused'
  | 'override-partly-used'
  | 'story-uuid-invalid'
  | 'analysis-missing'
  | 'scene-empty'
  | 'scene-duplicate'
  | 'scene-without-context'
  | 'scene-duration'
  | 'beat-duplicate'
  | 'decision-missing'
  | 'decision-unknown'
  | 'reuse-without-source'
  | 'reuse-dangling'
  | 'reuse-self'
  | 'reuse-forward'
  | 'reuse-chained'
  | 'reuse-label'
  | 'positioning-none'
  | 'character-unknown'
  | 'prompt-missing'
  | 'prompts-pending'
  | 'prompt-empty'
  | 'prompt-placeholder'
  | 'prompt-plain-text'
  | 'prompt-unknown-format'
  | 'prompt-without-beat'
  | 'prompt-only-tags'
  | 'prompt-syntax'
  | 'name-unsubstituted'
  | 'name-ambiguous'
  | 'trigger-missing'
  | 'trigger-doubled'
  | 'trigger-glued'
  | 'trigger-as-word'
  | 'size-out-of-range'
  | 'steps-out-of-range'
  | 'cfg-out-of-range'
  | 'model-mixed'
  | 'timestamp-form'
  | 'timestamp-mismatch'

/** Every finding with its severity and its remedy, in the order of `docs/guide/check.md`. */
const FINDINGS = {
  'script-missing': ['error', 'Set scriptText: StoryArt refuses to save without it.'],
  'script-placeholder': ['warning', 'Set scriptText to the script: this is the note StoryArt writes when it has none.'],
  'context-missing': ['error', 'Set episodeContext to JSON.stringify(context).'],
  'context-empty': ['warning', 'Fetch the context and save again: without it nobody has a trigger or a look.'],
  'context-placeholder': [
    'error',
    'Fetch the context and save again: this is the note StoryArt writes when it has none.',
  ],
  'context-not-json': [
    'error',
    'Set episodeContext to JSON.stringify(context); parseEpisodeContext says where it breaks.',
  ],
  'context-without-scenes': ['info', 'Add the scenes: overrides and places are told scene by scene.'],
  'character-without-trigger': ['warning', 'Set base_trigger, or no LORA will show this character.'],
  'trigger-shared': ['warning', 'Give each character a trigger of their own, or SwarmUI paints them alike.'],
  'alias-unusable': ['info', 'Remove it: it names nobody, and StoryArt would replace every such word.'],
  'scene-not-analyzed': ['info', 'Run the analysis for this scene, or remove it from the context.'],
  'location-undescribed': ['warning', 'Set location.visual_description: prompts take the place from it.'],
  'artifact-without-fragment': ['info', 'Set swarmui_prompt_fragment: prompts take the thing from it.'],
  'override-unused': [
    'warning',
    'Make the prompts again with applyAppearance or composePrompt, or remove the override.',
  ],
  'override-partly-used': ['info', 'Make the other prompts again if the character is to look the same in all.'],
  'story-uuid-invalid': [
    'warning',
    "Set the story's UUID; parseStoryUuid(value, fallback) puts a known one in its place.",
  ],
  'analysis-missing': ['error', 'Run the analysis and save again.'],
  'scene-empty': ['warning', 'Run the analysis for this scene, or remove it.'],
  'scene-duplicate': ['warning', 'Merge the scenes or give each a number of its own: StoryArt finds only the first.'],
  'scene-without-context': [
    'warning',
    'Add the scene to the context, or correct its number: overrides are found by it.',
  ],
  'scene-duration': ['info', 'Set metadata.targetDuration to the minutes the script asks for.'],
  'beat-duplicate': ['error', 'Give each beat an id of its own: StoryArt writes prompts to the first that has it.'],
  'decision-missing': ['info', 'Set imageDecision: StoryArt passes over the beat, imageQueue paints it.'],
  'decision-unknown': ['warning', 'Set imageDecision.type to NEW_IMAGE, REUSE_IMAGE or NO_IMAGE.'],
  'reuse-without-source': ['error', REUSE],
  'reuse-dangling': ['error', REUSE],
  'reuse-self': ['error', REUSE],
  'reuse-forward': ['warning', REUSE],
  'reuse-chained': ['warning', 'Set reuseSourceBeatId to the beat whose picture is meant in the end.'],
  'reuse-label': ['info', 'Write the label as "Scene N, Beat id"; normalizeSession does it.'],
  'positioning-none': ['info', 'Leave characterPositioning out: the text would be read as a position.'],
  'character-unknown': ['warning', 'Add the character to the context, or correct the name in the beats.'],
  'prompt-missing': ['error', 'Make the prompt, for instance with fillPrompts, or decide NO_IMAGE.'],
  'prompts-pending': ['error', 'Wait for StorySwarm to fill the prompts, or make them with fillPrompts.'],
  'prompt-empty': ['error', 'Make the prompt again, or remove it.'],
  'prompt-placeholder': ['error', 'Make the prompt again: its generation failed.'],
  'prompt-plain-text': ['info', 'Store it as an object with its parameters; normalizeSession makes the object.'],
  'prompt-unknown-format': ['info', 'Store it as cinematic, vertical or marketingVertical: nothing else is painted.'],
  'prompt-without-beat': ['warning', 'Remove the entry, or correct its beatId: it is never painted.'],
  'prompt-only-tags': ['error', 'Write what the picture shows: tags alone say nothing of it.'],
  'prompt-syntax': ['warning', 'See promptFindings, which says it with its place and its remedy.'],
  'name-unsubstituted': ['warning', SUBSTITUTE],
  'name-ambiguous': ['warning', 'Write the full name or the trigger: several characters bear this name.'],
  'trigger-missing': ['warning', 'Write the trigger into the prompt, or take the character off the beat if unseen.'],
  'trigger-doubled': ['warning', 'Write the trigger once; editPrompts does it for all prompts.'],
  'trigger-glued': ['error', DAMAGE],
  'trigger-as-word': ['warning', DAMAGE],
  'size-out-of-range': ['error', 'Set width and height to whole numbers from 64 to 16384.'],
  'steps-out-of-range': ['error', 'Set steps to a whole number from 1 to 500.'],
  'cfg-out-of-range': ['error', 'Set cfgscale to a number from 0 to 100.'],
  'model-mixed': ['info', 'Set one model in all prompts if that is not meant: switching costs minutes.'],
  'timestamp-form': ['info', 'Store it as a whole number of milliseconds; normalizeSession corrects a text.'],
  'timestamp-mismatch': ['warning', 'Save again: the key of the session counts, and this says another version.'],
} as const satisfies Record<FindingCode, readonly [Severity, string]>

/** All codes, in the order of their documentation. */
export const FINDING_CODES: readonly FindingCode[] = /* @__PURE__ */ Object.freeze(
  // The keys of a constant are its own.
  /* @__PURE__ */ Object.keys(FINDINGS) as FindingCode[],
)

/** One thing in a session that deserves a look. */
export interface Finding {
  /** What it is. */
  code: FindingCode
  /** How bad it is. The same for all findings of a code, but for `prompt-syntax` and `trigger-missing`. */
  severity: Severity
  /**
   * Where, as one would write it in code. What is in the context has a path below `episodeContext`, also where that is a
   * text. Empty for the session itself.
   */
  path: string
  /** What is wrong there. It may quote names, triggers and ids, never a prompt or the script. */
  message: string
  /** What to do about it. */
  remedy: string
  /** The id of the beat, if it is about one. */
  beatId?: string
  /** The number of the scene, if it is about one. */
  sceneNumber?: number
}

/** Notes a finding. */
export type Report = (
  code: FindingCode,
  path: string,
  message: string,
  about?: Partial<Pick<PromptPlace, 'beatId' | 'sceneNumber'>> & { severity?: Severity; remedy?: string },
) => void

/** A list of findings, and what notes one in it. */
export function findingList(): { findings: Finding[]; report: Report } {
  const findings: Finding[] = []
  return {
    findings,
    report(code, path, message, about = {}) {
      const [severity, remedy] = FINDINGS[code]
      const { beatId, sceneNumber } = about
      findings.push({
        code,
        severity: about.severity ?? severity,
        path,
        message,
        remedy: about.remedy ?? remedy,
        ...(beatId !== undefined && { beatId }),
        ...(sceneNumber != null && { sceneNumber }),
      })
    },
  }
}

/** A name as it may stand in a message: in quotes, and not too long. */
export function quoted(name: unknown): string {
  const text = String(name)
  return `"${text.length > 60 ? `${text.slice(0, 60)}…` : text}"`
}

/** How many findings there are, see {@link summarizeFindings}. */
export interface FindingSummary {
  /** How many errors. */
  error: number
  /** How many warnings. */
  warning: number
  /** How many infos. */
  info: number
  /** How many of each code, those that occur, in the order of {@link FINDING_CODES}. */
  byCode: Partial<Record<FindingCode, number>>
}

/**
 * Counts findings by severity and code.
 *
 * @param findings - What {@link checkSession} returned.
 * @returns The counts.
 * @example
 * ```ts
 * import { checkSession, summarizeFindings } from 'storyart-sdk/prompt'
 *
 * const { error, byCode } = summarizeFindings(checkSession({ scriptText: 'SCENE 1', storyUuid: 'restored-1704067200000' }))
 * console.log(error, Object.keys(byCode).join(' ')) // 2 context-missing story-uuid-invalid analysis-missing
 * ```
 */
export function summarizeFindings(findings: readonly Finding[]): FindingSummary {
  const summary: FindingSummary = { error: 0, warning: 0, info: 0, byCode: {} }
  const counts = new Map<FindingCode, number>()
  for (const { code, severity } of findings) {
    summary[severity]++
    counts.set(code, (counts.get(code) ?? 0) + 1)
  }
  for (const code of FINDING_CODES) {
    const count = counts.get(code)
    if (count) summary.byCode[code] = count
  }
  return summary
}
