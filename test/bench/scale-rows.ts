/** What grows with the number of sessions, and what does not: 100, 10,000 and 100,000 of them on one real Redis. */
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { Worker } from 'node:worker_threads'
import type { Redis } from 'ioredis'
import { SessionStore } from 'storyart-sdk'
import { redisAdapter } from 'storyart-sdk/redis'
import { atMost, type Comparison, sideBySide } from './measure.js'

const DAY_MS = 86_400_000
const START = 1_700_000_000_000
const INDEX = 'storyart:sessions:index'
const EXPIRED = 50_000
/** Sessions that the store itself writes, so that they have summaries: more than a page shows. */
const SUMMARISED = 100

setFlagsFromString('--expose_gc')
const collectGarbage: () => void = runInNewContext('gc')

/** A store with so many sessions under a prefix of its own. */
interface Filled {
  count: number
  prefix: string
  store: SessionStore
}

export async function scaleRows(client: Redis, port: number): Promise<{ rows: Comparison[]; notes: string[] }> {
  await client.flushall()
  const small = await filled(client, 100)
  const rows: Comparison[] = []
  const notes: string[] = []
  for (const count of [10_000, 100_000]) {
    const large = await filled(client, count)
    rows.push(...(await readingRows(large, small)), await savingRow(large, small))
    notes.push(await memoryNote(client, large))
    if (count === 10_000) notes.push(await walkNote(large))
  }
  notes.push(await pageNote(client, small))
  await client.flushall()
  const prune = await pruneRow(client, port)
  return { rows: [...rows, prune.row], notes: [...notes, prune.note] }
}

async function filled(client: Redis, count: number): Promise<Filled> {
  const prefix = `n${count}:`
  const store = new SessionStore({ adapter: redisAdapter({ client, keyPrefix: prefix }) })
  for (let start = 0; start < count - SUMMARISED; start += 1000) {
    const pipeline = client.pipeline()
    for (let i = start; i < Math.min(start + 1000, count - SUMMARISED); i++) {
      const key = `${prefix}storyart:session:${START + i}`
      pipeline.set(key, '{"scriptText":"SCENE 1"}', 'PX', DAY_MS)
      pipeline.zadd(`${prefix}${INDEX}`, START + i, key)
    }
    await pipeline.exec()
  }
  for (let i = count - SUMMARISED; i < count; i++) {
    await store.save({ scriptText: 'SCENE 1' }, { timestamp: START + i, ttlMs: DAY_MS })
  }
  return { count, prefix, store }
}

async function readingRows(large: Filled, small: Filled): Promise<Comparison[]> {
  const names = { ours: `${large.count} sessions`, theirs: `${small.count} sessions` }
  const page = await sideBySide(
    60,
    () => large.store.list(),
    () => small.store.list(),
    () => undefined,
  )
  const latest = await sideBySide(
    100,
    () => large.store.latest(),
    () => small.store.latest(),
    () => undefined,
  )
  return [
    atMost({ promise: 'first page', ...names, ...page }, 1.5),
    atMost({ promise: 'latest', ...names, ...latest }, 1.5),
  ]
}

async function savingRow(large: Filled, small: Filled): Promise<Comparison> {
  let next = START + 10 * large.count
  const save = ({ store }: Filled, timestamp: number) => store.save({ scriptText: 'SCENE 2' }, { timestamp })
  const times = await sideBySide(
    100,
    (timestamp) => save(large, timestamp),
    (timestamp) => save(small, timestamp),
    () => next++,
  )
  return atMost({ promise: 'save', ours: `${large.count} sessions`, theirs: `${small.count} sessions`, ...times }, 1.5)
}

async function memoryNote(client: Redis, { count, prefix }: Filled): Promise<string> {
  const bytes = Number(await client.call('MEMORY', 'USAGE', `${prefix}${INDEX}`, 'SAMPLES', '0'))
  const summary = Number(await client.call('MEMORY', 'USAGE', `${prefix}storyart:summary:${START + count - 1}`))
  return `index of ${count}: ${bytes} bytes, ${Math.round(bytes / count)} an entry; a summary: ${summary} bytes`
}

