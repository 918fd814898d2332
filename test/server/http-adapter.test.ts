import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { AdapterError, httpAdapter, memoryAdapter, type SessionAdapter, SessionStore } from '../../src/index.js'
import { bearerToken } from '../../src/server/index.js'
import { freePort } from '../redis/server.js'
import { memoryStore, serve } from './harness.js'

type Answering = (request: IncomingMessage, response: ServerResponse) => void

const stops: (() => Promise<void>)[] = []

afterEach(async () => {
  await Promise.all(stops.splice(0).map((stop) => stop()))
})

interface Fake {
  url: string
  requests: string[]
}

/** A server that answers every request but that for its health in one way. */
async function answering(answer: Answering, healthy = true): Promise<Fake> {
  const requests: string[] = []
  const server: Server = createServer((request, response) => {
    requests.push(`${request.method} ${request.url}`)
    request.resume()
    if (healthy && request.url === '/health') {
      json(200, { success: true, status: 'healthy', redis: 'connected', memory: 'empty' })(request, response)
    } else answer(request, response)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  stops.push(async () => {
    server.closeAllConnections()
    server.close()
    await once(server, 'close')
  })
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, requests }
}

const page =
  (status: number, text = '<!doctype html><title>Bad Gateway</title>'): Answering =>
  (_, response) =>
    void response.writeHead(status, { 'Content-Type': 'text/html' }).end(text)

const json =
  (status: number, body: unknown): Answering =>
  (_, response) =>
    void response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(body))

const hanging: Answering = () => undefined
const cutOff: Answering = (_, response) => {
  response.writeHead(200, { 'Content-Length': '100' }).write('{')
  response.destroy()
}
const endless: Answering = (_, response) => {
  response.writeHead(200).write('{')
}

/** A server of ours with one session. */
async function ours(): Promise<{ url: string; store: ReturnType<typeof memoryStore> }> {
  const store = memoryStore()
  const live = await serve(store)
  stops.push(live.stop)
  await store.save({ scriptText: 'S' }, { timestamp: 7 })
  return { url: live.url, store }
}

const RAW = '{"scriptText":"S","timestamp":7}'

function adapterFor(...baseUrls: string[]): SessionAdapter {
  return httpAdapter({ baseUrls, timeoutMs: 300 })
}

async function failureOf(work: Promise<unknown>): Promise<AdapterError> {
  const failure = await work.then(
    () => undefined,
    (error: unknown) => error,
  )
  if (failure instanceof AdapterError) return failure
  throw new Error('no AdapterError', { cause: failure })
}

