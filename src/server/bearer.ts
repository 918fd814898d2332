/**
 * A ready answer to who may come in.
 * @module
 */
import { StoryArtError } from '../errors.js'
import { JSON_TYPE } from './answer.js'
import type { Authorize } from './options.js'

/**
 * Lets in who sends one of these tokens as `Authorization: Bearer ...`; others get 401.
 *
 * Hashes of the tokens are compared, all of them and to the end, so that the time it takes tells nothing of a token.
 *
 * @param tokens - The token, or several, such as an old and a new one.
 * @returns What to pass as `authorize`.
 * @throws {StoryArtError} `INVALID_ARGUMENT` when there is no token, or an empty one.
 * @example
 * ```ts
 * import { memoryAdapter, SessionStore } from 'storyart-sdk'
 * import { bearerToken, createSessionHandler } from 'storyart-sdk/server'
 *
 * const store = new SessionStore({ adapter: memoryAdapter() })
 * const handler = createSessionHandler(store, { authorize: bearerToken('correct horse battery staple') })
 * const url = 'http://localhost:7802/api/v1/session/list'
 * console.log((await handler(new Request(url))).status) // 401
 * const headers = { Authorization: 'Bearer correct horse battery staple' }
 * console.log((await handler(new Request(url, { headers }))).status) // 200
 * ```
 */
export function bearerToken(tokens: string | readonly string[]): Authorize {
  const list = typeof tokens === 'string' ? [tokens] : [...tokens]
  if (list.length === 0 || !list.every((token) => typeof token === 'string' && token.trim() !== '')) {
    throw new StoryArtError('INVALID_ARGUMENT', 'bearerToken needs a token: is the environment variable set?')
  }
  const wanted = Promise.all(list.map(hash))
  return async (request) => {
    const given = /^Bearer +(.+)$/i.exec(request.headers.get('Authorization') ?? '')?.[1] ?? ''
    const offered = await hash(given)
    let matches = 0
    for (const digest of await wanted) matches |= Number(difference(digest, offered) === 0)
    if (matches !== 0) return true
    return new Response('{"success":false,"error":"Send a token that is known here as Authorization: Bearer"}', {
      status: 401,
      headers: {
        'Content-Type': JSON_TYPE,
        'Cache-Control': 'no-store',
        'WWW-Authenticate': 'Bearer realm="storyart"',
      },
    })
  }
}

async function hash(text: string): Promise<Uint8Array> {
  return new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text.trim())))
}

/** Looks at every byte, whatever it has seen. */
function difference(a: Uint8Array, b: Uint8Array): number {
  let bits = 0
  for (let i = 0; i < a.length; i++) bits |= (a[i] ?? 0) ^ (b[i] ?? 0)
  return bits
}
