/**
 * The changes of a store as server-sent events.
 * @module
 */
import type { SessionChange } from '../store/index.js'
import { scheduleTimeout } from '../store/schedule.js'
import type { EventData } from '../wire-answers.js'
import { type Answer, encode } from './answer.js'
import type { Call } from './call.js'

const DEFAULT_HEARTBEAT_MS = 15_000
/** How long a browser waits before it connects again. */
const RETRY_MS = 2000

/** @internal */
export async function watchSessions({ store, request, signal, report, options }: Call): Promise<Answer> {
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
    await events.return()
  }
  // Before the first byte, so that nothing is missed from then on; and a cursor that cannot be used is told with a
  // status that keeps a browser from asking again and again.
  const cursor = await events.ready().catch(async (error) => {
    await stop()
    throw error
  })
  let next = events.next()
  next.catch(() => undefined) // heard by the first pull
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
        // An id without data is no event, but what a reader that is cut off before the first one goes on from.
        controller.enqueue(encode(`retry: ${RETRY_MS}\n${idLine(cursor)}\n`))
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

function eventText({ type, timestamp, cursor }: SessionChange): string {
  const data = JSON.stringify({ type, timestamp } satisfies EventData)
  return `${idLine(cursor)}event: ${type}\ndata: ${data}\n\n`
}

function idLine(cursor: string): string {
  return `id: ${cursor.replace(/[\r\n\0]/g, '')}\n`
}
