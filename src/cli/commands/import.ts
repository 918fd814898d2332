/**
 * `storyart import`: sessions from files into the store.
 * @module
 */
import type { Command } from 'commander'
import { isStoryArtError, SESSION_TTL_MS, type SessionAdapter, type SessionStore } from 'storyart-sdk'
import type { Act } from '../act.js'
import { duration } from '../arguments/option-values.js'
import { CliError } from '../cli-error.js'
import { type Entry, entryOf } from '../copy/import-entry.js'
import { type Found, sessionsIn } from '../copy/import-source.js'
import { putSession } from '../copy/put-session.js'
import { isAboutOne } from '../copy/stored-sessions.js'
import { type Outcome, Tally } from '../copy/tally.js'
import { exitCodeOf } from '../exit-code-of.js'
import { EXIT, type ExitCode } from '../exit-codes.js'
import { progressOf } from '../print/progress-bar.js'
import { changeWords } from '../print/tell-changes.js'
import type { CommonOptions, Tool } from '../tool.js'

interface ImportOptions extends CommonOptions {
  ttl?: number
  overwrite?: boolean
  normalize?: boolean
  dryRun?: boolean
}

export function addImport(program: Command, act: Act): void {
  program
    .command('import')
    .description('store the sessions in files, each under its own timestamp')
    .argument('<files...>', 'files with a session, a list of sessions, or what `storyart export` writes; - is stdin')
    .option('--ttl <duration>', 'how long all of them live; default: what remains by the file, else 7d', duration)
    .option('--overwrite', 'replace what has another content; default: it is left, and told')
    .option('--normalize', 'bring them into the shape of StoryArt first, and say what was changed')
    .option('--dry-run', 'read and compare, and write nothing')
    .addHelpText(
      'after',
      '\nThe timestamp is that of the line, else of the session, else of the name of a <timestamp>.json, else a new one.\nWhat is there with the same content is left with the life it has; what has expired is not stored, but with --ttl.\nExit code 8: some of it cannot be used; 4: none of it.',
    )
    .action(
      act<ImportOptions, [string[]]>(async (tool, options, files) => {
        const tally = new Tally(tool, progressOf(tool.host, options.quiet, 'sessions'))
        const adapter = tool.adapter(options.store)
        const target = { adapter, store: tool.open(adapter) }
        const failures = new Set<ExitCode>()
        const fail = (error: unknown, place: Pick<Found, 'file' | 'line'>): void => {
          if (!(error instanceof CliError || isAboutOne(error))) throw error
          failures.add(isStoryArtError(error) ? EXIT.invalid : exitCodeOf(error))
          const { file, line } = place
          tally.note({ timestamp: null, outcome: 'failed', message: error.message, file, ...(line ? { line } : {}) })
        }
        try {
          for (const file of files) {
            try {
              for await (const found of sessionsIn(tool.host, file)) {
                await importOne(tool, target, options, found, tally).catch((error: unknown) => fail(error, found))
              }
            } catch (error) {
              tool.signal.throwIfAborted()
              fail(error, { file })
            }
          }
        } finally {
          await tally.print(options.dryRun)
        }
        const [only] = failures
        return tally.exitCode(failures.size === 1 && only ? only : EXIT.invalid)
      }),
    )
}

async function importOne(
  tool: Tool,
  { adapter, store }: { adapter: SessionAdapter; store: SessionStore },
  { ttl, overwrite, normalize = false, dryRun }: ImportOptions,
  found: Found,
  tally: Tally,
): Promise<void> {
  const { host, signal } = tool
  const { prepared, timestamp, expiresAt, changes } = entryOf(found, normalize)
  for (const words of changeWords(found.where, changes)) tool.talk(words)
  const ttlMs = ttl ?? lifeOf(expiresAt, host.now())
  const place = { file: found.file, ...(found.line ? { line: found.line } : {}) }
  const note = (outcome: Outcome, message: string) => tally.note({ timestamp, outcome, message, ...place })
  if (ttlMs !== undefined && ttlMs <= 0) {
    return note(
      'expired',
      `${found.where}: session ${timestamp} has expired, and is left out; --ttl gives it a new life`,
    )
  }
  if (timestamp === null) {
    if (dryRun) return note('written', `${found.where} would get a new timestamp`)
    const saved = await store.save(prepared.session, { ttlMs: ttlMs ?? SESSION_TTL_MS, signal })
    return tally.note({
      timestamp: saved.timestamp,
      outcome: 'written',
      message: `${found.where} is session ${saved.timestamp}`,
      ...place,
    })
  }
  const session = { timestamp, raw: prepared.encode(timestamp), ttlMs }
  const outcome = await putSession(adapter, session, { overwrite, dryRun, signal })
  if (outcome === 'kept') note('kept', `${found.where}: there is another session ${timestamp}, which is kept`)
  else tally.count(outcome)
}

/** What remains of a life in ms; `undefined`: it has no end. */
function lifeOf(expiresAt: Entry['expiresAt'], now: number): number | undefined {
  if (expiresAt === null) return undefined
  return expiresAt === undefined ? SESSION_TTL_MS : expiresAt - now
}
