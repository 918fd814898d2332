/**
 * Pictures as files. For Node, Deno and Bun; it is loaded everywhere, and finds the file system only when it is used.
 * @module
 */

import { AdapterError, type AdapterErrorCode, StoryArtError } from '../errors.js'
import { type ImageSink, type Manifest, sameBytes } from './sink.js'

/** The calls of `node:fs/promises` that are needed. @internal */
export interface SinkDisk {
  mkdir(path: string, options: { recursive: true }): Promise<unknown>
  open(path: string, flags: string, mode?: number): Promise<SinkHandle>
  link(from: string, to: string): Promise<void>
  rename(from: string, to: string): Promise<void>
  unlink(path: string): Promise<void>
  readFile(path: string): Promise<Uint8Array>
  readdir(path: string): Promise<string[]>
  stat(path: string): Promise<{ size: number; isFile(): boolean }>
}

/** @internal */
export interface SinkHandle {
  writeFile(data: Uint8Array | string): Promise<void>
  sync(): Promise<void>
  close(): Promise<void>
}

/** How to keep pictures as files. */
export interface DirectorySinkOptions {
  /** The name of the manifest in the directory. Default: `storyart-images.ndjson`. */
  manifestName?: string | undefined
}

/** A folder of pictures with its manifest. */
export interface DirectorySink extends ImageSink {
  readonly manifest: Manifest
}

const TEMPORARY = /^\..+\.storyart-tmp$/

/**
 * Keeps pictures as files of one directory, which is made if it is not there.
 *
 * A file appears whole or not at all, is on the disk before it is said to be saved, and never replaces another one: files
 * of others in the directory are left as they are. Beside the pictures there is the manifest, to which lines are only
 * appended. It holds sessions of the server, which are as good as a password while that knows them; only its owner can
 * read it. Nothing happens before the first call of the sink.
 *
 * @param directory - Its path.
 * @param options - The name of the manifest.
 * @returns The sink. Its calls throw `AdapterError` with `adapter: 'directory'`: `ADAPTER_QUOTA` where the disk is
 * full, `ADAPTER_DENIED` where it may not be written to, else `ADAPTER_FAILED`.
 * @throws `StoryArtError` `INVALID_ARGUMENT`: an empty path, or a runtime without a file system.
 * @example
 * ```ts
 * import { mkdtemp, rm } from 'node:fs/promises'
 * import { tmpdir } from 'node:os'
 * import { join } from 'node:path'
 * import { directorySink } from 'storyart-sdk/swarmui'
 *
 * const folder = await mkdtemp(join(tmpdir(), 'pictures-'))
 * const sink = directorySink(folder)
 * console.log(await sink.save('s01-b001-cinematic-1.png', new Uint8Array([1, 2, 3]))) // saved
 * console.log(await sink.size('s01-b001-cinematic-1.png')) // 3
 * await rm(folder, { recursive: true })
 * ```
 */
export function directorySink(directory: string, options: DirectorySinkOptions = {}): DirectorySink {
  return directorySinkOn(ownDisk(), directory, options)
}

/** @internal */
export function directorySinkOn(disk: SinkDisk, directory: string, options: DirectorySinkOptions): DirectorySink {
  const { manifestName = 'storyart-images.ndjson' } = options
  if (directory === '') throw new StoryArtError('INVALID_ARGUMENT', 'The directory of a sink must have a path.')
  const at = (name: string): string => `${directory}/${plain(name)}`
  const guarded = async <T>(operation: string, work: () => Promise<T>): Promise<T> => {
    try {
      return await work()
    } catch (error) {
      throw directoryError(operation, error)
    }
  }
  const made = async (): Promise<unknown> => disk.mkdir(directory, { recursive: true })
  plain(manifestName)
  return {
    save: (name, bytes) =>
      guarded('save', async () => {
        await made()
        return saveFile(disk, directory, at(name), `${directory}/.${name}.storyart-tmp`, bytes)
      }),
    size: (name) =>
      guarded('size', async () => {
        const found = await disk.stat(at(name)).catch(missing)
        return found?.isFile() ? found.size : null
      }),
    manifest: {
      begin: () =>
        guarded('begin', async () => {
          await made()
          // What a killed run left half done; nobody else writes here.
          for (const name of await disk.readdir(directory)) if (TEMPORARY.test(name)) await disk.unlink(at(name))
        }),
      read: () =>
        guarded('read', async () => {
          const bytes = await disk.readFile(at(manifestName)).catch(missing)
          return bytes ? new TextDecoder().decode(bytes) : ''
        }),
      append: (line) =>
        guarded('append', async () => {
          await made()
          await writeDown(disk, at(manifestName), 'a', line)
        }),
    },
  }
}

