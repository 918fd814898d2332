/** A Cluster that has lost a master, and one whose slots are on their way from one node to another. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { memoryAdapter } from '../../src/adapters/memory.js'
import { redisAdapter } from '../../src/adapters/redis.js'
import { SessionStore } from '../../src/store/index.js'
import { type Connection, clusterClients } from '../redis/clients.js'
import { type RedisCluster, startCluster } from '../redis/cluster.js'
import { ask } from '../redis/server.js'
import { codeOf, DEADLINE_MS, MARGIN_MS } from './outage.js'

const INDEX = 'storyart:sessions:index'
const FIRST = 1_770_000_000_000

let cluster: RedisCluster
let connection: Connection | undefined

beforeAll(async () => {
  cluster = await startCluster(['--cluster-node-timeout', '1000', '--appendonly', 'yes', '--appendfsync', 'no'])
})

afterEach(async () => {
  await connection?.close()
  connection = undefined
  await cluster.flush()
})

afterAll(async () => {
  await cluster.stop()
  if (process.env.FAULT_TABLE) process.stdout.write(`${measured.join('\n')}\n`)
})

const measured: string[] = []

/** How long calls took, by name, in ms. */
class Times {
  readonly #ms = new Map<string, number[]>()

  async of<T>(name: string, call: () => Promise<T>): Promise<T> {
    const started = performance.now()
    try {
      return await call()
    } finally {
      this.#ms.set(name, [...(this.#ms.get(name) ?? []), performance.now() - started])
    }
  }

