/**
 * `storyart storyboard`: a session as a page to look at and to print.
 * @module
 */

import { dirname, join, relative, sep } from 'node:path'
import type { Command } from 'commander'
import { type ImageFormat, imageQueue } from 'storyart-sdk'
import { directorySink, savedImages } from 'storyart-sdk/swarmui'
import type { Act } from '../act.js'
import { imageFormats } from '../arguments/option-values.js'
import { SESSION_HELP } from '../arguments/session-argument.js'
import { pathOf } from '../host.js'
import { counted } from '../print/in-words.js'
import { writeOutput } from '../print/write-output.js'
import { boardOf } from '../storyboard/board.js'
import { pageOf } from '../storyboard/page.js'

/** More takes of one picture than anybody makes. */
const ALL_TAKES = 64

interface StoryboardOptions {
  output: string
  images?: string
  format?: ImageFormat[]
}

export function addStoryboard(program: Command, act: Act): void {
  program
    .command('storyboard')
    .description('make a page of all scenes and beats, with the pictures that are painted')
    .argument('[session]', SESSION_HELP, 'latest')
    .option('-o, --output <file>', 'the page, which is replaced whole; - is stdout', 'storyboard.html')
    .option('--images <directory>', 'where `storyart generate` put the pictures; the page points to them there')
    .option('--format <kinds>', 'only pictures of these kinds: cinematic, vertical, marketingVertical', imageFormats)
    .action(
      act<StoryboardOptions, [string]>(async (tool, { output, images, format }, argument) => {
        const { session, name } = await tool.session(argument)
        const jobs = imageQueue(session, { images: ALL_TAKES, ...(format === undefined ? {} : { formats: format }) })
        const folder = images === undefined ? undefined : pathOf(tool.host, images)
        const painted = folder === undefined ? new Map() : await savedImages(jobs, directorySink(folder))
        const base = output === '-' ? tool.host.cwd : dirname(pathOf(tool.host, output))
        const board = boardOf(session, jobs, painted)
        const page = pageOf(board, name, (file) => linkFrom(base, join(folder ?? '', file)))
        await writeOutput(tool, output, page, `with ${counted(board.totals.pictures, 'picture')}`)
        return undefined
      }),
    )
}

/** A relative link from a directory to a file. */
function linkFrom(base: string, file: string): string {
  return relative(base, file).split(sep).map(encodeURIComponent).join('/')
}
