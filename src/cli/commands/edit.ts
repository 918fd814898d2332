/**
 * `storyart edit`: finds and replaces in the prompts of a session.
 * @module
 */
import { type Command, Option } from 'commander'
import { type EditedPrompts, editPrompts, type PromptChange } from 'storyart-sdk/prompt'
import type { Act } from '../act.js'
import { type EditWords, editsOf } from '../arguments/edit-options.js'
import { type FilterOptions, filterOf, withOpenFilter } from '../arguments/filter-options.js'
import { SESSION_HELP } from '../arguments/session-argument.js'
import { reportOf, type WriteBackOptions, withWriteBack, writeBack } from '../change/write-back.js'
import { CliError } from '../cli-error.js'
import { EXIT } from '../exit-codes.js'
import { counted } from '../print/in-words.js'
import type { Column } from '../print/printer.js'

interface EditOptions extends WriteBackOptions, FilterOptions<string>, EditWords {
  protectTags?: boolean
}

const COLUMNS: readonly Column<PromptChange>[] = [
  { head: 'beat', cell: ({ beatId }) => beatId },
  { head: 'format', cell: ({ format }) => format },
  { head: 'before', cell: ({ before }) => before },
  { head: 'after', cell: ({ after }) => after },
]

export function addEdit(program: Command, act: Act): void {
  const command = program
    .command('edit')
    .description('find and replace in the prompts of a session; it keeps its remaining life')
    .argument('[session]', SESSION_HELP, 'latest')
    .option('--find <text>', 'what to find, literally and as written')
    .option('--replace <text>', 'what to put there, literally')
    .addOption(
      new Option(
        '--edits <file>',
        'several edits: a JSON list of { "find", "replace", "regex"?, "flags"? }; each goes over what the ones before have left; - is stdin',
      ).conflicts(['find', 'replace', 'regex', 'ignoreCase']),
    )
    .option(
      '--regex',
      '--find is a pattern of JavaScript with the flag u; $1, $<name> and $& in --replace are what it found',
    )
    .option('--ignore-case', 'capital and small letters are alike')
    .option('--protect-tags', 'leave what touches a <…> tag')
  withWriteBack(withOpenFilter(command)).action(
    act<EditOptions, [string]>(async (tool, options, argument) => {
      const edits = await editsOf(tool.host, options)
      const { protectTags = false, dryRun } = options
      const { report, name } = await writeBack(tool, argument, options, (named) => {
        const edited = editPrompts(named.session, { ...filterOf(named, options), protectTags, edits })
        if (edited.matches.every((count) => count === 0)) {
          throw new CliError(EXIT.missing, `nothing of it is found in ${named.name}`)
        }
        return { session: edited.session, isChanged: edited.changes.length > 0, report: edited }
      })
      const { changes, prompts, matches } = report
      await reportOf(tool, options).rows(changes, COLUMNS, 'nothing changes')
      for (const [at, count] of matches.entries()) if (count === 0) tool.talk(`edit ${at + 1} finds nothing`)
      const would = dryRun ? ' would be made; nothing is written' : ''
      tool.talk(
        `${name}: ${counted(changes.length, 'change')} in ${counted(prompts, 'prompt')}${would}${protectedWords(report)}`,
      )
      return undefined
    }),
  )
}

function protectedWords({ protectedMatches }: EditedPrompts): string {
  return protectedMatches > 0 ? `; left as it is in tags: ${counted(protectedMatches, 'match', 'matches')}` : ''
}
