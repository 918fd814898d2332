/**
 * `storyart prompts`: what is written to be painted, and what is not.
 * @module
 */
import { type Command, Option } from 'commander'
import { parseEpisodeContext } from 'storyart-sdk'
import { beats, compileTriggers, type MissingPrompt, promptStatus, searchSession } from 'storyart-sdk/prompt'
import type { Act } from '../act.js'
import { type FilterOptions, filterOf, placeTest, withOpenFilter } from '../arguments/filter-options.js'
import { type NamedSession, SESSION_HELP } from '../arguments/session-argument.js'
import { counted } from '../print/in-words.js'
import { printBlocks } from '../print/print-blocks.js'
import type { Column } from '../print/printer.js'
import type { Tool } from '../tool.js'

interface PromptsOptions extends FilterOptions<string> {
  resolved?: boolean
  missing?: boolean
}

/** One prompt, wherever and in whichever form the session keeps it. */
interface PromptRow {
  sceneNumber: number | null
  sceneTitle: string
  beatId: string
  /** Position within the scene, from 0; `null` for a legacy prompt whose beat does not exist. */
  beatIndex: number | null
  format: string
  prompt: string
  path: string
}

export function addPrompts(program: Command, act: Act): void {
  const command = program
    .command('prompts')
    .description('print the prompts of all kinds, or which are missing')
    .argument('[session]', SESSION_HELP, 'latest')
    .option('--resolved', 'with the LORA triggers in place of the names')
    .addOption(
      new Option('--missing', 'the beats that want a picture and have no prompt to paint').conflicts([
        'resolved',
        'format',
      ]),
    )
  withOpenFilter(command).action(
    act<PromptsOptions, [string]>(async (tool, options, argument) => {
      const named = await tool.session(argument)
      if (options.missing) await printMissing(tool, named, options)
      else await printPrompts(tool, named, options)
      return undefined
    }),
  )
}

async function printPrompts(tool: Tool, named: NamedSession, options: PromptsOptions): Promise<void> {
  const filter = filterOf(named, options)
  const substitute = options.resolved ? compileTriggers(parseEpisodeContext(named.session)) : null
  const shared = new Set<string>()
  const rows = promptsOf(named, filter).map((row) => {
    if (!substitute) return row
    const { text, ambiguous } = substitute(row.prompt)
    for (const mention of ambiguous) shared.add(mention.text)
    return { ...row, prompt: text }
  })
  let scene: string | undefined
  const linesOf = (row: PromptRow): string[] => {
    const heading = headingOf(row)
    const above = heading === scene ? [] : [...(scene === undefined ? [] : ['']), heading]
    scene = heading
    return [...above, '', `${row.beatId}  ${row.format}`, ...row.prompt.split('\n').map((line) => `  ${line}`)]
  }
  await printBlocks(tool.print, rows, linesOf, `${named.name} has no such prompts`)
  if (rows.length > 0) tool.talk(`${counted(rows.length, 'prompt')} of ${named.name}`)
  if (shared.size > 0) tool.talk(`left, because several characters bear the name: ${[...shared].join(', ')}`)
}

/** Searching for all there is finds prompts in every form, and says where each stands. */
function promptsOf({ session }: NamedSession, filter: ReturnType<typeof filterOf>): PromptRow[] {
  const keyOf = (place: Pick<PromptRow, 'sceneNumber' | 'beatIndex'>, beatId: string) =>
    JSON.stringify([place.sceneNumber, place.beatIndex, beatId.trim()])
  const titles = new Map([...beats(session)].map((place) => [keyOf(place, place.beatId), place.sceneTitle]))
  return searchSession(session, /[\s\S]+/, { ...filter, around: 0 }).map((match) => {
    const { sceneNumber, beatIndex, text, path } = match
    const beatId = match.beatId ?? ''
    const sceneTitle = titles.get(keyOf(match, beatId)) ?? ''
    return { sceneNumber, sceneTitle, beatId, beatIndex, format: match.format ?? '', prompt: text, path }
  })
}

function headingOf({ sceneNumber, sceneTitle, beatIndex }: PromptRow): string {
  if (beatIndex === null) return 'Without a beat'
  return `Scene ${[sceneNumber ?? 'without number', sceneTitle].filter((part) => part !== '').join(': ')}`
}

const MISSING_COLUMNS: Column<MissingPrompt>[] = [
  { head: 'scene', cell: ({ sceneNumber }) => sceneNumber, align: 'right' },
  { head: 'beat', cell: ({ beatId }) => beatId },
  { head: 'reason', cell: ({ reason }) => reason },
]

async function printMissing(tool: Tool, named: NamedSession, options: PromptsOptions): Promise<void> {
  const isMeant = placeTest(filterOf(named, options))
  const { missing, totalBeats } = promptStatus(named.session)
  const rows = missing.filter(isMeant)
  const empty = totalBeats === 0 ? 'has no beats' : 'misses no prompt: every beat that wants a picture has one'
  await tool.print.rows(rows, MISSING_COLUMNS, `${named.name} ${empty}`)
  if (rows.length > 0) tool.talk(`${counted(rows.length, 'beat')} of ${named.name} without a prompt`)
}
