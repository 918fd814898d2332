/**
 * Hearing of changes as they are told in the stream, over a connection of its own.
 * @module
 */

import { abortable } from '../abort.js'
import type { AdapterChange } from './adapter.js'
import { changesIn, endOfChanges, readRequest } from './redis-changes.js'
import type { RedisSource } from './redis-connect.js'
import type { Duplicate } from './redis-duplicate.js'
import type { RedisKeys } from './redis-keys.js'
import { within } from './redis-within.js'

/** How long the server holds back a reply that has no news. */
const BLOCK_MS = 2000
/** How much longer such a reply may take before the connection counts as dead. */
const GRACE_MS = 3000
/** How long to wait between two questions where the server cannot be made to wait. */
const ASK_AGAIN_MS = 250
const FIRST_PAUSE_MS = 50
const LAST_PAUSE_MS = 5000

/** What a feed reads from. @internal */
export interface FeedOptions {
  readonly source: RedisSource
  readonly keys: RedisKeys
  /** A clock for durations, in ms. */
  readonly now: () => number
}

/**
 * Tells every change from now on, until the signal aborts; resolves when its connection is closed. A lost connection is
 * opened again, and what was told meanwhile is read then, as far as the stream still holds it. Where a client cannot be
 * duplicated its own connection is asked again and again instead, since it must not wait for news.
 *
 * @internal
 */
export async function followChanges(
  { source, keys, now }: FeedOptions,
  tell: (change: AdapterChange) => void,
  signal: AbortSignal,
): Promise<void> {
  let place = ''
  let connection: Duplicate | undefined
  for (let step = 0; !signal.aborted; ) {
    try {
      place ||= await abortable(
        source.link().then((link) => endOfChanges(link, keys)),
        signal,
      )
      connection ??= await abortable(source.duplicate(signal), signal)
      const blockMs = connection ? BLOCK_MS : 0
      const link = connection?.link ?? (await abortable(source.link(), signal))
      const asked = now()
      const reply = link.send(readRequest(keys, place, blockMs))
      const { last, changes } = changesIn(await within(blockMs + GRACE_MS, abortable(reply, signal)))
      place = last ?? place
      for (const { id } of changes) tell({ id }) // that it was written is told by `changesSince`, once
      if (last === undefined && now() - asked < blockMs / 2) throw new Error('The server does not wait')
      step = 0
      if (!connection) await pause(ASK_AGAIN_MS, signal)
    } catch {
      // Nothing is lost by a failure: whoever listens also looks. What is wrong is told where it matters, by those looks.
      connection?.close()
      connection = undefined
      if (!signal.aborted) await pause(Math.min(FIRST_PAUSE_MS * 2 ** step++, LAST_PAUSE_MS), signal)
    }
  }
}

/** Resolves after `ms`, or when the signal aborts. */
function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = (): void => {
      clearTimeout(timer)
      signal.removeEventListener('abort', end)
      resolve()
    }
    const timer = setTimeout(end, ms)
    signal.addEventListener('abort', end, { once: true })
  })
}
