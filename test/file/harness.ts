/** What the conformance suite needs to know about a directory. */

import * as fs from 'node:fs/promises'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { SessionAdapter } from '../../src/adapters/adapter.js'
import { fileAdapter } from '../../src/adapters/file.js'
import { fileAdapterOn } from '../../src/adapters/file-adapter.js'
import type { Disk } from '../../src/adapters/file-room.js'
import type { ConformanceHarness } from '../../src/testing/index.js'

/** An empty directory, gone when the test is over if it is used with `await using`. */
export interface TemporaryDirectory extends AsyncDisposable {
  readonly path: string
}

export async function temporaryDirectory(): Promise<TemporaryDirectory> {
  const path = await mkdtemp(join(tmpdir(), 'storyart-file-'))
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) }
}

/** An error as the file system throws it. */
export function fault(code: string): Error {
  return Object.assign(new Error(`${code}: injected`), { code })
}

/** A file system on which every call fails. */
export function failingDisk(code: string): Disk {
  const fail = async (): Promise<never> => {
    throw fault(code)
  }
  return Object.fromEntries(Object.keys(fs).map((name) => [name, fail])) as unknown as Disk
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
    dispose: () => directory[Symbol.asyncDispose](),
  }
}
