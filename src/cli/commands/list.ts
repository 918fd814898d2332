/**
 * `storyart list`: which sessions there are.
 * @module
 */
import { type Command, Option } from 'commander'
import type { SessionSummary } from 'storyart-sdk'
import type { Act } from '../act.js'
import { moment, wholeNumber } from '../arguments/option-values.js'
import { EXIT } from '../exit-codes.js'
import { counted, durationInWords, sizeInWords } from '../print/in-words.js'
import type { Column } from '../print/printer.js'
import { roomBeside } from '../print/table-room.js'
import type { Tool } from '../tool.js'

interface ListOptions {
  limit: number
  all?: boolean
  from?: number
  before?: number
}

const SESSIONS_ON_A_PAGE = 100

export function addList(program: Command, act: Act): void {
  program
    .command('list')
    .description('list the sessions, newest first')
    .addOption(new Option('--limit <n>', 'how many').default(20).argParser(wholeNumber(1)))
    .addOption(new Option('--all', 'all there are').conflicts('limit'))
    .option('--from <moment>', 'only from then on: ms since the epoch, or a date', moment)
    .option('--before <moment>', 'only from before then: ms since the epoch, or a date', moment)
    .action(
      act<ListOptions, []>(async (tool, options) => {
        const seen: Seen = { degraded: false, expired: 0, more: false, last: 0 }
        const bounded = options.from !== undefined || options.before !== undefined
        const empty = `there is no session ${bounded ? 'of that time ' : ''}in this store`
        await tool.print.rows(summaries(tool, options, seen), columnsOf(tool), empty)
        // In a store that nobody prunes they are many.
        if (seen.expired > 0) tool.talk(`passed over ${counted(seen.expired, 'expired session')}`)
        if (seen.more) tool.talk(`there are more: --before ${seen.last} goes on, --all shows all`)
        if (!seen.degraded) return undefined
        tool.talk('a part of the store could not be asked: there may be more sessions')
        return EXIT.partial
      }),
    )
}

/** What is told when the list has been shown. */
interface Seen {
  degraded: boolean
  expired: number
  more: boolean
  /** The last that was shown. */
  last: number
}

/** Reads page by page, and says what is not shown. Not `store.summaries`: of a degraded store it shows no end. */
async function* summaries(
  tool: Tool,
  { limit, all, from, before }: ListOptions,
  seen: Seen,
): AsyncGenerator<SessionSummary, void, undefined> {
  let left = all ? Number.POSITIVE_INFINITY : limit
  let cursor: string | undefined
  do {
    // One more than is shown tells whether there is one more.
    const page = await tool.store().list({
      limit: Math.min(left + 1, SESSIONS_ON_A_PAGE),
      signal: tool.signal,
      from,
      before,
      cursor,
    })
    seen.degraded ||= page.degraded
    for (const { timestamp, reason, message } of page.skipped) {
      if (reason === 'expired') seen.expired++
      else tool.talk(`passed over ${timestamp}: ${message ?? reason}`)
    }
    for (const summary of page.sessions) {
      seen.more = left === 0
      if (seen.more) return
      yield summary
      seen.last = summary.timestamp
      left--
    }
    cursor = page.cursor
  } while (cursor !== undefined)
}

/** What all columns but the episode take of a line. */
const TAKEN = 85

function columnsOf({ host }: Tool): Column<SessionSummary>[] {
  return [
    { head: 'timestamp', cell: ({ timestamp }) => timestamp },
    { head: 'saved (UTC)', cell: ({ savedAt }) => savedAt.replace('T', ' ').replace(/:\d\d\.\d+Z$/, '') },
    { head: 'episode', cell: episodeOf, maxWidth: roomBeside(host, TAKEN) },
    { head: 'scenes', cell: ({ sceneCount }) => sceneCount, align: 'right' },
    { head: 'beats', cell: ({ beatCount }) => beatCount, align: 'right' },
    { head: 'prompts', cell: ({ promptCount }) => promptCount, align: 'right' },
    { head: 'size', cell: ({ sizeBytes }) => sizeInWords(sizeBytes), align: 'right' },
    {
      head: 'expires',
      cell: ({ expiresAt }) => (expiresAt === null ? 'never' : durationInWords(Date.parse(expiresAt) - host.now())),
    },
    { head: 'story', cell: ({ storyUuid }) => storyUuid?.slice(0, 8) },
  ]
}

function episodeOf({ episodeNumber, title }: SessionSummary): string {
  return [episodeNumber, title].filter((part) => part !== null && part !== '').join(': ')
}
