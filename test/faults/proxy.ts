/**
 * A TCP proxy of bad character: it stands before a server and lets bytes pass, late, changed, by half or not at all.
 */

import { once } from 'node:events'
import { connect, createServer, type Server, type Socket } from 'node:net'
import { freePort } from '../redis/server.js'

/** `up`: what the client sends. `down`: what the server answers. */
export type Direction = 'up' | 'down'

/** What befalls one byte, and with `cut` and `stall` all that come after it on that connection. */
export interface Trouble {
  direction: Direction
  /** Which byte, counted from 0 over all connections from the moment this is said. */
  at: number
  /** `cut`: both ends are reset. `stall`: nothing passes any more. `drop`: it is left out. `flip`: it comes as another one. */
  kind: 'cut' | 'stall' | 'drop' | 'flip'
  /** What `flip` changes: the bits to turn over. Default: the lowest. */
  mask?: number
}

/** A running proxy. Everything may be changed at any time. */
export interface TcpProxy {
  readonly port: number
  /** `redis://127.0.0.1:port`. */
  readonly url: string
  /** How long each piece is held back, in ms, in either direction. Default: 0. */
  delayMs: number
  /** Whether new connections are reset at once. Default: `false`. */
  refusing: boolean
  /** Whether everything that comes is lost, while connections stay open. Default: `false`. */
  swallowing: boolean
  /** How many bytes have passed since `strike`, or the start. */
  readonly passed: Readonly<Record<Direction, number>>
  /** Lets something happen at a byte that is yet to come; the last one said counts. Resolves when it has happened. */
  strike(trouble: Trouble): Promise<void>
  /** Nothing will happen that has not yet. */
  spare(): void
  /** Resets all connections. What was held back is lost. */
  cut(): void
  /** Resets all connections and takes no more. */
  close(): Promise<void>
}

interface Link {
  client: Socket
  upstream: Socket
  stalled: boolean
}

/** Starts a proxy on a free port of the loopback interface. */
export async function startProxy(target: number): Promise<TcpProxy> {
  const port = await freePort()
  const links = new Set<Link>()
  const passed = { up: 0, down: 0 }
  let pending: { trouble: Trouble; done: () => void } | undefined

  const cutLink = (link: Link): void => {
    links.delete(link)
    for (const socket of [link.client, link.upstream]) socket.resetAndDestroy()
  }

  /** What is left of a piece, and whether the link survives it. */
  const suffer = (direction: Direction, piece: Buffer, link: Link): { rest: Buffer; cut: boolean } => {
    const trouble = pending?.trouble
    const at = trouble ? trouble.at - passed[direction] : -1
    passed[direction] += piece.length
    if (!pending || trouble?.direction !== direction || at >= piece.length) return { rest: piece, cut: false }
    pending.done()
    pending = undefined
    const before = piece.subarray(0, at)
    if (trouble.kind === 'cut') return { rest: before, cut: true }
    if (trouble.kind === 'stall') {
      link.stalled = true
      return { rest: before, cut: false }
    }
    const changed = trouble.kind === 'flip' ? [(piece[at] ?? 0) ^ (trouble.mask ?? 1)] : []
    return { rest: Buffer.concat([before, Buffer.from(changed), piece.subarray(at + 1)]), cut: false }
  }

  const pipe = (direction: Direction, from: Socket, to: Socket, link: Link): void => {
    let tail = Promise.resolve()
    from.on('data', (piece: Buffer) => {
      if (link.stalled || proxy.swallowing) return
      const { rest, cut } = suffer(direction, piece, link)
      const deliver = (): void => {
        if (!links.has(link)) return
        if (cut) to.write(rest, () => cutLink(link))
        else to.write(rest)
      }
      const ms = proxy.delayMs
      tail = tail.then(() => (ms > 0 ? new Promise((resolve) => setTimeout(resolve, ms)) : undefined)).then(deliver)
    })
    from.on('error', () => cutLink(link))
    from.on('close', () => cutLink(link))
  }

  const server: Server = createServer((client) => {
    if (proxy.refusing) {
      client.on('error', () => undefined)
      client.resetAndDestroy()
      return
    }
    const upstream = connect(target, '127.0.0.1')
    const link = { client, upstream, stalled: false }
    links.add(link)
    pipe('up', client, upstream, link)
    pipe('down', upstream, client, link)
  })
  server.listen(port, '127.0.0.1')
  await once(server, 'listening')

  const proxy: TcpProxy = {
    port,
    url: `redis://127.0.0.1:${port}`,
    delayMs: 0,
    refusing: false,
    swallowing: false,
    passed,
    strike(trouble) {
      passed.up = 0
      passed.down = 0
      return new Promise((done) => {
        pending = { trouble, done }
      })
    },
    spare() {
      pending = undefined
    },
    cut() {
      for (const link of links) cutLink(link)
    },
    async close() {
      this.cut()
      server.close()
      await once(server, 'close')
    },
  }
  return proxy
}
