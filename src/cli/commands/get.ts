/**
 * `storyart get`: a session, or what stands at a place in it.
 * @module
 */
import type { Command } from 'commander'
import { parseEpisodeContext } from 'storyart-sdk'
import type { Act } from '../act.js'
import { SESSION_HELP } from '../arguments/session-argument.js'
import { CliError } from '../cli-error.js'
import { EXIT } from '../exit-codes.js'
import { writeOutput } from '../print/write-output.js'

interface GetOptions {
  at?: string
  context?: boolean
  output?: string
}

export function addGet(program: Command, act: Act): void {
  program
    .command('get')
    .description('print a session as it is stored')
    .argument('[session]', SESSION_HELP, 'latest')
    .option('--at <path>', 'only what stands there, such as analyzedEpisode.scenes[0].beats[2].prompts')
    .option('--context', 'the episode context, as a document and not as the text within the session')
    .option('-o, --output <file>', 'write to a file, which is replaced whole; - is stdout', '-')
    .action(
      act<GetOptions, [string]>(async (tool, { at, context, output = '-' }, argument) => {
        const { session, name } = await tool.session(argument)
        const whole: unknown = context ? parseEpisodeContext(session) : session
        const value = at === undefined ? whole : valueAt(whole, at)
        if (value === undefined) throw new CliError(EXIT.missing, `${name} has nothing at ${at}`)
        if (output === '-') await tool.print.value(value)
        else await writeOutput(tool, output, `${JSON.stringify(value, null, tool.print.form === 'ndjson' ? 0 : 2)}\n`)
        return undefined
      }),
    )
}

/** What stands at a path of dots and brackets, as findings and refusals name it. */
function valueAt(value: unknown, path: string): unknown {
  const steps = path.match(/[^.[\]]+/g) ?? []
  let at = value
  for (const step of steps) {
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, step)) return undefined
    at = (at as Record<string, unknown>)[step]
  }
  return at
}
