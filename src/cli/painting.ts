/**
 * Painting a session from the command line, and saying beforehand what would be painted.
 * @module
 */

import { fillPrompts, imageQueue } from 'storyart-sdk'
import {
  directorySink,
  type ImageResult,
  type PaintEvent,
  type ParameterValue,
  paintSession,
  type SessionSource,
  type SwarmUIClient,
  savedImages,
} from 'storyart-sdk/swarmui'
import { type FilterOptions, filterOf, placeTest } from './arguments/filter-options.js'
import type { NamedSession } from './arguments/session-argument.js'
import { CliError } from './cli-error.js'
import { EXIT, type ExitCode } from './exit-codes.js'
import { counted, durationInWords } from './print/in-words.js'
import type { Column } from './print/printer.js'
import { progressOf } from './print/progress-bar.js'
import type { CommonOptions, Tool } from './tool.js'

/** How to paint. */
export interface PaintOptions extends FilterOptions, CommonOptions {
  out: string
  swarmui?: string
  transport: 'auto' | 'websocket' | 'http'
  all?: boolean
  images: number
  since?: string
  set?: Record<string, ParameterValue>
  concurrency?: number
  attempts?: number
  patience?: number
  wait?: number
  fill: boolean
  check: boolean
  dryRun?: boolean
}

/** A picture as it is listed. */
interface Row {
  sceneNumber: number | null
  beatId: string
  format: string
  key: string
  status: ImageResult['status'] | 'to paint'
  files: string[]
  /** Why it failed. */
  error?: string
}

const COLUMNS: readonly Column<Row>[] = [
  { head: 'scene', cell: ({ sceneNumber }) => sceneNumber, align: 'right' },
  { head: 'beat', cell: ({ beatId }) => beatId },
  { head: 'format', cell: ({ format }) => format },
  { head: 'status', cell: ({ status }) => status },
  { head: 'files', cell: ({ files, error }) => error ?? files.join(' ') },
]

/** Lists what `paint` would do. */
export async function plan(
  tool: Tool,
  options: PaintOptions,
  named: NamedSession,
  directory: string,
): Promise<ExitCode> {
  const { format: formats, all, images } = options
  const include = all ? 'all' : 'wanted'
  const { session } = options.fill ? fillPrompts(named.session, { formats, include }) : named
  const since = options.since === undefined ? undefined : (await olderSession(tool, options.since)).session
  const isMeant = placeTest(filterOf(named, options))
  const jobs = imageQueue(session, { formats, include, images, since }).filter(isMeant)
  const kept = await savedImages(jobs, directorySink(directory))
  const rows = jobs.map(({ sceneNumber, beatId, format, key }): Row => {
    const files = (kept.get(key) ?? []).map(({ file }) => file)
    return { sceneNumber, beatId, format, key, status: files.length === images ? 'kept' : 'to paint', files }
  })
  await tool.print.rows(rows, COLUMNS, `${named.name} asks for no picture`)
  const left = rows.filter(({ status }) => status === 'to paint').length
  tool.talk(
    `${counted(rows.length, 'picture')}: ${left} to paint, ${rows.length - left} there already; no server was asked`,
  )
  return EXIT.done
}

/** Paints, with a bar at the terminal, and lists each picture as soon as it is done with. */
export async function paint(
  tool: Tool,
  options: PaintOptions,
  named: NamedSession,
  { client, directory }: { client: SwarmUIClient; directory: string },
): Promise<ExitCode> {
  const { scenes, beats } = filterOf(named, options)
  const bar = progressOf(tool.host, options.quiet, 'pictures')
  const say = (text: string) => {
    bar.stop()
    tool.talk(text)
  }
  const { readable, writable } = new TransformStream<Row, Row>(undefined, { highWaterMark: Number.POSITIVE_INFINITY })
  const writer = writable.getWriter()
  const onEvent = (event: PaintEvent): void => {
    if (event.type === 'result') {
      void writer.write(rowOf(event.result))
    } else if (event.type === 'queued') {
      const composed = event.filled.length > 0 ? `; composed for them: ${counted(event.filled.length, 'prompt')}` : ''
      say(`${counted(event.jobs, 'picture')} of ${named.name}${composed}`)
      bar.start(event.jobs)
    } else if (event.type === 'progress') {
      const { remainingMs } = event.progress
      bar.note(remainingMs === null ? '' : `${durationInWords(remainingMs)} left`)
    } else if (event.type === 'warning') say(event.message)
    else if (event.type === 'retry') {
      say(
        `${event.job.beatId}, ${event.job.format}: ${reasonOf(event.error)} Tried again in ${Math.ceil(event.delayMs / 1000)} s.`,
      )
    }
  }
  // Rows and bar may share a terminal: the bar makes room for each row.
  async function* shown(rows: AsyncIterable<Row>): AsyncGenerator<Row> {
    for await (const row of rows) {
      bar.stop()
      yield row
      bar.add(1)
    }
  }
  const since = options.since === undefined ? undefined : await olderSession(tool, options.since)
  const painted = paintSession(sourceOf(tool, named), {
    client,
    out: directory,
    timestamp: versionOf(tool, named),
    since: since?.timestamp,
    formats: options.format,
    scenes,
    beats,
    include: options.all ? 'all' : 'wanted',
    images: options.images,
    defaults: options.set,
    concurrency: options.concurrency,
    attempts: options.attempts,
    patienceMs: options.patience,
    waitMs: options.wait,
    fill: options.fill,
    check: options.check,
    now: tool.host.now,
    signal: tool.signal,
    onEvent,
  }).finally(() => writer.close())
  const [report] = await Promise.all([painted, tool.print.stream(shown(readable), lineOf)]).finally(() => bar.stop())
  const { failed, kept, jobs } = report
  tool.talk(`${counted(jobs, 'picture')}: ${report.painted} painted, ${kept} there already, ${failed.length} failed`)
  const missing = report.prompts.missing.filter(placeTest({ scenes, beats }))
  if (missing.length > 0) tool.talk(`without a prompt: ${counted(missing.length, 'beat')}`)
  return failed.length > 0 || missing.length > 0 ? EXIT.partial : EXIT.done
}

function lineOf({ beatId, format, status, files, error }: Row): string {
  return `${status}  ${beatId}  ${format}  ${error ?? files.join(' ')}`
}

function rowOf({ job, status, images, error }: ImageResult): Row {
  const { sceneNumber, beatId, format, key } = job
  const row = { sceneNumber, beatId, format, key, status, files: images.map(({ file }) => file) }
  return error === null ? row : { ...row, error: reasonOf(error) }
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : 'failed'
}

/** A session of a file may have no version; the moment stands for it. */
function versionOf({ host }: Tool, { timestamp, session }: NamedSession): number {
  return timestamp ?? (typeof session.timestamp === 'number' ? session.timestamp : host.now())
}

/** An older session to compare with: one of the store, as only these have a version to name. */
async function olderSession(tool: Tool, argument: string): Promise<NamedSession & { timestamp: number }> {
  const named = await tool.session(argument)
  if (named.timestamp !== null) return { ...named, timestamp: named.timestamp }
  throw new CliError(EXIT.usage, '--since names a session of the store, not a file')
}

/** Where the painter reads: the store, or a file that was read already beside it. */
function sourceOf(tool: Tool, named: NamedSession): SessionSource {
  if (named.timestamp !== null) return tool.store()
  const timestamp = versionOf(tool, named)
  const read = { timestamp, session: named.session }
  return {
    latest: async () => read,
    get: async (wanted, options) => (wanted === timestamp ? read : tool.store().get(wanted, options)),
  }
}
