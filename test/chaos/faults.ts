/**
 * What befalls a server and the way to it.
 */

import type { Random } from '../fixtures/random.js'
import { PASSWORD, pause, type World } from './world.js'

export interface Fault {
  name: string
  /** Of each kind there is at most one at a time. */
  kind: 'process' | 'state' | 'wire'
  /** Begins, lasts about so long, and ends. */
  run(world: World, random: Random, ms: number, emptied: () => Promise<void>): Promise<void>
}

/** Sends the server a command, and another one when it is over. */
function between(name: string, first: (world: World) => string, last: string): Fault {
  return {
    name,
    kind: 'state',
    async run(world, _, ms) {
      await world.command(first(world))
      await pause(ms)
      await world.command(last)
    },
  }
}

/** Lets something befall single bytes for a while. */
function bytes(name: string, happen: (random: Random) => Parameters<World['proxy']['strike']>[0]): Fault {
  return {
    name,
    kind: 'wire',
    async run({ proxy }, random, ms) {
      const until = performance.now() + ms
      while (performance.now() < until) {
        await Promise.race([proxy.strike(happen(random)), pause(ms)])
        await pause(random.between(0, 60))
      }
      proxy.spare()
    },
  }
}

/** The same for answers, which are not to be believed then. What a request becomes would really be stored. */
function poison(fault: Fault): Fault {
  return {
    ...fault,
    async run(world, random, ms, emptied) {
      world.poisonings++
      world.poisoned = true
      await fault.run(world, random, ms, emptied)
      world.proxy.cut()
      await pause(50)
      world.poisoned = false
    },
  }
}

export const FAULTS: readonly Fault[] = [
  {
    name: 'killed and started again',
    kind: 'process',
    async run({ server }, _, ms) {
      await server.kill()
      await pause(ms)
      await server.start()
    },
  },
  {
    name: 'killed and started again, loading slowly',
    kind: 'process',
    async run({ server }, random, ms) {
      await server.kill()
      await pause(ms / 2)
      await server.start(['--key-load-delay', String(random.between(200, 2000))])
    },
  },
  {
    name: 'restarted empty',
    kind: 'process',
    async run({ server }, _, ms, emptied) {
      await server.kill()
      server.forget()
      await emptied()
      await pause(ms)
      await server.start()
    },
  },
  {
    name: 'frozen',
    kind: 'process',
    async run({ server }, _, ms) {
      server.freeze()
      await pause(ms)
      server.thaw()
    },
  },
  between('full', () => 'CONFIG SET maxmemory 1', 'CONFIG SET maxmemory 0'),
  between('read-only', ({ deadPort }) => `REPLICAOF 127.0.0.1 ${deadPort}`, 'REPLICAOF NO ONE'),
  between(
    'another password',
    () => `CONFIG SET requirepass ${PASSWORD}\r\nCLIENT KILL TYPE normal SKIPME yes`,
    `AUTH ${PASSWORD}\r\nCONFIG SET requirepass ""`,
  ),
  bytes('cut on the way there', (random) => ({ direction: 'up', at: random.between(0, 3000), kind: 'cut' })),
  bytes('cut on the way back', (random) => ({ direction: 'down', at: random.between(0, 400), kind: 'cut' })),
  {
    name: 'stalled',
    kind: 'wire',
    async run({ proxy }, random, ms) {
      const direction = random.pick(['up', 'down'] as const)
      await Promise.race([proxy.strike({ direction, at: random.between(0, 500), kind: 'stall' }), pause(ms)])
      await pause(ms)
      proxy.spare()
      proxy.cut()
    },
  },
  {
    name: 'slow',
    kind: 'wire',
    async run({ proxy }, random, ms) {
      proxy.delayMs = random.between(1, 300)
      await pause(ms)
      proxy.delayMs = 0
    },
  },
  {
    name: 'unreachable',
    kind: 'wire',
    async run({ proxy }, _, ms) {
      proxy.refusing = true
      proxy.cut()
      await pause(ms)
      proxy.refusing = false
    },
  },
  poison(
    bytes('answers with a byte changed', (random) => ({
      direction: 'down',
      at: random.between(0, 400),
      kind: 'flip',
      mask: random.between(1, 255),
    })),
  ),
  poison(
    bytes('answers with a byte missing', (random) => ({ direction: 'down', at: random.between(0, 400), kind: 'drop' })),
  ),
]
