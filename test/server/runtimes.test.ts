import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo, Server } from 'node:net'
import { serve as serveHono } from '@hono/node-server'
import express from 'express'
import { Hono } from 'hono'
import { afterEach, describe, expect, it } from 'vitest'
import { createSessionHandler, toNodeListener } from '../../src/server/index.js'
import { fullEpisode } from '../fixtures/index.js'
import { ask, jsonRequest, memoryStore } from './harness.js'
import { type Running, startRuntime } from './runtimes.js'

const cleanups: (() => Promise<unknown>)[] = []

afterEach(async () => {
  for (const cleanup of cleanups.splice(0)) await cleanup()
})

async function urlOf(server: Server): Promise<string> {
  if (!server.listening) await once(server, 'listening')
  cleanups.push(() => new Promise((resolve) => server.close(resolve)))
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

/** A session goes in and comes out, whole, compressed, conditional; and what is not there is JSON. */
async function works(url: string): Promise<void> {
  const base = `${url}/api/v1/session`
  const session = { ...fullEpisode(), timestamp: 1_767_225_600_000 }
  const saved = await ask(`${base}/save`, jsonRequest('POST', session))
  expect(saved.body).toEqual({
    success: true,
    message: 'Session saved successfully',
    sessionKey: 'storyart:session:1767225600000',
    storage: 'memory',
  })
  const latest = await ask(`${base}/latest`)
  expect(latest.body).toEqual({ success: true, data: session, storage: 'memory' })
  expect((await ask(`${base}/list`)).body).toEqual({ success: true, count: 1, sessions: [session] })
  expect((await ask(`${base}/list?limit=5`)).body).toMatchObject({
    count: 1,
    sessions: [{ title: session.analyzedEpisode?.title }],
  })
  const head = await fetch(`${base}/1767225600000`, { method: 'HEAD' })
  expect([head.status, await head.text()]).toEqual([200, ''])
  const etag = latest.headers.get('ETag') ?? ''
  expect(etag).toMatch(/^"[0-9a-f]{40}(-gzip|-br)?"$/)
  const again = await fetch(`${base}/latest`, { headers: { 'If-None-Match': etag } })
  expect([again.status, await again.text()]).toEqual([304, ''])
  const conflict = await ask(`${base}/1767225600000`, jsonRequest('PUT', '{}', { 'If-None-Match': '*' }))
  expect(conflict).toMatchObject({ status: 412, body: { reason: 'exists' } })
  expect(await ask(`${base}/1767225600000`, { method: 'DELETE' })).toMatchObject({ status: 200 })
  expect(await ask(`${base}/latest`)).toMatchObject({ status: 404, body: { success: false } })
  expect(await ask(`${base}/1767225600000abc`)).toMatchObject({ status: 400, body: { success: false } })
}

describe('the handler runs in', () => {
  it('plain Node', async () => {
    const server = createServer(toNodeListener(createSessionHandler(memoryStore()))).listen(0, '127.0.0.1')
    await works(await urlOf(server))
  })

  it('Express, beside other routes', async () => {
    const app = express()
    app.get('/hello', (_request, response) => void response.send('hello'))
    app.use(['/api/v1', '/health'], toNodeListener(createSessionHandler(memoryStore())))
    const url = await urlOf(app.listen(0, '127.0.0.1'))
    expect(await (await fetch(`${url}/hello`)).text()).toBe('hello')
    await works(url)
  })

  it('Hono, on its Node server', async () => {
    const handler = createSessionHandler(memoryStore())
    const app = new Hono().get('/hello', (c) => c.text('hello')).all('/api/v1/*', (c) => handler(c.req.raw))
    const url = await urlOf(serveHono({ fetch: app.fetch, port: 0, hostname: '127.0.0.1' }) as Server)
    expect(await (await fetch(`${url}/hello`)).text()).toBe('hello')
    await works(url)
  })

  it('Next: a route handler is the function itself', async () => {
    const handler = createSessionHandler(memoryStore())
    const { GET, PUT } = { GET: handler, PUT: handler }
    const url = 'https://story.example/api/v1/session/5'
    const put = await PUT(new Request(url, jsonRequest('PUT', '{"scriptText":"SCENE 1"}')))
    expect(put.status).toBe(200)
    expect(await (await GET(new Request(url))).json()).toMatchObject({ data: { scriptText: 'SCENE 1', timestamp: 5 } })
  })

  it.each(['deno', 'bun', 'workerd'] as const)('%s, from the built package', { timeout: 120_000 }, async (name) => {
    const running: Running = await startRuntime(name)
    cleanups.push(running.stop)
    await works(running.url)
  })
})
