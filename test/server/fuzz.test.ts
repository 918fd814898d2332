import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { AdapterError, memoryAdapter } from '../../src/index.js'
import { createSessionHandler, type SessionHandler, STORYART_CORS } from '../../src/server/index.js'
import { ROUTES } from '../../src/server/routes.js'
import { isErrorAnswer, isHealthAnswer } from '../../src/wire-answers.js'
import { failing, memoryStore } from './harness.js'

const RUNS = 2000
const FAILING_RUNS = 1000

const method = fc.oneof(
  { weight: 8, arbitrary: fc.constantFrom('GET', 'POST', 'PUT', 'DELETE', 'HEAD', 'OPTIONS', 'PATCH') },
  fc.stringMatching(/^[A-Z]{1,12}$/).filter((name) => !['CONNECT', 'TRACE', 'TRACK'].includes(name)),
)
const segment = fc.oneof(
  fc.constantFrom(
    'save',
    'latest',
    'list',
    'openapi.json',
    'events',
    '5',
    '7',
    'NaN',
    '1e21',
    '-1',
    '0x5',
    '%00',
    '%2e%2e',
    '__proto__',
    'constructor',
  ),
  fc.maxSafeNat().map(String),
  fc.webSegment({ size: 'small' }),
)
const path = fc.oneof(
  fc
    .constantFrom(...ROUTES.map((route) => route.path))
    .chain((template) => segment.map((one) => template.replace('{timestamp}', one))),
  fc.array(segment, { maxLength: 5 }).map((parts) => `/api/v1/session/${parts.join('/')}`),
  fc.webPath({ size: 'small' }),
)
const value = fc.oneof(
  fc.constantFrom(
    'summary',
    'entries',
    'full',
    'raw',
    'all',
    'keep',
    'none',
    '0',
    '1',
    '1001',
    '-1',
    '1e9',
    '9007199254740993',
    '',
    'cinematic',
  ),
  fc.string({ maxLength: 12 }),
)
const query = fc
  .array(
    fc.tuple(
      fc.constantFrom(
        'view',
        'limit',
        'cursor',
        'from',
        'before',
        'order',
        'details',
        'formats',
        'include',
        'ttlMs',
        '__proto__',
      ),
      value,
    ),
    { maxLength: 4 },
  )
  .map((pairs) => new URLSearchParams(pairs).toString())
const headerText = fc.string({ maxLength: 30 }).map((text) => text.replace(/[^\t -~]/g, ''))
const headers = fc.dictionary(
  fc.constantFrom(
    'Content-Encoding',
    'Accept-Encoding',
    'If-Match',
    'If-None-Match',
    'Last-Event-ID',
    'Origin',
    'StoryArt-Summary',
    'Access-Control-Request-Method',
    'Authorization',
  ),
  fc.oneof(
    headerText,
    fc.constantFrom('*', 'gzip', 'identity', 'http://localhost:3000', 'null', `"${'0'.repeat(40)}"`),
  ),
  { maxKeys: 3 },
)
const type = fc.oneof({ weight: 5, arbitrary: fc.constant('application/json') }, headerText)
const json = fc.jsonValue({ depthSize: 'medium' })
const wild = fc.record(
  {
    scriptText: fc.oneof(fc.constant('SCENE 1'), json),
    timestamp: fc.oneof(fc.constantFrom<unknown>(5, '5', 1e21, -1, 0.5, null, '', Number.MAX_VALUE), json),
    episodeContext: json,
    storyUuid: json,
    analyzedEpisode: fc.oneof(
      json,
      fc.record({ scenes: fc.array(fc.record({ beats: fc.oneof(json, fc.array(json)) })) }),
    ),
    prompts: json,
  },
  { requiredKeys: [] },
)
const text = fc.oneof(
  wild.map((session) => JSON.stringify(session)),
  wild.map((session) =>
    JSON.stringify(session).replace('{', '{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}},'),
  ),
  fc.tuple(wild, fc.nat(200)).map(([session, at]) => JSON.stringify(session).slice(0, at)),
  fc.nat(30_000).map((depth) => `{"scriptText":"x","deep":${'['.repeat(depth)}${']'.repeat(depth)}}`),
  fc.constantFrom(
    '{"scriptText":"x","n":1e999}',
    '{"scriptText":"x","n":123456789012345678901234567890}',
    '\ufeff{"scriptText":"x"}',
    '[]',
    '0',
  ),
  fc.string({ unit: 'binary', maxLength: 60 }),
)
const body = fc.oneof(
  { weight: 4, arbitrary: text.map((one): Uint8Array<ArrayBuffer> => new TextEncoder().encode(one)) },
  fc.uint8Array({ maxLength: 60 }).map((bytes) => new Uint8Array(bytes)),
)
const wildRequest = fc.record({ method, path, query, headers, type, body })