function plain(name: string): string {
  if (/^\.{0,2}$|[/\\\0]/.test(name)) {
    throw new StoryArtError('INVALID_ARGUMENT', 'A name in a directory sink must be that of a file, without a path.')
  }
  return name
}

/** Writes the file under another name down to the disk, then gives it its own, if that is free. */
async function saveFile(
  disk: SinkDisk,
  directory: string,
  path: string,
  temporary: string,
  bytes: Uint8Array,
): Promise<'saved' | 'taken'> {
  try {
    await writeDown(disk, temporary, 'w', bytes)
    if (!(await isNamed(disk, temporary, path))) {
      const old = await disk.readFile(path).catch(() => null) // a folder, or a file nobody may read, is in the way as well
      return old && sameBytes(old, bytes) ? 'saved' : 'taken'
    }
  } finally {
    await disk.unlink(temporary).catch(() => undefined) // it is not there after a rename, or there was no room for it
  }
  await syncDirectory(disk, directory)
  return 'saved'
}

async function writeDown(disk: SinkDisk, path: string, flags: 'a' | 'w', data: Uint8Array | string): Promise<void> {
  const handle = await disk.open(path, flags, flags === 'a' ? 0o600 : 0o666)
  try {
    await handle.writeFile(data)
    await handle.sync()
  } finally {
    await handle.close()
  }
}

/** Gives a file a name that is free; `false` if it is not. */
async function isNamed(disk: SinkDisk, temporary: string, path: string): Promise<boolean> {
  try {
    await disk.link(temporary, path)
    return true
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false
    if (!/^(EPERM|ENOTSUP|EOPNOTSUPP|ENOSYS|EMLINK)$/.test(codeOf(error))) throw error
  }
  // No links on this file system: the name is claimed with an empty file, and that is replaced.
  try {
    await (await disk.open(path, 'wx')).close()
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false
    throw error
  }
  await disk.rename(temporary, path)
  return true
}

/** The new name must survive a power failure, too. Where directories cannot be opened the system sees to that itself. */
async function syncDirectory(disk: SinkDisk, directory: string): Promise<void> {
  const handle = await disk.open(directory, 'r').catch((error: unknown) => {
    if (/^(EPERM|EISDIR|EACCES)$/.test(codeOf(error))) return null
    throw error
  })
  if (!handle) return
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : ''
}

function missing(error: unknown): null {
  if (codeOf(error) === 'ENOENT') return null
  throw error
}

function directoryError(operation: string, error: unknown): unknown {
  if (error instanceof StoryArtError) return error
  const code = codeOf(error)
  const verdict: readonly [AdapterErrorCode, string] = /^(ENOSPC|EDQUOT|EFBIG)$/.test(code)
    ? ['ADAPTER_QUOTA', 'no room is left on the disk; make some and run again, nothing that is saved is painted again']
    : /^(EACCES|EPERM|EROFS)$/.test(code)
      ? ['ADAPTER_DENIED', 'see who may write to the directory']
      : ['ADAPTER_FAILED', 'see what is at the path of the directory, and that no other run uses it']
  const details = { adapter: 'directory', operation, cause: error }
  return new AdapterError(verdict[0], `directory: ${operation} failed: ${code || 'unknown'}; ${verdict[1]}.`, details)
}

/** The runtime's file system, without an import that a bundler for browsers would stumble over. */
function ownDisk(): SinkDisk {
  const runtime: { getBuiltinModule?: (name: string) => SinkDisk | undefined } | undefined = Reflect.get(
    globalThis,
    'process',
  )
  const disk = runtime?.getBuiltinModule?.('node:fs/promises')
  if (disk) return disk
  throw new StoryArtError(
    'INVALID_ARGUMENT',
    'directorySink needs the file system of Node from 20.16 on, Deno or Bun; elsewhere pass a sink of your own.',
  )
}
