/**
 * `storyart compose`: fills in the prompts a session lacks.
 * @module
 */
import type { Command } from 'commander'
import {
  type FilledPrompts,
  type FillPromptsOptions,
  fillPrompts,
  type ImageFormat,
  type PromptSlot,
} from 'storyart-sdk/prompt'
import type { Act } from '../act.js'
import { loadGenerator } from '../arguments/load-generator.js'
import { imageFormats, wholeNumber } from '../arguments/option-values.js'
import { SESSION_HELP } from '../arguments/session-argument.js'
import { askOnce } from '../change/ask-once.js'
import { reportOf, type WriteBackOptions, withWriteBack, writeBack } from '../change/write-back.js'
import { EXIT } from '../exit-codes.js'
import { counted } from '../print/in-words.js'
import type { Column } from '../print/printer.js'

interface ComposeOptions extends WriteBackOptions {
  generator?: string
  format?: ImageFormat[]
  all?: boolean
  style?: string
  maxTokens?: number
  weights?: boolean
}

/** A prompt that was missing: who wrote it, if anybody, and what did not go as asked. */
interface Row extends PromptSlot {
  by: string | null
  reason: string | null
}

const COLUMNS: readonly Column<Row>[] = [
  { head: 'beat', cell: ({ beatId }) => beatId },
  { head: 'format', cell: ({ format }) => format },
  { head: 'by', cell: ({ by }) => by ?? 'nobody' },
  { head: 'reason', cell: ({ reason }) => reason },
]

export function addCompose(program: Command, act: Act): void {
  const command = program
    .command('compose')
    .description('fill in the prompts a session lacks; those it has stay as they are')
    .argument('[session]', SESSION_HELP, 'latest')
    .option(
      '--generator <module>',
      'an ES module whose default export, or export "generator", writes the prompts; what it cannot write is composed',
    )
    .option(
      '--format <kinds>',
      'fill in these: cinematic, vertical, marketingVertical; default: cinematic',
      imageFormats,
    )
    .option('--all', 'also for beats that reuse a picture or show none')
    .option('--style <words>', 'words for every picture, such as "oil painting, muted colours"')
    .option('--max-tokens <number>', 'how many tokens the words of a prompt may take; default: 300', wholeNumber(1))
    .option('--weights', 'write LORA weights as (trigger:1.2)')
  withWriteBack(command).action(
    act<ComposeOptions, [string]>(async (tool, options, argument) => {
      const how = fillOptions(options)
      const generator = options.generator && askOnce(await loadGenerator(tool.host, options.generator))
      const { report, name } = await writeBack(tool, argument, options, async ({ session }) => {
        const done = generator
          ? await fillPrompts(session, generator, { ...how, signal: tool.signal })
          : fillPrompts(session, how)
        return { session: done.session, isChanged: done.filled.length > 0, report: done }
      })
      await reportOf(tool, options).rows(rowsOf(report), COLUMNS, 'no prompt is missing')
      const would = options.dryRun ? ' would be filled in; nothing is written' : ' filled in'
      const failures = report.failed.length > 0 ? `; ${report.failed.length} not as asked` : ''
      tool.talk(`${name}: ${counted(report.filled.length, 'prompt')}${would}${failures}`)
      return report.failed.length > 0 ? EXIT.partial : undefined
    }),
  )
}

function fillOptions({ format, all, style, maxTokens, weights }: ComposeOptions): FillPromptsOptions {
  return { formats: format, include: all ? 'all' : 'wanted', style, budgetTokens: maxTokens, weights }
}

/** One row a prompt: what the generator failed to write and the composer wrote is in both lists. */
function rowsOf({ filled, failed }: FilledPrompts): Row[] {
  const written = new Map(filled.map((slot) => [nameOf(slot), slot.by]))
  const reasons = new Map(failed.map((slot) => [nameOf(slot), slot.reason]))
  const unwritten = failed.filter((slot) => !written.has(nameOf(slot)))
  return [
    ...filled.map((slot) => ({ ...slot, reason: reasons.get(nameOf(slot)) ?? null })),
    ...unwritten.map(({ reason, ...slot }) => ({ ...slot, by: null, reason })),
  ]
}

function nameOf({ sceneNumber, beatIndex, beatId, format }: PromptSlot): string {
  return JSON.stringify([sceneNumber, beatIndex, beatId, format])
}
