/**
 * One writer a session, among all processes; a lock nobody needs to be trusted with.
 *
 * A lock is a folder that holds exactly one thing: the holder's token, under a name nobody else uses. It is made
 * elsewhere and comes into its place by one rename, which only an empty folder lets happen. Whatever a holder finally
 * does to a document, it does by a rename from or into its token. Who takes a lock away removes the token, and that
 * rename fails, however late it comes: so no clock and no process id has to be right for a document to be safe.
 * @module
 */

import { randomUUID } from 'node:crypto'
import { dirname } from 'node:path'
import { codeOf } from './file-errors.js'
import { type Disk, lockPath, type Room } from './file-room.js'

/** How much sooner a lock is taken from a process that is gone. */
const GONE_SHARE = 0.01
/** The longest pause between two looks at a lock, in ms. */
const MAX_PAUSE_MS = 10
/** What a rename over a folder with something in it is refused with. */
const HELD: readonly unknown[] = ['EEXIST', 'ENOTEMPTY', 'EPERM']
/** How often to begin again after the lock was taken away, or the directory. */
const MAX_RETURNS = 30

/**
 * Does the work while nobody else writes this session; begins again when the lock is taken away.
 *
 * @param kind - What the token is: a `file` that will become a document, or a `folder` that will receive one.
 * @param work - Gets the token's path. Its last act on the document is a rename with the token in it.
 * @internal
 */
export function withLock<T>(
  room: Room,
  id: number,
  kind: 'file' | 'folder',
  signal: AbortSignal | undefined,
  work: (token: string) => Promise<T>,
): Promise<T> {
  const before = room.turns.get(id) ?? Promise.resolve()
  const turn = before.then(() => underLock(room, id, kind, signal, work))
  const end = turn.then(
    () => undefined,
    () => undefined, // is told to whoever waits for the turn
  )
  room.turns.set(id, end)
  end.then(() => {
    if (room.turns.get(id) === end) room.turns.delete(id)
  })
  return turn
}

async function underLock<T>(
  room: Room,
  id: number,
  kind: 'file' | 'folder',
  signal: AbortSignal | undefined,
  work: (token: string) => Promise<T>,
): Promise<T> {
  signal?.throwIfAborted()
  const { disk } = room
  const lock = lockPath(room, id)
  for (let returns = 0; ; returns++) {
    const name = await newName(room)
    const prepared = `${room.work}/${name}`
    try {
      await disk.mkdir(prepared)
      await (kind === 'file' ? disk.writeFile(`${prepared}/${name}`, '') : disk.mkdir(`${prepared}/${name}`))
      await takePlace(room, prepared, lock, signal)
      return await work(`${lock}/${name}`)
    } catch (error) {
      // Something was missing on the way: the directory, or the token.
      if (codeOf(error) !== 'ENOENT' || returns === MAX_RETURNS) throw error
      await makeFolders(room)
    } finally {
      // What stays behind is recognised as such; the outcome of the work matters more.
      await discard(room, prepared).catch(() => undefined)
      await breakLock(room, lock, name).catch(() => undefined)
    }
  }
}

/** Takes a lock away from a holder, dead or alive, whose work fails from now on. @internal */
export async function breakLock(room: Room, lock: string, holder: string | undefined): Promise<void> {
  if (holder !== undefined) await discard(room, `${lock}/${holder}`)
  await room.disk.rmdir(lock).catch(() => undefined) // the next holder may be there already
}

/** Who holds a lock, if anybody. @internal */
export async function holderOf(room: Room, lock: string): Promise<string | undefined> {
  try {
    return (await room.disk.readdir(lock))[0]
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined
    throw error
  }
}

/** A name nobody else uses, for things that are nobody's when this process is gone. @internal */
export async function newName({ space }: Room): Promise<string> {
  // Not with a randomness somebody could pass: whether a document is safe depends on it.
  return `${process.pid}-${await space}-${randomUUID()}`
}

/** Whether the process that gave a name has surely ended. @internal */
export async function isGone(room: Room, name: string): Promise<boolean> {
  const [pid, space] = name.split('-')
  if (space !== (await room.space)) return false // the number means another process here
  try {
    process.kill(Number(pid), 0)
    return false
  } catch (error) {
    return codeOf(error) === 'ESRCH'
  }
}

async function takePlace(room: Room, prepared: string, lock: string, signal: AbortSignal | undefined): Promise<void> {
  let seen: string | undefined
  let waitedMs = 0 // as asked for: a clock may jump, and a machine may sleep
  let alone = 0
  for (let looks = 1; ; looks++) {
    signal?.throwIfAborted()
    let refusal: unknown
    try {
      return await room.disk.rename(prepared, lock)
    } catch (error) {
      if (!HELD.includes(codeOf(error))) throw error
      refusal = error
    }
    const holder = await holderOf(room, lock)
    if (holder === undefined) {
      // Windows renames over no folder, empty or not, and says EPERM; others say EPERM and mean it.
      if (alone++ === MAX_RETURNS) throw refusal
      await breakLock(room, lock, holder)
      continue
    }
    alone = 0
    if (holder !== seen) {
      seen = holder
      waitedMs = 0
    } else if (waitedMs >= room.staleLockMs * ((await isGone(room, holder)) ? GONE_SHARE : 1)) {
      await breakLock(room, lock, holder)
      continue
    }
    const pauseMs = Math.min(looks, MAX_PAUSE_MS)
    await room.wait(pauseMs)
    waitedMs += pauseMs
  }
}

/** Removes whatever is there, if anything is. @internal */
export async function discard({ disk }: Room, path: string): Promise<void> {
  // Somebody may finish his work in it right now.
  await disk.rm(path, { recursive: true, force: true, maxRetries: 3 })
}

/** Makes what happened in a folder last. @internal */
export async function syncFolder(disk: Disk, path: string): Promise<void> {
  if (process.platform === 'win32') return // it has no such call
  const handle = await disk.open(path, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

/** Makes the folders that are missing, so that they last. @internal */
export async function makeFolders({ disk, work }: Room): Promise<void> {
  const made = await disk.mkdir(work, { recursive: true })
  if (made === undefined) return
  let folder = work
  while (folder.length >= made.length) {
    folder = dirname(folder)
    await syncFolder(disk, folder)
  }
}
