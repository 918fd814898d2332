import { Ajv2020 } from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { AdapterError, memoryAdapter, type SessionAdapter, SessionStore } from '../../src/index.js'
import { bearerToken } from '../../src/server/index.js'
import { ROUTES } from '../../src/server/routes.js'
import { sampleSession } from '../fixtures/index.js'
import * as answers from '../scripts/contracts/answers.js'
import { schemasOf } from '../scripts/contracts/json-schema.js'
import { contracts } from '../scripts/contracts/write-contracts.js'
import { jsonRequest, type LiveServer, memoryStore, serve } from './harness.js'

interface Media {
  schema: object
}
interface Operation {
  operationId: string
  parameters?: { name: string; in: string; schema: object; required: boolean }[]
  requestBody?: { content: Record<string, Media> }
  responses: Record<string, { content?: Record<string, Media>; headers?: Record<string, object> }>
}
interface Api {
  paths: Record<string, Record<string, Operation>>
  components: { schemas: Record<string, { additionalProperties?: boolean }> }
}

const api = JSON.parse(JSON.stringify(contracts().get('openapi.json'))) as Api
const operations = Object.values(api.paths).flatMap((methods) => Object.values(methods))
// A client must expect more fields than are described; what is sent must not have any.
for (const name of schemasOf(answers).keys()) {
  if (name !== 'OpenApiDocument') Object.assign(api.components.schemas[name] ?? {}, { additionalProperties: false })
}
const ajv = new Ajv2020({ strict: false, coerceTypes: false })
addFormats.default(ajv)
ajv.addSchema(api, 'api')

/** What is wrong with a value, by a schema of the document. */
function faults(schema: object, value: unknown): unknown {
  const absolute = JSON.parse(JSON.stringify(schema).replaceAll('"#/', '"api#/')) as object
  const validate = ajv.compile(absolute)
  return validate(value) ? [] : validate.errors
}

const asked = new Map<string, Set<number>>()

/** Asks, and holds request and answer to the document. */
async function ask(operationId: string, status: number, url: string, init: RequestInit = {}): Promise<Response> {
  const operation = operations.find((one) => one.operationId === operationId)
  if (!operation) throw new Error(`the document has no ${operationId}`)
  const { searchParams } = new URL(url)
  const parameters = new Map((operation.parameters ?? []).map((one) => [one.name, one]))
  for (const [name, text] of searchParams) {
    const { schema } = parameters.get(name) ?? {}
    const numeric = /^-?\d+$/.test(text) && JSON.stringify(schema).includes('"integer"')
    const value = numeric ? Number(text) : /^(true|false)$/.test(text) ? text === 'true' : text
    if (status !== 400) expect(faults(schema ?? { not: {} }, value), `${operationId} ?${name}`).toEqual([])
  }
  const response = await fetch(url, init)
  expect(response.status, operationId).toBe(status)
  asked.set(operationId, (asked.get(operationId) ?? new Set()).add(status))
  const told = operation.responses[status]
  if (!told) throw new Error(`${operationId} answers ${status}, of which the document says nothing`)
  for (const name of Object.keys(told.headers ?? {})) {
    if (name !== 'StoryArt-Degraded') expect(response.headers.has(name), `${operationId} ${status} ${name}`).toBe(true)
  }
  const [type, media] = Object.entries(told.content ?? {})[0] ?? []
  if (type === undefined || !media) {
    expect(await response.clone().text()).toBe('')
    return response
  }
  expect(response.headers.get('Content-Type')?.split(';')[0]).toBe(type)
  if (type !== 'application/json') return response
  const body: unknown = JSON.parse(await response.clone().text())
  expect(faults(media.schema, body), `${operationId} ${status}: ${JSON.stringify(body).slice(0, 300)}`).toEqual([])
  if (init.method === 'PUT' || init.method === 'POST') {
    const request = operation.requestBody?.content['application/json']
    if (request && status === 200) expect(faults(request.schema, JSON.parse(String(init.body)))).toEqual([])
  }
  return response
}

let live: LiveServer
let base: string
const session = { ...sampleSession(), timestamp: 1_770_000_000_000 }
const AT = `/api/v1/session/${session.timestamp}`

beforeAll(async () => {
  live = await serve(memoryStore(), { openapi: contracts().get('openapi.json') ?? {}, maxBodyBytes: 4_000_000 })
  base = live.url
})

afterAll(() => live.stop())

/** A server over a backend that fails in one way. */
async function failing(code: AdapterError['code'], work: (url: string) => Promise<void>): Promise<void> {
  const fail = async (): Promise<never> => {
    throw new AdapterError(code, 'failed', { adapter: 'redis', operation: 'any' })
  }
  const adapter: SessionAdapter = { ...memoryAdapter(), put: fail, get: fail, list: fail, delete: fail, touch: fail }
  const server = await serve(
    new SessionStore({ adapter: { ...adapter, health: async () => ({ ok: false, latencyMs: 0, error: 'x' }) } }),
  )
  await work(server.url)
  await server.stop()
}

