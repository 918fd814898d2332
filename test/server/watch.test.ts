/** The whole way of a change: a store on a real Redis, the server's event stream, a store behind the http adapter. */
import { Redis } from 'ioredis'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { redisAdapter } from '../../src/adapters/redis-adapter.js'
import { httpAdapter, type SessionChange, SessionStore } from '../../src/index.js'
import { type RedisServer, startRedis } from '../redis/server.js'
import { type LiveServer, serve } from './harness.js'

let redis: RedisServer
let client: Redis
/** Another process's store, as far as the server can tell. */
let writer: SessionStore
let live: LiveServer

beforeAll(async () => {
  redis = await startRedis()
})

afterAll(() => redis.stop())

beforeEach(async () => {
  await redis.flush()
  client = new Redis(redis.url)
  writer = new SessionStore({ adapter: redisAdapter({ client }) })
  live = await serve(new SessionStore({ adapter: redisAdapter({ client }) }))
})

afterEach(async () => {
  await live.stop()
  await writer.close()
  client.disconnect()
})

/** The events of the stream, one by one, from its beginning or behind the last one seen. */
async function* events(lastEventId?: string): AsyncGenerator<{ id: string; type: string; timestamp: number }, void> {
  const end = new AbortController()
  const headers = lastEventId === undefined ? {} : { 'Last-Event-ID': lastEventId }
  const { body } = await fetch(`${live.url}/api/v1/session/events`, { headers, signal: end.signal })
  if (!body) throw new Error('the stream has no body')
  let rest = ''
  try {
    for await (const chunk of body.pipeThrough(new TextDecoderStream())) {
      const blocks = (rest + chunk).split('\n\n')
      rest = blocks.pop() ?? ''
      for (const block of blocks) {
        if (block.startsWith('retry')) yield { id: '', type: 'open', timestamp: 0 }
        const [, id = '', type = '', data = ''] = /^id: (.*)\nevent: (.*)\ndata: (.*)$/.exec(block) ?? []
        if (id) yield { id, type, timestamp: (JSON.parse(data) as { timestamp: number }).timestamp }
      }
    }
  } finally {
    end.abort()
  }
}

describe('a change on Redis', () => {
  it('reaches who listens to the event stream, and who comes back later hears what happened meanwhile', async () => {
    const stream = events()
    expect((await stream.next()).value).toMatchObject({ type: 'open' })
    await writer.save({ scriptText: 'one' }, { timestamp: 5 })
    const first = (await stream.next()).value
    expect(first).toMatchObject({ type: 'saved', timestamp: 5 })
    await stream.return()

    await writer.save({ scriptText: 'two' }, { timestamp: 6 })
    await writer.delete(5)
    const again = events(first?.id)
    expect((await again.next()).value).toMatchObject({ type: 'open' })
    const missed = [(await again.next()).value, (await again.next()).value]
    expect(missed.map((one) => `${one?.type} ${one?.timestamp}`).sort()).toEqual(['deleted 5', 'saved 6'])
    await again.return()
  })

  it('reaches a store that knows the server only', async () => {
    await using reader = new SessionStore({ adapter: httpAdapter({ baseUrls: [live.url] }) })
    await using changes = reader.watch({ pollMs: 50 })
    await changes.ready()
    await writer.save({ scriptText: 'one' }, { timestamp: 7 })
    const change: SessionChange | undefined = (await changes.next()).value
    expect(change).toMatchObject({ type: 'saved', timestamp: 7 })
  })

  it('that completes the prompts ends a wait behind the server', async () => {
    await using reader = new SessionStore({ adapter: httpAdapter({ baseUrls: [live.url] }) })
    const beat = { beatId: 's1-b1', imageDecision: { type: 'NEW_IMAGE' as const } }
    const session = (prompts: object) => ({ analyzedEpisode: { scenes: [{ beats: [{ ...beat, ...prompts }] }] } })
    await writer.save(session({}), { timestamp: 8 })
    const wait = reader.waitForPrompts(8, { timeoutMs: 20_000 })
    await writer.update(8, () => session({ prompts: { cinematic: { prompt: 'a quay' } } }))
    expect((await wait).timestamp).toBe(8)
  })
})
