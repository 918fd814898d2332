/**
 * Removing what the dead left: sessions past their end, and the traces of processes killed at work.
 * @module
 */

import { liveDocument } from './file-document.js'
import { codeOf, fileError } from './file-errors.js'
import { documentIds, namesIn } from './file-list.js'
import { breakLock, discard, holderOf, isGone } from './file-lock.js'
import { MAX_BATCH, type Room } from './file-room.js'
import { removeSession } from './file-write.js'

/** When a trace is nobody's any more, whatever process has its number by now, in ms. */
const OLD_MS = 3_600_000

const TRACE = /^(?:(\d+)\.(lock|summary)|\d+-\d*-[\da-f-]{36})$/

/** Says how many sessions were removed. @internal */
export async function pruneSessions(room: Room, signal: AbortSignal | undefined): Promise<number> {
  const ids = await documentIds(room)
  let removed = 0
  async function prune(id: number): Promise<void> {
    try {
      if (await liveDocument(room, id, false)) return
      if ((await removeSession(room, id, true, signal)) === 'dead') removed++
    } catch (error) {
      throw signal?.aborted ? error : fileError('prune', id, error)
    }
  }
  for (let at = 0; at < ids.length; at += MAX_BATCH) {
    signal?.throwIfAborted()
    await Promise.all(ids.slice(at, at + MAX_BATCH).map(prune))
  }
  const known = new Set(ids)
  for (const name of await namesIn(room.disk, room.work)) {
    signal?.throwIfAborted()
    const [trace, id, kind] = TRACE.exec(name) ?? []
    if (kind === 'summary') {
      if (!known.has(Number(id))) await removeSession(room, Number(id), true, signal)
    } else if (kind === 'lock') await clearLock(room, `${room.work}/${name}`)
    else if (trace !== undefined && (await isNobodys(room, room.work, name)))
      await discard(room, `${room.work}/${name}`)
  }
  return removed
}

async function clearLock(room: Room, lock: string): Promise<void> {
  const holder = await holderOf(room, lock)
  if (holder === undefined || (await isNobodys(room, lock, holder))) await breakLock(room, lock, holder)
}

/** What it belongs to begins again if it is somebody's after all. */
async function isNobodys(room: Room, folder: string, name: string): Promise<boolean> {
  if (await isGone(room, name)) return true
  try {
    return (await room.disk.stat(`${folder}/${name}`)).mtimeMs < room.now() - OLD_MS
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return false
    throw error
  }
}
