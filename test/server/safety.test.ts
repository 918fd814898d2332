import { gzipSync } from 'node:zlib'
import { afterEach, describe, expect, it } from 'vitest'
import { AdapterError, type AdapterErrorCode } from '../../src/index.js'
import { bearerToken, createSessionHandler, STORYART_CORS } from '../../src/server/index.js'
import { ROUTE_CONTRACTS } from '../../src/server/route-contracts.js'
import { ROUTES } from '../../src/server/routes.js'
import { ask, failing, jsonRequest, type LiveServer, memoryStore, serve } from './harness.js'

const opened: LiveServer[] = []
const live = async (...args: Parameters<typeof serve>): Promise<LiveServer> => {
  const server = await serve(...args)
  opened.push(server)
  return server
}

afterEach(async () => {
  await Promise.all(opened.splice(0).map((server) => server.stop()))
})

const LIST = 'http://localhost/api/v1/session/list'
const SAVE = 'http://localhost/api/v1/session/save'

describe('authorize', () => {
  it('a bearer token: every route asks for it, a preflight does not', async () => {
    const handler = createSessionHandler(memoryStore(), { authorize: bearerToken(['old', 'new']), cors: STORYART_CORS })
    for (const { method, path } of ROUTES) {
      const response = await handler(new Request(`http://localhost${path.replace('{timestamp}', '5')}`, { method }))
      expect([path, response.status]).toEqual([path, 401])
      expect(response.headers.get('WWW-Authenticate')).toBe('Bearer realm="storyart"')
      expect(await response.json()).toMatchObject({ success: false })
    }
    const as = async (header: string) =>
      (await handler(new Request(LIST, { headers: { Authorization: header } }))).status
    expect(await as('Bearer old')).toBe(200)
    expect(await as('bearer new')).toBe(200)
    for (const wrong of ['Bearer', 'Bearer ol', 'Bearer old2', 'Basic old', 'old', 'Bearer old new']) {
      expect([wrong, await as(wrong)]).toEqual([wrong, 401])
    }
    const preflight = new Request(SAVE, {
      method: 'OPTIONS',
      headers: { Origin: 'http://localhost:3000', 'Access-Control-Request-Method': 'POST' },
    })
    expect((await handler(preflight)).status).toBe(204)
  })

  it.each([[''], [[]], [['a', ' ']]])('no token is no lock: %j', (tokens) => {
    expect(() => bearerToken(tokens)).toThrow(expect.objectContaining({ code: 'INVALID_ARGUMENT' }))
  })

  it("a hook of one's own: false is 403, a response is the answer, a throw is a 500 that lets nobody in", async () => {
    const ask = async (authorize: () => boolean | Response) =>
      createSessionHandler(memoryStore(), { authorize })(new Request(LIST))
    expect((await ask(() => false)).status).toBe(403)
    expect((await ask(() => new Response(null, { status: 402 }))).status).toBe(402)
    const broken = await ask(() => {
      throw new Error('the secret directory is away')
    })
    expect(broken.status).toBe(500)
    expect(await broken.text()).not.toContain('secret')
  })
})

