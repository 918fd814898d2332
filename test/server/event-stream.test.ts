import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { ask, type LiveServer, serve } from './harness.js'
import { type Watchable, watchable } from './watchable.js'

let watched: Watchable
let live: LiveServer
const beats: (() => void)[] = []
/** Timers of 0 ms are real; heartbeats come when the test says. */
const schedule = (run: () => void, ms: number): (() => void) => {
  if (ms === 0) {
    const timer = setTimeout(run, 0)
    return () => clearTimeout(timer)
  }
  beats.push(run)
  return () => void beats.splice(beats.indexOf(run), 1)
}

beforeEach(async () => {
  watched = watchable()
  beats.length = 0
  live = await serve(watched.store, { schedule })
})

afterEach(async () => {
  await live.stop()
  await vi.waitUntil(() => watched.watchers() === 0)
})

async function open(headers: Record<string, string> = {}) {
  const controller = new AbortController()
  const response = await fetch(`${live.url}/api/v1/session/events`, { headers, signal: controller.signal })
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader()
  let text = ''
  /** Reads until the text so far ends as told. */
  const until = async (end: string): Promise<string> => {
    while (!text.endsWith(end)) {
      const { done, value } = (await reader?.read()) ?? { done: true }
      if (done) throw new Error(`the stream ended after ${JSON.stringify(text)}`)
      text += value
    }
    return text
  }
  return { response, until, reader, abort: () => controller.abort() }
}

describe('GET /events', () => {
  it('tells what is saved and deleted, each with its cursor as id', async () => {
    const { response, until, abort } = await open()
    expect(response.headers.get('Content-Type')).toBe('text/event-stream; charset=utf-8')
    expect(response.headers.get('Content-Encoding')).toBeNull()
    await until('retry: 2000\nid: c0\n\n')
    await watched.store.save({ scriptText: 'x', timestamp: 5 })
    await watched.store.delete(5)
    expect(await until('"deleted","timestamp":5}\n\n')).toBe(
      'retry: 2000\nid: c0\n\n' +
        'id: c1\nevent: saved\ndata: {"type":"saved","timestamp":5}\n\n' +
        'id: c2\nevent: deleted\ndata: {"type":"deleted","timestamp":5}\n\n',
    )
    abort()
    await vi.waitUntil(() => watched.watchers() === 0)
    expect(beats).toEqual([])
  })

  it('goes on behind the last event a reader has seen', async () => {
    await watched.store.save({ scriptText: 'x', timestamp: 1 })
    await watched.store.save({ scriptText: 'x', timestamp: 2 })
    const { until, abort } = await open({ 'Last-Event-ID': 'c1' })
    expect(await until('}\n\n')).toBe(
      'retry: 2000\nid: c1\n\nid: c2\nevent: saved\ndata: {"type":"saved","timestamp":2}\n\n',
    )
    abort()
  })

  it('says that it is alive, and not to somebody who does not read', async () => {
    const { until, abort } = await open()
    await until('retry: 2000\nid: c0\n\n')
    beats.shift()?.()
    expect(await until('alive\n\n')).toBe('retry: 2000\nid: c0\n\n: alive\n\n')
    expect(beats).toHaveLength(1)
    abort()
  })

  it('a cursor that cannot be used is 400, which keeps a browser from asking again', async () => {
    const { status, body } = await ask(`${live.url}/api/v1/session/events`, { headers: { 'Last-Event-ID': 'x\ty' } })
    expect([status, body]).toMatchObject([400, { success: false, code: 'INVALID_ARGUMENT' }])
    expect(beats).toEqual([])
  })

  it('a watch that fails ends the stream, and is told', async () => {
    const { until, reader } = await open()
    await until('retry: 2000\nid: c0\n\n')
    watched.fail(new Error('the connection is lost'))
    await expect(reader?.read()).rejects.toThrow()
    expect(live.failures.map(({ error }) => String(error))).toEqual(['Error: the connection is lost'])
    expect(beats).toEqual([])
  })

  it('ends when the server closes, without waiting for the reader', async () => {
    const { until, reader } = await open()
    await until('retry: 2000\nid: c0\n\n')
    const closed = live.close({ graceMs: 60_000 })
    await expect(reader?.read()).rejects.toThrow()
    await closed
    await vi.waitUntil(() => watched.watchers() === 0)
  })
})
