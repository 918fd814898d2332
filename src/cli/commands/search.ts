/**
 * `storyart search`: where something stands, or how a character is described.
 * @module
 */
import { type Command, InvalidArgumentError, Option } from 'commander'
import { type SearchedPart, type SearchMatch, searchSession } from 'storyart-sdk/prompt'
import type { Act } from '../act.js'
import { type FilterOptions, filterOf, withOpenFilter } from '../arguments/filter-options.js'
import { wholeNumber } from '../arguments/option-values.js'
import { SESSION_HELP } from '../arguments/session-argument.js'
import { CliError } from '../cli-error.js'
import { EXIT } from '../exit-codes.js'
import { printDescriptions } from '../print/character-looks.js'
import { counted } from '../print/in-words.js'
import type { Column } from '../print/printer.js'
import { roomBeside } from '../print/table-room.js'
import type { Tool } from '../tool.js'

interface SearchOptions extends FilterOptions<string> {
  regex?: boolean
  caseSensitive?: boolean
  in?: SearchedPart[]
  around?: number
  character?: string
}

const PARTS: readonly SearchedPart[] = ['prompts', 'beats', 'script']

export function addSearch(program: Command, act: Act): void {
  const command = program
    .command('search')
    .description('find a text in a session, or all descriptions of a character')
    .argument('[text]', 'what to find, in any case; not with --character')
    .argument('[session]', `${SESSION_HELP} (default: "latest")`)
    .option('--regex', 'the text is a pattern, as JavaScript has them')
    .option('--case-sensitive', 'capitals count')
    .option('--in <parts>', `where: ${PARTS.join(', ')} or all; default: prompts`, searchedParts)
    .option('--around <n>', 'characters to show on both sides; default: 50, or what fits', wholeNumber(0))
    .addOption(
      new Option('--character <name>', 'how prompts describe this character: a name, an alias or a trigger').conflicts([
        'regex',
        'caseSensitive',
        'in',
        'around',
      ]),
    )
  withOpenFilter(command).action(
    act<SearchOptions, [string | undefined, string | undefined]>(async (tool, options, ...given) => {
      const { character, caseSensitive = false, in: parts = ['prompts'] } = options
      if (character !== undefined) {
        const [argument = 'latest', more] = given
        if (more !== undefined)
          throw new CliError(EXIT.usage, 'with --character there is no text to find, only a session')
        const named = await tool.session(argument)
        const places = await printDescriptions(tool, named, character, filterOf(named, options))
        return places > 0 ? undefined : EXIT.missing
      }
      const wanted = wantedOf(given[0], options)
      const named = await tool.session(given[1] ?? 'latest')
      const filter = filterOf(named, options)
      const around = options.around ?? aroundOf(tool, `${given[0]}`)
      const matches = searchSession(named.session, wanted, { ...filter, parts, around, caseSensitive })
      await tool.print.rows(matches, COLUMNS, 'nothing found')
      const texts = new Set(matches.map(({ path }) => path)).size
      tool.talk(`${counted(matches.length, 'match', 'matches')} in ${counted(texts, 'text')} of ${named.name}`)
      return matches.length > 0 ? undefined : EXIT.missing
    }),
  )
}

const COLUMNS: Column<SearchMatch>[] = [
  { head: 'beat', cell: ({ beatId }) => beatId },
  { head: 'where', cell: placeOf },
  { head: 'text', cell: ({ excerpt }) => excerpt },
]

const AROUND = 50
/** What the other columns take of a line, as a rule, and the two `…`. */
const TAKEN = 29

/** As much on both sides of a match as fits into a line of the table. */
function aroundOf({ print, host }: Tool, text: string): number {
  if (print.form !== 'text') return AROUND
  return Math.min(AROUND, Math.max(0, Math.floor((roomBeside(host, TAKEN) - text.length) / 2)))
}

/** The kind of prompt, or the field within the beat. */
function placeOf({ format, path }: SearchMatch): string {
  return format ?? path.replace(/^analyzedEpisode\.scenes\[\d+\]\.beats\[\d+\]\.?/, '')
}

function wantedOf(text: string | undefined, { regex, caseSensitive }: SearchOptions): string | RegExp {
  if (text === undefined || text === '') {
    throw new CliError(EXIT.usage, 'say what to find, such as `storyart search lamp`, or name a --character')
  }
  if (!regex) return text
  try {
    return new RegExp(text, caseSensitive ? 'u' : 'iu')
  } catch (error) {
    const reason = error instanceof SyntaxError ? error.message.replace(/^.*: /s, '') : 'it cannot be read'
    throw new CliError(EXIT.usage, `"${text}" is no pattern: ${reason}`, { cause: error })
  }
}

function searchedParts(text: string, before: readonly SearchedPart[] = []): SearchedPart[] {
  const given = text.split(',').map((part) => part.trim())
  const parts = given.includes('all') ? PARTS : PARTS.filter((part) => given.includes(part))
  if (given.some((name) => name !== 'all' && !PARTS.some((part) => part === name))) {
    throw new InvalidArgumentError(`It must be one or more of ${PARTS.join(', ')}, or all.`)
  }
  return [...new Set([...before, ...parts])]
}
