import { mkdtempSync, rmSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PassThrough, Readable, Writable } from 'node:stream'
import { onTestFinished } from 'vitest'
import type { Host } from '../../src/cli/host.js'
import { run } from '../../src/cli/run.js'

/** 2026-02-06T12:00:00Z: the clock of every run that is given no other. */
export const NOW = 1_770_379_200_000

/** What a run wrote, and its exit code. */
export interface Ran {
  code: number
  stdout: string
  stderr: string
}

/** The surroundings of a run. */
export interface Surroundings {
  stdin?: string
  env?: Record<string, string>
  cwd?: string
  now?: () => number
  signal?: AbortSignal
  /** The width of the terminal; without it there is none. */
  columns?: number
  /** Whether stdout and stderr are a terminal. Default: no. */
  isTerminal?: boolean
  /** Sees each piece of stdout as it is written. */
  onStdout?: (piece: string) => void
  /** Sees each piece of stderr as it is written. */
  onStderr?: (piece: string) => void
}

/** Runs the program in this process. */
export async function cli(args: readonly string[], surroundings: Surroundings = {}): Promise<Ran> {
  const out: string[] = []
  const err: string[] = []
  const host: Host = {
    version: '1.2.3',
    stdin:
      surroundings.stdin === undefined ? new PassThrough().end() : Readable.from([Buffer.from(surroundings.stdin)]),
    stdout: Object.assign(
      into(out, surroundings.onStdout),
      { isTTY: surroundings.isTerminal ?? false },
      surroundings.columns === undefined ? {} : { columns: surroundings.columns },
    ),
    stderr: Object.assign(into(err, surroundings.onStderr), { isTTY: surroundings.isTerminal ?? false }),
    env: surroundings.env ?? {},
    cwd: surroundings.cwd ?? process.cwd(),
    now: surroundings.now ?? (() => NOW),
    signal: surroundings.signal ?? new AbortController().signal,
    readPackaged: (name) => readFile(join('dist', name), 'utf8'),
  }
  const code = await run(args, host)
  return { code, stdout: out.join(''), stderr: err.join('') }
}

/** A promise, and what settles it. */
export function deferred<T>() {
  let resolve: (value: T) => void = () => {}
  let reject: (error: unknown) => void = () => {}
  const promise = new Promise<T>((yes, no) => {
    resolve = yes
    reject = no
  })
  return { promise, resolve, reject }
}

/** A directory of this test alone. */
export function room(): string {
  const directory = mkdtempSync(join(tmpdir(), 'storyart-cli-'))
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }))
  return directory
}

/** The options of a store of files of this test alone. */
export function fileStore(directory = room()): string[] {
  return ['--store', `file:${directory}`]
}

function into(pieces: string[], see?: (piece: string) => void): Writable {
  return new Writable({
    decodeStrings: false,
    write(piece: string | Buffer, _, done) {
      pieces.push(String(piece))
      see?.(String(piece))
      done()
    },
  })
}
