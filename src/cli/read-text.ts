/**
 * Reading files and stdin.
 * @module
 */
import { readFile } from 'node:fs/promises'
import { text } from 'node:stream/consumers'
import { CliError } from './cli-error.js'
import { EXIT } from './exit-codes.js'
import { type Host, pathOf } from './host.js'

/** The text of a file, or of stdin for `-`. */
export async function readText(host: Host, path: string): Promise<string> {
  if (path === '-') return text(host.stdin)
  try {
    return await readFile(pathOf(host, path), { encoding: 'utf8', signal: host.signal })
  } catch (error) {
    host.signal.throwIfAborted()
    throw fileError(path, 'read', error)
  }
}

/** What went wrong with a file, with its path as it was given. */
export function fileError(path: string, verb: 'read' | 'written', error: unknown): CliError {
  const { code } = error as NodeJS.ErrnoException
  if (code === 'ENOENT') return new CliError(EXIT.missing, `there is no ${path}`, { cause: error })
  return new CliError(EXIT.failed, `${path} cannot be ${verb}: ${code ?? 'unknown error'}`, { cause: error })
}
