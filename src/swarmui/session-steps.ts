/**
 * What is done with a session before it is painted. The only file of this room that knows how that is done.
 * @module
 */

import { type ImageJob, type ImageQueueOptions, imageQueue } from '../prompt/queue.js'
import type { Session } from '../schema/index.js'

/** Which of a session's pictures. @internal */
export interface QueueStep extends ImageQueueOptions {
  /** An older version, whose pictures are not asked for again; `null` for none. */
  since: Session | null
}

/** The jobs of a session; with an older version only those whose picture it does not have. @internal */
export function queueStep(session: Session, { since, ...options }: QueueStep): ImageJob[] {
  const jobs = imageQueue(session, options)
  if (since === null) return jobs
  const old = new Set(imageQueue(since, { ...options, include: 'all' }).map(({ key }) => key))
  return jobs.filter(({ key }) => !old.has(key))
}
