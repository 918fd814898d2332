/**
 * A page of the directory: what is live, without reading a document.
 * @module
 */

import type { ListEntry, ListPage, ListQuery } from './adapter.js'
import { requireQuery } from './arguments.js'
import { readDocument } from './file-document.js'
import { codeOf, isUnavailable, NAME } from './file-errors.js'
import { DOCUMENT, MAX_BATCH, type Room } from './file-room.js'
import { readSummary } from './file-summary.js'

/** @internal */
export async function listSessions(room: Room, query: ListQuery, signal: AbortSignal | undefined): Promise<ListPage> {
  requireQuery(NAME, query)
  const { limit, from = 1, before = Number.POSITIVE_INFINITY, order = 'newest', details = true, marks = false } = query
  const down = order === 'newest'
  // One that is asked for alone needs no look at the directory.
  const all = before === from + 1 ? [from] : await documentIds(room)
  const ids = all.filter((id) => id >= from && id < before).sort((a, b) => (down ? b - a : a - b))
  const entries: ListEntry[] = []
  const expired: number[] = []
  let at = 0
  while (at < ids.length && entries.length < limit) {
    signal?.throwIfAborted()
    const batch = ids.slice(at, at + Math.min(limit - entries.length, MAX_BATCH))
    const found = await Promise.all(batch.map((id) => entryOf(room, id, details, marks)))
    at += batch.length
    for (const [index, entry] of found.entries()) {
      if (entry) entries.push(entry)
      else if (entry === null) expired.push(batch[index] as number) // as many as were asked about
    }
  }
  const page: ListPage = expired.length > 0 ? { entries, expired } : { entries }
  const last = entries.at(-1)
  if (last && at < ids.length) page.next = down ? last.id : last.id + 1
  return page
}

/** The ids of all documents, dead or alive, in no order. @internal */
export async function documentIds({ disk, directory }: Room): Promise<number[]> {
  // A name that only looks like an id's is nobody's.
  return (await namesIn(disk, directory)).map((name) => Number(DOCUMENT.exec(name)?.[1])).filter(Number.isSafeInteger)
}

/** The names in a folder; none if there is no such folder yet. @internal */
export async function namesIn(disk: Room['disk'], folder: string): Promise<string[]> {
  try {
    return await disk.readdir(folder)
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return []
    throw error
  }
}

/** `null`: expired; `undefined`: gone, or no file. */
async function entryOf(
  room: Room,
  id: number,
  details: boolean,
  marks: boolean,
): Promise<ListEntry | null | undefined> {
  try {
    const found = await readDocument(room, id, false)
    if (!found) return undefined
    const { identity, sizeBytes, expiresAt } = found
    const ttlMs = expiresAt === Number.POSITIVE_INFINITY ? null : expiresAt - room.now()
    if (ttlMs !== null && ttlMs <= 0) return null
    if (marks) return { id, sizeBytes, ttlMs, mark: identity }
    if (!details) return { id }
    const summary = await readSummary(room, id, identity)
    return summary === undefined ? { id, sizeBytes, ttlMs } : { id, summary, sizeBytes, ttlMs }
  } catch (error) {
    // Reading this one will say what is wrong with it; the page must not fail over it.
    if (isUnavailable(error)) throw error
    return { id }
  }
}
