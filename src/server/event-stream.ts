/**
 * The changes of a store as server-sent events.
 * @module
 */
import { scheduleTimeout } from '../store/schedule.js'
import type { EventData } from '../wire-answers.js'
import { type Answer, encode, refusal } from './answer.js'
import type { Call } from './call.js'
import type { WatchedEvent } from './options.js'

const DEFAULT_HEARTBEAT_MS = 15_000
/** How long a browser waits before it connects again. */
const RETRY_MS = 2000

/** @internal */
export async function watchSessions({ store, request, signal, report, options }: Call): Promise<Answer> {
  if (typeof store.watch !== 'function') {
    const error = 'This server does not watch its storage'
    return refusal(501, error, { id: report(new Error(error)) })
  }
  const { schedule = scheduleTimeout, heartbeatMs = DEFAULT_HEARTBEAT_MS } = options
  const since = request.headers.get('Last-Event-ID') ?? undefined
  const ending = new AbortController()
  const events = store.watch({
    signal: AbortSignal.any([signal, ending.signal]),
    ...(since !== undefined && since !== '' && { since }),
  })
  let cancelHeartbeat = (): void => {}
  const stop = async (): Promise<void> => {
    cancelHeartbeat()
    ending.abort()
    await events.return?.()
  }
  // A cursor that cannot be used is told at once, with a status that keeps a browser from asking again and again.
  let next = events.next()
  await Promise.race([next, new Promise<void>((resolve) => void schedule(resolve, 0))]).catch(async (error) => {
    await stop()
    throw error
  })
  const body = new ReadableStream<Uint8Array<ArrayBuffer>>(
    {
      start(controller) {
        const beat = (): void => {
          cancelHeartbeat = schedule(() => {
            // Not to somebody who does not read.
            if ((controller.desiredSize ?? -1) >= 0) controller.enqueue(encode(': alive\n\n'))
            beat()
          }, heartbeatMs)
        }
        controller.enqueue(encode(`retry: ${RETRY_MS}\n\n`))
        beat()
      },
      async pull(controller) {
        try {
          const { done, value } = await next
          if (done) {
            cancelHeartbeat()
            return controller.close()
          }
          controller.enqueue(encode(eventText(value)))
          next = events.next()
          next.catch(() => undefined) // heard by the next pull, which may come later
        } catch (error) {
          cancelHeartbeat()
          if (!signal.aborted) report(error)
          throw error
        }
      },
      cancel: stop,
    },
    { highWaterMark: 1 },
  )
  return {
    status: 200,
    headers: {
      'Content-Type': 'text/event-stream; charset=utf-8',
      'Cache-Control': 'no-store',
      // Proxies such as nginx would hold events back.
      'X-Accel-Buffering': 'no',
    },
    body,
  }
}

function eventText({ type, timestamp, cursor }: WatchedEvent): string {
  const data = JSON.stringify({ type, timestamp } satisfies EventData)
  return `id: ${cursor.replace(/[\r\n\0]/g, '')}\nevent: ${type}\ndata: ${data}\n\n`
}
