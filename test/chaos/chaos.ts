/**
 * Rounds of faults at random, with clients at work all the time, and a look after each at whether all is there.
 */

import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Redis } from 'ioredis'
import { createClient } from 'redis'
import type { SessionAdapter } from '../../src/adapters/adapter.js'
import { fileAdapter } from '../../src/adapters/file.js'
import { memoryAdapter } from '../../src/adapters/memory.js'
import { redisAdapter } from '../../src/adapters/redis.js'
import { type Random, seededRandom } from '../fixtures/random.js'
import { ChaosClient } from './client.js'
import { FAULTS, type Fault } from './faults.js'
import { Model, Violation } from './model.js'
import { Trace } from './trace.js'
import { makeWorld, pause, type World } from './world.js'

const DEADLINE_MS = 250
/** So long everything may take to come home once all is well: the longest pause of a breaker, and some. */
const HOME_MS = 25_000
/** So long a fault may last, and so long healing it. */
const PATIENCE_MS = 60_000
const LANES = 3
const IDS_A_LANE = 4
/** Long past, so that no new version ever meets one of them. */
const FIRST_ID = 1_600_000_000_000

export interface ChaosOptions {
  seed: number
  /** No round begins after so long. */
  ms: number
  /** Comes between every store and its first tier: for seeing that a fault of the library would be found. */
  sabotage?: (adapter: SessionAdapter) => SessionAdapter
  /** Which faults there may be. Default: all. */
  faults?: readonly Fault[]
  say?: (line: string) => void
}

export interface ChaosReport {
  seed: number
  rounds: number
  operations: number
  /** How often each fault has come. */
  faults: Record<string, number>
  /** Sessions whose content was certain at the end of a round, and those of which one of several was allowed. */
  exact: number
  loose: number
  /** What was wrong, and what had happened before; missing if nothing was. */
  violation?: { message: string; trace: string[] }
}

/** Runs until the time is up or something is wrong, and leaves nothing behind. */
export async function runChaos(options: ChaosOptions): Promise<ChaosReport> {
  const { seed, ms, say = () => undefined } = options
  const random = seededRandom(seed)
  const trace = new Trace()
  const report: ChaosReport = { seed, rounds: 0, operations: 0, faults: {}, exact: 0, loose: 0 }
  const model = new Model(FIRST_ID - 1000)
  const world = await makeWorld()
  const crew = await makeCrew(world, model, trace, options)
  const started = performance.now()
  try {
    while (performance.now() - started < ms) {
      const faults = choose(random, options.faults ?? FAULTS)
      const names = faults.map(({ name }) => name)
      say(`round ${report.rounds + 1}: ${names.join(', ')}`)
      trace.note(`round ${report.rounds + 1}: ${names.join(', ')}`, 'all')
      for (const name of names) report.faults[name] = (report.faults[name] ?? 0) + 1
      await runRound(world, crew.clients, model, trace, random, report, faults)
      report.rounds++
    }
  } catch (error) {
    const id = error instanceof Violation ? error.id : undefined
    const what = error instanceof Violation ? error.message : String(error instanceof Error ? error.stack : error)
    report.violation = { message: id === undefined ? what : `session ${id}: ${what}`, trace: trace.tell(id) }
  } finally {
    await crew.end()
    await world.end()
  }
  report.operations = crew.clients.reduce((sum, client) => sum + client.operations, 0)
  return report
}

interface Crew {
  clients: ChaosClient[]
  end(): Promise<void>
}

