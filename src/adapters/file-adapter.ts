/**
 * Sessions as files in one directory.
 * @module
 */

import * as fs from 'node:fs/promises'
import { isAbsolute, join, resolve } from 'node:path'
import { abortable } from '../abort.js'
import { StoryArtError } from '../errors.js'
import type { AdapterChange, CallOptions, SessionAdapter } from './adapter.js'
import { requirePositive } from './arguments.js'
import { getSession } from './file-document.js'
import { fileError, messageOf, NAME } from './file-errors.js'
import { listSessions } from './file-list.js'
import { discard, makeFolders, newName } from './file-lock.js'
import { pruneSessions } from './file-prune.js'
import type { Disk, Room } from './file-room.js'
import { watchFolder } from './file-watch.js'
import { deleteSession, describeSession, putSession, touchSession } from './file-write.js'
import { WatchListeners } from './watch-listeners.js'

/** What differs from the defaults of a {@link fileAdapter}. */
export interface FileAdapterOptions {
  /** The clock that ends lives, in ms since the epoch; the same for all who use the directory. Default: `Date.now`. */
  now?: (() => number) | undefined
  /** Waits for some ms while another process writes the same session. Default: `setTimeout`. */
  wait?: ((ms: number) => Promise<void>) | undefined
  /**
   * How long a lock must stand still before it is taken from a process that seems alive, in ms; a hundredth of that
   * where it is gone. Taking it too early costs time, never a document. Default: 10000.
   */
  staleLockMs?: number | undefined
}

/**
 * Keeps each session in a file of its own, `storyart-session-{id}.json`, so that it outlives processes and power cuts.
 *
 * What `put` has acknowledged is on the disk; nobody ever sees half of it. Any number of processes of one machine may
 * use the directory at once, conditions hold among them, and any of them may be killed at any moment. The file is the
 * JSON text; the end of a life is a line of white space behind it. Files that are no sessions are left alone. The
 * directory is made by the first write, and everything else lies in its folder `.storyart`, which may be lost.
 *
 * @param directory - An absolute path.
 * @param options - Clock and waiting.
 * @returns An adapter named `file`.
 * @throws {StoryArtError} INVALID_ARGUMENT when the directory is no absolute path, or a call gets an id, life, limit or
 * bound that is no such number, or text with half a surrogate pair.
 * @throws {AdapterError} ADAPTER_UNAVAILABLE when the system cannot do it now, as with too many open files.
 * @throws {AdapterError} ADAPTER_DENIED when the process lacks permission.
 * @throws {AdapterError} ADAPTER_QUOTA when the disk is full.
 * @throws {AdapterError} ADAPTER_FAILED when the directory is a file, the disk fails, or a document is not UTF-8.
 * @throws {StoryArtError} CLOSED when a call comes after `close`.
 * @example
 * ```ts
 * import { mkdtemp, rm } from 'node:fs/promises'
 * import { tmpdir } from 'node:os'
 * import { join } from 'node:path'
 * import { fileAdapter } from 'storyart-sdk/file'
 *
 * const directory = await mkdtemp(join(tmpdir(), 'sessions-'))
 * const adapter = fileAdapter(directory)
 * await adapter.put(1770000000000, '{"scriptText":"INT. LAB"}', { ttlMs: 60_000, summary: 'a lab' })
 * console.log((await adapter.get(1770000000000))?.raw) // {"scriptText":"INT. LAB"}
 * console.log((await adapter.list({ limit: 10 })).entries[0]?.summary) // a lab
 * console.log(await adapter.delete(1770000000000)) // true
 * await adapter.close()
 * await rm(directory, { recursive: true })
 * ```
 */
export function fileAdapter(directory: string, options: FileAdapterOptions = {}): SessionAdapter {
  return fileAdapterOn(fs, directory, options)
}

