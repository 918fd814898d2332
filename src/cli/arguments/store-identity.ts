/**
 * Whether two addresses are one store.
 * @module
 */
import type { Host } from '../host.js'
import { pathOf } from '../host.js'

/**
 * A name that is the same for two ways to write the address of a store. Databases of one Redis are different stores, and
 * so are key prefixes. Two names of one host are not seen through, but for those of this machine.
 */
export function storeIdentity(host: Host, address: string | undefined, keyPrefix = ''): string {
  const text = (address ?? host.env.STORYART_STORE ?? '').trim() || redisOf(host)
  const scheme = /^([a-z]+):/i.exec(text)?.[1]?.toLowerCase()
  if (scheme === 'file' && !text.startsWith('file://')) return `file:${pathOf(host, text.slice(5))}`
  if (!URL.canParse(text)) return text
  const url = new URL(text)
  const place = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(url.hostname) ? 'this machine' : url.hostname
  switch (scheme) {
    case 'redis':
    case 'rediss': {
      const database = url.searchParams.get('db') ?? (url.pathname.replace(/^\//, '') || '0')
      return `redis ${place} ${url.port || '6379'} ${Number(database)} ${keyPrefix}`
    }
    case 'file':
      return `file:${decodeURIComponent(url.pathname).replace(/(?<=.)\/+$/, '')}`
    case 'http':
    case 'https':
      return `http ${place} ${url.port || scheme} ${url.pathname.replace(/\/+$/, '').replace(/\/api\/v1$/, '')}`
    default:
      return text
  }
}

/** The Redis of StoryArt's server in the same environment, always database 0. */
function redisOf({ env }: Host): string {
  const url = env.REDIS_URL?.trim() ?? ''
  if (URL.canParse(url)) {
    const { hostname, port } = new URL(url)
    return `redis://${hostname}:${port || '6379'}/0`
  }
  return `redis://${env.REDIS_HOST?.trim() || 'localhost'}:${env.REDIS_PORT?.trim() || '6379'}/0`
}