describe('several addresses', () => {
  it.each<[string, Answering]>([
    ['hangs', hanging],
    ['never ends its answer', endless],
    ['breaks off', cutOff],
    ['fails', json(500, { success: false, error: 'no', id: 'x' })],
    ['is behind a broken proxy', page(502)],
    ['is away for now', json(503, { success: false, error: 'no', id: 'x' })],
    ['is asked too often', json(429, { error: 'slower' })],
    ['is a web page', page(200)],
    ['is a page that says 404', page(404)],
    ['is another API that says 404', json(404, { success: false, error: 'no such thing' })],
    ['redirects', (_, response) => void response.writeHead(302, { Location: 'http://127.0.0.1:1/' }).end()],
    ['sends no text', (_, response) => void response.writeHead(200).end(Buffer.from([0xff, 0xfe]))],
  ])('hands on to the next when the first %s', async (_, answer) => {
    const [first, second] = [await answering(answer), await ours()]
    const adapter = adapterFor(first.url, second.url)
    expect(await adapter.get(7)).toEqual({ raw: RAW })
    expect((await adapter.list({ limit: 5 })).entries.map(({ id }) => id)).toEqual([7])
    expect(await adapter.put(8, '{"scriptText":"T"}')).toEqual({ stored: true })
    expect(await adapter.touch(7, 1000)).toBe(true)
    expect((await second.store.get(8))?.session.scriptText).toBe('T')
  })

  it('hands on when nobody listens at the first', async () => {
    const { url } = await ours()
    const adapter = adapterFor(`http://127.0.0.1:${await freePort()}`, url)
    expect(await adapter.get(7)).toEqual({ raw: RAW })
    expect(await adapter.delete(7)).toBe(true)
    expect(await adapter.health()).toEqual({ ok: true, latencyMs: expect.any(Number) })
  })

  it('takes the first "not here" for an answer', async () => {
    const [first, second] = [await answering(json(404, { success: false, error: 'Session not found' })), await ours()]
    expect(await adapterFor(first.url, second.url).get(7)).toBeNull()
  })

  it.each<[number, string]>([
    [400, 'ADAPTER_FAILED'],
    [401, 'ADAPTER_DENIED'],
    [403, 'ADAPTER_DENIED'],
    [409, 'ADAPTER_FAILED'],
    [412, 'ADAPTER_FAILED'],
    [413, 'ADAPTER_QUOTA'],
    [507, 'ADAPTER_QUOTA'],
  ])('does not hand on what is about the call: %i', async (status, code) => {
    const [first, second] = [await answering(page(status)), await answering(page(500))]
    const failure = await failureOf(adapterFor(first.url, second.url).put(7, RAW))
    expect(failure).toMatchObject({ code, adapter: 'http', operation: 'put' })
    expect(failure.message).toMatch(`http: put of session 7 failed: ${first.url} answered ${status}`)
    expect(second.requests).toEqual([])
  })

  it('says why each of them failed', async () => {
    const [first, second] = [await answering(hanging), await answering(page(502))]
    const dead = `http://127.0.0.1:${await freePort()}`
    const failure = await failureOf(adapterFor(first.url, dead, second.url).put(7, RAW))
    expect(failure.code).toBe('ADAPTER_UNAVAILABLE')
    expect(failure.message).toBe(
      `http: put of session 7 failed: ${first.url} did not answer within 300 ms; ${dead} could not be reached (ECONNREFUSED); ${second.url} answered 502 (not in JSON); see that it runs and can be reached, and try again later; what was asked may have happened.`,
    )
    expect(failure.cause).toBeInstanceOf(AggregateError)
    expect((failure.cause as AggregateError).errors).toHaveLength(3)
  })

  it.each<[string, (adapter: SessionAdapter) => Promise<unknown>]>([
    ['a conditional put', (adapter) => adapter.put(7, RAW, { expect: 'absent' })],
    ['a delete', (adapter) => adapter.delete(7)],
  ])('are not both asked for %s, of which nobody knows whether it happened', async (_, call) => {
    const [first, second] = [await answering(cutOff), await ours()]
    expect((await failureOf(call(adapterFor(first.url, second.url)))).code).toBe('ADAPTER_UNAVAILABLE')
    expect(await second.store.get(7)).not.toBeNull()
    expect(first.requests.map((request) => request.split(' ')[0])).toEqual(['GET', expect.stringMatching('PUT|DELETE')])
  })

  it('leaves such a write to the first that is well', async () => {
    const [first, second] = [await answering(page(503), false), await ours()]
    const adapter = adapterFor(first.url, second.url)
    expect(await adapter.put(7, RAW, { expect: 'absent' })).toEqual({ stored: false, reason: 'exists' })
    expect(await adapter.put(8, '{}', { expect: 'absent' })).toEqual({ stored: true })
    expect(await adapter.delete(8)).toBe(true)
    expect(new Set(first.requests)).toEqual(new Set(['GET /health']))
  })
})

