/**
 * Speaking to node-redis: its raw `sendCommand` is the one call that all majors and all kinds of its clients have.
 * @module
 */

import { StoryArtError } from '../errors.js'
import { outcomesOf, type RedisLink, type RedisRequest } from './redis-link.js'

/** A client of node-redis 4, 5 or 6: of `createClient`, `createCluster`, `createClientPool` or `createSentinel`. */
export interface NodeRedisClient {
  /** `true` from `connect` to `close`; it never connects by itself. */
  readonly isOpen: boolean
  /** Sends a command as it goes over the wire. What stands before and after its words depends on the kind of client. */
  sendCommand(...args: never[]): Promise<unknown>
}

/** Replies as they come, whatever mapping the client was given. */
const AS_THEY_COME = { typeMapping: {} }

/** Bytes instead of text, as version 4 calls it, and as later ones do: `$` is the type of a string reply. */
const AS_BYTES = { returnBuffers: true, typeMapping: { ['$'.charCodeAt(0)]: Buffer } }

/** @internal */
export function nodeRedisLink(client: NodeRedisClient): RedisLink {
  const isCluster = 'nodeClient' in client
  const isSentinel = 'acquire' in client
  const given: unknown = Reflect.get(client, '_keyPrefix') // of version 6, which leaves raw commands without it
  const prefix = given === undefined ? '' : String(given)
  let wasOpen = false

  const isOpen = (): boolean => {
    wasOpen ||= client.isOpen
    return client.isOpen
  }
  isOpen()

  async function send([name, ...args]: RedisRequest): Promise<unknown> {
    if (!isOpen()) throw wasOpen ? new Error('The client is closed') : neverOpened()
    const words = args.map((word) => (typeof word === 'number' ? String(word) : word))
    const keyAt = name === 'eval' ? 2 : name === 'xread' ? words.indexOf('STREAMS') + 1 : 0
    if (keyAt in words) words[keyAt] = prefix + words[keyAt]
    const command = [name === 'getBuffer' ? 'GET' : name.toUpperCase(), ...words]
    // Never from a replica: there a session that has just been saved may be missing.
    const route = isCluster ? [words[keyAt], false] : isSentinel ? [false] : []
    return Reflect.apply(client.sendCommand, client, [
      ...route,
      command,
      name === 'getBuffer' ? AS_BYTES : AS_THEY_COME,
    ])
  }

  return {
    spread: isCluster || isSentinel || 'totalClients' in client,
    send,
    // What is sent within one tick leaves in one piece.
    sendAll: (requests) => outcomesOf(requests.map(send)),
  }
}

function neverOpened(): StoryArtError {
  return new StoryArtError(
    'INVALID_ARGUMENT',
    'redis: the node-redis client is not connected, and never connects by itself; call `await client.connect()` first.',
  )
}
