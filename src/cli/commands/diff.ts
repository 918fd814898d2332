/**
 * `storyart diff`: what has changed between two versions.
 * @module
 */
import type { Command } from 'commander'
import { diffSessions } from 'storyart-sdk/prompt'
import type { Act } from '../act.js'
import { type NamedSession, SESSION_HELP } from '../arguments/session-argument.js'
import { sessionPair } from '../arguments/session-pair.js'
import { EXIT } from '../exit-codes.js'
import { diffInWords } from '../print/diff-in-words.js'
import { visible } from '../print/visible.js'

interface DiffOptions {
  exitCode?: boolean
}

export function addDiff(program: Command, act: Act): void {
  program
    .command('diff')
    .description('say what has changed between two versions, and what must be painted again')
    .argument('<older>', SESSION_HELP)
    .argument('<newer>', 'the same')
    .option('--exit-code', `exit with ${EXIT.findings} if they differ`)
    .action(
      act<DiffOptions, [string, string]>(async (tool, { exitCode }, first, second) => {
        const [older, newer] = await sessionPair(tool, first, second)
        const diff = diffSessions(contentOf(older), contentOf(newer))
        await tool.print.value(diff, () => visible(diffInWords(diff).join('\n')))
        tool.talk(`from ${older.name} to ${newer.name}`)
        return exitCode && !diff.same ? EXIT.findings : undefined
      }),
    )
}

/** Every version says its own timestamp: with it no two would ever be the same. */
function contentOf({ session: { timestamp: _, ...content } }: NamedSession): NamedSession['session'] {
  return content
}
