/**
 * `storyart migrate`: copies sessions from one store into another.
 * @module
 */
import type { Command } from 'commander'
import { normalizeSession, prepareSession, type SessionAdapter } from 'storyart-sdk'
import type { Act } from '../act.js'
import { storeIdentity } from '../arguments/store-identity.js'
import { adapterOf } from '../arguments/store-url.js'
import { CliError } from '../cli-error.js'
import { isSameSession, putSession } from '../copy/put-session.js'
import { isAboutOne, type StoredSession, storedSessions } from '../copy/stored-sessions.js'
import { Tally } from '../copy/tally.js'
import { EXIT } from '../exit-codes.js'
import { progressOf } from '../print/progress-bar.js'
import { changeWords } from '../print/tell-changes.js'
import type { CommonOptions, Tool } from '../tool.js'

interface MigrateOptions extends CommonOptions {
  from: string
  to?: string
  fromKeyPrefix?: string
  overwrite?: boolean
  normalize?: boolean
  dryRun?: boolean
}

export function addMigrate(program: Command, act: Act): void {
  program
    .command('migrate')
    .description('copy the sessions of one store into another, each with the life that remains to it')
    .requiredOption('--from <address>', 'where they are, as for --store; nothing there is changed')
    .option('--to <address>', 'where they go; default: the store')
    .option('--from-key-prefix <text>', 'stands before all keys of the Redis they are in; default: as --key-prefix')
    .option('--overwrite', 'replace what has another content; default: it is left, and told')
    .option('--normalize', 'bring them into the shape of StoryArt, and say what was changed')
    .option('--dry-run', 'read and compare, and write nothing')
    .addHelpText(
      'after',
      '\nTexts are copied as they are, and read back. A session without an end has none afterwards; what has expired is not\ncopied, nor its index entry. What is there with the same content is left with the life it has.\nA session that is in no index is not seen: `storyart get <timestamp> | storyart save -` lists it again.\nExit code 6: some have another content there; 8: some cannot be copied; 4: none can.',
    )
    .action(
      act<MigrateOptions, []>(async (tool, options) => {
        const { from, to = options.store, keyPrefix, fromKeyPrefix = keyPrefix, dryRun } = options
        if (storeIdentity(tool.host, from, fromKeyPrefix) === storeIdentity(tool.host, to, keyPrefix)) {
          throw new CliError(EXIT.usage, 'both addresses are the same store: name another one with --from or --to')
        }
        const source = adapterOf(tool.host, from, { keyPrefix: fromKeyPrefix })
        const target = tool.adapter(to)
        for (const adapter of [source, target]) tool.open(adapter)
        const progress = progressOf(tool.host, options.quiet, 'sessions')
        const tally = new Tally(tool, progress)
        progress.start()
        try {
          for await (const met of storedSessions(source, { now: tool.host.now, signal: tool.signal })) {
            if (met.kind === 'expired') tally.count('expired')
            else if (met.kind === 'failed') tally.note({ ...met, outcome: 'failed' })
            else await copy(tool, target, met, options, tally)
          }
        } finally {
          await tally.print(dryRun)
        }
        if (tally.of('failed') > 0) return tally.exitCode(EXIT.invalid)
        return tally.of('kept') > 0 ? EXIT.conflict : EXIT.done
      }),
    )
}

async function copy(
  tool: Tool,
  target: SessionAdapter,
  met: StoredSession,
  { overwrite, normalize, dryRun }: MigrateOptions,
  tally: Tally,
): Promise<void> {
  const { timestamp, expiresAt } = met
  const { signal } = tool
  try {
    const { raw, summary } = normalize ? normalized(tool, met) : met
    const ttlMs = expiresAt === null ? undefined : expiresAt - tool.host.now()
    if (ttlMs !== undefined && ttlMs <= 0) return tally.count('expired')
    const outcome = await putSession(target, { timestamp, raw, ttlMs, summary }, { overwrite, dryRun, signal })
    if (outcome === 'kept') {
      const message = `there is another session ${timestamp}, which is kept: --overwrite replaces it`
      return tally.note({ timestamp, outcome, message })
    }
    if (!dryRun && outcome !== 'same') {
      const back = await target.get(timestamp, { signal })
      if (!(back && isSameSession(timestamp, back.raw, raw))) {
        const message = `session ${timestamp} does not read back as it was written: somebody else may have written it since`
        return tally.note({ timestamp, outcome: 'failed', message })
      }
    }
    tally.count(outcome)
  } catch (error) {
    if (!isAboutOne(error)) throw error
    tally.note({ timestamp, outcome: 'failed', message: error.message })
  }
}

/** Another text, to which the old summary does not belong. What needs no change stays as it is stored. */
function normalized(tool: Tool, met: StoredSession): Pick<StoredSession, 'raw' | 'summary'> {
  const name = `session ${met.timestamp}`
  const { session, changes } = normalizeSession(met.session)
  if (changes.length === 0) return met
  for (const words of changeWords(name, changes)) tool.talk(words)
  return { raw: prepareSession(session, name).encode(met.timestamp) }
}
