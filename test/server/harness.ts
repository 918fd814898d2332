/** A live server over a store, and what the tests ask it with. */
import { memoryAdapter, type SessionAdapter, SessionStore } from '../../src/index.js'
import {
  createSessionHandler,
  type Listening,
  type ListenOptions,
  listen,
  type SessionHandlerOptions,
} from '../../src/server/index.js'

export interface LiveServer extends Listening {
  store: SessionStore
  /** What the handler was told of failures. */
  failures: { error: unknown; id: string }[]
  stop(): Promise<void>
}

/** The session API over a live server on a free port of the loopback interface. */
export async function serve(
  store: SessionStore = memoryStore(),
  options: SessionHandlerOptions = {},
  listening: ListenOptions = {},
): Promise<LiveServer> {
  const failures: LiveServer['failures'] = []
  const onError: SessionHandlerOptions['onError'] = (error, { id }) => void failures.push({ error, id })
  const live = await listen(createSessionHandler(store, { onError, ...options }), { port: 0, ...listening })
  const stop = async (): Promise<void> => {
    await live.close({ graceMs: 1000 })
    await store.close().catch(() => undefined)
  }
  return { ...live, store, failures, stop }
}

export function memoryStore(adapter: SessionAdapter = memoryAdapter()): SessionStore {
  return new SessionStore({ adapter })
}

/** A request with a JSON body. */
export function jsonRequest(method: string, body: unknown, headers: Record<string, string> = {}): RequestInit {
  const text = typeof body === 'string' ? body : JSON.stringify(body)
  return { method, body: text, headers: { 'Content-Type': 'application/json', ...headers } }
}

/** Status and parsed body. */
export async function ask(
  url: string,
  init?: RequestInit,
): Promise<{ status: number; body: unknown; headers: Headers }> {
  const response = await fetch(url, init)
  const text = await response.text()
  return { status: response.status, headers: response.headers, body: text === '' ? null : JSON.parse(text) }
}

/** An adapter whose calls fail with one error. */
export function failing(error: unknown): SessionAdapter {
  const fail = (): Promise<never> => Promise.reject(error)
  return { ...memoryAdapter(), name: 'redis', put: fail, get: fail, list: fail, delete: fail, touch: fail }
}
