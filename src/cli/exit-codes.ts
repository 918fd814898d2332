/**
 * What the exit code of the command line says. The table stands in `docs/guide/cli.md`, too.
 * @module
 */

/** Exit codes by what they mean. */
export const EXIT = {
  /** All is done. */
  done: 0,
  /** Something went wrong that no other code says. */
  failed: 1,
  /** The command is not written as it has to be. */
  usage: 2,
  /** There is no such session, scene, beat or file. */
  missing: 3,
  /** What was read is no session. */
  invalid: 4,
  /** The store or the image server cannot be reached, denies access, or is full; or it took too long. */
  unavailable: 5,
  /** Somebody else has written there. */
  conflict: 6,
  /** `check` found what it was to fail on. */
  findings: 7,
  /** Some is done, some failed. */
  partial: 8,
  /** Ctrl-C. */
  interrupted: 130,
  /** Whoever read the output has gone. */
  closedPipe: 141,
  /** SIGTERM. */
  terminated: 143,
} as const

export type ExitCode = (typeof EXIT)[keyof typeof EXIT]
