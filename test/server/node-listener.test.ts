import { once } from 'node:events'
import { createServer, request, type Server } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { createSessionHandler, type Listening, listen, toNodeListener } from '../../src/server/index.js'
import { ask, memoryStore, serve } from './harness.js'

const opened: (Listening | Server)[] = []

afterEach(async () => {
  for (const one of opened.splice(0)) {
    if ('closeAllConnections' in one) {
      one.closeAllConnections()
      one.close()
    } else await one.close({ graceMs: 0 })
  }
})

async function listening(...args: Parameters<typeof listen>): Promise<Listening> {
  const live = await listen(args[0], { port: 0, ...args[1] })
  opened.push(live)
  return live
}

/** What comes back on a connection for these bytes, until it is closed. */
async function raw(port: number, bytes: string): Promise<string> {
  const socket = connect(port, '127.0.0.1')
  socket.write(bytes)
  let text = ''
  socket.on('error', () => undefined) // being cut off is an answer
  socket.on('data', (chunk) => {
    text += chunk
  })
  await once(socket, 'close')
  return text
}

const echo = async (incoming: Request): Promise<Response> =>
  Response.json({
    url: incoming.url,
    method: incoming.method,
    text: await incoming.text(),
    a: incoming.headers.get('A'),
  })

describe('toNodeListener', () => {
  it('passes method, path, headers and body as they are', async () => {
    const { url } = await listening(echo)
    const answer = await ask(`${url}/a%20b//c?d=e&d=f`, { method: 'PUT', body: 'caf\u00e9', headers: { A: '1' } })
    expect(answer.body).toEqual({ url: `${url}/a%20b//c?d=e&d=f`, method: 'PUT', text: 'caf\u00e9', a: '1' })
  })

  it('takes a path with two slashes in front for a path, and no host', async () => {
    const { port } = await listening(echo)
    const text = await raw(port, 'GET //evil.example/x HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n')
    expect(text).toContain('"url":"http://localhost//evil.example/x"')
  })

  it.each([
    ['a host that is none', 'GET / HTTP/1.1\r\nHost: a b\r\nConnection: close\r\n\r\n'],
    ['a method the web forbids', 'TRACE / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n'],
  ])('%s is 400 in JSON', async (_, bytes) => {
    const { port } = await listening(echo)
    const text = await raw(port, bytes)
    expect(text).toMatch(/^HTTP\/1\.1 400 /)
    expect(text).toContain('{"success":false,"error":"The request line or the Host header cannot be read"}')
  })

  it('aborts the signal and cancels the body when the client goes', async () => {
    let aborted = false
    let cancelled = false
    const { port } = await listening((incoming) => {
      incoming.signal.addEventListener('abort', () => {
        aborted = true
      })
      return new Response(
        new ReadableStream({
          start: (controller) => controller.enqueue(new Uint8Array(10)),
          cancel() {
            cancelled = true
          },
        }),
      )
    })
    const socket = connect(port, '127.0.0.1')
    socket.write('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n')
    await once(socket, 'data')
    socket.destroy()
    await vi.waitUntil(() => aborted && cancelled)
  })

  it('waits for a client that reads slowly', async () => {
    let pulled = 0
    const chunk = new Uint8Array(1_000_000)
    const { port } = await listening(
      () =>
        new Response(
          new ReadableStream({
            pull(controller) {
              pulled++
              if (pulled <= 200) controller.enqueue(chunk)
              else controller.close()
            },
          }),
        ),
    )
    const incoming = request({ port, host: '127.0.0.1' }).end()
    const [response] = await once(incoming, 'response')
    await new Promise((resolve) => setImmediate(resolve))
    const before = pulled
    expect(before).toBeLessThan(100)
    let received = 0
    for await (const part of response) received += part.length
    expect(received).toBe(200_000_000)
  })

  it('waits for a handler that reads slowly, and drains what it does not want', async () => {
    const { port } = await listening(async (incoming) => {
      await incoming.body?.getReader().read()
      return new Response('enough', { status: 413 })
    })
    const outgoing = request({ port, host: '127.0.0.1', method: 'POST' })
    outgoing.on('error', () => undefined)
    const answered = once(outgoing, 'response')
    for (let part = 0; part < 50; part++) outgoing.write(Buffer.alloc(1_000_000))
    outgoing.end()
    const [response] = await answered
    expect(response.statusCode).toBe(413)
    response.resume()
    await once(response, 'end')
  })

  it('a connection can be used again after a body nobody read', async () => {
    const { url } = await listening(() => new Response('no', { status: 404 }))
    for (let round = 0; round < 3; round++) {
      const response = await fetch(url, { method: 'POST', body: 'x'.repeat(200_000) })
      expect([response.status, await response.text()]).toEqual([404, 'no'])
    }
  })

  it('a handler that throws is a 500 with an id, and is told', async () => {
    const told: unknown[] = []
    const { url } = await listening(() => Promise.reject(new Error('secret')), { onError: (error) => told.push(error) })
    const { status, body } = await ask(url)
    expect([status, body]).toEqual([500, { success: false, error: 'Internal error', id: expect.any(String) }])
    expect(told.map(String)).toEqual(['Error: secret'])
  })

  it('keeps several cookies apart', async () => {
    const server = createServer(
      toNodeListener(() => {
        const headers = new Headers()
        headers.append('Set-Cookie', 'a=1')
        headers.append('Set-Cookie', 'b=2')
        return new Response(null, { headers })
      }),
    ).listen(0, '127.0.0.1')
    opened.push(server)
    await once(server, 'listening')
    const response = await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)
    expect(response.headers.getSetCookie()).toEqual(['a=1', 'b=2'])
  })
})

