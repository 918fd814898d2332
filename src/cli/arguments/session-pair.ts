/**
 * Two sessions that are compared.
 * @module
 */
import { CliError } from '../cli-error.js'
import { EXIT } from '../exit-codes.js'
import type { Tool } from '../tool.js'
import type { NamedSession } from './session-argument.js'

/**
 * Reads two sessions.
 *
 * @throws {CliError} of code `usage` when both are to come from stdin, which can be read once.
 */
export async function sessionPair(tool: Tool, older: string, newer: string): Promise<[NamedSession, NamedSession]> {
  if (older === '-' && newer === '-') throw new CliError(EXIT.usage, 'only one of the two sessions can come from stdin')
  return [await tool.session(older), await tool.session(newer)]
}
