/**
 * What in one prompt will spoil its picture.
 * @module
 */

import type { SwarmUIPrompt } from '../../schema/index.js'
import { fold } from '../fold.js'
import type { PromptPlace } from '../map-prompts.js'
import { type PromptFinding, promptFindings } from '../syntax/prompt-findings.js'
import type { Matches } from '../triggers/name-matcher.js'
import { doubledTriggers, triggersAsWords } from '../triggers/trigger-damage.js'
import type { Cast, Member } from './check-cast.js'
import { quoted, type Report } from './finding.js'

/** One prompt to check. */
export interface PromptQuestion {
  prompt: SwarmUIPrompt
  /** Where the prompt stands, and where its text does. */
  place: Pick<PromptPlace, 'beatId' | 'sceneNumber' | 'path'> & { textPath: string }
  /** The characters the beat lists and the context knows. */
  listed: ReadonlySet<Member>
  cast: Cast
  report: Report
}

/** Checks text and parameters of a prompt that can be painted. */
export function checkPrompt({ prompt, place, listed, cast, report: all }: PromptQuestion): void {
  const { beatId, sceneNumber, path, textPath } = place
  const about = { beatId, sceneNumber }
  const report: Report = (code, at, message, more) => all(code, at, message, { ...about, ...more })
  const { prompt: text } = prompt

  checkSyntax(text, textPath, report)
  const mentions = cast.mentions(text)
  checkNames(mentions, textPath, report)
  checkTriggers(text, mentions, listed, cast, textPath, report)
  checkParameters(prompt, path, report)
}

/** Each kind of finding once, at its first place. */
function checkSyntax(text: string, path: string, report: Report): void {
  const kinds = new Map<string, { first: PromptFinding; count: number }>()
  for (const finding of promptFindings(text)) {
    const kind = kinds.get(finding.code)
    if (kind) kind.count++
    else kinds.set(finding.code, { first: finding, count: 1 })
  }
  for (const { first, count } of kinds.values()) {
    const { code, start, message, severity, remedy } = first
    if (code === 'empty-global') report('prompt-only-tags', path, message)
    else report('prompt-syntax', path, `At ${start}: ${message}${times(count)}`, { severity, remedy })
  }
}

function checkNames({ replaced, ambiguous }: Matches, path: string, report: Report): void {
  const left = new Map<string, number>()
  for (const { character } of replaced) left.set(character, (left.get(character) ?? 0) + 1)
  for (const [character, count] of left) {
    const where = count > 1 ? `in ${count} places` : 'in one place'
    report('name-unsubstituted', path, `The name of ${quoted(character)} stands ${where} where the trigger belongs`)
  }
  const shared = new Map(ambiguous.map(({ text, characters }) => [fold(text), { text, characters }]))
  for (const { text, characters } of shared.values()) {
    const bearers = characters.slice(0, 3).map(quoted).join(', ')
    report('name-ambiguous', path, `The name ${quoted(text)} is that of ${characters.length} characters: ${bearers}`)
  }
}

// A picture through somebody's eyes, or of things alone, need not show whom the beat lists.
const POINT_OF_VIEW = /\b(?:POV|point[ -]of[ -]view)\b/i
const PERSON =
  /\b(?:m[ae]n|wom[ae]n|boys?|girls?|child(?:ren)?|persons?|people|figures?|faces?|soldiers?|s?he|couple)\b/i

function checkTriggers(
  text: string,
  mentions: Matches,
  listed: ReadonlySet<Member>,
  cast: Cast,
  path: string,
  report: Report,
): void {
  const glued = cast.glued(text)
  for (const [trigger, count] of counted(glued.map((one) => one.trigger))) {
    report('trigger-glued', path, `The trigger ${quoted(trigger)} has grown into a word${times(count)}`)
  }
  for (const [trigger, count] of counted(doubledTriggers(text, mentions).map((one) => one.text))) {
    report('trigger-doubled', path, `The trigger ${quoted(trigger)} stands twice in a row${times(count)}`)
  }
  for (const [trigger, count] of counted(triggersAsWords(text, mentions).map((one) => one.text))) {
    report('trigger-as-word', path, `The trigger ${quoted(trigger)} seems to stand for an ordinary word${times(count)}`)
  }
  const { replaced, ambiguous, skipped } = mentions
  const present = new Set(glued.map(({ trigger }) => fold(trigger)))
  for (const { reason, text: trigger } of skipped) if (reason === 'already-a-trigger') present.add(fold(trigger))
  // Who is named gets the trigger by substitution, and has a finding for it.
  const named = new Set(replaced.map(({ character }) => character))
  for (const { characters } of ambiguous) for (const character of characters) named.add(character)
  const unseen = POINT_OF_VIEW.test(text) || (present.size === 0 && named.size === 0 && !PERSON.test(text))
  for (const { name, trigger } of listed) {
    if (!trigger || /[<>]/.test(trigger) || named.has(name) || present.has(fold(trigger))) continue
    const message = `The beat lists ${quoted(name)}, and the prompt has no trigger of theirs`
    report('trigger-missing', path, message, unseen ? { severity: 'info' } : {})
  }
}

function counted(values: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>()
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1)
  return counts
}

function times(count: number): string {
  return count > 1 ? `, ${count} times` : ''
}

/** SwarmUI refuses what is outside of these. A parameter that is not there is its own business. */
function checkParameters({ width, height, steps, cfgscale }: SwarmUIPrompt, path: string, report: Report): void {
  for (const [key, value] of Object.entries({ width, height })) {
    if (value != null && !isWhole(value, 64, 16384)) {
      report('size-out-of-range', `${path}.${key}`, `The ${key} is ${value}, no whole number from 64 to 16384`)
    }
  }
  if (steps != null && !isWhole(steps, 1, 500)) {
    report('steps-out-of-range', `${path}.steps`, `There are ${steps} steps, no whole number from 1 to 500`)
  }
  if (cfgscale != null && !(cfgscale >= 0 && cfgscale <= 100)) {
    report('cfg-out-of-range', `${path}.cfgscale`, `The CFG scale is ${cfgscale}, not from 0 to 100`)
  }
}

function isWhole(value: number, from: number, to: number): boolean {
  return Number.isInteger(value) && value >= from && value <= to
}
