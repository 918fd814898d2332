/**
 * `storyart check`: what will spoil a picture, before any is painted.
 * @module
 */
import { type Command, InvalidArgumentError, Option } from 'commander'
import {
  checkSession,
  FINDING_CODES,
  type Finding,
  type FindingCode,
  type Severity,
  summarizeFindings,
} from 'storyart-sdk/prompt'
import type { Act } from '../act.js'
import { collected } from '../arguments/option-values.js'
import { SESSION_HELP } from '../arguments/session-argument.js'
import { EXIT } from '../exit-codes.js'
import { counted } from '../print/in-words.js'
import { printBlocks } from '../print/print-blocks.js'

interface CheckOptions {
  severity: Severity
  code?: FindingCode[]
  except?: string[]
  failOn: Severity | 'never'
}

/** From the worst on. */
const SEVERITIES: readonly Severity[] = ['error', 'warning', 'info']

export function addCheck(program: Command, act: Act): void {
  program
    .command('check')
    .description('find what will spoil a picture')
    .argument('[session]', SESSION_HELP, 'latest')
    .addOption(new Option('--severity <severity>', 'show these and worse').choices(SEVERITIES).default('info'))
    .option('--code <code>', 'only findings of this code; may be given several times', findingCode)
    .option('--except <phrase>', 'looks like a name and is none; may be given several times', collected)
    .addOption(
      new Option('--fail-on <severity>', `exit with ${EXIT.findings} if there are such or worse, shown or not`)
        .choices([...SEVERITIES, 'never'])
        .default('error'),
    )
    .action(
      act<CheckOptions, [string]>(async (tool, { severity, code, except, failOn }, argument) => {
        const { session, timestamp, name } = await tool.session(argument)
        const codes = code && new Set(code)
        const findings = checkSession(session, { except, timestamp: timestamp ?? undefined }).filter(
          (finding) => codes?.has(finding.code) ?? true,
        )
        const shown = findings.filter(atLeast(severity))
        const empty = `nothing ${shown.length < findings.length ? 'as bad ' : ''}is known against painting ${name}`
        if (tool.print.form === 'text') await printBlocks(tool.print, groupsOf(shown), linesOf, empty)
        else await tool.print.rows(shown, [], empty)
        const { error, warning, info } = summarizeFindings(findings)
        tool.talk(`${name}: ${counted(error, 'error')}, ${counted(warning, 'warning')}, ${counted(info, 'info')}`)
        return failOn !== 'never' && findings.some(atLeast(failOn)) ? EXIT.findings : undefined
      }),
    )
}

function atLeast(severity: Severity): ({ severity }: Finding) => boolean {
  const worst = SEVERITIES.slice(0, SEVERITIES.indexOf(severity) + 1)
  return (finding) => worst.includes(finding.severity)
}

/** What is said of many places is told once with all of them, the worst first. */
function groupsOf(findings: readonly Finding[]): Finding[][] {
  const groups = new Map<string, Finding[]>()
  for (const finding of findings) {
    const key = JSON.stringify([finding.severity, finding.code, finding.remedy])
    const group = groups.get(key)
    if (group) group.push(finding)
    else groups.set(key, [finding])
  }
  return SEVERITIES.flatMap((severity) => [...groups.values()].filter(([first]) => first?.severity === severity))
}

function linesOf(group: readonly Finding[]): string[] {
  const [first] = group
  if (!first) return []
  // A line of its own for the path: it is long, and for `storyart get --at`.
  const places = group.flatMap(({ beatId, path, message }) => [
    `  ${beatId === undefined ? '' : `${beatId}: `}${message}`,
    ...(path === '' ? [] : [`    ${path}`]),
  ])
  const times = group.length > 1 ? ` (${group.length})` : ''
  return [`${first.severity} ${first.code}${times}`, ...places, `  -> ${first.remedy}`, '']
}

/** A code of the list; an unknown one is answered with those that are like it. */
function findingCode(text: string, before: readonly FindingCode[] = []): FindingCode[] {
  const code = FINDING_CODES.find((known) => known === text.trim())
  if (code) return [...before, code]
  const [subject = ''] = text.trim().split('-')
  const alike = FINDING_CODES.filter((known) => subject !== '' && known.includes(subject))
  throw new InvalidArgumentError(`The codes are ${(alike.length > 0 ? alike : FINDING_CODES).join(', ')}.`)
}
