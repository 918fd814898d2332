/**
 * Hearing of changes from a server that tells them.
 * @module
 */
import { withDeadline } from '../deadline.js'
import { jsonValue } from '../parse-json.js'
import { WIRE_PATHS } from '../wire.js'
import { isEventData } from '../wire-answers.js'
import { EventParser } from './http-events.js'
import { type Exchange, reached } from './http-exchange.js'
import { HttpFailure } from './http-failure.js'

/** A change that a server told. */
export interface ToldChange {
  /** The session that changed. */
  id: number
  /** `true`: it was written; `false`: it was removed. */
  written: boolean
}

const FIRST_PAUSE_MS = 1000
const LONGEST_PAUSE_MS = 30_000
/** A server says that it is alive every 15 s: after four times that the connection is taken for dead. */
const SILENCE_MS = 60_000

/**
 * Listens until it is told to stop: connects again when a connection ends, and says what it had heard last. Gives up
 * where every address answers that it tells no changes.
 *
 * @returns What ends it, at once and for good.
 * @internal
 */
export function listen(bases: readonly string[], how: Exchange, tell: (change: ToldChange) => void): () => void {
  const end = new AbortController()
  void run(bases, how, tell, end.signal)
  return () => end.abort()
}

async function run(
  bases: readonly string[],
  how: Exchange,
  tell: (change: ToldChange) => void,
  end: AbortSignal,
): Promise<void> {
  const memory = { lastId: '', retryMs: FIRST_PAUSE_MS }
  for (let failures = 0; ; failures++) {
    let mute = 0
    for (const base of bases) {
      try {
        const body = await open(base, how, memory.lastId, end)
        failures = 0
        await hear(body, memory, tell, how.schedule, end)
        break
      } catch (error) {
        if (error instanceof HttpFailure && !error.passes) mute++
      }
      if (end.aborted) return
    }
    if (end.aborted || mute === bases.length) return
    await pause(Math.min(memory.retryMs * 2 ** Math.min(failures, 10), LONGEST_PAUSE_MS), how.schedule, end)
    if (end.aborted) return
  }
}

/** The stream of an address. Only its head has to come in time: it may be silent for as long as nothing happens. */
async function open(
  base: string,
  how: Exchange,
  lastId: string,
  end: AbortSignal,
): Promise<ReadableStream<Uint8Array>> {
  const expired = (): Error => new HttpFailure('ADAPTER_UNAVAILABLE', 'did not answer', true)
  const work = async (signal: AbortSignal): Promise<ReadableStream<Uint8Array>> => {
    const headers = await how.headers()
    headers.set('Accept', 'text/event-stream')
    if (lastId) headers.set('Last-Event-ID', lastId)
    const {
      status,
      headers: got,
      body,
    } = await reached(() => how.fetch(base + WIRE_PATHS.events, { headers, redirect: 'manual', signal }))
    if (status === 200 && body && got.get('Content-Type')?.startsWith('text/event-stream')) return body
    await body?.cancel()
    // 501: it tells nothing. 400: to StoryArt's own server `events` is no timestamp.
    throw new HttpFailure('ADAPTER_FAILED', `answered ${status}`, status !== 501 && status !== 400)
  }
  return withDeadline(work, { ms: how.timeoutMs, schedule: how.schedule, signal: end, expired })
}

/** Reads a stream to its end. */
async function hear(
  body: ReadableStream<Uint8Array>,
  memory: { lastId: string; retryMs: number },
  tell: (change: ToldChange) => void,
  schedule: Exchange['schedule'],
  end: AbortSignal,
): Promise<void> {
  const parser = new EventParser()
  const reader = body.getReader()
  const decoder = new TextDecoder()
  const stop = (): void => void reader.cancel().catch(() => undefined)
  end.addEventListener('abort', stop)
  let cancel = schedule(stop, SILENCE_MS)
  try {
    for (;;) {
      const { done, value } = await reader.read()
      cancel()
      cancel = schedule(stop, SILENCE_MS)
      if (done || end.aborted) return
      for (const { id, data } of parser.push(decoder.decode(value, { stream: true }))) {
        memory.lastId = id
        const event = jsonValue(data)
        if (!isEventData(event) || end.aborted) continue
        try {
          tell({ id: event.timestamp, written: event.type !== 'deleted' })
        } catch {} // what is thrown at a listener's own doing must not end the listening
      }
      memory.retryMs = parser.retryMs ?? memory.retryMs
    }
  } finally {
    cancel()
    end.removeEventListener('abort', stop)
    stop()
  }
}

/** Waits, or until the end. */
function pause(ms: number, schedule: Exchange['schedule'], end: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      cancel()
      end.removeEventListener('abort', done)
      resolve()
    }
    const cancel = schedule(done, ms)
    end.addEventListener('abort', done)
  })
}
