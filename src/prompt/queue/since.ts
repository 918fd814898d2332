/**
 * Which pictures are new against an older version of a session.
 * @module
 */

import type { ImageJob } from './queue.js'

/**
 * The jobs of a queue that paint what the older queue did not: those whose key it does not have.
 *
 * The key says format, text and parameters, not beat or place: a beat that moved needs no new picture. Of equal jobs each
 * has a key of its own (`-2`, `-3`), so three where there were two are one new picture.
 */
export function jobsSince(jobs: readonly ImageJob[], older: readonly ImageJob[]): ImageJob[] {
  const painted = new Set(older.map(({ key }) => key))
  return jobs.filter(({ key }) => !painted.has(key))
}
