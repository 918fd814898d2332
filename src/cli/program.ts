/**
 * The commands, and the options they share.
 * @module
 */
import { Command, Option } from 'commander'
import { type Act, actOf, type RunLine } from './act.js'
import { duration } from './arguments/option-values.js'
import { addCheck } from './commands/check.js'
import { addCompose } from './commands/compose.js'
import { addDelete } from './commands/delete.js'
import { addDemo } from './commands/demo.js'
import { addDiff } from './commands/diff.js'
import { addEdit } from './commands/edit.js'
import { addExport } from './commands/export.js'
import { addGenerate } from './commands/generate.js'
import { addGet } from './commands/get.js'
import { addImport } from './commands/import.js'
import { addList } from './commands/list.js'
import { addMigrate } from './commands/migrate.js'
import { addPrompts } from './commands/prompts.js'
import { addPrune } from './commands/prune.js'
import { addQueue } from './commands/queue.js'
import { addSave } from './commands/save.js'
import { addSchema } from './commands/schema.js'
import { addSearch } from './commands/search.js'
import { addServe } from './commands/serve.js'
import { addStoryboard } from './commands/storyboard.js'
import { addTouch } from './commands/touch.js'
import { addWatch } from './commands/watch.js'
import type { ExitCode } from './exit-codes.js'
import type { Host } from './host.js'

/** In the order of the help, by what they are about. */
const COMMANDS: Readonly<Record<string, readonly ((program: Command, act: Act, runLine: RunLine) => void)[]>> = {
  'To begin with:': [addDemo],
  'Sessions:': [addSave, addGet, addList, addSearch, addDiff, addTouch, addDelete, addWatch],
  'Prompts:': [addPrompts, addCheck, addEdit, addCompose],
  'Pictures:': [addQueue, addGenerate, addStoryboard],
  'Stores:': [addExport, addImport, addMigrate, addPrune, addServe],
  'Contracts:': [addSchema],
}

/**
 * Makes the program.
 *
 * @param onExit - Told the exit code if an action returned one.
 * @param runLine - Runs another command line, for the command that shows others.
 */
export function programOf(host: Host, onExit: (code: ExitCode) => void, runLine: RunLine): Command {
  const act = actOf(host, onExit)
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
      new Option(
        '--deadline <duration>',
        'how long one call to the store may take; default: 2s; export, import and migrate keep the limits of their stores',
      ).argParser(duration),
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
  for (const [group, commands] of Object.entries(COMMANDS)) {
    program.commandsGroup(group)
    for (const add of commands) add(program, act, runLine)
  }
  return program
}