describe('cors', () => {
  it("StoryArt's three origins, with credentials, and no other", async () => {
    const handler = createSessionHandler(memoryStore(), { cors: STORYART_CORS })
    const from = async (origin: string, init: RequestInit = {}) =>
      (await handler(new Request(LIST, { ...init, headers: { ...init.headers, Origin: origin } }))).headers
    for (const origin of STORYART_CORS.origins) {
      const headers = await from(origin)
      expect(headers.get('Access-Control-Allow-Origin')).toBe(origin)
      expect(headers.get('Access-Control-Allow-Credentials')).toBe('true')
      expect(headers.get('Access-Control-Expose-Headers')).toContain('ETag')
    }
    for (const origin of [
      'http://127.0.0.1:5173',
      'https://localhost:3000',
      'http://localhost:3000.evil.example',
      'null',
    ]) {
      expect((await from(origin)).get('Access-Control-Allow-Origin')).toBeNull()
    }
    expect((await handler(new Request(LIST))).headers.get('Vary')).toBe('Origin, Accept-Encoding')
    const preflight = await from('http://localhost:3000', {
      method: 'OPTIONS',
      headers: { 'Access-Control-Request-Method': 'GET', 'Access-Control-Request-Headers': 'if-match' },
    })
    expect(preflight.get('Access-Control-Allow-Methods')).toBe('GET, HEAD, OPTIONS')
    expect(preflight.get('Access-Control-Allow-Headers')).toContain('If-Match')
    expect(preflight.get('Access-Control-Max-Age')).toBe('600')
  })

  it('errors carry the headers too, so that a page can read them', async () => {
    const handler = createSessionHandler(memoryStore(), { cors: STORYART_CORS, authorize: bearerToken('x') })
    const response = await handler(new Request(LIST, { headers: { Origin: 'http://localhost:5173' } }))
    expect([response.status, response.headers.get('Access-Control-Allow-Origin')]).toEqual([
      401,
      'http://localhost:5173',
    ])
  })

  it('every origin without credentials, never with them', async () => {
    const handler = createSessionHandler(memoryStore(), { cors: { origins: ['*'] } })
    const { headers } = await handler(new Request(LIST, { headers: { Origin: 'https://any.example' } }))
    expect(headers.get('Access-Control-Allow-Origin')).toBe('*')
    expect(headers.get('Access-Control-Allow-Credentials')).toBeNull()
    for (const cors of [{ origins: ['*'], credentials: true }, { origins: ['*', 'http://a.example'] }]) {
      expect(() => createSessionHandler(memoryStore(), { cors })).toThrow(/alone/)
    }
  })

  it('pages of other origins change nothing, not even by requests that need no preflight', async () => {
    const store = memoryStore()
    await store.save({ scriptText: 'x', timestamp: 5 })
    const handler = createSessionHandler(store, { cors: STORYART_CORS })
    const touch = async (origin: string) => {
      const url = 'http://localhost:7802/api/v1/session/5/touch?ttlMs=60000'
      return (await handler(new Request(url, { method: 'POST', headers: { Origin: origin } }))).status
    }
    expect(await touch('https://evil.example')).toBe(403)
    expect(await touch('null')).toBe(403)
    expect(await touch('http://localhost:7802')).toBe(200)
    expect(await touch('http://localhost:3000')).toBe(200)
  })
})

describe('bodies', () => {
  const limit = 1000
  const send = (body: BodyInit, headers: Record<string, string> = {}) => ({
    method: 'POST',
    body,
    headers: { 'Content-Type': 'application/json', ...headers },
    duplex: 'half' as const,
  })
  const session = (size: number) => `{"scriptText":"${'x'.repeat(size - 17)}"}`

  it('are counted while they are read: with a length, without one, and decompressed', async () => {
    const { url } = await live(memoryStore(), { maxBodyBytes: limit })
    const post = (init: RequestInit) => ask(`${url}/api/v1/session/save`, init)
    expect((await post(send(session(limit)))).status).toBe(200)
    const large = { status: 413, body: { success: false, error: 'The body is larger than 1000 bytes' } }
    expect(await post(send(session(limit + 1)))).toMatchObject(large)
    expect(await post(send(new Blob([session(limit + 1)]).stream()))).toMatchObject(large)
    expect(await post(send(gzipSync(session(50_000_000)), { 'Content-Encoding': 'gzip' }))).toMatchObject(large)
  })

  it('a length that lies is not believed', async () => {
    const handler = createSessionHandler(memoryStore(), { maxBodyBytes: limit })
    const lying = new Request(SAVE, send(new Blob([session(limit + 1)]).stream(), { 'Content-Length': '5' }))
    expect((await handler(lying)).status).toBe(413)
  })

  it('stop being read once they are too large', async () => {
    let sent = 0
    const endless = new ReadableStream({
      pull(controller) {
        sent += 100
        controller.enqueue(new Uint8Array(100))
      },
    })
    const response = await createSessionHandler(memoryStore(), { maxBodyBytes: limit })(
      new Request(SAVE, send(endless)),
    )
    expect(response.status).toBe(413)
    expect(sent).toBeLessThan(2000)
  })

  it.each([
    ['application/json', 200],
    ['application/json; charset=UTF-8', 200],
    ['application/vnd.storyart+json', 200],
    ['application/json; charset=utf-16', 415],
    ['text/json', 415],
    ['application/jsonp', 415],
  ])('of the type %s: %i', async (type, status) => {
    const handler = createSessionHandler(memoryStore())
    expect((await handler(new Request(SAVE, send(session(100), { 'Content-Type': type })))).status).toBe(status)
  })

  it('that are no UTF-8 are 400', async () => {
    const bytes = new Uint8Array([...new TextEncoder().encode('{"scriptText":"'), 0xff, 0x22, 0x7d])
    expect((await createSessionHandler(memoryStore())(new Request(SAVE, send(bytes)))).status).toBe(400)
  })
})

