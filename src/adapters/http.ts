/**
 * Sessions behind a REST API: the handler of `storyart-sdk/server`, or StoryArt's own server.
 * @module
 */
import { isStoryArtError, StoryArtError } from '../errors.js'
import { MAX_BODY_BYTES, sessionPath, WIRE_PATHS } from '../wire.js'
import { isHealthAnswer } from '../wire-answers.js'
import type { CallOptions, ListPage, ListQuery, SessionAdapter } from './adapter.js'
import { requirePositive, requireQuery } from './arguments.js'
import { bodyOf, lacksRoute } from './http-answer.js'
import { baseUrlsOf } from './http-base-urls.js'
import type { Exchange } from './http-exchange.js'
import { NAME } from './http-failure.js'
import { HttpLink } from './http-link.js'
import { putHeaders, putResultOf } from './http-put.js'
import { isDone, MAX_PAGE, rawOf, readPage } from './http-read.js'
import { beyondSave, saveWhole } from './http-storyart.js'
import { listen, type ToldChange } from './http-watch.js'
import { WatchListeners } from './watch-listeners.js'

/** Whatever `fetch` takes as headers; the name `HeadersInit` is there only with TypeScript's `DOM` library. */
export type RequestHeaders = NonNullable<RequestInit['headers']>

/** Which server an {@link httpAdapter} speaks to, and how. */
export interface HttpAdapterOptions {
  /**
   * Addresses of one server or of servers over one storage, in the order in which they are tried. Blanks around, slashes
   * too many and `/api/v1` at the end are taken off; blank and missing entries are passed over. Credentials go into
   * `headers`.
   */
  baseUrls: readonly (string | null | undefined)[]
  /** Makes requests. Default: `globalThis.fetch`. */
  fetch?: typeof globalThis.fetch | undefined
  /**
   * How long one address may take for one request, from its beginning to the last byte of the answer, in ms, from 1 to
   * 2147483647. A store's `deadlineMs` runs over all addresses together. Default: 5000, as in StoryArt's client.
   */
  timeoutMs?: number | undefined
  /** Headers of every request, or what makes them, asked anew each time. Default: none. */
  headers?: RequestHeaders | (() => RequestHeaders | Promise<RequestHeaders>) | undefined
  /** The longest answer that is read, in bytes after decompression. Default: 52428800. */
  maxBodyBytes?: number | undefined
  /** The clock by which `health` measures, in ms. Default: `performance.now`. */
  now?: (() => number) | undefined
  /** Runs a function once after so many ms, unless the function it returns is called first. Default: `setTimeout`. */
  schedule?: ((run: () => void, ms: number) => () => void) | undefined
}

/** The adapter that {@link httpAdapter} makes. */
export interface HttpAdapter extends SessionAdapter {
  /**
   * Calls `listener` after each write of its own and each change the server tells of, until the function that is returned is called. Connects
   * again by itself and says what it had heard last. A server that tells no changes makes it do nothing.
   */
  watch(listener: (change: ToldChange) => void): () => void
}

const LONGEST_TIMER_MS = 2 ** 31 - 1

/**
 * Keeps sessions on a server that speaks StoryArt's REST API.
 *
 * The handler of `storyart-sdk/server` does all an adapter can do but `describe` and `prune`, which it does by itself.
 * StoryArt's own server is recognised by its answers, and what it cannot do is refused with code `ADAPTER_FAILED`, never
 * pretended: it has no `delete`, no `touch`, no conditions, and no life but seven days; its `list` reads every session
 * whole and has no summaries; texts come back as that server writes them.
 *
 * An address that cannot be reached, is too slow, answers with a status from 500 on, 408, 425 or 429, with a redirect or
 * with what is no answer of the API (the page of a proxy, its 404 included) hands on to the next. What is about the call
 * (400, 401, 403, 409, 412, 413) and a full storage (507) does not. A `put` without a condition and a `touch` may so
 * happen twice, which is the same as once. A `put` with a condition and a `delete` are sent to one address only: the
 * first whose `/health` says that it is well.
 *
 * @param options - Which server, and how.
 * @returns An adapter. Its calls reject with code `ADAPTER_UNAVAILABLE` when no address answers (`cause` holds why, for
 * several an `AggregateError`), `ADAPTER_DENIED` for credentials, `ADAPTER_QUOTA` when the server is full or does not
 * take so large a session, `SESSION_INVALID` when it refuses a document, `ADAPTER_FAILED` otherwise. Messages hold what
 * the server says of its failure without quotations.
 * @throws {StoryArtError} INVALID_ARGUMENT when there is no address, or an option is none.
 * @example
 * ```ts
 * import { httpAdapter } from 'storyart-sdk'
 *
 * const fetch = async () => Response.json({ success: false, error: 'Session not found' }, { status: 404 })
 * const adapter = httpAdapter({ baseUrls: ['http://localhost:7802/api/v1/'], fetch })
 * console.log(await adapter.get(1770000000000)) // null
 * ```
 */
