/**
 * `storyart demo`: what the program does, on a sample episode.
 * @module
 */
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Command } from 'commander'
import type { Act, RunLine } from '../act.js'
import { fileError } from '../arguments/read-text.js'
import { EXIT } from '../exit-codes.js'
import { pathOf } from '../host.js'
import { writeWholeFile } from '../print/write-output.js'

export function addDemo(program: Command, act: Act, runLine: RunLine): void {
  program
    .command('demo')
    .description('run the main commands on a sample episode, without any server')
    .option('-o, --out <directory>', 'where the sample, its store and its storyboard go', 'storyart-demo')
    .action(
      act<{ out: string }, []>(async (tool, { out }) => {
        await mkdir(pathOf(tool.host, out), { recursive: true }).catch((error: unknown) => {
          throw fileError(out, 'written', error)
        })
        await writeWholeFile(tool.host, join(out, 'episode.json'), await tool.host.readPackaged('sample-session.json'))
        const env = { STORYART_STORE: `file:${join(out, 'sessions')}` }
        await tool.print.text(`$ export STORYART_STORE=${env.STORYART_STORE}\n`)
        for (const args of linesIn(out)) {
          await tool.print.text(`\n$ storyart ${args.map(quoted).join(' ')}\n`)
          const code = await runLine(args, env)
          // What the check has found is told, and no reason to end.
          if (code !== EXIT.done && code !== EXIT.findings) return EXIT.failed
        }
        await tool.print.text(
          `\nOpen ${join(out, 'storyboard.html')} in a browser. \`storyart help\` lists all commands.\n`,
        )
        return undefined
      }),
    )
}

/** The commands, each with what they are worth showing for. */
function linesIn(out: string): string[][] {
  return [
    ['save', join(out, 'episode.json'), '--new'],
    ['list'],
    ['check', '--severity', 'error'],
    ['prompts', '--beat', 's1-b4', '--resolved'],
    ['search', 'red pencil'],
    ['queue', '--scene', '1', '--format', 'cinematic'],
    ['storyboard', '-o', join(out, 'storyboard.html')],
  ]
}

function quoted(word: string): string {
  return /^[\w./:=,-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`
}