describe('failures', () => {
  const secret = 'redis://user:hunter2@10.0.0.7'

  it.each<[AdapterErrorCode, number]>([
    ['ADAPTER_UNAVAILABLE', 503],
    ['ADAPTER_DENIED', 502],
    ['ADAPTER_QUOTA', 507],
    ['ADAPTER_FAILED', 500],
  ])('%s is %i with an id, and tells no secret', async (code, status) => {
    const error = new AdapterError(code, secret, { adapter: 'redis', operation: 'get' })
    const { url, failures } = await live(memoryStore(failing(error)), { errorId: () => 'id-1' })
    const answers = [
      await ask(`${url}/api/v1/session/latest`),
      await ask(`${url}/api/v1/session/5`),
      await ask(`${url}/api/v1/session/list`),
      await ask(`${url}/api/v1/session/list?view=summary`),
      await ask(`${url}/api/v1/session/save`, jsonRequest('POST', { scriptText: 'x' })),
      await ask(`${url}/api/v1/session/5`, { method: 'DELETE' }),
    ]
    for (const answer of answers) {
      expect(answer.status).toBe(status)
      expect(answer.body).toEqual({ success: false, error: expect.any(String), code, id: 'id-1' })
      expect(JSON.stringify(answer.body)).not.toContain('hunter2')
      expect(answer.headers.get('Retry-After')).toBe(status === 503 ? '2' : null)
    }
    expect(failures.map((failure) => failure.error)).toEqual(answers.map(() => error))
  })

  it('what is no error of ours is a bare 500', async () => {
    const { url, failures } = await live(memoryStore(), {
      openapi: async () => {
        throw new TypeError(secret)
      },
    })
    const { status, body } = await ask(`${url}/api/v1/session/openapi.json`)
    expect(status).toBe(500)
    expect(body).toEqual({ success: false, error: 'Internal error', id: failures[0]?.id })
    expect(failures[0]?.id).toMatch(/^[0-9a-f-]{36}$/)
  })

  it('a log that fails fails no request', async () => {
    const onError = () => {
      throw new Error('the disk is full')
    }
    const handler = createSessionHandler(memoryStore(failing(new Error('x'))), { onError })
    expect((await handler(new Request('http://localhost/api/v1/session/5'))).status).toBe(500)
  })

  it('all tiers away: health is 503 and says so', async () => {
    const store = memoryStore({
      ...failing(new Error('x')),
      health: async () => ({ ok: false, latencyMs: 1, error: secret }),
    })
    const { url, failures } = await live(store)
    const { status, body } = await ask(`${url}/health`)
    expect(status).toBe(503)
    expect(body).toEqual({
      success: false,
      status: 'unhealthy',
      redis: 'disconnected',
      memory: 'empty',
      error: 'The storage does not answer: try again later',
      id: failures[0]?.id,
    })
  })

  it('a storage that goes away in the middle of a list breaks the connection off', async () => {
    const store = memoryStore()
    for (let id = 1; id <= 3; id++) await store.save({ scriptText: 'x'.repeat(100_000), timestamp: id })
    const adapter = Reflect.get(store, 'adapter')
    const get = adapter.get.bind(adapter)
    let reads = 0
    adapter.get = (...args: unknown[]) =>
      ++reads < 3
        ? get(...args)
        : Promise.reject(new AdapterError('ADAPTER_UNAVAILABLE', 'x', { adapter: 'redis', operation: 'get' }))
    const { url, failures } = await live(store, { compress: false })
    const response = await fetch(`${url}/api/v1/session/list`)
    expect(response.status).toBe(200)
    await expect(response.text()).rejects.toThrow()
    expect(failures).toHaveLength(1)
  })
})

describe('arguments', () => {
  it.each([[undefined], [{}], [null]])('%j is no store', (store) => {
    expect(() => Reflect.apply(createSessionHandler, undefined, [store])).toThrow(/needs a SessionStore/)
  })

  it.each([{ maxBodyBytes: 0 }, { maxBodyBytes: 1.5 }, { heartbeatMs: -1 }])('%j cannot be used', (options) => {
    expect(() => createSessionHandler(memoryStore(), options)).toThrow(/must be a whole number/)
  })
})

describe('the table of routes', () => {
  it('has a contract for each, and every parameter of its path in it', () => {
    expect(Object.keys(ROUTE_CONTRACTS).sort()).toEqual(ROUTES.map((route) => route.operationId).sort())
    for (const { path, operationId } of ROUTES) {
      const named = ROUTE_CONTRACTS[operationId].parameters
        .filter((one) => one.in === 'path')
        .map((one) => `{${one.name}}`)
      expect(named).toEqual(path.match(/\{\w+\}/g) ?? [])
    }
  })
})
