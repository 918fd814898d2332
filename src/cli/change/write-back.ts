/**
 * Changing a session and writing it back to where it came from.
 * @module
 */
import { Writable } from 'node:stream'
import type { Command } from 'commander'
import { prepareSession, type Session } from 'storyart-sdk'
import { isStored, type NamedSession, sessionNameOf } from '../arguments/session-argument.js'
import { CliError } from '../cli-error.js'
import { EXIT } from '../exit-codes.js'
import { type Printer, printerOf } from '../print/printer.js'
import { writeOutput } from '../print/write-output.js'
import type { CommonOptions, Tool } from '../tool.js'

/** The options of a command that changes a session. */
export interface WriteBackOptions extends CommonOptions {
  dryRun?: boolean
  output?: string
}

/** What a change makes of a session. */
export interface Changed<Report> {
  session: Session
  /** Whether there is anything to write. */
  isChanged: boolean
  report: Report
}

/** Adds the options to a command. */
export function withWriteBack(command: Command): Command {
  return command
    .option('--dry-run', 'say what would change, and write nothing')
    .option(
      '-o, --output <file>',
      'write the session to this file and leave the store alone; - is stdout, and the report goes to stderr; needed for a session from a file',
    )
}

/**
 * Changes a session in its store, without losing what others write meanwhile: then the change is made anew of what they
 * have written. Its remaining life stays.
 *
 * @param change - Must give the same for the same session; it is called again for each attempt. What it throws ends all,
 *   and nothing is written.
 * @returns What was changed in the end, and how to speak of the session.
 */
export async function writeBack<Report>(
  tool: Tool,
  argument: string,
  { dryRun, output }: WriteBackOptions,
  change: (named: NamedSession) => Changed<Report> | Promise<Changed<Report>>,
): Promise<Changed<Report> & { name: string }> {
  if (!dryRun && output === undefined && !isStored(sessionNameOf(argument))) {
    throw new CliError(EXIT.usage, 'the session comes from a file: say with --output where to write it, or --dry-run')
  }
  const named = await tool.session(argument)
  const { timestamp, name } = named
  const first = await change(named)
  if (dryRun) return { ...first, name }
  // Whoever reads the output wants a session, changed or not.
  if (output !== undefined || timestamp === null) {
    const { session } = prepareSession(first.session, name)
    await writeOutput(tool, output ?? '-', `${JSON.stringify(session, null, tool.print.form === 'ndjson' ? 0 : 2)}\n`)
    return { ...first, name }
  }
  if (!first.isChanged) return { ...first, name }
  let last = first
  try {
    const saved = await tool.store().update(
      timestamp,
      async (session) => {
        last = await change({ session, timestamp, name })
        // An update of no change would still write the text down in its own way.
        if (!last.isChanged) throw new NothingToWrite()
        return last.session
      },
      { signal: tool.signal },
    )
    if (!saved) throw new CliError(EXIT.missing, `${name} is gone: it was deleted or has expired meanwhile`)
    tool.talk(`${name} is changed in ${saved.storage}`)
  } catch (error) {
    if (!(error instanceof NothingToWrite)) throw error
  }
  return { ...last, name }
}

/** Where the report goes: not between the lines of a session on stdout. */
export function reportOf(tool: Tool, { output, dryRun, quiet }: WriteBackOptions): Printer {
  if (output !== '-' || dryRun) return tool.print
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() })
  return printerOf({ ...tool.host, stdout: quiet ? nowhere : tool.host.stderr }, tool.print.form)
}

class NothingToWrite extends Error {}