  get longest(): number {
    return Math.max(...[...this.#ms.values()].flat())
  }

  /** The first, and the longest of the following. */
  toString(): string {
    const told = [...this.#ms].map(([name, [first = 0, ...rest]]) => {
      const then = rest.length > 0 ? `, then at most ${Math.max(...rest).toFixed(1)}` : ''
      return `${name} ${first.toFixed(1)}${then}`
    })
    return told.join('; ')
  }
}

const command = (node: number, words: string): Promise<string> => ask(cluster.nodes[node]?.port ?? 0, words)

/** Waits until every node that lives sees the cluster like this. */
async function until(state: 'ok' | 'fail', nodes: readonly number[]): Promise<void> {
  for (const node of nodes) {
    while (!(await command(node, 'CLUSTER INFO')).includes(`cluster_state:${state}`)) {
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
  }
}

async function connect(kind: string): Promise<Connection['client']> {
  connection = await clusterClients[kind]?.(cluster.nodes)
  if (!connection) throw new Error(`there is no ${kind}`)
  return connection.client
}

/** Texts by timestamp, as every node of the cluster has them. */
async function stored(timestamp: number): Promise<string[]> {
  const key = `storyart:session:${timestamp}`
  const texts: string[] = []
  for (const node of cluster.nodes.keys()) {
    const found = (await command(node, 'KEYS storyart:session:*')).includes(`\n${key}\r`)
    if (found)
      texts.push((await command(node, `ASKING\r\nGET ${key}`)).split('\r\n').find((line) => line.startsWith('{')) ?? '')
  }
  return texts
}

describe.each(['Cluster of ioredis 5', 'a cluster of node-redis 5'])('%s', (kind) => {
  it('without one of its masters (`CLUSTERDOWN`)', async () => {
    const client = await connect(kind)
    const adapter = redisAdapter({ client, healthTimeoutMs: DEADLINE_MS })
    const backed = new SessionStore({ adapter, fallback: [memoryAdapter()], deadlineMs: DEADLINE_MS })
    const bare = new SessionStore({ adapter: redisAdapter({ client }), deadlineMs: DEADLINE_MS })
    const saved = new Map<number, string>()
    let times = new Times()
    const save = async (store: SessionStore): Promise<string> => {
      const timestamp = FIRST + saved.size
      const scriptText = `take ${saved.size}`
      saved.set(timestamp, JSON.stringify({ scriptText, timestamp }))
      const name = store === backed ? 'save with fallback' : 'save alone'
      const end = await times.of(name, () =>
        store.save({ scriptText }, { timestamp }).then(({ storage }) => storage, codeOf),
      )
      if (end.startsWith('ADAPTER')) saved.delete(timestamp)
      return end
    }
    for (let i = 0; i < 12; i++) expect(await save(i % 2 ? backed : bare)).toBe('redis')
    const known = [...saved.keys()]

    await cluster.servers[1]?.kill()
    await until('fail', [0, 2])
    expect(await command(0, `GET ${INDEX}`)).toMatch(/^-(CLUSTERDOWN|MOVED)/)
    times = new Times()
    for (let i = 0; i < 6; i++) expect(await save(backed)).toBe('memory')
    expect(await save(bare)).toBe('ADAPTER_UNAVAILABLE')
    for (const timestamp of known.slice(0, 3)) {
      for (const [name, store] of [
        ['alone', bare],
        ['with fallback', backed],
      ] as const) {
        const end = await times.of(`get ${name}`, () =>
          store.get(timestamp).then((record) => record && 'found', codeOf),
        )
        expect(end).toBe('ADAPTER_UNAVAILABLE')
      }
    }
    // What waits is there to be read.
    for (const timestamp of [...saved.keys()].slice(known.length)) {
      const record = await times.of('get of what waits', () => backed.get(timestamp))
      expect([record?.storage, JSON.stringify(record?.session)]).toEqual(['memory', saved.get(timestamp)])
    }
    expect((await times.of('list with fallback', () => backed.list())).degraded).toBe(true)
    expect(await times.of('list alone', () => bare.list().then(() => 'a page', codeOf))).toBe('ADAPTER_UNAVAILABLE')
    expect(times.longest).toBeLessThan(DEADLINE_MS + MARGIN_MS)
    measured.push(`${kind}, CLUSTERDOWN: ${times}`)

    await cluster.servers[1]?.start()
    await until('ok', [0, 1, 2])
    for (;;) {
      const { waiting } = await backed.sync()
      if (waiting === 0) break
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
    for (const [timestamp, raw] of saved) {
      const { texts, storage } = { texts: await stored(timestamp), storage: (await backed.get(timestamp))?.storage }
      expect({ texts, storage }).toEqual({ texts: [raw], storage: 'redis' })
    }
    expect((await backed.list({ limit: 100 })).sessions).toHaveLength(saved.size)
    await backed.close()
    await bare.close()
  })

  it('with slots that migrate, at every stage: nothing to be seen', async () => {
    const store = new SessionStore({
      adapter: redisAdapter({ client: await connect(kind) }),
      fallback: [memoryAdapter()],
    })
    const told: string[] = []
    for (const name of ['fallback', 'conflict', 'error'] as const) store.on(name, () => told.push(name))
    const rounds: string[] = []
    const texts = new Map<number, string>()
    /** All that can be done, with one session and with the index. */
    const use = async (stage: string): Promise<void> => {
      const times = new Times()
      const save = (timestamp: number, suffix: string, options: object = {}) => {
        const scriptText = `${stage}${suffix}`
        texts.set(timestamp, JSON.stringify({ scriptText, timestamp }))
        return times.of('save', () => store.save({ scriptText }, { timestamp, ...options }))
      }
      expect(await save(FIRST, '')).toMatchObject({ storage: 'redis', degraded: false })
      await times.of('update', () => store.update(FIRST, () => ({ scriptText: `${stage}, updated` })))
      expect((await times.of('get', () => store.get(FIRST)))?.session.scriptText).toBe(`${stage}, updated`)
      expect(await times.of('touch', () => store.touch(FIRST, 60_000))).toBe(true)
      expect(await times.of('delete', () => store.delete(FIRST))).toBe(true)
      expect(await times.of('get', () => store.get(FIRST))).toBeNull()
      await save(FIRST, ', again', { expect: 'absent' })
      await save(FIRST + 1 + rounds.push(stage), ', beside')
      await times.of('prune', () => store.prune())
      const { sessions, degraded } = await times.of('list', () => store.list())
      expect([sessions.map(({ timestamp }) => timestamp), degraded]).toEqual([
        [...rounds.map((_, i) => FIRST + 2 + i).reverse(), FIRST],
        false,
      ])
      for (const [timestamp, raw] of texts) expect([timestamp, await stored(timestamp)]).toEqual([timestamp, [raw]])
      expect(times.longest).toBeLessThan(MARGIN_MS)
      measured.push(`${kind}, ${stage}: ${times}`)
    }
    await use('before')
    for (const key of [INDEX, `storyart:session:${FIRST}`]) {
      const slot = /\d+/.exec(await command(0, `CLUSTER KEYSLOT ${key}`))?.[0] ?? ''
      const owners = await Promise.all(cluster.nodes.map((_, node) => command(node, `EXISTS ${key}`)))
      const from = owners.findIndex((reply) => reply.startsWith(':'))
      const to = (from + 1) % 3
      const nameOf = async (node: number): Promise<string> =>
        /\w{40}/.exec(await command(node, 'CLUSTER MYID'))?.[0] ?? ''
      const [source, target] = [await nameOf(from), await nameOf(to)]
      const said = [
        await command(to, `CLUSTER SETSLOT ${slot} IMPORTING ${source}`),
        await command(from, `CLUSTER SETSLOT ${slot} MIGRATING ${target}`),
      ]
      await use(`${key}: announced`)
      said.push(await command(from, `MIGRATE 127.0.0.1 ${cluster.nodes[to]?.port} ${key} 0 5000`))
      expect(said).toEqual(['+OK\r\n', '+OK\r\n', expect.stringMatching(/^\+(OK|NOKEY)/)])
      expect(await command(from, `EXISTS ${key}`)).toMatch(/^-ASK/)
      await use(`${key}: moved`)
      for (const node of [to, from, 3 - to - from]) await command(node, `CLUSTER SETSLOT ${slot} NODE ${target}`)
      await use(`${key}: over`)
    }
    expect(told).toEqual([])
    await store.close()
  })
})