describe('httpAdapter', () => {
  it('gives back what a server says of a failure, without quotations', async () => {
    const { url } = await answering(json(500, { success: false, error: 'Unexpected token, "the secret" is no JSON' }))
    const failure = await failureOf(adapterFor(url).get(7))
    expect(failure.message).toBe(
      `http: get of session 7 failed: ${url} answered 500 (Unexpected token, "..." is no JSON); see that the address is that of a session server which can do this.`,
    )
  })

  it('keeps its own credentials out of what a server says of them', async () => {
    const { url } = await answering((request, response) => {
      json(401, { success: false, error: `no good: ${request.headers.authorization}` })(request, response)
    })
    const adapter = httpAdapter({ baseUrls: [url], headers: { Authorization: 'Bearer very-secret' } })
    expect((await failureOf(adapter.get(7))).message).toContain('answered 401 (no good: Bearer ...)')
  })

  it('reads no more than maxBodyBytes', async () => {
    const { url } = await answering((_, response) => void response.writeHead(200).end('x'.repeat(1001)))
    const failure = await failureOf(httpAdapter({ baseUrls: [url], maxBodyBytes: 1000 }).get(7))
    expect(failure.message).toContain('answered with more than 1000 bytes (maxBodyBytes)')
  })

  it('sends its headers, made anew for each request, and tells no token', async () => {
    const live = await serve(memoryStore(), { authorize: bearerToken('right-token') })
    stops.push(live.stop)
    let made = 0
    const adapter = httpAdapter({
      baseUrls: [live.url],
      headers: async () => ({ Authorization: made++ === 0 ? 'Bearer wrong-token' : 'Bearer right-token' }),
    })
    const failure = await failureOf(adapter.get(7))
    expect(failure.code).toBe('ADAPTER_DENIED')
    expect(failure.message).not.toContain('wrong-token')
    expect(await adapter.get(7)).toBeNull()
    expect(() => httpAdapter({ baseUrls: [live.url], headers: { 'bad name': 'secret' } })).toThrow(
      expect.objectContaining({ code: 'INVALID_ARGUMENT', message: 'http: `headers` holds what is no header.' }),
    )
    const cause = new Error('no token')
    const headers = (): Promise<HeadersInit> => Promise.reject(cause)
    expect(await failureOf(httpAdapter({ baseUrls: [live.url], headers }).get(7))).toMatchObject({
      code: 'ADAPTER_DENIED',
      cause: { cause },
    })
  })

  it('refuses a document the server refuses with the places that are wrong', async () => {
    const { url } = await ours()
    await expect(adapterFor(url).put(7, '{"scriptText":5}')).rejects.toMatchObject({
      name: 'SessionInvalidError',
      issues: [{ path: 'scriptText', message: expect.stringContaining('expected string') }],
    })
  })

  it.each(['{"a":"\ud800"}', '{"a":"\udc00\ud800"}'])('refuses half a surrogate pair: %j', async (raw) => {
    const adapter = adapterFor('http://127.0.0.1:1')
    await expect(adapter.put(7, raw)).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' })
    await expect(adapter.put(7, '{}', { summary: raw })).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' })
    await expect(adapter.put(7, '{}', { expect: raw })).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' })
  })

  it('says where a session really is when the server had to fall back', async () => {
    const away: SessionAdapter = {
      ...memoryAdapter(),
      name: 'redis',
      put: async () => {
        throw new AdapterError('ADAPTER_UNAVAILABLE', 'away', { adapter: 'redis', operation: 'put' })
      },
    }
    const live = await serve(new SessionStore({ adapter: away, fallback: [memoryAdapter()], schedule: () => () => {} }))
    stops.push(async () => {
      await live.close()
    })
    const adapter = adapterFor(live.url)
    expect(await adapter.put(7, RAW)).toEqual({ stored: true, storage: 'memory', degraded: true })
    expect(await adapter.get(7)).toEqual({ raw: RAW, storage: 'memory', degraded: true })
  })

  it('reads a page longer than a server gives', async () => {
    const { url, store } = await ours()
    for (let id = 1; id <= 1003; id++) await store.save({ scriptText: 'S' }, { timestamp: id })
    const adapter = httpAdapter({ baseUrls: [url] })
    for (const order of ['newest', 'oldest'] as const) {
      const { entries, next } = await adapter.list({ limit: 1002, order, details: false })
      expect(entries.map(({ id }) => id)).toEqual(
        Array.from({ length: 1002 }, (_, index) => (order === 'newest' ? 1003 - index : index + 1)),
      )
      expect(next).toBe(order === 'newest' ? 2 : 1003)
    }
    expect((await adapter.list({ limit: 2000 })).entries).toHaveLength(1003)
  })

  it.each([0, -1, 1.5, 2 ** 31])('refuses a timeoutMs of %d', (timeoutMs) => {
    expect(() => httpAdapter({ baseUrls: ['http://h'], timeoutMs })).toThrow(
      expect.objectContaining({ code: 'INVALID_ARGUMENT' }),
    )
  })
})

describe('watch', () => {
  it('tells changes, goes on behind the last one after a break, and ends', async () => {
    const seen: (string | undefined)[] = []
    const told: unknown[] = []
    let open: ServerResponse | undefined
    const server = await answering((request, response) => {
      const { 'last-event-id': last } = request.headers
      seen.push(String(last))
      response.writeHead(200, { 'Content-Type': 'text/event-stream' })
      const id = seen.length
      response.write(`retry: 5\n\nid: c${id}\nevent: saved\ndata: {"type":"saved","timestamp":${id}}\n\n`)
      if (id === 1) response.end('id: c1b\ndata: {"type":"deleted","timestamp":9}\n\ndata: nonsense\n\n')
      else open = response
    })
    const adapter = httpAdapter({ baseUrls: [server.url] })
    await new Promise<void>((resolve) => {
      const stop = adapter.watch((change) => {
        told.push(change)
        if (told.length === 1) throw new Error('of the listener')
        if (told.length === 3) {
          stop()
          stop()
          resolve()
        }
      })
    })
    expect(told).toEqual([
      { id: 1, written: true },
      { id: 9, written: false },
      { id: 2, written: true },
    ])
    expect(seen).toEqual(['undefined', 'c1b'])
    if (open && !open.destroyed) await once(open, 'close')
    await adapter.close()
    expect(() => adapter.watch(() => undefined)).toThrow(expect.objectContaining({ code: 'CLOSED' }))
  })

  it('ends with the adapter', async () => {
    let open: ServerResponse | undefined
    let begun = (): void => undefined
    const server = await answering((_, response) => {
      open = response
      response.writeHead(200, { 'Content-Type': 'text/event-stream' }).write(': alive\n\n')
      begun()
    })
    const adapter = httpAdapter({ baseUrls: [server.url] })
    const began = new Promise<void>((resolve) => {
      begun = resolve
    })
    adapter.watch(() => undefined)
    await began
    await adapter.close()
    if (open && !open.destroyed) await once(open, 'close')
    expect(server.requests).toHaveLength(1)
  })
})
