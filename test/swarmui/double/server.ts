/**
 * A faithful double of SwarmUI: the shapes, the order and the silences of the real server, without the GPU.
 *
 * It paints real PNG files. It does not do what fakes like to do: it answers 200 to what fails, goes on painting for
 * who has left, takes any name that contains what was asked for, and sorts nothing.
 */
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { WebSocketServer } from 'ws'
import { answerHttp } from './http.js'
import { serveSocket } from './sockets.js'
import { type Backend, type DoubleOptions, DoubleState, type Fault } from './state.js'

export class SwarmDouble extends DoubleState {
  readonly #connections = new Set<Socket>()
  readonly #server = createServer((request, response) => {
    answerHttp(this, request, response).catch((error: unknown) => {
      response.destroy(error instanceof Error ? error : undefined)
    })
  })
  readonly #upgrades = new WebSocketServer({ noServer: true, maxPayload: this.options.maxBytes })

  /** Where it listens, without a slash at the end. */
  url = ''

  static async start(options: DoubleOptions = {}): Promise<SwarmDouble> {
    const double = new SwarmDouble(options)
    await double.#listen()
    return double
  }

  async #listen(): Promise<void> {
    this.#server.on('connection', (socket) => {
      if (this.down) {
        socket.destroy()
        return
      }
      this.#connections.add(socket)
      socket.once('close', () => this.#connections.delete(socket))
    })
    this.#server.on('upgrade', (request, socket, head) => {
      const { requiredAuthorization } = this.options
      if (requiredAuthorization !== undefined && request.headers.authorization !== requiredAuthorization) {
        socket.end('HTTP/1.1 401 Unauthorized\r\ncontent-type: text/plain\r\ncontent-length: 12\r\n\r\nUnauthorized')
        return
      }
      const name = (/^\/api\/([^?]*)/i.exec(request.url ?? '')?.[1] ?? '').toLowerCase()
      this.#upgrades.handleUpgrade(request, socket, head, (opened) => serveSocket(this, opened, name, request.headers))
    })
    this.#server.listen(0, '127.0.0.1')
    await once(this.#server, 'listening')
    const { port } = this.#server.address() as AddressInfo
    this.url = `http://127.0.0.1:${port}`
  }

  /** How many connections are open. */
  get connections(): number {
    return this.#connections.size
  }

  /** The `n`-th image from now, from 0, meets this. */
  failImage(n: number, fault: Fault): void {
    this.faults.set(this.dispatched + n, fault)
  }

  forgetSessions(): void {
    this.sessions.clear()
  }

  setBackends(backends: Backend[]): void {
    this.backends = backends
    this.notify()
  }

  /** Every socket breaks, all work is lost, the files stay. Sessions do, too, unless told otherwise. */
  restart({ keepSessions = true, downMs = 0 }: { keepSessions?: boolean; downMs?: number } = {}): void {
    this.serverId = `server-${Number(this.serverId.slice(7)) + 1}`
    this.down = downMs > 0
    for (const { claims } of this.sessions.values()) {
      for (const claim of claims) claim.interrupted = true
      claims.clear()
    }
    for (const socket of this.sockets) socket.terminate()
    for (const connection of this.#connections) connection.destroy()
    if (!keepSessions) this.sessions.clear()
    this.notify()
    void this.pause(downMs).then(() => {
      this.down = false
    })
  }

  /** The bodies that asked for pictures. */
  get generations(): unknown[] {
    return this.requests.filter(({ route }) => /^generatetext2image/.test(route)).map(({ body }) => body)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const socket of this.sockets) socket.terminate()
    this.#upgrades.close()
    const closed = new Promise<unknown>((resolve) => this.#server.close(resolve))
    for (const connection of this.#connections) connection.destroy()
    await closed
    this.forget()
  }
}
