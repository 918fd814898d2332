/**
 * What a command refuses, as opposed to what fails below it.
 * @module
 */
import type { ExitCode } from './exit-codes.js'

/** Ends the program with a message and a code. The message says what to do. */
export class CliError extends Error {
  override readonly name = 'CliError'
  readonly exitCode: ExitCode

  constructor(exitCode: ExitCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.exitCode = exitCode
  }
}
