/**
 * `storyart export`: sessions of the store as files, or one a line.
 * @module
 */
import { mkdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Command, Option } from 'commander'
import type { Act } from '../act.js'
import { moment } from '../arguments/option-values.js'
import { fileError } from '../arguments/read-text.js'
import { chosenSessions, type SessionChoice } from '../arguments/session-choice.js'
import { CliError } from '../cli-error.js'
import { isSameSession } from '../copy/put-session.js'
import type { Met, StoredSession } from '../copy/stored-sessions.js'
import { Tally } from '../copy/tally.js'
import { EXIT } from '../exit-codes.js'
import { pathOf } from '../host.js'
import { counted } from '../print/in-words.js'
import { progressOf } from '../print/progress-bar.js'
import { writeWholeFile } from '../print/write-output.js'
import type { CommonOptions, Tool } from '../tool.js'

interface ExportOptions extends CommonOptions, SessionChoice {
  to?: string
  overwrite?: boolean
  dryRun?: boolean
}

export function addExport(program: Command, act: Act): void {
  program
    .command('export')
    .description('write sessions of the store to files or stdout; default: all, oldest first')
    .argument('[sessions...]', 'only these: timestamps, "latest", or dates')
    .addOption(new Option('--all', 'all of them').conflicts(['from', 'before']))
    .option('--from <moment>', 'only those from this moment on, such as 2026-02-06', moment)
    .option('--before <moment>', 'only those before this moment', moment)
    .option('--to <directory>', 'a file <timestamp>.json for each, as it is stored; default: a line each on stdout')
    .option('--overwrite', 'replace files that are there with another content; default: they are left, and told')
    .option('--dry-run', 'say which files would be written, and write none')
    .addHelpText(
      'after',
      '\nA line is { "timestamp", "expiresAt", "session" }, where expiresAt is null for a session without an end; with --json all\nare one list. `storyart import` reads both, and keeps the life; files of --to hold the session alone, without its life.\nExit code 6: some files are there with another content; 8: some sessions cannot be read.',
    )
    .action(
      act<ExportOptions, [string[]]>(async (tool, options, names) => {
        if (options.to === undefined && (options.dryRun || options.overwrite)) {
          throw new CliError(EXIT.usage, '--dry-run and --overwrite are about the files of --to')
        }
        const sessions = chosenSessions(tool, names, options)
        return options.to === undefined ? toStdout(tool, sessions) : toFiles(tool, sessions, options.to, options)
      }),
    )
}

async function toStdout({ print, talk }: Tool, sessions: AsyncIterable<Met>) {
  let written = 0
  let expired = 0
  let failed = 0
  const isList = print.form === 'json'
  for await (const met of sessions) {
    if (met.kind === 'expired') expired++
    else if (met.kind === 'failed') {
      failed++
      talk(`left out: ${met.message}`)
    } else {
      const before = isList ? (written === 0 ? '[\n' : ',\n') : ''
      await print.text(`${before}${lineOf(met)}${isList ? '' : '\n'}`)
      written++
    }
  }
  if (isList) await print.text(written === 0 ? '[]\n' : '\n]\n')
  if (expired > 0) talk(`left out: ${counted(expired, 'expired session')}; \`storyart prune\` removes what they left`)
  if (failed === 0) return undefined
  return written > 0 ? EXIT.partial : EXIT.invalid
}

/** The stored text itself, on one line: JSON has line breaks between its words only. */
function lineOf({ timestamp, expiresAt, raw }: StoredSession): string {
  const until = expiresAt === null ? null : new Date(Math.min(expiresAt, 8_640_000_000_000_000)).toISOString()
  const session = raw.trim().replace(/[\r\n]+/g, ' ')
  return `{"timestamp":${timestamp},"expiresAt":${JSON.stringify(until)},"session":${session}}`
}

async function toFiles(tool: Tool, sessions: AsyncIterable<Met>, directory: string, options: ExportOptions) {
  const progress = progressOf(tool.host, options.quiet, 'sessions')
  const tally = new Tally(tool, progress)
  progress.start()
  try {
    if (!options.dryRun) await makeDirectory(tool, directory)
    for await (const met of sessions) {
      if (met.kind === 'expired') tally.count('expired')
      else if (met.kind === 'failed') tally.note({ ...met, outcome: 'failed', message: `left out: ${met.message}` })
      else await toFile(tool, met, join(directory, `${met.timestamp}.json`), options, tally)
    }
  } finally {
    await tally.print(options.dryRun)
  }
  if (tally.of('failed') > 0) return tally.exitCode(EXIT.invalid)
  return tally.of('kept') > 0 ? EXIT.conflict : EXIT.done
}

async function toFile(
  tool: Tool,
  { timestamp, raw }: StoredSession,
  file: string,
  { overwrite, dryRun }: ExportOptions,
  tally: Tally,
): Promise<void> {
  const there = await readIfThere(tool, file)
  if (there !== null && isSameSession(timestamp, there, raw)) return tally.count('same')
  if (there !== null && !overwrite) {
    const message = `${file} is there with another content, and is kept: --overwrite replaces it`
    return tally.note({ timestamp, outcome: 'kept', message, file })
  }
  if (!dryRun) await writeWholeFile(tool.host, file, raw)
  tally.count(there === null ? 'written' : 'replaced')
}

async function readIfThere({ host }: Tool, file: string): Promise<string | null> {
  try {
    return await readFile(pathOf(host, file), { encoding: 'utf8', signal: host.signal })
  } catch (error) {
    host.signal.throwIfAborted()
    const failure = fileError(file, 'read', error)
    if (failure.exitCode === EXIT.missing) return null
    throw failure
  }
}

async function makeDirectory({ host }: Tool, directory: string): Promise<void> {
  try {
    await mkdir(pathOf(host, directory), { recursive: true })
  } catch (error) {
    throw fileError(directory, 'written', error)
  }
}
