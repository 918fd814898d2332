/**
 * `storyart touch`: gives a session a new life.
 * @module
 */
import type { Command } from 'commander'
import { SESSION_TTL_MS } from 'storyart-sdk'
import type { Act } from '../act.js'
import { duration } from '../arguments/option-values.js'
import { isStored, SESSION_HELP, sessionNameOf } from '../arguments/session-argument.js'
import { CliError } from '../cli-error.js'
import { EXIT } from '../exit-codes.js'
import type { CommonOptions } from '../tool.js'

interface TouchOptions extends CommonOptions {
  ttl?: number
  dryRun?: boolean
}

export function addTouch(program: Command, act: Act): void {
  program
    .command('touch')
    .description('give a session a new life from now; nothing in it changes')
    .argument('<session>', SESSION_HELP)
    .option('--ttl <duration>', 'how long it lives, such as 7d, 12h or 30m; default: 7d', duration)
    .option('--dry-run', 'say until when it would live, and write nothing')
    .action(
      act<TouchOptions, [string]>(async (tool, { ttl = SESSION_TTL_MS, dryRun = false, store }, argument) => {
        const name = sessionNameOf(argument)
        if (!isStored(name)) throw new CliError(EXIT.usage, 'a file has no life: name a session of the store')
        // A timestamp is taken as it is: a session that cannot be read may be kept for who repairs it.
        const timestamp = name.kind === 'timestamp' ? name.timestamp : (await tool.session(argument)).timestamp
        const isThere = timestamp !== null && (await (dryRun ? look(timestamp) : touch(timestamp)))
        if (!isThere) throw new CliError(EXIT.missing, `there is no session ${timestamp}: see \`storyart list\``)
        const expiresAt = new Date(tool.host.now() + ttl).toISOString()
        await tool.print.value({ dryRun, timestamp, ttlMs: ttl, expiresAt }, () => expiresAt)
        tool.talk(`session ${timestamp} ${dryRun ? 'would live' : 'lives'} until ${expiresAt}`)
        return undefined

        async function touch(version: number): Promise<boolean> {
          return tool.store().touch(version, ttl, { signal: tool.signal })
        }
        async function look(version: number): Promise<boolean> {
          const adapter = tool.adapter(store)
          tool.open(adapter)
          return (await adapter.get(version, { signal: tool.signal })) !== null
        }
      }),
    )
}
