/** The store on a real Redis beside what StoryArt writes by hand. */
import type { Redis } from 'ioredis'
import { type Session, SessionStore } from 'storyart-sdk'
import { redisAdapter } from 'storyart-sdk/redis'
import { atLeastFaster, atMost, type Comparison, sideBySide } from './measure.js'

const START = 1_700_000_000_000

export async function redisRows(client: Redis, session: Session): Promise<Comparison[]> {
  return [await getRow(client, session), await saveRow(client, session), await listRow(client, session)]
}

async function getRow(client: Redis, session: Session): Promise<Comparison> {
  await client.flushall()
  const store = new SessionStore({ adapter: redisAdapter({ client }) })
  const { timestamp } = await store.save(session)
  const key = `storyart:session:${timestamp}`
  // The hand-written way reads what the hand-written way wrote.
  const byHand = 'storyart:session:1'
  await client.setex(byHand, 604800, JSON.stringify({ ...session, timestamp }))
  const times = await sideBySide(
    60,
    () => store.get(timestamp),
    async () => JSON.parse((await client.get(byHand)) ?? 'null'),
    () => key,
  )
  return atMost(
    { promise: 'get', ours: 'store.get, validated', theirs: 'JSON.parse(await redis.get(key))', ...times },
    1,
  )
}

async function saveRow(client: Redis, session: Session): Promise<Comparison> {
  await client.flushall()
  const store = new SessionStore({ adapter: redisAdapter({ client }) })
  let next = START
  const times = await sideBySide(
    60,
    (timestamp) => store.save(session, { timestamp }),
    async (timestamp) => {
      const key = `storyart:session:${timestamp}`
      await client.setex(key, 604800, JSON.stringify({ ...session, timestamp }))
      await client.zadd('storyart:sessions:index', timestamp, key)
    },
    () => next++,
  )
  return atMost(
    {
      promise: 'save',
      ours: 'store.save: validated, indexed, summarised',
      theirs: 'setex + zadd of JSON.stringify',
      ...times,
    },
    1.15,
  )
}

async function listRow(client: Redis, session: Session): Promise<Comparison> {
  await client.flushall()
  const store = new SessionStore({ adapter: redisAdapter({ client }) })
  for (let i = 0; i < 50; i++) await store.save(session, { timestamp: START + i })
  // JSON.parse is fast at once; the code of a page is compiled over some hundred calls.
  for (let call = 0; call < 300; call++) await store.list({ limit: 50 })
  const times = await sideBySide(
    40,
    () => store.list({ limit: 50 }),
    async () => {
      const keys = await client.zrevrange('storyart:sessions:index', 0, -1)
      const sessions: unknown[] = []
      for (const key of keys) sessions.push(JSON.parse((await client.get(key)) ?? 'null'))
      return sessions
    },
    () => undefined,
  )
  return atLeastFaster({ promise: 'list of 50', ours: 'store.list', theirs: 'read and parse all 50', ...times }, 100)
}
