/**
 * Which exit code an error has.
 * @module
 */
import { isStoryArtError } from 'storyart-sdk'
import { CliError } from './cli-error.js'
import { EXIT, type ExitCode } from './exit-codes.js'

/** The exit code for what a command threw. */
export function exitCodeOf(error: unknown): ExitCode {
  if (error instanceof CliError) return error.exitCode
  if (!isStoryArtError(error)) return EXIT.failed
  switch (error.code) {
    case 'INVALID_ARGUMENT':
      return EXIT.usage
    case 'SESSION_INVALID':
      return EXIT.invalid
    case 'SESSION_CONFLICT':
      return EXIT.conflict
    case 'ADAPTER_UNAVAILABLE':
    case 'ADAPTER_DENIED':
    case 'ADAPTER_QUOTA':
    case 'TIMEOUT':
    case 'SWARM_UNAVAILABLE':
    case 'SWARM_DENIED':
      return EXIT.unavailable
    default:
      return EXIT.failed
  }
}
