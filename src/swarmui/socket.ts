/**
 * One conversation over a WebSocket.
 * @module
 */

import { StoryArtError } from '../errors.js'
import { jsonValue } from '../parse-json.js'
import { isRecord } from '../prompt/is-record.js'
import type { Reply } from './link.js'
import { swarmError } from './refusal.js'

/** What of an event of a {@link WebSocketLike} is read. */
export interface WebSocketEventLike {
  /** The name of the event. */
  readonly type: string
  /** The text, of a `message`. */
  readonly data?: unknown
}

/** What is needed of a socket: the browser's own has it, Node's from version 22 on, and that of the package `ws`. */
export interface WebSocketLike {
  /** Sends a text. */
  send(data: string): void
  /** Begins to close. */
  close(): void
  /** Adds a listener. */
  addEventListener(type: 'open' | 'message' | 'error' | 'close', listener: (event: WebSocketEventLike) => void): void
}

/** Makes sockets. Where there are headers to send, `{ headers }` follows as a second argument, which those of Node take. */
export type WebSocketClass = new (url: string) => WebSocketLike

/** How to converse. @internal */
export interface Talk {
  WebSocket: WebSocketClass
  url: string
  headers: Readonly<Record<string, string>>
  /** How long opening may take. */
  openMs: number
  /** How long the server may say nothing. */
  idleMs: number
}

type Heard = Reply | Error

/** A socket whose messages are read one after the other. @internal */
export class Conversation {
  readonly #heard: Heard[] = []
  #wake: (() => void) | null = null
  #socket: WebSocketLike | null = null
  #timer: ReturnType<typeof setTimeout> | undefined
  #over = false

  /** Ends what is being read, with an error of the caller's. */
  fail(error: Error): void {
    this.#hear(error)
  }

  /** Opens a socket, says `first`, and gives every object that comes. Ends only by an error; closes when left. */
  async *messages(talk: Talk, first: string): AsyncGenerator<Reply> {
    try {
      const socket = this.#open(talk, first)
      this.#socket = socket
      for (;;) {
        const next = this.#heard.shift()
        if (next instanceof Error) throw next
        if (next) yield next
        else
          await new Promise<void>((resolve) => {
            this.#wake = resolve
          })
      }
    } finally {
      this.#over = true
      clearTimeout(this.#timer)
      this.#socket?.close()
    }
  }

  #open({ WebSocket, url, headers, openMs, idleMs }: Talk, first: string): WebSocketLike {
    let sent = false
    const gone = (why: string): void =>
      this.#hear(
        sent
          ? swarmError('SWARM_LOST', `the connection ${why}; the picture may still be painted.`)
          : swarmError('SWARM_UNAVAILABLE', `the socket ${why} before anything was asked.`),
      )
    const expect = (ms: number): void => {
      clearTimeout(this.#timer)
      if (!this.#over) this.#timer = setTimeout(() => gone(`said nothing for ${ms} ms`), ms)
    }
    const socket = socketOf(WebSocket, url, headers)
    expect(openMs)
    socket.addEventListener('open', () => {
      if (this.#over) return
      sent = true
      socket.send(first)
      expect(idleMs)
    })
    socket.addEventListener('message', ({ data }) => {
      expect(idleMs)
      const value = typeof data === 'string' ? jsonValue(data) : null
      if (isRecord(value)) this.#hear(value)
      else this.#hear(swarmError('SWARM_PROTOCOL', 'the socket said something that is no JSON object.'))
    })
    socket.addEventListener('error', () => gone('broke'))
    socket.addEventListener('close', () => gone('was closed'))
    return socket
  }

  #hear(what: Heard): void {
    this.#heard.push(what)
    this.#wake?.()
  }
}

function socketOf(WebSocket: WebSocketClass, url: string, headers: Readonly<Record<string, string>>): WebSocketLike {
  if (Object.keys(headers).length === 0) return new WebSocket(url)
  try {
    return Reflect.construct(WebSocket, [url, { headers }])
  } catch (cause) {
    throw new StoryArtError(
      'INVALID_ARGUMENT',
      "SwarmUI: this WebSocket cannot send headers; leave out headers and authorization, or pass transport: 'http'.",
      { cause },
    )
  }
}
