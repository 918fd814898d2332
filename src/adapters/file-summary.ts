/**
 * Summaries: a short text beside each document. One that is missing or another file's is none at all.
 * @module
 */

import { type Room, summaryPath } from './file-room.js'

/** The summary that was surely made for this very file. @internal */
export async function readSummary(room: Room, id: number, identity: string): Promise<string | undefined> {
  const found = await room.disk.readFile(summaryPath(room, id)).catch(() => Buffer.of()) // may be missing at any time
  const summary = found.subarray(found.indexOf('\n') + 1)
  const isWhole = found.equals(entryOf(identity, summary))
  return isWhole ? summary.toString() : undefined
}

/** Writes the summary of a file; without one takes away what an older file left. @internal */
export async function writeSummary(room: Room, id: number, identity: string, summary?: string): Promise<void> {
  const path = summaryPath(room, id)
  if (summary === undefined) await room.disk.rm(path, { force: true })
  else await room.disk.writeFile(path, entryOf(identity, Buffer.from(summary)))
}

/** With the length, since the file may be met half-written. */
function entryOf(identity: string, summary: Buffer): Buffer {
  return Buffer.concat([Buffer.from(`${identity} ${summary.length}\n`), summary])
}
