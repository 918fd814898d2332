/**
 * What callers without types get wrong at first.
 * @module
 */

import { StoryArtError } from '../errors.js'

/** Makes sure that there are jobs, and all that a run needs. @internal */
export function requireJobs(jobs: unknown): void {
  if (has(jobs, Symbol.asyncIterator) || has(jobs, Symbol.iterator)) return
  throw refused('generateImages', 'jobs must be a list of jobs, as imageQueue(session) gives it')
}

/** Makes sure that there is a store. @internal */
export function requireStore(store: unknown): void {
  if (has(store, 'latest') && has(store, 'get')) return
  throw refused('paintSession', 'the first argument must be a SessionStore or SessionReader')
}

/** Makes sure that there is a server, and a place for pictures: a sink, or where `paths` are taken a text. @internal */
export function requireOptions(caller: string, options: unknown, paths: boolean): void {
  const { client, out }: { client?: unknown; out?: unknown } = Object(options)
  if (!has(client, 'catalogue')) throw refused(caller, 'the option client must be a SwarmUIClient')
  if ((paths && typeof out === 'string') || (has(out, 'save') && has(out, 'size'))) return
  const path = paths ? 'the path of a directory or ' : ''
  throw refused(caller, `the option out must be ${path}a sink, such as directorySink('pictures') or memorySink()`)
}

/** Texts are no lists here, though they can be gone through. */
function has(value: unknown, method: PropertyKey): boolean {
  return typeof value === 'object' && value !== null && typeof Reflect.get(value, method) === 'function'
}

function refused(caller: string, what: string): StoryArtError {
  return new StoryArtError('INVALID_ARGUMENT', `${caller}: ${what}.`)
}