/** Stores of every making: with and without fallback, over clients of both kinds and over a url. */
async function makeCrew(world: World, model: Model, trace: Trace, { sabotage }: ChaosOptions): Promise<Crew> {
  const { proxy } = world
  const folder = await mkdtemp(join(tmpdir(), 'storyart-chaos-'))
  const ioredis = new Redis(proxy.port, '127.0.0.1', {
    retryStrategy: () => 20,
    autoResendUnfulfilledCommands: false,
    commandTimeout: 1000,
  })
  ioredis.on('error', () => undefined)
  const node = createClient({
    socket: { host: '127.0.0.1', port: proxy.port, reconnectStrategy: 20 },
    disableOfflineQueue: true,
  })
  node.on('error', () => undefined)
  await node.connect()

  const health = { healthTimeoutMs: DEADLINE_MS }
  const byUrl = (): SessionAdapter =>
    redisAdapter({ url: proxy.url, connectTimeoutMs: 300, commandTimeoutMs: 1000, ...health })
  const memory = (left: readonly SessionAdapter[]): readonly SessionAdapter[] =>
    left.length > 0 ? left : [memoryAdapter()]
  const makings = [
    { name: 'url', adapter: byUrl, fallback: memory },
    {
      name: 'ioredis',
      adapter: () => redisAdapter({ client: ioredis, ...health }),
      fallback: () => [fileAdapter(folder)],
    },
    { name: 'node-redis', adapter: () => redisAdapter({ client: node, ...health }), fallback: memory },
    { name: 'alone', adapter: byUrl, fallback: () => [] },
  ]
  const clients = makings.map(({ name, adapter, fallback }, index) => {
    const first = sabotage ? () => sabotage(adapter()) : adapter
    return new ChaosClient({ index, name, world, model, trace, adapter: first, fallback, deadlineMs: DEADLINE_MS })
  })
  return {
    clients,
    async end() {
      await Promise.allSettled(clients.map(({ store }) => store.close()))
      ioredis.disconnect()
      node.destroy()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

async function runRound(
  world: World,
  clients: readonly ChaosClient[],
  model: Model,
  trace: Trace,
  random: Random,
  report: ChaosReport,
  faults: readonly Fault[],
): Promise<void> {
  const [first] = clients
  if (first) await insist(() => first.store.save({ scriptText: 'shared' }, { timestamp: model.shared }))

  let going = true
  const failed = (error: unknown): never => {
    going = false // the others need not go on
    throw error
  }
  const lanes = clients.flatMap((client, index) =>
    Array.from({ length: LANES }, (_, lane) => {
      const first = FIRST_ID + ((report.rounds * clients.length + index) * LANES + lane) * IDS_A_LANE * 1000
      const ids = Array.from({ length: IDS_A_LANE }, (_, i) => first + i * 1000)
      return client.work(seededRandom(random.between(0, 2 ** 31)), ids, () => going).catch(failed)
    }),
  )
  const working = Promise.allSettled(lanes) // from now on: one that fails early must not go unheard
  const befall = async (fault: Fault, own: Random, delayMs: number, lastMs: number): Promise<void> => {
    await pause(delayMs)
    trace.note(`${fault.name} for about ${lastMs} ms`, 'all')
    await fault.run(world, own, lastMs, () => emptied(clients, model))
    trace.note(`${fault.name}: over`, 'all')
  }
  const troubles = faults.map((fault) =>
    befall(fault, seededRandom(random.between(0, 2 ** 31)), random.between(50, 600), random.between(50, 900)),
  )
  // Not while the primary forgets everything: then the tiers are looked at.
  const renewed = faults.some(({ name }) => name === 'restarted empty') ? undefined : random.pick(clients)
  if (renewed && random.chance(0.4)) troubles.push(pause(random.between(100, 900)).then(() => renewed.renew()))

  const ends = await inTime('a fault', Promise.allSettled([...troubles, pause(random.between(0, 300))]))
  going = false
  for (const end of [...ends, ...(await working)]) if (end.status === 'rejected') throw end.reason
  await inTime('healing', world.heal())
  trace.note('all is well again', 'all')
  for (const client of clients) await comeHome(client, random.chance(0.1))
  const { texts, listed } = await world.look()
  model.settle(texts, listed)
  await checkList(clients, texts)
  const { exact, loose } = model.clear()
  report.exact += exact
  report.loose += loose
  await world.command('FLUSHALL')
  await world.command('BGREWRITEAOF') // what is past takes no time when the server loads
}

/** Settles as the work does. What does not end ends the run. */
async function inTime<T>(what: string, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`${what} has not come to an end within ${PATIENCE_MS} ms`)), PATIENCE_MS)
  })
  try {
    return await Promise.race([work, late])
  } finally {
    clearTimeout(timer)
  }
}

/** One to three faults, no two of a kind. */
function choose(random: Random, among: readonly Fault[]): Fault[] {
  const chosen: Fault[] = []
  if (among.length === 0) return chosen
  for (let left = random.between(1, 3); left > 0; left--) {
    const fault = random.pick(among)
    if (!chosen.some(({ kind }) => kind === fault.kind)) chosen.push(fault)
  }
  return chosen
}

/** The primary is gone and will come back empty. What is on its way to or from a tier arrives first. */
async function emptied(clients: readonly ChaosClient[], model: Model): Promise<void> {
  await pause(4 * DEADLINE_MS)
  const waiting = new Map<number, string>()
  for (const tier of clients.flatMap(({ tiers }) => tiers)) {
    for (const { id } of (await tier.list({ limit: 10_000 })).entries) {
      const found = await tier.get(id)
      if (found) waiting.set(id, found.raw)
    }
  }
  model.emptied(waiting)
}

/** Until nothing waits, by itself or when asked. */
async function comeHome({ store, options }: ChaosClient, byItself: boolean): Promise<void> {
  const started = performance.now()
  for (;;) {
    // A tier on a busy disk may miss a deadline now and then.
    if (!byItself) await insist(() => store.sync())
    const { ok, waiting } = await store.health()
    if (waiting === 0 && ok) return
    if (performance.now() - started > HOME_MS) {
      throw new Violation(`${options.name}: ${waiting} sessions do not come home, though all is well (${ok})`)
    }
    await pause(20)
  }
}

/** Where all is well a call may fail for a moment, while a connection is made; not for ever. */
async function insist<T>(call: () => Promise<T>): Promise<T> {
  const started = performance.now()
  for (;;) {
    try {
      return await call()
    } catch (error) {
      if (performance.now() - started > HOME_MS) throw error
      await pause(20)
    }
  }
}

/** Every store lists exactly what is there. */
async function checkList(clients: readonly ChaosClient[], texts: ReadonlyMap<number, string>): Promise<void> {
  for (const { store, options } of clients) {
    const { sessions } = await insist(() => store.list({ limit: 1000 }))
    const listed = new Set(sessions.map(({ timestamp }) => timestamp))
    for (const id of listed) {
      if (!texts.has(id)) throw new Violation(`${options.name} lists what is not there`, id)
    }
  }
}
