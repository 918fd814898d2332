/**
 * One run of the command line.
 * @module
 */
import { CommanderError } from 'commander'
import { isStoryArtError, SessionInvalidError } from 'storyart-sdk'
import type { RunLine } from './act.js'
import { CliError } from './cli-error.js'
import { exitCodeOf } from './exit-code-of.js'
import { EXIT, type ExitCode } from './exit-codes.js'
import type { Host } from './host.js'
import { visible } from './print/visible.js'
import { programOf } from './program.js'

/** How many refusals of a document are shown. */
const SHOWN_ISSUES = 20

/**
 * Runs a command and says on stderr what went wrong.
 *
 * @param args - What stands behind the program's name.
 * @param host - The surroundings.
 * @returns The exit code; nothing is thrown.
 */
export async function run(args: readonly string[], host: Host): Promise<ExitCode> {
  let exitCode: ExitCode = EXIT.done
  const onExit = (code: ExitCode): void => {
    exitCode = code
  }
  const runLine: RunLine = (line, env) => run(line, { ...host, env: { ...host.env, ...env } })
  const program = programOf(host, onExit, runLine)
  try {
    await program.parseAsync(args, { from: 'user' })
    return exitCode
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.done : EXIT.usage
    const cause = host.signal.aborted && !(error instanceof CliError) ? host.signal.reason : error
    const words = messageOf(cause)
    if (words) host.stderr.write(`${visible(words)}\n`)
    return exitCodeOf(cause)
  }
}

/** What to say of an error. Errors of the library hold no document and no secret; others are told by what they are. */
function messageOf(error: unknown): string {
  if (error instanceof CliError) return error.message && `storyart: ${error.message}`
  if (!isStoryArtError(error)) {
    return `storyart: unexpected: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`
  }
  // A single refusal stands in the message already.
  const issues = error instanceof SessionInvalidError && error.issues.length > 1 ? error.issues : []
  const lines = issues.slice(0, SHOWN_ISSUES).map(({ path, message }) => `  ${path || 'the document'}: ${message}`)
  if (issues.length > SHOWN_ISSUES) lines.push(`  and ${issues.length - SHOWN_ISSUES} more`)
  return [`storyart: ${error.message} (${error.code})`, ...lines].join('\n')
}
