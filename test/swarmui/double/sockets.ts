/** The dispatcher over WebSocket, and the life of a generation socket. */
import type { IncomingHttpHeaders } from 'node:http'
import type { WebSocket } from 'ws'
import { type Answer, INTERNAL, refusal } from './answers.js'
import { objectOf } from './http.js'
import { type Outlet, runRequest, Unreadable } from './request.js'
import { ROUTES } from './routes.js'
import { type DoubleState, type SwarmSession, statusOf } from './state.js'

const GENERATE = { permission: 'basic_image_generation', needs: { images: 'Int32' } } as const

export function serveSocket(state: DoubleState, socket: WebSocket, name: string, headers: IncomingHttpHeaders): void {
  state.sockets.add(socket)
  let finished = false
  socket.on('close', () => {
    state.sockets.delete(socket)
    if (!finished) state.log.push('client closed')
  })
  socket.on('error', () => undefined) // it closes as well
  const end = (): void => {
    finished = true
    socket.close(1000)
  }
  const refuse = ({ body, legacy }: Answer): void => {
    finished = true
    const silent = state.options.legacyHtmlErrors && legacy === 'Internal'
    if (!silent) socket.send(JSON.stringify(body))
    socket.close(silent ? 1011 : 1000)
  }
  socket.once('message', (data) => {
    const body = objectOf(String(data))
    if (!body) return refuse(INTERNAL)
    state.requests.push({ route: name, over: 'ws', body, headers })
    const sessionId = 'session_id' in body ? body.session_id : headers['x-session-id']
    const socketRoute = name === 'generatetext2imagews'
    const route = socketRoute ? GENERATE : name === 'generatetext2image' ? GENERATE : ROUTES[name]
    const refused = refusal(state, { route, socketRoute, sessionId, overSocket: true, body })
    const session = state.sessions.get(String(sessionId))
    if (refused || !session) return refuse(refused ?? INTERNAL)
    generate(state, socket, session, body, end)
  })
}

/** Runs the first request, and every further one that comes in time; closes when none is left. */
function generate(
  state: DoubleState,
  socket: WebSocket,
  session: SwarmSession,
  first: Record<string, unknown>,
  end: () => void,
): void {
  let offset = 0
  let running = 0
  let generation = 0
  let reading = true
  let ended = false
  let sent = 0
  const send = (message: Record<string, unknown>): void => {
    if (socket.readyState !== socket.OPEN) return // the work goes on, for nobody
    socket.send(JSON.stringify(message))
    sent++
    if (sent === state.dropAfter) socket.terminate()
  }
  const outlet: Outlet = { live: true, emit: send, drop: () => socket.terminate() }

  const start = (body: Record<string, unknown>): void => {
    const mine = offset
    offset += (Number(body.images) || 0) * (Number(body.batchsize) || 1)
    running++
    generation++
    runRequest(state, session, body, mine, outlet)
      .catch((error: unknown) => {
        if (!(error instanceof Unreadable)) throw error // what is not to be read is only logged
      })
      .finally(() => {
        running--
        if (running === 0) void intend()
      })
  }

  const intend = async (): Promise<void> => {
    const before = generation
    send({ socket_intention: 'close' })
    if (state.neverClose) return
    await state.pause(state.options.graceMs)
    if (generation !== before) return
    ended = true
    send(statusOf(state, [session]))
    end()
  }

  socket.on('message', (data) => {
    if (!reading || ended) return
    const body = objectOf(String(data))
    if (!body) {
      reading = false
      return
    }
    state.requests.push({ route: 'generatetext2imagews', over: 'follow-up', body, headers: {} })
    start(body)
  })
  start(first)
}
