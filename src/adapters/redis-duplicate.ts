/**
 * A second connection beside a client's own: one that waits for news can do nothing else meanwhile.
 * @module
 */

import { linkTo } from './redis-client.js'
import type { RedisLink } from './redis-link.js'

/** A connection that was opened here. @internal */
export interface Duplicate {
  readonly link: RedisLink
  /** Ends it at once; what waits on it rejects. */
  close(): void
}

/** However the caller's client is set: this one waits, for a connection and for news, as long as whoever uses it says. */
const PATIENT = {
  commandTimeout: undefined,
  enableAutoPipelining: false,
  enableOfflineQueue: true,
  lazyConnect: false,
  maxRetriesPerRequest: null,
}

/** What is used of a duplicate, whatever kind of client it is of. */
interface Duplicable {
  duplicate(...args: never[]): object
}

/**
 * Opens a connection to where a client's goes, closed at the latest when the signal aborts; `undefined` for a client that
 * cannot be duplicated.
 *
 * @internal
 */
export async function duplicateOf(client: object, signal: AbortSignal): Promise<Duplicate | undefined> {
  if (!isDuplicable(client)) return undefined
  const isIoredis = 'pipeline' in client && 'getBuffer' in client
  const duplicate = Reflect.apply(client.duplicate, client, isIoredis ? forIoredis(client) : [])
  // Without a listener for errors a lost connection would end the process; what is lost is noticed by its reader.
  call(duplicate, 'on', 'error', () => undefined)
  const close = (): void => {
    signal.removeEventListener('abort', close)
    // Called `disconnect` in ioredis and in node-redis 4, in later ones `destroy`.
    const end = 'destroy' in duplicate ? 'destroy' : 'disconnect'
    try {
      const ending = call(duplicate, end)
      if (ending instanceof Promise) ending.catch(() => undefined)
    } catch {
      // It is closed already.
    }
  }
  signal.addEventListener('abort', close, { once: true })
  try {
    if (!isIoredis) await call(duplicate, 'connect')
    return { link: linkTo(duplicate), close }
  } catch (error) {
    close()
    throw error
  }
}

/** Versions of ioredis before 6 replace the options of a Cluster's connections as a whole. */
function forIoredis(client: object): unknown[] {
  if (Reflect.get(client, 'isCluster') !== true) return [PATIENT]
  const given: unknown = Reflect.get(Object(Reflect.get(client, 'options')), 'redisOptions')
  return [[], { enableAutoPipelining: false, redisOptions: { ...Object(given), commandTimeout: undefined } }]
}

function isDuplicable(client: object): client is Duplicable {
  return typeof Reflect.get(client, 'duplicate') === 'function'
}

function call(target: object, name: string, ...args: unknown[]): unknown {
  const method: unknown = Reflect.get(target, name)
  if (typeof method !== 'function') throw new Error(`The client's duplicate has no ${name}()`)
  return Reflect.apply(method, target, args)
}
