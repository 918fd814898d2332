/**
 * Summaries: a short text beside each document. One that is missing or another file's is none at all.
 * @module
 */

import { type Room, summaryPath } from './file-room.js'

/** The summary that was surely made for this very file. @internal */
export async function readSummary(room: Room, id: number, identity: string): Promise<string | undefined> {
  const found = await room.disk.readFile(summaryPath(room, id), 'utf8').catch(() => '') // may be missing at any time
  const head = found.slice(0, found.indexOf('\n') + 1)
  const summary = found.slice(head.length)
  return head === headOf(identity, summary) ? summary : undefined
}

/** Writes the summary of a file; without one takes away what an older file left. @internal */
export async function writeSummary(room: Room, id: number, identity: string, summary?: string): Promise<void> {
  const path = summaryPath(room, id)
  if (summary === undefined) await room.disk.rm(path, { force: true })
  else await room.disk.writeFile(path, headOf(identity, summary) + summary)
}

/** With the length, since the file may be met half-written. */
function headOf(identity: string, summary: string): string {
  return `${identity} ${summary.length}\n`
}
