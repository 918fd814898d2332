/** Directories, and file systems that do not do as they are told. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import * as fs from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { SessionAdapter } from '../../src/adapters/adapter.js'
import { fileAdapter } from '../../src/adapters/file.js'
import { fileAdapterOn } from '../../src/adapters/file-adapter.js'
import type { Disk } from '../../src/adapters/file-room.js'
import type { ConformanceHarness } from '../../src/testing/index.js'

/** An empty directory, gone at the end of the block that declares it with `await using`. */
export interface TemporaryDirectory extends AsyncDisposable {
  readonly path: string
}

export async function temporaryDirectory(): Promise<TemporaryDirectory> {
  const path = await fs.mkdtemp(join(tmpdir(), 'storyart-file-'))
  return { path, [Symbol.asyncDispose]: async () => fs.rm(path, { recursive: true, force: true }) }
}

/** An error as the file system throws it. */
export function fault(code: string): Error {
  return Object.assign(new Error(`${code}: injected`), { code })
}

/** A call of the file system, those of an open file as `handle.sync` and the like. */
export interface DiskCall {
  readonly name: string
  readonly args: readonly unknown[]
}

/** Does a call after all; with other arguments if there are any. */
export type Go = (...args: unknown[]) => Promise<unknown>

/** The real file system, with something between every call and its doing. */
export function diskWith(between: (call: DiskCall, go: Go) => Promise<unknown>): Disk {
  function wrap(target: object, prefix: string): object {
    return new Proxy(target, {
      get(_, key) {
        const member: unknown = Reflect.get(target, key)
        if (typeof member !== 'function' || typeof key !== 'string') return member
        const call: Go = async (...args) => {
          const go: Go = async (...other) => member.apply(target, other.length > 0 ? other : args)
          const result = await between({ name: prefix + key, args }, go)
          return key === 'open' ? wrap(result as object, 'handle.') : result
        }
        return call
      },
    })
  }
  return wrap({ ...fs }, '') as Disk
}

/** A file system on which every call that fits fails. */
export function failingDisk(code: string, calls = /(?:)/): Disk {
  return diskWith(async ({ name }, go) => {
    if (calls.test(name)) throw fault(code)
    return go()
  })
}

/** The end of every name of the adapter's making. */
export const UUID = '01234567-89ab-4def-8123-456789abcdef'

/** A process that has ended. */
export async function deadProcess(): Promise<number> {
  const child = spawn(process.execPath, ['--version'], { stdio: 'ignore' })
  await once(child, 'exit')
  return child.pid ?? Number.NaN
}

/** Where process ids mean what they mean to this process. */
export async function processSpace(): Promise<string> {
  return fs.readlink('/proc/self/ns/pid').then(
    (name) => name.replace(/\D/g, ''),
    () => '',
  )
}

/** All names below a folder, sorted. */
export async function namesBelow(folder: string): Promise<string[]> {
  return (await fs.readdir(folder, { recursive: true })).sort()
}

/** Where an adapter keeps a document. */
export function documentOf(directory: string, id: number): string {
  return join(directory, `storyart-session-${id}.json`)
}

export async function fileHarness(): Promise<ConformanceHarness> {
  const directory = await temporaryDirectory()
  let time = 1_770_000_000_000
  const open = async (): Promise<SessionAdapter> => fileAdapter(join(directory.path, 'sessions'), { now: () => time })
  return {
    open,
    reopen: open,
    unreachable: async () => fileAdapterOn(failingDisk('EMFILE'), directory.path),
    elapse: async (ms) => {
      time += ms
    },
    dispose: async () => directory[Symbol.asyncDispose](),
  }
}