describe('listen', () => {
  it('is for this machine alone', async () => {
    const { url, server } = await listening(createSessionHandler(memoryStore()))
    expect(url).toBe(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)
    expect((server.address() as AddressInfo).address).toBe('127.0.0.1')
  })

  it.each(['0.0.0.0', '::', '192.168.1.5', 'example.com', '127.example.com', ''])(
    'refuses the address "%s" without authorize, unless told',
    async (host) => {
      const error = await listen(createSessionHandler(memoryStore()), { port: 0, host }).catch((caught) => caught)
      expect(error).toMatchObject({ code: 'INVALID_ARGUMENT', message: expect.stringContaining('authorize') })
    },
  )

  it('serves a public address with authorize, or when told', async () => {
    const open = await listening(createSessionHandler(memoryStore()), { host: '0.0.0.0', allowPublic: true })
    expect((await fetch(`http://127.0.0.1:${open.port}/health`)).status).toBe(200)
    const locked = await listening(createSessionHandler(memoryStore(), { authorize: () => false }), { host: '0.0.0.0' })
    expect((await fetch(`http://127.0.0.1:${locked.port}/health`)).status).toBe(403)
  })

  it('is not reached through a name that a page has given to this machine', async () => {
    const { port } = await listening(createSessionHandler(memoryStore()), { hosts: ['story.internal'] })
    const as = async (host: string) =>
      (await raw(port, `GET /health HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`)).slice(9, 12)
    expect(await as('evil.example')).toBe('421')
    for (const host of ['localhost:7802', '127.0.0.1', '[::1]:7802', 'story.internal'])
      expect(await as(host)).toBe('200')
  })

  it('cuts off headers that come too slowly, and refuses those that are too large', async () => {
    const { port } = await listening(createSessionHandler(memoryStore()), {
      headersTimeoutMs: 50,
      maxHeaderBytes: 4096,
    })
    expect(await raw(port, 'GET /health HTTP/1.1\r\nHost: localhost\r\n')).toMatch(/^HTTP\/1\.1 408 /)
    expect(await raw(port, `GET /health HTTP/1.1\r\nHost: localhost\r\nA: ${'x'.repeat(5000)}\r\n\r\n`)).toMatch(
      /^HTTP\/1\.1 431 /,
    )
  })

  it('cuts off a body that comes too slowly', async () => {
    const { port } = await listening(createSessionHandler(memoryStore()), {
      requestTimeoutMs: 60,
      headersTimeoutMs: 50,
    })
    const head =
      'POST /api/v1/session/save HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{'
    expect(await raw(port, head)).toMatch(/^HTTP\/1\.1 408 /)
  })

  it('a port that is taken rejects', async () => {
    const { port } = await listening(echo)
    await expect(listen(echo, { port })).rejects.toMatchObject({ code: 'EADDRINUSE' })
  })

  it('close lets what runs finish, takes nothing new, and may be called twice', async () => {
    let finish = (): void => {}
    const { url, close, server } = await listening(async () => {
      await new Promise<void>((resolve) => {
        finish = resolve
      })
      return new Response('done')
    })
    const running = fetch(url)
    await once(server, 'request')
    const closed = close()
    await expect(fetch(url)).rejects.toThrow()
    finish()
    expect(await (await running).text()).toBe('done')
    await Promise.all([closed, close()])
    expect(server.listening).toBe(false)
  })

  it('close cuts off what does not finish in time', async () => {
    const { url, close, server } = await listening(() => new Promise<Response>(() => undefined))
    const running = fetch(url)
    await once(server, 'request')
    await close({ graceMs: 10 })
    await expect(running).rejects.toThrow()
  })

  it('a client that goes in the middle of a save harms nobody', async () => {
    const live = await serve()
    const head = `POST /api/v1/session/save HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{`
    const socket = connect(live.port, '127.0.0.1')
    socket.write(head)
    await once(live.server, 'request')
    socket.destroy()
    expect((await ask(`${live.url}/api/v1/session/list`)).body).toMatchObject({ count: 0 })
    expect(live.failures).toEqual([])
    await live.stop()
  })
})
