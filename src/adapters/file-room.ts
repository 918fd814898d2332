/**
 * Where things are in the directory, and what the adapter may use.
 * @module
 */

import type * as fs from 'node:fs/promises'

/** The calls of `node:fs/promises` the adapter makes; a test puts faults between. @internal */
export type Disk = Pick<
  typeof fs,
  'mkdir' | 'open' | 'readdir' | 'readFile' | 'readlink' | 'rename' | 'rm' | 'rmdir' | 'stat' | 'writeFile'
>

/** One directory of sessions. @internal */
export interface Room {
  readonly disk: Disk
  /** Holds the documents, and whatever others put there. */
  readonly directory: string
  /** Holds everything that is not a document. */
  readonly work: string
  readonly now: () => number
  readonly wait: (ms: number) => Promise<void>
  /** How long a lock must stand still before it is taken from a living process. */
  readonly staleLockMs: number
  /** What this adapter's writers of one session wait for before they look at its lock. */
  readonly turns: Map<number, Promise<void>>
  /** Names the space in which the process ids of this system are unique: a container has its own. */
  readonly space: Promise<string>
}

/** The most files looked at together. @internal */
export const MAX_BATCH = 64

/** A document's name. @internal */
export const DOCUMENT = /^storyart-session-([1-9]\d*)\.json$/

/** @internal */
export function documentPath({ directory }: Room, id: number): string {
  return `${directory}/storyart-session-${id}.json`
}

/** @internal */
export function summaryPath({ work }: Room, id: number): string {
  return `${work}/${id}.summary`
}

/** @internal */
export function lockPath({ work }: Room, id: number): string {
  return `${work}/${id}.lock`
}