/** The same on a given file system. @internal */
export function fileAdapterOn(disk: Disk, directory: string, options: FileAdapterOptions = {}): SessionAdapter {
  const room = roomIn(disk, directory, options)
  const running = new Set<Promise<unknown>>()
  const listeners = new WatchListeners<AdapterChange>((tell) => watchFolder(room, tell))
  let closed = false

  function refuseClosed(): void {
    if (closed) throw new StoryArtError('CLOSED', 'file: the adapter is closed; make a new one.')
  }

  /** How every call goes: nothing is read or written for a closed adapter, an aborted caller or a wrong id. */
  async function run<T>(
    operation: string,
    id: number | undefined,
    call: CallOptions | undefined,
    work: (signal: AbortSignal | undefined) => Promise<T>,
  ): Promise<T> {
    const signal = call?.signal
    refuseClosed()
    signal?.throwIfAborted()
    if (id !== undefined) requirePositive(NAME, 'id', id)
    const attempt = work(signal).catch((error: unknown) => {
      throw signal?.aborted ? error : fileError(operation, id, error)
    })
    const end = (): unknown => running.delete(attempt)
    running.add(attempt)
    attempt.then(end, end)
    return abortable(attempt, signal)
  }

  return {
    name: NAME,
    put: (id, raw, call = {}) =>
      run('put', id, call, async () => {
        const result = await putSession(room, id, raw, call)
        if (result.stored) listeners.tell({ id, written: true })
        return result
      }),
    get: (id, call) => run('get', id, call, () => getSession(room, id)),
    list: (query, call) => run('list', undefined, call, (signal) => listSessions(room, query, signal)),
    delete: (id, call) =>
      run('delete', id, call, async (signal) => {
        const wasThere = await deleteSession(room, id, signal)
        if (wasThere) listeners.tell({ id })
        return wasThere
      }),
    touch: (id, ttlMs, call) => run('touch', id, call, (signal) => touchSession(room, id, ttlMs, signal)),
    describe: (id, raw, summary, call) =>
      run('describe', id, call, (signal) => describeSession(room, id, raw, summary, signal)),
    prune: (call) => run('prune', undefined, call, (signal) => pruneSessions(room, signal)),

    health: (call) =>
      run('health', undefined, call, async () => {
        const started = room.now()
        const error = await probe(room)
        const latencyMs = Math.max(room.now() - started, 0)
        return error === undefined ? { ok: true, latencyMs } : { ok: false, latencyMs, error }
      }),

    watch(listener) {
      refuseClosed()
      return listeners.add(listener)
    },

    async close() {
      closed = true
      listeners.clear()
      await Promise.allSettled(running)
    },
  }
}

function roomIn(disk: Disk, directory: string, options: FileAdapterOptions): Room {
  const { now = () => Date.now(), wait = waitMs, staleLockMs = 10_000 } = options
  requirePositive(NAME, 'staleLockMs', staleLockMs)
  if (typeof directory !== 'string' || !isAbsolute(directory)) {
    throw new StoryArtError(
      'INVALID_ARGUMENT',
      'fileAdapter: directory must be an absolute path; see path.resolve(), for "~" os.homedir(), for a URL fileURLToPath().',
    )
  }
  const place = resolve(directory)
  return {
    disk,
    directory: place,
    work: join(place, '.storyart'),
    now,
    wait,
    staleLockMs,
    turns: new Map(),
    // Linux names it so; elsewhere there is but one.
    space: disk.readlink('/proc/self/ns/pid').then(
      (name) => name.replace(/\D/g, ''),
      () => '',
    ),
  }
}

/** Writes, as the first save would, and says why if it cannot. */
async function probe(room: Room): Promise<string | undefined> {
  const path = join(room.work, await newName(room))
  try {
    await makeFolders(room)
    await room.disk.writeFile(path, 'probe')
    await discard(room, path)
    return undefined
  } catch (error) {
    await discard(room, path).catch(() => undefined) // the first failure is the one to tell
    return messageOf(error)
  }
}

function waitMs(ms: number): Promise<void> {
  return new Promise((done) => {
    setTimeout(done, ms)
  })
}
