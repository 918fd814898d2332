/** Everything that can be wrong with one server or the way to it, one row each of the table in docs/guide/faults.md. */
import { readFileSync } from 'node:fs'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { makeWorld, PASSWORD, pause, type World } from '../chaos/world.js'
import {
  comeHome,
  DEADLINE_MS,
  type Ends,
  expectAll,
  look,
  MARGIN_MS,
  type Observed,
  observe,
  type Seen,
  save,
} from './outage.js'

interface Outage {
  /** The first column of the table in the guide. */
  fault: string
  begin(world: World): unknown
  end(world: World): unknown
  /** With a memory tier behind, and without. */
  withFallback: Ends
  alone: Ends
  /** Whether the server forgets what it has acknowledged. */
  forgets?: boolean
}

const AWAY: Ends = { save: 'ADAPTER_UNAVAILABLE', get: 'ADAPTER_UNAVAILABLE', list: 'ADAPTER_UNAVAILABLE' }
const IN_MEMORY: Ends = { save: 'memory', get: 'ADAPTER_UNAVAILABLE', list: 'degraded' }
const DENIED: Ends = { save: 'ADAPTER_DENIED', get: 'ADAPTER_DENIED', list: 'ADAPTER_DENIED' }
const FULL: Ends = { save: 'ADAPTER_QUOTA', get: 'redis', list: 'whole' }
const WELL: Ends = { save: 'redis', get: 'redis', list: 'whole' }
const SLOW_MS = 60

const OUTAGES: Outage[] = [
  {
    fault: 'killed (`kill -9`), back with its file',
    begin: ({ server }) => server.kill(),
    end: ({ server }) => server.start(),
    withFallback: IN_MEMORY,
    alone: AWAY,
  },
  {
    fault: 'killed, back empty',
    begin: async ({ server }) => {
      await server.kill()
      server.forget()
    },
    end: ({ server }) => server.start(),
    withFallback: IN_MEMORY,
    alone: AWAY,
    forgets: true,
  },
  {
    fault: 'frozen (`SIGSTOP`), then continued',
    begin: ({ server }) => server.freeze(),
    end: ({ server }) => server.thaw(),
    withFallback: IN_MEMORY,
    alone: AWAY,
  },
  {
    fault: 'loading its file (`LOADING`)',
    begin: async ({ server, command }) => {
      // A server looks up from reading its file every 1024 bytes of that form, which a rewrite gives it.
      await command('BGREWRITEAOF')
      while (!/aof_rewrite_in_progress:0/.test(await command('INFO persistence'))) await pause(10)
      await server.kill()
      await server.start(['--key-load-delay', '100000'])
      expect(await command('GET key')).toMatch(/^-LOADING/)
    },
    end: async ({ server }) => {
      await server.kill()
      await server.start()
    },
    withFallback: IN_MEMORY,
    alone: AWAY,
  },
  {
    fault: 'full (`maxmemory`, `noeviction`)',
    begin: ({ command }) => command('CONFIG SET maxmemory 1'),
    end: ({ command }) => command('CONFIG SET maxmemory 0'),
    withFallback: FULL,
    alone: FULL,
  },
  {
    fault: 'a read-only replica (`REPLICAOF`)',
    begin: ({ command, deadPort }) => command(`REPLICAOF 127.0.0.1 ${deadPort}`),
    end: ({ command }) => command('REPLICAOF NO ONE'),
    withFallback: IN_MEMORY,
    alone: { save: 'ADAPTER_UNAVAILABLE', get: 'redis', list: 'whole' },
  },
  {
    fault: 'another password than the client has',
    begin: ({ command }) => command(`CONFIG SET requirepass ${PASSWORD}\r\nCLIENT KILL TYPE normal SKIPME yes`),
    end: ({ command }) => command(`AUTH ${PASSWORD}\r\nCONFIG SET requirepass ""`),
    withFallback: DENIED,
    alone: DENIED,
  },
  {
    fault: 'no way to it: connections are reset',
    begin: ({ proxy }) => {
      proxy.refusing = true
      proxy.cut()
    },
    end: ({ proxy }) => {
      proxy.refusing = false
    },
    withFallback: IN_MEMORY,
    alone: AWAY,
  },
  {
    fault: 'no way to it: everything is swallowed',
    begin: ({ proxy }) => {
      proxy.swallowing = true
    },
    end: ({ proxy }) => {
      proxy.swallowing = false
      proxy.cut()
    },
    withFallback: IN_MEMORY,
    alone: AWAY,
  },
  {
    fault: 'a slow way to it, within the deadline',
    begin: ({ proxy }) => {
      proxy.delayMs = SLOW_MS
    },
    end: ({ proxy }) => {
      proxy.delayMs = 0
    },
    withFallback: WELL,
    alone: WELL,
  },
  {
    fault: 'a slow way to it, beyond the deadline',
    begin: ({ proxy }) => {
      proxy.delayMs = 2 * DEADLINE_MS
    },
    end: ({ proxy }) => {
      proxy.delayMs = 0
    },
    withFallback: IN_MEMORY,
    alone: AWAY,
  },
]