describe('the live handler and the OpenAPI document', () => {
  it('has exactly the routes of the handler', () => {
    const described = Object.entries(api.paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, { operationId }]) => `${method.toUpperCase()} ${path} ${operationId}`),
    )
    expect(described.sort()).toEqual(
      ROUTES.map(({ method, path, operationId }) => `${method} ${path} ${operationId}`).sort(),
    )
  })

  it('agree on every operation', async () => {
    await ask('getLatestSession', 404, `${base}/api/v1/session/latest`)
    await ask('getLatestSessionLegacy', 404, `${base}/api/v1/redis/session/latest`)
    await ask('saveSession', 200, `${base}/api/v1/session/save`, jsonRequest('POST', session))
    await ask('saveSession', 400, `${base}/api/v1/session/save`, jsonRequest('POST', { scriptText: 5 }))
    await ask('saveSession', 400, `${base}/api/v1/session/save`, jsonRequest('POST', '{'))
    await ask(
      'saveSession',
      413,
      `${base}/api/v1/session/save`,
      jsonRequest('POST', { scriptText: 'x'.repeat(4_000_001) }),
    )
    await ask('saveSession', 415, `${base}/api/v1/session/save`, {
      method: 'POST',
      body: '{}',
      headers: { 'Content-Type': 'text/plain' },
    })
    await ask('getLatestSession', 200, `${base}/api/v1/session/latest`)
    const found = await ask('getSession', 200, base + AT)
    const etag = String(found.headers.get('ETag'))
    await ask('getSession', 200, `${base}${AT}?view=raw`)
    await ask('getSession', 304, base + AT, { headers: { 'If-None-Match': etag } })
    await ask('getLatestSession', 304, `${base}/api/v1/session/latest`, { headers: { 'If-None-Match': etag } })
    await ask('getSession', 404, `${base}/api/v1/session/8`)
    await ask('getSession', 400, `${base}/api/v1/session/8x`)
    await ask('getLatestSessionLegacy', 200, `${base}/api/v1/redis/session/latest`)
    const put = { ...session, timestamp: 8 }
    await ask(
      'putSession',
      200,
      `${base}/api/v1/session/8?ttlMs=60000`,
      jsonRequest('PUT', put, { 'StoryArt-Summary': 'mine' }),
    )
    await ask(
      'putSession',
      412,
      `${base}/api/v1/session/8?ttlMs=keep`,
      jsonRequest('PUT', put, { 'If-None-Match': '*' }),
    )
    await ask('putSession', 400, `${base}/api/v1/session/8`, jsonRequest('PUT', []))
    await ask('touchSession', 200, `${base}/api/v1/session/8/touch?ttlMs=120000`, { method: 'POST' })
    await ask('touchSession', 404, `${base}/api/v1/session/9/touch`, { method: 'POST' })
    await ask('listSessions', 200, `${base}/api/v1/session/list`)
    await ask('listSessions', 200, `${base}/api/v1/session/list?limit=1`)
    await ask('listSessions', 200, `${base}/api/v1/session/list?view=entries&order=oldest&details=true&from=1&before=9`)
    await ask('listSessions', 400, `${base}/api/v1/session/list?limit=0`)
    await ask('getPromptsStatus', 200, `${base}${AT}/prompts-status`)
    await ask('getPromptsStatus', 404, `${base}/api/v1/session/9/prompts-status`)
    await ask('getQueue', 200, `${base}${AT}/queue?formats=cinematic,vertical&include=all`)
    await ask('getQueue', 404, `${base}/api/v1/session/9/queue`)
    await ask('deleteSession', 200, `${base}/api/v1/session/8`, { method: 'DELETE' })
    await ask('deleteSession', 404, `${base}/api/v1/session/8`, { method: 'DELETE' })
    await ask('getHealth', 200, `${base}/health`)
    await ask('getOpenApi', 200, `${base}/api/v1/session/openapi.json`)
    const events = await ask('watchSessions', 200, `${base}/api/v1/session/events`)
    const reader = events.body?.pipeThrough(new TextDecoderStream()).getReader()
    await reader?.read()
    await ask('saveSession', 200, `${base}/api/v1/session/save`, jsonRequest('POST', { ...session, timestamp: 9 }))
    const data = /^data: (.*)$/m.exec(String((await reader?.read())?.value))?.[1]
    await reader?.cancel()
    expect(faults({ $ref: '#/components/schemas/EventData' }, JSON.parse(String(data)))).toEqual([])
    expect([...asked.keys()].sort()).toEqual(operations.map(({ operationId }) => operationId).sort())
  })

  it('agree on what goes wrong behind the handler', async () => {
    await failing('ADAPTER_UNAVAILABLE', async (url) => {
      await ask('getLatestSession', 503, `${url}/api/v1/session/latest`)
      await ask('getHealth', 503, `${url}/health`)
      await ask('watchSessions', 503, `${url}/api/v1/session/events`)
      await ask('getOpenApi', 404, `${url}/api/v1/session/openapi.json`)
    })
    await failing('ADAPTER_DENIED', async (url) => void (await ask('getSession', 502, `${url}${AT}`)))
    await failing(
      'ADAPTER_FAILED',
      async (url) => void (await ask('listSessions', 500, `${url}/api/v1/session/list?limit=1`)),
    )
    await failing('ADAPTER_QUOTA', async (url) => {
      await ask('putSession', 507, `${url}${AT}`, jsonRequest('PUT', session))
      await ask('saveSession', 507, `${url}/api/v1/session/save`, jsonRequest('POST', session))
    })
  })

  it('agree on who may come in', async () => {
    const guarded = await serve(memoryStore(), { authorize: bearerToken('a-long-enough-token') })
    await ask('getSession', 401, `${guarded.url}${AT}`)
    await guarded.stop()
    const closed = await serve(memoryStore(), { authorize: () => false })
    await ask('getSession', 403, `${closed.url}${AT}`)
    await closed.stop()
  })
})
