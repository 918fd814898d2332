/**
 * `storyart queue`: the pictures a session asks for.
 * @module
 */
import type { Command } from 'commander'
import { type ImageJob, imageQueue } from 'storyart-sdk/prompt'
import type { Act } from '../act.js'
import { type FilterOptions, filterOf, placeTest, withFilter } from '../arguments/filter-options.js'
import { wholeNumber } from '../arguments/option-values.js'
import { SESSION_HELP } from '../arguments/session-argument.js'
import { sessionPair } from '../arguments/session-pair.js'
import { counted, countedPictures } from '../print/in-words.js'
import type { Column } from '../print/printer.js'
import { roomBeside } from '../print/table-room.js'
import type { Tool } from '../tool.js'

interface QueueOptions extends FilterOptions {
  all?: boolean
  images?: number
  since?: string
}

export function addQueue(program: Command, act: Act): void {
  const command = program
    .command('queue')
    .description('list the pictures to paint')
    .argument('[session]', SESSION_HELP, 'latest')
    .option('--all', 'also for beats that reuse a picture or show none')
    .option('--images <n>', 'takes of each picture; default: 1', wholeNumber(1))
    .option('--since <session>', 'only what this older version did not ask for: the pictures to make again')
  withFilter(command).action(
    act<QueueOptions, [string]>(async (tool, options, argument) => {
      const { since, images, format: formats } = options
      const [older, named] =
        since === undefined ? [undefined, await tool.session(argument)] : await sessionPair(tool, since, argument)
      const isMeant = placeTest(filterOf(named, options))
      const include = options.all ? 'all' : 'wanted'
      const jobs = imageQueue(named.session, { formats, images, include, since: older?.session }).filter(isMeant)
      await tool.print.rows(jobs, columnsOf(tool), 'there is nothing to paint')
      const takes = images === undefined || images === 1 ? '' : `, ${counted(images, 'take')} of each`
      tool.talk(`${countedPictures(jobs, 'to paint')}${takes}`)
      return undefined
    }),
  )
}

/** What all columns but the prompt take of a line, as a rule. */
const TAKEN = 53
const EXCERPT_LENGTH = 120

function columnsOf({ host }: Tool): Column<ImageJob>[] {
  return [
    // As much of the key as one needs, and what tells it from one that would paint the same.
    { head: 'key', cell: ({ key }) => key.replace(/^([^-]{8})[^-]*/, '$1') },
    { head: 'scene', cell: ({ sceneNumber }) => sceneNumber, align: 'right' },
    { head: 'beat', cell: ({ beatId }) => beatId },
    { head: 'format', cell: ({ format }) => format },
    { head: 'size', cell: sizeOf },
    { head: 'prompt', cell: ({ prompt }) => prompt.prompt, maxWidth: roomBeside(host, TAKEN, EXCERPT_LENGTH) },
  ]
}

/** A prompt of text alone has no size: then its shape is known. */
function sizeOf({ prompt: { width, height }, aspectRatio }: ImageJob): string {
  return width == null || height == null ? aspectRatio : `${width}x${height}`
}
