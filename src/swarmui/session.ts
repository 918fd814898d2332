/**
 * Sessions of the server. Each is also what can be cancelled as one, so whatever runs at a time has one of its own.
 * @module
 */

import { type Link, post, type Reply } from './link.js'
import { ForgottenSession, swarmError } from './refusal.js'

/** How often a call gets a new session before it gives up. */
const RENEWALS = 2

/** A session of the server. @internal */
export interface SwarmSession {
  readonly id: string
  /** What stands before the paths of the history to make them paths of files. */
  readonly folder: string
  readonly version: string
  /** Names the server's process: another one has lost all work of this one. */
  readonly server: string
}

/** A place for one thing at a time, with its session once it has one. @internal */
export interface Lane {
  session: SwarmSession | null
}

/** Hands out lanes, and uses them again: the server keeps a row of its database for every session. @internal */
export class Lanes {
  readonly #free: Lane[] = []
  readonly #busy = new Set<Lane>()

  /** What is in use now. */
  get busy(): readonly Lane[] {
    return [...this.#busy]
  }

  async use<T>(work: (lane: Lane) => Promise<T>): Promise<T> {
    const lane = this.#free.pop() ?? { session: null }
    this.#busy.add(lane)
    try {
      return await work(lane)
    } finally {
      this.#busy.delete(lane)
      this.#free.push(lane)
    }
  }
}

/** Does something with the lane's session, and again with a new one if the server has forgotten it. @internal */
export async function withSession<T>(
  link: Link,
  lane: Lane,
  signal: AbortSignal,
  work: (session: SwarmSession) => Promise<T>,
): Promise<T> {
  for (let renewals = 0; ; renewals++) {
    lane.session ??= sessionOf(await post(link, 'GetNewSession', {}, signal))
    try {
      return await work(lane.session)
    } catch (error) {
      if (!(error instanceof ForgottenSession)) throw error
      lane.session = null
      if (renewals === RENEWALS) throw error
    }
  }
}

function sessionOf({ session_id, user_id, output_append_user, version, server_id }: Reply): SwarmSession {
  if (typeof session_id !== 'string') throw swarmError('SWARM_PROTOCOL', 'GetNewSession gave no session.')
  const folder = output_append_user === false ? 'Output' : `View/${user_id}`
  return { id: session_id, folder, version: String(version), server: String(server_id) }
}
