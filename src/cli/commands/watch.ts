/**
 * `storyart watch`: what happens to the sessions of a store, as it happens.
 * @module
 */
import type { Command } from 'commander'
import { promptStatus, type SessionChange } from 'storyart-sdk'
import type { Act } from '../act.js'
import { duration, wholeNumber } from '../arguments/option-values.js'
import { sessionNameOf, storedSession } from '../arguments/session-argument.js'
import { CliError } from '../cli-error.js'
import { EXIT } from '../exit-codes.js'
import type { Tool } from '../tool.js'

interface WatchOptions {
  since?: string
  poll?: number
  count?: number
  for?: number
  untilPrompts?: string
}

export function addWatch(program: Command, act: Act): void {
  program
    .command('watch')
    .description('print each session that is saved, updated or deleted, whoever does it')
    .option('--since <cursor>', 'the cursor of an earlier change: first what has happened since')
    .option('--poll <duration>', 'how often to look for what others write who do not tell; default: 500ms', duration)
    .option('--count <number>', 'end after so many changes', wholeNumber(1))
    .option('--for <duration>', 'end after so long, such as 10m; default: with Ctrl-C', duration)
    .option('--until-prompts <session>', 'wait until every beat of this session that wants a picture has its prompts')
    .action(
      act<WatchOptions, []>(async (tool, options) => {
        if (options.untilPrompts !== undefined) await waitForPrompts(tool, options.untilPrompts, options)
        else await printChanges(tool, options)
        return undefined
      }),
    )
}

async function printChanges(tool: Tool, { since, poll, count, for: forMs }: WatchOptions): Promise<void> {
  const end = forMs === undefined ? undefined : AbortSignal.timeout(forMs)
  const watch = tool.store().watch({
    signal: end ? AbortSignal.any([tool.signal, end]) : tool.signal,
    ...(since === undefined ? {} : { since }),
    ...(poll === undefined ? {} : { pollMs: poll }),
  })
  await watch.ready()
  tool.talk('watching; Ctrl-C ends it')
  await tool.print.stream(changesOf(watch, count, end), ({ type, timestamp, storage = '' }) =>
    [new Date(timestamp).toISOString(), type, timestamp, storage].join('  ').trimEnd(),
  )
}

/** The changes until there were enough of them, or time is up. */
async function* changesOf(
  watch: AsyncIterable<SessionChange> & AsyncDisposable,
  count: number | undefined,
  end: AbortSignal | undefined,
): AsyncGenerator<SessionChange> {
  let told = 0
  try {
    for await (const change of watch) {
      yield change
      told += 1
      if (told === count) return
    }
  } catch (error) {
    if (!end?.aborted || error !== end.reason) throw error
  }
}

async function waitForPrompts(tool: Tool, argument: string, { poll, for: forMs }: WatchOptions): Promise<void> {
  const name = sessionNameOf(argument)
  if (name.kind === 'file')
    throw new CliError(EXIT.usage, '--until-prompts needs a session of the store: a file does not change')
  const { timestamp } = await storedSession(name, tool.store(), tool.signal, tool.talk)
  tool.talk(`waiting for the prompts of session ${timestamp}`)
  const { session } = await tool.store().waitForPrompts(timestamp, {
    signal: tool.signal,
    ...(forMs === undefined ? {} : { timeoutMs: forMs }),
    ...(poll === undefined ? {} : { pollMs: poll }),
  })
  const { totalPrompts, totalBeats } = promptStatus(session)
  await tool.print.value(
    { timestamp, promptsReady: true, totalBeats, totalPrompts },
    () => `session ${timestamp} has its prompts: ${totalPrompts} for ${totalBeats} beats`,
  )
}