const endsOf = (seen: Record<string, Seen>): Record<string, Ends> =>
  Object.fromEntries(Object.entries(seen).map(([who, { save, get, list }]) => [who, { save, get, list }]))

let world: World
let observed: Observed[] = []
const measured: string[] = []

beforeAll(async () => {
  world = await makeWorld()
})

afterEach(async () => {
  await world.heal()
  await Promise.allSettled(observed.map(({ store }) => store.close()))
  await world.command('FLUSHALL')
})

afterAll(async () => {
  await world.end()
  if (process.env.FAULT_TABLE) process.stdout.write(`${measured.join('\n')}\n`)
})

describe('a server that is', () => {
  it.each(OUTAGES)('$fault', async ({ fault, begin, end, withFallback, alone, forgets }) => {
    const [backed, bare] = [observe(world.proxy.url, true), observe(world.proxy.url, false)]
    observed = [backed, bare]
    const known: number[] = []
    for (const one of observed) {
      for (let i = 0; i < 5; i++) known.push((await save(one)).timestamp ?? 0)
    }
    // Saves are on their way when it happens. Each is acknowledged, by whomever, or is not.
    const underway = observed.map((one) => Promise.all(Array.from({ length: 5 }, () => save(one))))
    await begin(world)
    const firstMs = (await Promise.all(underway)).map((saves) => Math.max(...saves.map(({ tookMs }) => tookMs)))
    // What ends the connections first of all ends with "not now"; that it is a denial shows when somebody asks.
    if (withFallback === DENIED) await backed.store.health()

    const seen = { backed: await look(backed, known[0] ?? 0), bare: await look(bare, known[5] ?? 0) }
    expect(endsOf(seen)).toEqual({ backed: withFallback, bare: alone })
    const times = [...firstMs, seen.backed.tookMs, seen.bare.tookMs]
    expect(Math.max(...times)).toBeLessThan(DEADLINE_MS + MARGIN_MS)
    measured.push(`| ${fault} | ${times.map((ms) => ms.toFixed(1)).join(' | ')} |`)

    await end(world)
    await comeHome(backed)
    if (forgets) {
      // Nobody but the server had them. What waited is there.
      for (const [timestamp] of backed.saved) if (known.includes(timestamp)) backed.saved.delete(timestamp)
      bare.saved.clear()
    }
    await comeHome(bare)
    await expectAll(world, backed)
    await expectAll(world, bare)
    expect(bare.told).toEqual(new Set())
    if (withFallback.save === 'memory') expect(backed.told).toEqual(new Set(['fallback', 'recovered', 'synced']))
    else expect(backed.told).not.toContain('conflict')
  })

  it('is a table in the guide with the same rows', () => {
    const guide = readFileSync('docs/guide/faults.md', 'utf8')
    const [, table = ''] = guide.split('## One server')
    const rows =
      table
        .split('\n## ')[0]
        ?.split('\n')
        .filter((line) => line.startsWith('| ')) ?? []
    const cells = rows.slice(1).map((row) => row.split('|').map((cell) => cell.trim()))
    expect(cells.map(([, ...row]) => row.slice(0, 7))).toEqual(
      OUTAGES.map(({ fault, withFallback, alone }) => [fault, ...Object.values(withFallback), ...Object.values(alone)]),
    )
  })
})
