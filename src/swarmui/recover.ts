/**
 * Finding out what became of a generation whose connection is gone.
 * @module
 */

import { SwarmError } from '../errors.js'
import { isRecord } from '../prompt/is-record.js'
import { type GeneratedImage, metadataOf, type SubmitTicket, seedOf } from './generation.js'
import { type Link, post, type Reply } from './link.js'
import { ForgottenSession, swarmError } from './refusal.js'
import { type Lane, withSession } from './session.js'

/** Deep enough for any output path that people set; the server walks over what is there only. */
const DEPTH = 10

/** How to look. @internal */
export interface Search {
  link: Link
  /** For asking; not the one that was lost. */
  lane: Lane
  /** Where the request went to; `null` if it is not known. */
  ticket: SubmitTicket | null
  /** What the metadata of the pictures must hold. */
  metadata: Readonly<Record<string, string>>
  pollMs: number
  /** How long the server may be away, or not be able to say whether it is still at work. */
  recoverMs: number
  now: () => number
  wait: (ms: number, signal?: AbortSignal) => Promise<void>
  signal: AbortSignal
}

/**
 * Asks until it is certain: the pictures, or none because nothing is running any more and nothing is there.
 *
 * @throws `SwarmError` `SWARM_LOST`: it could not be found out in time.
 * @internal
 */
export async function recover(search: Search): Promise<GeneratedImage[]> {
  const { now, wait, pollMs, recoverMs, signal } = search
  let certain = now()
  let quiet = 0
  let cause: unknown
  // Asking for the server's process costs it a session, so that is done again only when it may have changed.
  const seen = { isSameServer: false }
  for (;;) {
    try {
      // In this order: what ends between the two questions is in the history.
      const work = await stateOfWork(search, seen)
      const found = await lookUp(search)
      if (found.length > 0) return found
      if (work !== 'unknown') certain = now()
      quiet = work === 'none' ? quiet + 1 : 0
      if (quiet === 2) return [] // twice, because a file may be listed a moment after the work has ended
      cause = undefined
    } catch (error) {
      if (!(error instanceof SwarmError && error.code === 'SWARM_UNAVAILABLE')) throw error
      quiet = 0
      seen.isSameServer = false
      cause = error
    }
    if (now() - certain >= recoverMs) {
      throw swarmError(
        'SWARM_LOST',
        `for ${recoverMs} ms it could not be found out whether the picture is still being painted; it is not asked for again. Look again later.`,
        cause,
      )
    }
    await wait(pollMs, signal)
  }
}

type Work = 'some' | 'none' | 'unknown'

/** Whether the session of the request has something running; if that is not known, whether the server has. */
async function stateOfWork({ link, lane, ticket, signal }: Search, seen: { isSameServer: boolean }): Promise<Work> {
  if (ticket) {
    try {
      return verdict(await post(link, 'GetCurrentStatus', { session_id: ticket.session }, signal))
    } catch (error) {
      if (!(error instanceof ForgottenSession)) throw error
    }
    // Work goes on unseen when a session is removed, and is lost when the server is started anew: see which it was.
    if (seen.isSameServer) return 'unknown'
    if (lane.session?.server === ticket.server) lane.session = null
    seen.isSameServer = await withSession(link, lane, signal, async ({ server }) => server === ticket.server)
    return seen.isSameServer ? 'unknown' : 'none'
  }
  try {
    const status = await withSession(link, lane, signal, ({ id }) =>
      post(link, 'GetGlobalStatus', { session_id: id }, signal),
    )
    return verdict(status) === 'none' ? 'none' : 'unknown' // what runs may be somebody else's
  } catch (error) {
    if (isUnknown(error)) return 'unknown'
    throw error
  }
}

function verdict({ status }: Reply): Work {
  if (!isRecord(status)) return 'unknown'
  return Number(status.waiting_gens) > 0 || Number(status.live_gens) > 0 ? 'some' : 'none'
}

/** Whether a question failed because the server is too old for it, or the user not allowed to ask. @internal */
export function isUnknown(error: unknown): boolean {
  return error instanceof SwarmError && /^SWARM_(DENIED|PROTOCOL)$/.test(error.code)
}

async function lookUp({ link, lane, metadata, signal }: Search): Promise<GeneratedImage[]> {
  return withSession(link, lane, signal, async ({ id, folder }) => {
    const query = { session_id: id, path: '', depth: DEPTH, sortBy: 'Date', sortReverse: false }
    const { files } = await post(link, 'ListImages', query, signal)
    if (!Array.isArray(files)) throw swarmError('SWARM_PROTOCOL', 'ListImages gave no list of files.')
    const wanted = Object.entries(metadata)
    const found: GeneratedImage[] = []
    for (const file of files) {
      if (!isRecord(file) || typeof file.src !== 'string' || typeof file.metadata !== 'string') continue
      const text = file.metadata
      // Most are other pictures, and parsing thousands of them takes long.
      if (!wanted.every(([, value]) => !/^[\w-]+$/.test(value) || text.includes(value))) continue
      const extra = metadataOf(text, 'sui_extra_data')
      if (!wanted.every(([key, value]) => extra[key] === value)) continue
      found.push({ index: null, src: `${folder}/${file.src}`, seed: seedOf(text), metadata: text })
    }
    return found
  })
}
