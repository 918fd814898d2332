/**
 * One request to one address, and its answer to the last byte, in time and in size.
 * @module
 */
import { withDeadline } from '../deadline.js'
import type { HttpAnswer } from './http-answer.js'
import { HttpFailure } from './http-failure.js'

/** What to ask. @internal */
export interface HttpRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE'
  /** Path and query. */
  readonly path: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
}

/** How to ask. @internal */
export interface Exchange {
  readonly fetch: typeof globalThis.fetch
  readonly headers: () => Promise<Headers>
  readonly timeoutMs: number
  readonly maxBodyBytes: number
  readonly schedule: (run: () => void, ms: number) => () => void
}

/**
 * Asks one address. Never follows a redirect: it would take headers with credentials elsewhere.
 *
 * @throws {HttpFailure} When there is no whole answer.
 * @internal
 */
export function exchange(
  how: Exchange,
  base: string,
  { method, path, headers: own = {}, body }: HttpRequest,
  signal: AbortSignal | undefined,
): Promise<HttpAnswer> {
  const expired = (): Error => new HttpFailure('ADAPTER_UNAVAILABLE', `did not answer within ${how.timeoutMs} ms`, true)
  const work = async (within: AbortSignal): Promise<HttpAnswer> => {
    const headers = await how.headers().catch((error: unknown) => {
      throw new HttpFailure('ADAPTER_DENIED', 'was not asked, because `headers` could not be made', false, error)
    })
    const secrets = [...headers.values()].flatMap((value) => value.split(/\s+/)).filter((word) => word.length >= 8)
    for (const [name, value] of Object.entries(own)) headers.set(name, value)
    const response = await reached(() =>
      how.fetch(base + path, { method, headers, body: body ?? null, redirect: 'manual', signal: within }),
    )
    const text = await textOf(response, how.maxBodyBytes)
    const { status } = response
    // A server may say what it was sent, and what it says of a failure gets into messages.
    const told = status < 400 ? text : secrets.reduce((safe, secret) => safe.replaceAll(secret, '...'), text)
    return { status, headers: response.headers, text: told }
  }
  return withDeadline(work, { ms: how.timeoutMs, schedule: how.schedule, signal, expired })
}

/** What the network does, without the words of the runtime: they may quote a header. @internal */
export async function reached<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    const { name, cause }: Partial<Record<string, unknown>> = Object(error)
    const code: unknown = Object(cause).code
    const reason = typeof code === 'string' ? code : String(name)
    throw new HttpFailure('ADAPTER_UNAVAILABLE', `could not be reached (${reason})`, true)
  }
}

/** The body as it was sent, byte order mark included. */
async function textOf(response: Response, maxBodyBytes: number): Promise<string> {
  const reader = response.body?.getReader()
  if (!reader) return ''
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true, fatal: true })
  const decode = (bytes?: Uint8Array): string => {
    try {
      return bytes ? decoder.decode(bytes, { stream: true }) : decoder.decode()
    } catch {
      throw new HttpFailure('ADAPTER_FAILED', 'answered with what is no text in UTF-8', true)
    }
  }
  let text = ''
  try {
    for (let size = 0; ; ) {
      const { done, value } = await reached(() => reader.read())
      if (done) return text + decode()
      size += value.length
      if (size > maxBodyBytes) {
        throw new HttpFailure('ADAPTER_FAILED', `answered with more than ${maxBodyBytes} bytes (maxBodyBytes)`, false)
      }
      text += decode(value)
    }
  } catch (error) {
    await reader.cancel().catch(() => undefined)
    throw error
  }
}
