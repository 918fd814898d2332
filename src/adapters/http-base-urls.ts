/**
 * The addresses of a server, made whole.
 * @module
 */
import { StoryArtError } from '../errors.js'

/**
 * Addresses as requests use them: without blanks around, doubled slashes, slashes at the end and a final `/api/v1`.
 * Blank and missing ones are passed over, repeated ones too.
 *
 * @throws {StoryArtError} INVALID_ARGUMENT when one is no http address, holds credentials, a query or a fragment, or
 * when none is left. The message names its place, since the address itself may hold a password.
 * @internal
 */
export function baseUrlsOf(urls: readonly (string | null | undefined)[]): string[] {
  const found = urls.flatMap((text, index) => (text?.trim() ? [baseUrlOf(text.trim(), `baseUrls[${index}]`)] : []))
  if (found.length === 0) throw new StoryArtError('INVALID_ARGUMENT', 'http: baseUrls holds no address.')
  return [...new Set(found)]
}

function baseUrlOf(text: string, where: string): string {
  const refuse = (problem: string): never => {
    throw new StoryArtError('INVALID_ARGUMENT', `http: ${where} ${problem}.`)
  }
  if (!/^https?:\/\//i.test(text)) return refuse('must begin with http:// or https://')
  let url: URL
  try {
    url = new URL(text)
  } catch {
    return refuse('is no address')
  }
  if (url.username || url.password) return refuse('holds credentials; pass them as `headers`')
  if (url.search || url.hash) return refuse('holds a query or a fragment; give the address alone')
  const path = url.pathname.replace(/\/{2,}/g, '/').replace(/\/$/, '')
  return url.origin + path.replace(/\/api\/v1$/i, '')
}
