/**
 * What every command works with.
 * @module
 */

import { type SessionAdapter, SessionStore } from 'storyart-sdk'
import { type NamedSession, namedSession, sessionNameOf } from './arguments/session-argument.js'
import { adapterOf } from './arguments/store-url.js'
import type { ExitCode } from './exit-codes.js'
import type { Host } from './host.js'
import { counted } from './print/in-words.js'
import { type Form, type Printer, printerOf } from './print/printer.js'
import { visible } from './print/visible.js'

/** The options that every command has. */
export interface CommonOptions {
  store?: string
  fallback?: string
  keyPrefix?: string
  deadline?: number
  json?: boolean
  ndjson?: boolean
  quiet?: boolean
}

/** One run of one command. */
export interface Tool {
  readonly host: Host
  /** Aborted when the program is to end. */
  readonly signal: AbortSignal
  readonly print: Printer
  /** Says something to the person at the terminal, on stderr, unless `--quiet`. */
  talk(text: string): void
  /** The store of `--store`, opened at the first call and closed when the command ends. */
  store(): SessionStore
  /** A further store that is closed when the command ends. */
  open(adapter: SessionAdapter): SessionStore
  /** The adapter of an address, or of the store if none is given; nobody closes it but a store that `open` makes of it. */
  adapter(url: string | undefined): SessionAdapter
  /** The session that an argument names. */
  session(argument: string): Promise<NamedSession>
}

/** What a command does: it returns the exit code, default 0. */
export type Action<Options, Arguments extends readonly unknown[]> = (
  tool: Tool,
  options: Options,
  ...args: Arguments
) => Promise<ExitCode | undefined>

/** Runs an action with a tool, and closes what it has opened. */
export async function withTool(
  host: Host,
  options: CommonOptions,
  action: (tool: Tool) => Promise<ExitCode | undefined>,
): Promise<ExitCode | undefined> {
  const opened: SessionStore[] = []
  let main: SessionStore | undefined
  const talk = (text: string) => {
    if (!options.quiet) host.stderr.write(`${visible(text)}\n`)
  }
  const open = (adapter: SessionAdapter, fallback: readonly SessionAdapter[] = []) => {
    const deadline = options.deadline === undefined ? {} : { deadlineMs: options.deadline }
    const store = new SessionStore({ adapter, fallback, now: host.now, ...deadline })
    opened.push(store)
    return store
  }
  const tool: Tool = {
    host,
    signal: host.signal,
    print: printerOf(host, formOf(options)),
    talk,
    open,
    adapter: (url) => adapterOf(host, url, options),
    store: () => {
      main ??= open(adapterOf(host, options.store, options), fallbackOf(host, options))
      return main
    },
    session: (argument) => namedSession(host, sessionNameOf(argument), tool.store, talk),
  }
  try {
    const code = await action(tool)
    if (main && options.fallback !== undefined) await report(main, talk)
    return code
  } finally {
    await Promise.all(opened.map((store) => store.close()))
  }
}

function fallbackOf(host: Host, options: CommonOptions): SessionAdapter[] {
  return options.fallback === undefined ? [] : [adapterOf(host, options.fallback, options)]
}

/** Moves what waits in the fallback, now or from an earlier run, before the process ends. */
async function report(store: SessionStore, talk: (text: string) => void): Promise<void> {
  const { synced, conflicts, waiting } = await store.sync()
  if (synced > 0) {
    const beside = conflicts > 0 ? `, ${counted(conflicts, 'new version')} among them` : ''
    talk(`brought from the fallback into the store: ${counted(synced, 'session')}${beside}`)
  }
  if (waiting > 0) talk(`in the fallback waits ${counted(waiting, 'session')}: the next command with it brings them in`)
}

function formOf({ json, ndjson }: CommonOptions): Form {
  if (ndjson) return 'ndjson'
  return json ? 'json' : 'text'
}