interface WildRequest {
  method: string
  path: string
  query: string
  headers: Record<string, string>
  type: string
  body: Uint8Array<ArrayBuffer>
}

/** Whether the answer is one of the documented shapes. */
async function check(handler: SessionHandler, from: WildRequest): Promise<number> {
  const takesBody = from.method !== 'GET' && from.method !== 'HEAD'
  const url = `http://localhost:7802${from.path}?${from.query}`
  const request = new Request(url, {
    method: from.method,
    headers: { ...from.headers, 'Content-Type': from.type },
    ...(takesBody && { body: from.body }),
  })
  const response = await handler(request)
  const { status } = response
  for (const [name, content] of response.headers) expect(`${name}${content}`).not.toMatch(/[\r\n\0]/)
  // A stream of events has no end; its beginning says enough.
  if (status === 200 && response.headers.get('Content-Type')?.startsWith('text/event-stream')) {
    const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader()
    if (from.method !== 'HEAD') expect((await reader?.read())?.value).toMatch(/^retry: 2000\nid: \S+\n\n$/)
    await reader?.cancel()
    return status
  }
  const coding = response.headers.get('Content-Encoding')
  const answered = coding
    ? response.body?.pipeThrough(new DecompressionStream(coding as CompressionFormat))
    : response.body
  const told = await new Response(answered).text()
  if (from.method === 'HEAD' || status === 204 || status === 304) expect(told).toBe('')
  else {
    const parsed: unknown = JSON.parse(told)
    if (status < 400) expect(parsed).toBeTypeOf('object')
    else expect(isErrorAnswer(parsed) || isHealthAnswer(parsed)).toBe(true)
    if (status >= 500) expect(Reflect.get(Object(parsed), 'id')).toMatch(/^[0-9a-f-]{36}$/)
    expect(told).not.toContain('    at ')
  }
  expect(Reflect.get({}, 'polluted')).toBeUndefined()
  return status
}

describe('whatever is asked', () => {
  it('gets a documented answer: a healthy store never fails', { timeout: 120_000 }, async () => {
    const statuses = new Map<number, number>()
    const store = memoryStore()
    await store.save({ scriptText: 'SCENE 1', timestamp: 5 })
    const handler = createSessionHandler(store, { cors: STORYART_CORS, maxBodyBytes: 50_000 })
    await fc.assert(
      fc.asyncProperty(wildRequest, async (request) => {
        const status = await check(handler, request)
        statuses.set(status, (statuses.get(status) ?? 0) + 1)
        expect(status).toBeLessThan(500)
      }),
      { numRuns: RUNS },
    )
    // The requests are wild, and not all of one kind.
    for (const status of [200, 204, 400, 404, 405]) expect(statuses.get(status), `status ${status}`).toBeGreaterThan(5)
  })

  it('gets a documented answer from a store that fails in every way', { timeout: 120_000 }, async () => {
    const errors = [
      new AdapterError('ADAPTER_UNAVAILABLE', 'x', { adapter: 'redis', operation: 'get' }),
      new AdapterError('ADAPTER_FAILED', 'x', { adapter: 'redis', operation: 'get' }),
      new TypeError('x'),
      'a text',
      undefined,
    ]
    const handlers = errors.map((error) => createSessionHandler(memoryStore({ ...memoryAdapter(), ...failing(error) })))
    await fc.assert(
      fc.asyncProperty(wildRequest, fc.constantFrom(...handlers), async (request, handler) => {
        await check(handler, request)
      }),
      { numRuns: FAILING_RUNS },
    )
  })
})
