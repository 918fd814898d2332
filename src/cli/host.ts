/**
 * What surrounds the program. Everything ambient goes through here, so that a test can be the surroundings.
 * @module
 */
import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { resolve } from 'node:path'
import process from 'node:process'
import type { Readable, Writable } from 'node:stream'

/** A stream of the program, which may be a terminal. */
export type Output = Writable & { isTTY?: boolean; columns?: number }

/** The surroundings of one run. */
export interface Host {
  /** The version of the package. */
  version: string
  /** Where `-` is read from. */
  stdin: Readable
  /** Data, and nothing else. */
  stdout: Output
  /** Talk, progress and errors. */
  stderr: Output
  /** Environment variables. */
  env: Readonly<Record<string, string | undefined>>
  /** What relative paths start from. */
  cwd: string
  /** The clock, in ms since the epoch. */
  now: () => number
  /** Aborted by Ctrl-C and by SIGTERM; the reason is a `CliError`. */
  signal: AbortSignal
  /** Reads a file that comes with the program and lies beside it, such as `schema/session.json`. */
  readPackaged: (name: string) => Promise<string>
}

/** The surroundings of a process of Node. */
export function nodeHost(signal: AbortSignal): Host {
  const { version } = createRequire(import.meta.url)('../package.json') as { version: string }
  return {
    version,
    stdin: process.stdin,
    stdout: process.stdout,
    stderr: process.stderr,
    env: process.env,
    cwd: process.cwd(),
    now: Date.now,
    signal,
    readPackaged: (name) => readFile(new URL(name, import.meta.url), 'utf8'),
  }
}

/** A path of the command line, absolute. */
export function pathOf(host: Host, path: string): string {
  return resolve(host.cwd, path)
}
