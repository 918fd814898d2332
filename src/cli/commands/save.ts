/**
 * `storyart save`: a file becomes a session.
 * @module
 */
import type { Command } from 'commander'
import { decodeSession, prepareSession, validateCompleteness } from 'storyart-sdk'
import type { Act } from '../act.js'
import { duration, wholeNumber } from '../arguments/option-values.js'
import { readText } from '../arguments/read-text.js'
import { CliError } from '../cli-error.js'
import { EXIT } from '../exit-codes.js'

interface SaveOptions {
  as?: number
  new?: boolean
  ttl?: number
  ifAbsent?: boolean
  ifRevision?: string
  dryRun?: boolean
}

export function addSave(program: Command, act: Act): void {
  program
    .command('save')
    .description('validate a session and store it')
    .argument('<file>', 'a JSON file, or - for stdin')
    .option(
      '--as <timestamp>',
      "the version to create or replace; default: the session's own, else a new one",
      wholeNumber(1),
    )
    .option('--new', 'a new version, also if the session names one')
    .option('--ttl <duration>', 'how long it lives, such as 7d, 12h or 30m; default: 7d', duration)
    .option('--if-absent', 'only if there is no such version')
    .option('--if-revision <revision>', 'only over exactly this revision')
    .option('--dry-run', 'validate, and write nothing')
    .action(
      act<SaveOptions, [string]>(async (tool, options, file) => {
        const name = file === '-' ? 'stdin' : `the file ${file}`
        const given = decodeSession(await readText(tool.host, file), name)
        if (options.new && options.as !== undefined) throw new CliError(EXIT.usage, '--new and --as exclude each other')
        if (options.ifAbsent && options.ifRevision !== undefined) {
          throw new CliError(EXIT.usage, '--if-absent and --if-revision exclude each other')
        }
        const { timestamp: own, ...rest } = given
        const session = options.new ? rest : given
        const { level } = validateCompleteness(session)
        if (options.dryRun) {
          prepareSession(session, name)
          const timestamp = options.as ?? (options.new ? null : (own ?? null))
          await tool.print.value({ dryRun: true, timestamp, level }, () => `${name} can be stored: ${level}`)
          return undefined
        }
        const expect = options.ifAbsent ? 'absent' : options.ifRevision
        const saved = await tool.store().save(session, {
          signal: tool.signal,
          ...(options.as === undefined ? {} : { timestamp: options.as }),
          ...(options.ttl === undefined ? {} : { ttlMs: options.ttl }),
          ...(expect === undefined ? {} : { expect }),
        })
        await tool.print.value({ ...saved, level }, () => `${saved.timestamp}`)
        tool.talk(`saved as ${saved.sessionKey} in ${saved.storage}; level: ${level}`)
        return undefined
      }),
    )
}
