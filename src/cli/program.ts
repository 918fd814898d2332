/**
 * The commands, and the options they share.
 * @module
 */
import { Command, Option } from 'commander'
import { addCheck } from './commands/check.js'
import { addDiff } from './commands/diff.js'
import { addGet } from './commands/get.js'
import { addList } from './commands/list.js'
import { addPrompts } from './commands/prompts.js'
import { addQueue } from './commands/queue.js'
import { addSave } from './commands/save.js'
import { addSearch } from './commands/search.js'
import type { ExitCode } from './exit-codes.js'
import type { Host } from './host.js'
import { duration } from './option-values.js'
import { type Action, type CommonOptions, withTool } from './tool.js'

/** Turns an action into what commander calls. */
export type Act = <Options, Arguments extends readonly unknown[]>(
  action: Action<Options, Arguments>,
) => (...given: unknown[]) => Promise<void>

/** In the order of the help: from a script to pictures, then what keeps a store in order. */
const COMMANDS: readonly ((program: Command, act: Act) => void)[] = [
  addSave,
  addGet,
  addList,
  addPrompts,
  addQueue,
  addCheck,
  addSearch,
  addDiff,
]

/** Makes the program; `onExit` is told the exit code if an action returned one. */
export function programOf(host: Host, onExit: (code: ExitCode) => void): Command {
  const act: Act =
    <Options, Arguments extends readonly unknown[]>(action: Action<Options, Arguments>) =>
    async (...given) => {
      // Commander gives the arguments, the command's own options, and the command.
      const command = given.at(-1) as Command
      const options = command.optsWithGlobals<Options & CommonOptions>()
      const args = given.slice(0, -2) as unknown as Arguments
      const code = await withTool(host, options, (tool) => action(tool, options, ...args))
      if (code !== undefined) onExit(code)
    }
  const program = new Command('storyart')
    .description('Reads, checks, changes and paints StoryArt sessions.')
    .version(host.version, '-V, --version')
    .addOption(
      new Option(
        '--store <address>',
        'redis://…, rediss://…, https://…, file:directory, or memory:; default: STORYART_STORE, else the Redis of REDIS_URL, or of REDIS_HOST and REDIS_PORT, else localhost:6379',
      ),
    )
    .addOption(
      new Option('--fallback <address>', 'who takes a save while the store cannot be reached, such as file:waiting'),
    )
    .addOption(new Option('--key-prefix <text>', 'stands before all keys in Redis'))
    .addOption(
      new Option('--deadline <duration>', 'how long one call to the store may take; default: 2s').argParser(duration),
    )
    .addOption(new Option('--json', 'data as one JSON document').conflicts('ndjson'))
    .addOption(new Option('--ndjson', 'data as one JSON document a line'))
    .addOption(new Option('-q, --quiet', 'say nothing on stderr but errors'))
    .configureHelp({ showGlobalOptions: true, helpWidth: 100 })
    .configureOutput({
      writeOut: (text) => void host.stdout.write(text),
      writeErr: (text) => void host.stderr.write(text),
    })
    .showHelpAfterError('(storyart help <command> says how)')
    .exitOverride()
  for (const add of COMMANDS) add(program, act)
  return program
}
