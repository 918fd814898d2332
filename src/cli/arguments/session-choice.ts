/**
 * The sessions of a store that a command goes through: all, those of a range, or those that are named.
 * @module
 */
import type { SessionAdapter } from 'storyart-sdk'
import { CliError } from '../cli-error.js'
import { type Met, storedSessions } from '../copy/stored-sessions.js'
import { EXIT } from '../exit-codes.js'
import type { CommonOptions, Tool } from '../tool.js'
import { isStored, sessionNameOf } from './session-argument.js'

/** How a range is given. */
export interface SessionChoice {
  all?: boolean
  from?: number
  before?: number
}

/**
 * Goes through the sessions that are meant; what waits in a fallback is brought into the store before.
 *
 * @throws {CliError} of code `usage` when names and a range are given, or a name is a file's; of code `missing` when there
 * is no such session, or `partial` when there are others; they come first.
 */
export async function* chosenSessions(
  tool: Tool,
  names: readonly string[],
  { all, from, before, store, fallback }: SessionChoice & CommonOptions,
): AsyncGenerator<Met, void, undefined> {
  if (names.length > 0 && (all || from !== undefined || before !== undefined)) {
    throw new CliError(EXIT.usage, 'name sessions, or give --all, --from and --before')
  }
  const file = names.find((name) => !isStored(sessionNameOf(name)))
  if (file !== undefined) throw new CliError(EXIT.usage, `${file} is a file already: name sessions of the store`)
  const { signal, host } = tool
  if (fallback !== undefined) await tool.store().sync({ signal })
  const adapter = tool.adapter(store)
  tool.open(adapter)
  const walk = { now: host.now, signal }
  if (names.length === 0) return yield* storedSessions(adapter, { ...walk, from, before })
  const versions = new Set<number>()
  for (const text of names) {
    const name = sessionNameOf(text)
    // What is named by its timestamp is not read twice.
    const timestamp = name.kind === 'timestamp' ? name.timestamp : (await tool.session(text)).timestamp
    if (timestamp !== null) versions.add(timestamp)
  }
  const missing: string[] = []
  for (const timestamp of versions) {
    const entries = storedSessions(adapter, { ...walk, from: timestamp, before: timestamp + 1 })
    let isThere = false
    for await (const met of entries) {
      if (met.kind === 'expired') continue
      isThere = true
      yield met
    }
    if (!isThere) missing.push(await whyMissing(adapter, timestamp, signal))
  }
  if (missing.length === 0) return
  throw new CliError(missing.length < versions.size ? EXIT.partial : EXIT.missing, missing.join('\nstoryart: '))
}

async function whyMissing(adapter: SessionAdapter, timestamp: number, signal: AbortSignal): Promise<string> {
  return (await adapter.get(timestamp, { signal })) === null
    ? `there is no session ${timestamp}: see \`storyart list\``
    : `session ${timestamp} is in no index, so its life is not known: \`storyart get\` prints it, and saving it lists it`
}
