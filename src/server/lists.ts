/**
 * The three ways to list: whole sessions, summaries, entries of the index.
 * @module
 */
import type { EntryListAnswer, SummaryListAnswer } from '../wire-answers.js'
import { type Answer, encode, json, jsonBytes } from './answer.js'
import { type Call, oneOf, wholeNumber } from './call.js'
import { documentText } from './reads.js'

const MAX_LIMIT = 1000
const DEFAULT_LIMIT = 50

/** @internal */
export async function listSessions(call: Call): Promise<Answer> {
  const { query, store, signal } = call
  const paged = query.has('limit') || query.has('cursor')
  const view = oneOf(query, 'view', ['full', 'summary', 'entries']) ?? (paged ? 'summary' : 'full')
  const range = { from: wholeNumber(query, 'from'), before: wholeNumber(query, 'before') }
  if (view === 'full') return listWhole(call, range)
  const limit = wholeNumber(query, 'limit') ?? DEFAULT_LIMIT
  if (view === 'entries') return listEntries(call, { ...range, limit: Math.min(Math.max(limit, 1), MAX_LIMIT) })
  const page = await store.list({ ...range, limit, cursor: query.get('cursor') ?? undefined, signal })
  return json(200, { success: true, count: page.sessions.length, ...page } satisfies SummaryListAnswer)
}

/** The index as the adapter tells it, for those who are adapters themselves. */
async function listEntries(
  { query, store, signal }: Call,
  range: { limit: number; from: number | undefined; before: number | undefined },
): Promise<Answer> {
  const order = oneOf(query, 'order', ['newest', 'oldest'])
  const details = oneOf(query, 'details', ['true', 'false']) !== 'false'
  const page = await store.withAdapter({ signal }, (adapter, inner) =>
    adapter.list({ ...range, order, details }, { signal: inner }),
  )
  return json(200, { success: true, ...page } satisfies EntryListAnswer)
}

/**
 * All sessions, as StoryArt's server lists them, one after the other: only one is in memory, and the next one is read
 * when the last one has been sent. The count comes last, since it is not known before.
 *
 * The first session is read before the answer begins, so that a storage that is away is a 503; one that goes away later
 * breaks the connection off, so that what arrived cannot be taken for all.
 */
async function listWhole(
  { store, signal, report }: Call,
  range: { from: number | undefined; before: number | undefined },
): Promise<Answer> {
  const records = store.sessions({ ...range, limit: MAX_LIMIT, signal })
  const first = await records.next()
  let count = 0
  const nextOne = async (): Promise<typeof first> => {
    try {
      return count === 0 ? first : await records.next()
    } catch (error) {
      if (!signal.aborted) report(error)
      throw error
    }
  }
  const body = new ReadableStream<Uint8Array<ArrayBuffer>>(
    {
      async pull(controller) {
        const { done, value } = await nextOne()
        const start = count === 0 ? '{"success":true,"sessions":[' : ''
        if (done) {
          controller.enqueue(encode(`${start}],"count":${count}}`))
          return controller.close()
        }
        controller.enqueue(encode(`${start || ','}${documentText(value)}`))
        count++
      },
      async cancel() {
        await records.return()
      },
    },
    { highWaterMark: 0 },
  )
  return jsonBytes(200, body, {})
}
