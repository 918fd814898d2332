/**
 * Reading files and stdin.
 * @module
 */
import { readFile } from 'node:fs/promises'
import { buffer } from 'node:stream/consumers'
import { CliError } from '../cli-error.js'
import { EXIT } from '../exit-codes.js'
import { type Host, pathOf } from '../host.js'

/**
 * The text of a file, or of stdin for `-`, without a byte order mark.
 *
 * @throws {CliError} of code `invalid` when it is not UTF-8, as U+FFFD would be stored in place of letters.
 */
export async function readText(host: Host, path: string): Promise<string> {
  const bytes = path === '-' ? await buffer(host.stdin) : await readBytes(host, path)
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch (error) {
    const name = path === '-' ? 'stdin' : path
    throw new CliError(EXIT.invalid, `${name} is not UTF-8: save it as UTF-8, and try again`, { cause: error })
  }
}

async function readBytes(host: Host, path: string): Promise<Uint8Array> {
  try {
    return await readFile(pathOf(host, path), { signal: host.signal })
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
