/**
 * From the address of a store to its adapter.
 * @module
 */
import { fileURLToPath } from 'node:url'
import { httpAdapter, memoryAdapter, type SessionAdapter } from 'storyart-sdk'
import { fileAdapter } from 'storyart-sdk/file'
import { redisAdapter, redisFromEnv } from 'storyart-sdk/redis'
import { CliError } from '../cli-error.js'
import { EXIT } from '../exit-codes.js'
import { type Host, pathOf } from '../host.js'

/** What goes with every address. */
export interface StoreUrlOptions {
  /** Stands before all keys in Redis. Default: nothing. */
  keyPrefix?: string | undefined
}

const FORMS =
  'redis://host:port, rediss://host:port, https://host (a server of StoryArt or of `storyart serve`), file:directory, or memory:'

/**
 * Makes the adapter of a store.
 *
 * Without an address: `STORYART_STORE`, else the Redis that StoryArt's server would use in the same environment. The
 * token for a server is taken from `STORYART_TOKEN`, as what stands in a command line is seen by everybody.
 *
 * @throws {CliError} of code `usage` when it is no address of a store. The message never holds it: it may hold a password.
 */
export function adapterOf(host: Host, url: string | undefined, { keyPrefix }: StoreUrlOptions = {}): SessionAdapter {
  const address = url ?? presence(host.env.STORYART_STORE)
  const prefix = keyPrefix === undefined ? {} : { keyPrefix }
  if (address === undefined) return redisFromEnv({ env: host.env, ...prefix })
  const scheme = /^([a-z]+):/i.exec(address)?.[1]?.toLowerCase()
  switch (scheme) {
    case 'redis':
    case 'rediss':
      return redisAdapter({ url: address, ...prefix })
    case 'http':
    case 'https': {
      const token = presence(host.env.STORYART_TOKEN)
      return httpAdapter({ baseUrls: [address], ...(token ? { headers: { authorization: `Bearer ${token}` } } : {}) })
    }
    case 'file':
      return fileAdapter(address.startsWith('file://') ? fileURLToPath(address) : pathOf(host, address.slice(5)), {
        now: host.now,
      })
    case 'memory':
      return memoryAdapter({ now: host.now })
    default:
      throw new CliError(EXIT.usage, `this is no address of a store: use ${FORMS}`)
  }
}

function presence(text: string | undefined): string | undefined {
  return text === undefined || text.trim() === '' ? undefined : text.trim()
}
