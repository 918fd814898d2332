/**
 * `storyart generate`: SwarmUI paints a session.
 * @module
 */
import { type Command, Option } from 'commander'
import { SwarmUIClient } from 'storyart-sdk/swarmui'
import type { Act } from '../act.js'
import { withFilter } from '../arguments/filter-options.js'
import { duration, parameter, wholeNumber } from '../arguments/option-values.js'
import { SESSION_HELP } from '../arguments/session-argument.js'
import { pathOf } from '../host.js'
import { type PaintOptions, paint, plan } from '../painting.js'
import type { Tool } from '../tool.js'

export function addGenerate(program: Command, act: Act): void {
  const command = program
    .command('generate')
    .description('have SwarmUI paint what is not painted yet; the same command again goes on where it was')
    .argument('[session]', SESSION_HELP, 'latest')
    .option('-o, --out <directory>', 'where the pictures go, and the manifest of what is done', 'pictures')
    .option('--swarmui <address>', 'the server; default: SWARMUI_URL, else http://localhost:7801')
    .addOption(
      new Option('--transport <kind>', 'websocket tells how far each picture is; auto takes it where this Node has it')
        .choices(['auto', 'websocket', 'http'])
        .default('auto'),
    )
    .option('--all', 'also beats that reuse a picture or show none')
    .option('--images <number>', 'takes of each picture', wholeNumber(1, 64), 1)
    .option('--since <session>', 'only pictures that this older session does not ask for')
    .option('--set <name=value>', 'a parameter for every picture, such as model=flux1-dev-fp8; prompts win', parameter)
    .option('--concurrency <number>', 'pictures at a time; default: 2', wholeNumber(1, 64))
    .option('--attempts <number>', 'how often to try a picture; default: 3', wholeNumber(1))
    .option('--patience <duration>', 'how long to wait for a server that is away; default: 10m', duration)
    .option(
      '--wait <duration>',
      'how long to wait for missing prompts; default: 30m if StorySwarm writes them',
      duration,
    )
    .option('--no-fill', 'leave beats without a prompt out, instead of composing one')
    .option('--no-check', 'paint also what the check says will spoil a picture')
    .option('--dry-run', 'list what would be painted, and ask no server')
  withFilter(command).action(
    act<PaintOptions, [string]>(async (tool, options, argument) => {
      const named = await tool.session(argument)
      const directory = pathOf(tool.host, options.out)
      if (options.dryRun) return plan(tool, options, named, directory)
      const client = clientOf(tool, options)
      try {
        return await paint(tool, options, named, { client, directory })
      } finally {
        await client.close()
      }
    }),
  )
}

/** The token is taken from `SWARMUI_TOKEN`, as what stands in a command line is seen by everybody. */
function clientOf({ host, talk }: Tool, { swarmui, transport }: PaintOptions): SwarmUIClient {
  const { SWARMUI_URL, SWARMUI_TOKEN } = host.env
  const hasSocket = Reflect.has(globalThis, 'WebSocket')
  if (transport === 'auto' && !hasSocket) talk('this Node has no WebSocket: pictures come without their progress')
  return new SwarmUIClient({
    baseUrl: swarmui ?? (SWARMUI_URL?.trim() || 'http://localhost:7801'),
    transport: transport === 'auto' ? (hasSocket ? 'websocket' : 'http') : transport,
    token: SWARMUI_TOKEN?.trim() || undefined,
  })
}