/** What a page costs the client: bytes over the wire, and the heap it takes while it is there. */
async function pageNote(client: Redis, { store }: Filled): Promise<string> {
  const pages = 200
  const kept: unknown[] = []
  await store.list() // what the first one brings with it is no page's
  const before = heapBytes()
  const [read, written] = [client.stream.bytesRead ?? 0, client.stream.bytesWritten ?? 0]
  for (let i = 0; i < pages; i++) kept.push(await store.list())
  const [received, sent] = [(client.stream.bytesRead ?? 0) - read, (client.stream.bytesWritten ?? 0) - written]
  const heap = (heapBytes() - before) / pages
  const json = Buffer.byteLength(JSON.stringify(kept[0]))
  return `a page of 50: ${Math.round(sent / pages)} bytes sent, ${Math.round(received / pages)} received, ${Math.round(heap)} of heap, ${json} as JSON`
}

/** What walking through all summaries takes, with whatever is garbage already taken away: it must not add up. */
async function walkNote({ store }: Filled): Promise<string> {
  for await (const _ of store.summaries()); // once before: what has no summary gets one, and code is compiled
  const before = heapBytes()
  const taken: number[] = []
  let seen = 0
  for await (const _ of store.summaries()) if (++seen % 1000 === 0) taken.push(heapBytes() - before)
  const kB = (bytes: number): number => Math.round(bytes / 1000)
  return `walking ${seen} summaries: ${kB(taken[0] ?? 0)} kB of heap after the first thousand, ${kB(taken.at(-1) ?? 0)} after the last, at most ${kB(Math.max(...taken))}`
}

/** What lives on the heap. */
function heapBytes(): number {
  collectGarbage()
  return process.memoryUsage().heapUsed
}

/** Asks another connection, in a thread of its own, for a sign of life without a pause; the longest wait in ms. */
function pinging(port: number): { longest(): Promise<number> } {
  const worker = new Worker(
    `const { parentPort } = require('node:worker_threads')
     const socket = require('node:net').connect(${port}, '127.0.0.1').setNoDelay()
     let longest = 0, asked = 0
     const ask = () => { asked = performance.now(); socket.write('PING\\r\\n') }
     socket.on('data', () => { longest = Math.max(longest, performance.now() - asked); ask() })
     socket.on('connect', ask)
     parentPort.on('message', () => { parentPort.postMessage(longest); socket.destroy(); parentPort.close() })`,
    { eval: true },
  )
  return {
    longest: () =>
      new Promise((resolve) => {
        worker.once('message', resolve)
        worker.postMessage('')
      }),
  }
}

async function pruneRow(client: Redis, port: number): Promise<{ row: Comparison; note: string }> {
  for (let start = 0; start < EXPIRED; start += 1000) {
    const pairs = Array.from({ length: 1000 }, (_, i) => [START + start + i, `storyart:session:${START + start + i}`])
    await client.zadd(INDEX, ...pairs.flat())
  }
  const store = new SessionStore({ adapter: redisAdapter({ client }), deadlineMs: 60_000 })
  await client.config('SET', 'slowlog-log-slower-than', '200')
  await client.call('SLOWLOG', 'RESET')
  const pinger = pinging(port)
  const started = performance.now()
  const { removed } = await store.prune()
  const took = performance.now() - started
  const longestPing = await pinger.longest()
  const slow = (await client.call('SLOWLOG', 'GET', '-1')) as [id: number, at: number, micros: number][]
  const longest = Math.max(0.2, ...slow.map(([, , micros]) => micros / 1000))
  const note = `prune of ${removed} expired entries: ${Math.round(took)} ms; longest command ${longest} ms; a client that pings all the while waits ${longestPing.toFixed(2)} ms at most`
  const row = atMost(
    {
      promise: 'prune blocks nobody',
      ours: `longest command of pruning ${removed}`,
      theirs: '3 ms',
      oursMs: longest,
      theirsMs: 3,
    },
    1,
  )
  return { row, note }
}
