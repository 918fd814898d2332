/** A connection that breaks, or lies, at any byte. */
import { Redis } from 'ioredis'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { redisAdapter } from '../../src/adapters/redis.js'
import { SessionStore } from '../../src/store/index.js'
import { makeWorld, type World } from '../chaos/world.js'
import { codeOf, comeHome, expectAll, type Observed, observe, save } from './outage.js'
import type { Direction, Trouble } from './proxy.js'

let world: World
let direct: Redis

beforeAll(async () => {
  world = await makeWorld()
  direct = new Redis(world.server.port, '127.0.0.1')
})

afterEach(async () => {
  await world.command('FLUSHALL')
})

afterAll(async () => {
  direct.disconnect()
  await world.end()
})

/** How many bytes one save sends and gets. */
async function lengthOfSave(observed: Observed): Promise<Record<Direction, number>> {
  await comeHome(observed)
  void world.proxy.strike({ direction: 'up', at: Number.POSITIVE_INFINITY, kind: 'cut' })
  await save(observed)
  return { ...world.proxy.passed }
}

describe('a connection that is cut at every byte of a save', () => {
  it('costs nothing with a fallback: every session is there, once, and listed', async () => {
    const observed = observe(world.proxy.url, true)
    const length = await lengthOfSave(observed)
    // Every second byte of the first command's words, every seventh of the text and what follows; of the answers every one.
    const places = (direction: Direction): number[] =>
      Array.from({ length: length[direction] }, (_, at) => at).filter(
        (at) => at % 7 === 0 || (at < 90 && at % 2 === 0) || direction === 'down',
      )
    for (const direction of ['up', 'down'] as const) {
      for (const at of places(direction)) {
        await comeHome(observed)
        void world.proxy.strike({ direction, at, kind: 'cut' })
        expect((await save(observed)).end).toMatch(/^(redis|memory)$/)
      }
    }
    world.proxy.spare()
    await comeHome(observed)
    await expectAll(world, observed)
    expect((await world.look()).texts.size).toBe(observed.saved.size)
    expect(observed.told).not.toContain('conflict')
    await observed.store.close()
  })

  it('is never mistaken for an answer without one', async () => {
    const observed = observe(world.proxy.url, false)
    const { down } = await lengthOfSave(observed)
    const ends: string[] = []
    for (let at = 0; at < down; at++) {
      await comeHome(observed)
      void world.proxy.strike({ direction: 'down', at, kind: 'cut' })
      ends.push((await save(observed)).end)
    }
    // The summary's own answer is not waited for in vain: without it the session is there all the same.
    const first = ends.indexOf('redis')
    expect(ends.slice(0, first)).toEqual(ends.slice(0, first).fill('ADAPTER_UNAVAILABLE'))
    world.proxy.spare()
    await comeHome(observed)
    await expectAll(world, observed)
    await observed.store.close()
  })
})

describe('an answer that is changed on its way', () => {
  const TIMESTAMP = 1_770_000_000_000
  const SESSION = { scriptText: 'INT. KITCHEN - NIGHT', promptMode: 'enhanced', beatCount: 2048 }

  /** Reads a session while something befalls the answer, over a connection of its own. */
  async function readWith(trouble: Omit<Trouble, 'direction'>, revision: string, deadlineMs: number): Promise<string> {
    const client = new Redis(world.proxy.port, '127.0.0.1', { retryStrategy: () => null, enableReadyCheck: false })
    client.on('error', () => undefined)
    const store = new SessionStore({ adapter: redisAdapter({ client }), deadlineMs })
    try {
      await client.ping()
      void world.proxy.strike({ direction: 'down', ...trouble })
      const record = await store.get(TIMESTAMP)
      if (record === null) return 'null'
      return record.revision === revision ? 'the session' : 'another session'
    } catch (error) {
      return codeOf(error)
    } finally {
      world.proxy.spare()
      client.disconnect()
    }
  }

  /** `deadlineMs` is waited for wherever the answer has lost its end. */
  async function endsOf(kind: 'flip' | 'drop' | 'cut', masks: readonly number[], deadlineMs: number) {
    const store = new SessionStore({ adapter: redisAdapter({ client: direct }) })
    const { revision } = await store.save(SESSION, { timestamp: TIMESTAMP })
    const raw = (await direct.get(`storyart:session:${TIMESTAMP}`)) ?? ''
    const header = `$${raw.length}\r\n`.length
    const ends: Record<'header' | 'text' | 'end', Record<string, number>> = { header: {}, text: {}, end: {} }
    for (let at = 0; at < header + raw.length + 2; at++) {
      const part = at < header ? 'header' : at < header + raw.length ? 'text' : 'end'
      for (const mask of masks) {
        const end = await readWith({ kind, at, mask }, revision, deadlineMs)
        ends[part][end] = (ends[part][end] ?? 0) + 1
      }
    }
    return { ends }
  }

  it('by half is never a session, nor "not there"', async () => {
    const { ends } = await endsOf('cut', [0], 1000)
    for (const part of Object.values(ends)) expect(Object.keys(part)).toEqual(['ADAPTER_UNAVAILABLE'])
  })

  it('in a bit is refused, or has another revision than the save had', async () => {
    const { ends } = await endsOf('flip', [1, 2, 4, 16, 128], 500)
    if (process.env.FAULT_TABLE) process.stdout.write(`${JSON.stringify(ends)}\n`)
    // Redis sends no checksum: letters and digits may come as others, and the revision is what tells.
    expect(Object.keys(ends.text).sort()).toEqual(['ADAPTER_FAILED', 'SESSION_INVALID', 'another session'])
    // A changed length or type is no answer, or ends the connection; "not there" is one bit away from a length.
    expect(Object.keys(ends.header)).not.toContain('another session')
  })

  it('by a byte is refused, or has another revision than the save had', async () => {
    const { ends } = await endsOf('drop', [0], 50)
    if (process.env.FAULT_TABLE) process.stdout.write(`${JSON.stringify(ends)}\n`)
    expect(ends.text['the session']).toBeUndefined()
    expect(Object.keys(ends.header)).not.toContain('another session')
  })
})
