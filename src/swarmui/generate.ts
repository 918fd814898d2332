/**
 * One request for pictures, from the first word to the last.
 * @module
 */

import { SwarmError } from '../errors.js'
import { isRecord } from '../prompt/is-record.js'
import { Gathering, type GenerateRequest, type Generation, type GenerationProgress, noPicture } from './generation.js'
import { type Link, post, type Reply } from './link.js'
import { refusalOf, swarmError } from './refusal.js'
import type { SwarmSession } from './session.js'
import { Conversation, type WebSocketClass } from './socket.js'

/** How long the server gets to hear that it shall stop. */
const INTERRUPT_MS = 5_000

/** How to paint. @internal */
export interface Painting {
  link: Link
  session: SwarmSession
  /** `null` for plain HTTP. */
  WebSocket: WebSocketClass | null
  idleMs: number
  signal: AbortSignal
  onProgress: ((progress: GenerationProgress) => void) | undefined
}

/** Stops all that a session has running; without an answer it is given up. @internal */
export async function interrupt(link: Link, session: SwarmSession): Promise<void> {
  const body = { session_id: session.id, other_sessions: false }
  await post(link, 'InterruptAll', body, AbortSignal.timeout(INTERRUPT_MS))
}

/** Asks, and gathers what comes. On abort the server hears of it before the connection is closed. @internal */
export async function generate(painting: Painting, request: GenerateRequest): Promise<Generation> {
  const { signal, link, session } = painting
  signal.throwIfAborted()
  const { parameters, images = 1, metadata } = request
  const body = {
    session_id: session.id,
    images,
    ...parameters,
    ...(metadata && { extra_metadata: metadata }),
  }
  const conversation = new Conversation()
  const hangUp = new AbortController()
  const stop = async (): Promise<void> => {
    await interrupt(link, session).catch(() => undefined) // it is stopped as well as can be
    conversation.fail(swarmError('SWARM_LOST', 'stopped.'))
    hangUp.abort()
  }
  const onAbort = (): void => void stop()
  signal.addEventListener('abort', onAbort, { once: true })
  try {
    return painting.WebSocket
      ? await overSocket(painting, conversation, painting.WebSocket, body, images)
      : await overHttp(link, body, images, hangUp.signal)
  } catch (error) {
    signal.throwIfAborted()
    throw error
  } finally {
    signal.removeEventListener('abort', onAbort)
  }
}

async function overSocket(
  { link, idleMs, onProgress }: Painting,
  conversation: Conversation,
  WebSocket: WebSocketClass,
  body: Reply,
  images: number,
): Promise<Generation> {
  const gathering = new Gathering(images)
  const talk = {
    WebSocket,
    url: `${link.baseUrl.replace(/^http/, 'ws')}/API/GenerateText2ImageWS`,
    headers: link.headers,
    openMs: link.requestMs,
    idleMs,
  }
  let failed = false
  try {
    for await (const message of conversation.messages(talk, JSON.stringify(body))) {
      if ('image' in message) gathering.add(message)
      else if (isRecord(message.gen_progress)) tell(onProgress, message.gen_progress)
      else if ('error_id' in message) throw refusalOf('the generation', message)
      else if ('error' in message) {
        failed = true
        gathering.fail(refusalOf('the generation', message))
      } else if ('discard_indices' in message) {
        gathering.discard(message.discard_indices)
        break
      } else if ('socket_intention' in message) break
    }
  } catch (error) {
    // The one picture has failed already, so nothing is lost with the connection.
    if (!(failed && images === 1 && error instanceof SwarmError && error.code === 'SWARM_LOST')) throw error
  }
  return gathering.end()
}

function tell(onProgress: Painting['onProgress'], progress: Reply): void {
  const index = Number(progress.batch_index)
  const done = Math.min(Math.max(Number(progress.overall_percent), 0), 1)
  if (!onProgress || Number.isNaN(done)) return
  onProgress({ index, done, preview: typeof progress.preview === 'string' ? progress.preview : null })
}

async function overHttp(link: Link, body: Reply, wanted: number, signal: AbortSignal): Promise<Generation> {
  const reply = await post(link, 'GenerateText2Image', body, signal, null).catch((error: unknown) => {
    // Without an answer it cannot be known whether the server has heard the question.
    if (!(error instanceof SwarmError && error.code === 'SWARM_UNAVAILABLE' && error.detail === null)) throw error
    throw swarmError('SWARM_LOST', 'the connection broke; the picture may still be painted.', error)
  })
  const found = Array.isArray(reply.images) ? reply.images.filter((src) => typeof src === 'string') : []
  // In the order they were finished in; whatever comes before the last ones was not asked for.
  const images = found
    .slice(-wanted)
    .map((src) => ({ index: wanted === 1 ? 0 : null, src, seed: null, metadata: null }))
  const extras = found.slice(0, -wanted).map((src) => ({ index: null, src, seed: null, metadata: null }))
  const missing = wanted - images.length
  if (images.length === 0) throw noPicture(missing)
  return { images, extras, error: missing > 0 ? noPicture(missing) : null }
}
