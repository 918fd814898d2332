/**
 * Where connections come from: the caller's client, or one that is opened here and closed here.
 * @module
 */

import { AdapterError } from '../errors.js'
import { type IoredisClient, ioredisLink, linkTo } from './redis-client.js'
import { type Duplicate, duplicateOf } from './redis-duplicate.js'
import { codeOfRedisError } from './redis-errors.js'
import type { RedisLink } from './redis-link.js'

/** Gives the adapter its connection. @internal */
export interface RedisSource {
  /** Whether the connection is opened here, and so has to be closed here. */
  readonly owned: boolean
  /** A connection to work with; commands sent while it is being made wait for it. */
  link(): Promise<RedisLink>
  /** Another connection to the same place, until the signal aborts; `undefined` where the client cannot have one. */
  duplicate(signal: AbortSignal): Promise<Duplicate | undefined>
  /** The error behind an error: why there is no connection, if that is what a command died of. */
  explain(error: unknown): unknown
  /** Releases what this source opened. */
  close(): Promise<void>
}

/** How long to wait for what. @internal */
export interface ConnectionLimits {
  readonly connectTimeoutMs: number
  readonly commandTimeoutMs: number
}

/** How long a server that does not answer may take to close its end of a connection. */
const FAREWELL_MS = 200

/** What is used of the `Redis` class of ioredis. */
interface OwnedClient extends IoredisClient {
  readonly status: string
  on(event: 'error', listener: (error: Error) => void): unknown
  once(event: 'ready' | 'end', listener: () => void): unknown
  quit(): Promise<unknown>
  disconnect(): void
}

interface OwnedClientOptions {
  connectTimeout: number
  commandTimeout: number
  disconnectTimeout: number
  maxRetriesPerRequest: null
  retryStrategy: (times: number) => number | null
  reconnectOnError: (error: Error) => boolean
}

/** The module `ioredis`, as far as it is used. @internal */
export interface IoredisModule {
  readonly Redis: new (url: string, options: OwnedClientOptions) => OwnedClient
}

/** @internal */
export function givenSource(client: object): RedisSource {
  const link = linkTo(client)
  return {
    owned: false,
    link: async () => link,
    duplicate: (signal) => duplicateOf(client, signal),
    explain: (error) => error,
    close: async () => undefined,
  }
}

/**
 * Opens a connection when it is first needed, and another when that has died.
 *
 * A lost connection fails the commands on their way at once. ioredis would send them again instead, and a conditional
 * write that had already happened would then meet itself and be refused.
 *
 * @internal
 */
export function ownedSource(
  url: string,
  limits: ConnectionLimits,
  load: () => Promise<IoredisModule> = () => import('ioredis'),
): RedisSource {
  let current: Promise<OwnedClient> | undefined
  let lastError: Error | undefined
  const retired = new Set<Promise<void>>()

  async function open(forget: () => void): Promise<OwnedClient> {
    const { Redis } = await load().catch((cause: unknown) => {
      const message = 'redis: a url needs the package ioredis, which cannot be loaded; install it, or pass a client.'
      throw new AdapterError('ADAPTER_FAILED', message, { adapter: 'redis', operation: 'connect', cause })
    })
    let wasReady = false
    let leaving = false
    const client = new Redis(url, {
      connectTimeout: limits.connectTimeoutMs,
      commandTimeout: limits.commandTimeoutMs,
      disconnectTimeout: FAREWELL_MS,
      maxRetriesPerRequest: null,
      // Two more attempts bridge a restart; a wrong password stays wrong.
      retryStrategy: (times) => (wasReady || times > 2 || isDenial(lastError) ? null : times * 50),
      reconnectOnError({ message }) {
        if (!leaving && message.startsWith('READONLY')) {
          leaving = true
          // The primary has become a replica, and by now the name may lead to its successor: the next command connects
          // anew. Not by ioredis' own way, which cuts off the reads that are under way here.
          forget()
          const end = farewell(client).finally(() => retired.delete(end))
          retired.add(end)
        }
        return false
      },
    })
    client.on('error', (error) => {
      lastError = error
    })
    client.once('ready', () => {
      wasReady = true
      lastError = undefined
    })
    client.once('end', forget)
    return client
  }

  function opened(): Promise<OwnedClient> {
    if (current) return current
    lastError = undefined
    const forget = (): void => {
      if (current === opening) current = undefined
    }
    const opening = open(forget)
    current = opening
    opening.catch(forget)
    return opening
  }

  return {
    owned: true,
    link: async () => ioredisLink(await opened()),
    duplicate: async (signal) => duplicateOf(await opened(), signal),
    explain: (error) => (lastError && codeOfRedisError(error) === 'ADAPTER_UNAVAILABLE' ? lastError : error),
    async close() {
      const open = await current?.catch(() => undefined)
      await Promise.all([open && farewell(open), ...retired])
    },
  }
}

/** After `quit` the replies that are due still come. A server that does not answer it is left without. */
async function farewell(client: OwnedClient): Promise<void> {
  if (client.status === 'end') return
  const end = new Promise<void>((resolve) => client.once('end', resolve))
  if (client.status === 'ready') await client.quit().catch(() => client.disconnect())
  else client.disconnect()
  await end
}

function isDenial(error: unknown): boolean {
  return codeOfRedisError(error) === 'ADAPTER_DENIED'
}