export function httpAdapter(options: HttpAdapterOptions): HttpAdapter {
  const { timeoutMs = 5000, maxBodyBytes = MAX_BODY_BYTES, now = () => performance.now() } = options
  const bases = baseUrlsOf(options.baseUrls)
  requirePositive(NAME, 'maxBodyBytes', maxBodyBytes)
  requirePositive(NAME, 'timeoutMs', timeoutMs)
  if (timeoutMs > LONGEST_TIMER_MS) {
    throw new StoryArtError('INVALID_ARGUMENT', `${NAME}: timeoutMs is at most ${LONGEST_TIMER_MS}.`)
  }
  const how: Exchange = {
    // A browser's own fetch must be called as a function of the window.
    fetch: options.fetch ?? ((input, init) => globalThis.fetch(input, init)),
    headers: headersOf(options.headers),
    timeoutMs,
    maxBodyBytes,
    schedule: options.schedule ?? scheduleTimeout,
  }
  const link = new HttpLink(bases, how)
  const listeners = new WatchListeners<ToldChange>((tell) => listen(bases, how, tell))
  /** Addresses whose server had no PUT: StoryArt's. It is spared what it can do without. */
  const whole = new Set<string>()
  let closed = false

  /** How every call begins: nothing is sent for a closed adapter, an aborted caller or a wrong argument. */
  function begin(call: CallOptions | undefined, id = 1): AbortSignal | undefined {
    requireOpen()
    call?.signal?.throwIfAborted()
    requirePositive(NAME, 'id', id)
    return call?.signal
  }

  function requireOpen(): void {
    if (closed) throw new StoryArtError('CLOSED', `${NAME}: the adapter is closed; make a new one.`)
  }

  return {
    name: NAME,

    async put(id, raw, call = {}) {
      const signal = begin(call, id)
      const { ttlMs, expect } = call
      if (ttlMs !== undefined && ttlMs !== 'keep') requirePositive(NAME, 'ttlMs', ttlMs)
      const headers = putHeaders(raw, call)
      const path = `${sessionPath(id)}?ttlMs=${ttlMs ?? 'none'}`
      const result = await link.ask(
        { operation: 'put', id, once: expect !== undefined, signal },
        async (send, base) => {
          if (!whole.has(base) || beyondSave(call)) {
            const answer = await send({ method: 'PUT', path, headers, body: raw })
            if (!lacksRoute(answer)) return putResultOf(answer)
          }
          const saved = await saveWhole(send, id, raw, call)
          whole.add(base)
          return saved
        },
      )
      // The server tells it, too, but perhaps to somebody who is still about to listen.
      if (result.stored) listeners.tell({ id, written: true })
      return result
    },

    async get(id, call) {
      const signal = begin(call, id)
      return link.ask({ operation: 'get', id, signal }, async (send) =>
        rawOf(await send({ method: 'GET', path: `${sessionPath(id)}?view=raw` })),
      )
    },

    async list(query, call) {
      const signal = begin(call)
      requireQuery(NAME, query)
      const { limit, order = 'newest' } = query
      const task = { operation: 'list', signal }
      const page = (part: Partial<ListQuery>): Promise<ListPage> =>
        link.ask(task, (send) => readPage(send, { ...query, ...part }))
      const all = await page({ limit: Math.min(limit, MAX_PAGE) })
      while (all.entries.length < limit && all.next !== undefined) {
        const end = order === 'newest' ? { before: all.next } : { from: all.next }
        const { next, ...more } = await page({ ...end, limit: Math.min(limit - all.entries.length, MAX_PAGE) })
        all.entries.push(...more.entries)
        if (more.expired) all.expired = [...(all.expired ?? []), ...more.expired]
        if (more.degraded) all.degraded = true
        if (next === undefined) delete all.next
        else all.next = next
      }
      return all
    },

    async delete(id, call) {
      const signal = begin(call, id)
      const wasThere = await link.ask({ operation: 'delete', id, once: true, signal }, (send) =>
        isDone(send, 'DELETE', sessionPath(id), 'delete'),
      )
      if (wasThere) listeners.tell({ id, written: false })
      return wasThere
    },

    async touch(id, ttlMs, call) {
      const signal = begin(call, id)
      requirePositive(NAME, 'ttlMs', ttlMs)
      return link.ask({ operation: 'touch', id, signal }, (send) =>
        isDone(send, 'POST', `${sessionPath(id, 'touch')}?ttlMs=${ttlMs}`, 'give a session a new life'),
      )
    },

    async health(call) {
      const signal = begin(call)
      const start = now()
      const latencyMs = (): number => Math.max(0, now() - start)
      try {
        return await link.ask({ operation: 'health', signal }, async (send) => {
          const { success, status } = bodyOf(await send({ method: 'GET', path: WIRE_PATHS.health }), isHealthAnswer)
          if (success) return { ok: true, latencyMs: latencyMs() }
          return { ok: false, latencyMs: latencyMs(), error: `${NAME}: the server says that it is ${status}.` }
        })
      } catch (error) {
        if (signal?.aborted || !isStoryArtError(error)) throw error
        return { ok: false, latencyMs: latencyMs(), error: error.message }
      }
    },

    watch(listener) {
      requireOpen()
      return listeners.add(listener)
    },

    async close() {
      closed = true
      listeners.clear()
    },
  }
}

/** Headers anew for each request, so that one request does not change another's. */
function headersOf(given: HttpAdapterOptions['headers']): () => Promise<Headers> {
  if (typeof given === 'function') return async () => new Headers(await given())
  try {
    const headers = new Headers(given)
    return async () => new Headers(headers)
  } catch {
    // The runtime's own message quotes the header.
    throw new StoryArtError('INVALID_ARGUMENT', `${NAME}: \`headers\` holds what is no header.`)
  }
}

function scheduleTimeout(run: () => void, ms: number): () => void {
  const timer = setTimeout(run, ms)
  return () => clearTimeout(timer)
}
