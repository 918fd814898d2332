/** Writers killed at any moment. What they had been told is stored is there, byte for byte; nothing else is. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { SessionAdapter } from '../../src/adapters/adapter.js'
import { fileAdapter } from '../../src/adapters/file.js'
import { revisionOf } from '../../src/revision.js'
import { seededRandom } from '../fixtures/random.js'
import { namesBelow, type TemporaryDirectory, temporaryDirectory } from './harness.js'
import { buildChild, type Child, startChild } from './processes.js'

const NOW = 1_770_000_000_000
const IDS = [1, 2, 3]

/** What is stored under an id. */
type State = { revision: string; ttlMs: number | null; summary: string | undefined } | null

interface About {
  does: 'put' | 'touch' | 'delete'
  revision: string
  ttlMs?: number
  summary?: string
}

let build: TemporaryDirectory
let script: string

beforeAll(async () => {
  build = await temporaryDirectory()
  script = await buildChild(build.path)
})

afterAll(() => build[Symbol.asyncDispose]())

/** What an operation makes of a state. */
function after(state: State, { does, revision, ttlMs, summary }: About): State {
  if (does === 'delete') return null
  if (does === 'touch') return state && { ...state, ttlMs: ttlMs ?? null }
  return { revision, ttlMs: ttlMs ?? null, summary }
}

async function stateOf(adapter: SessionAdapter, id: number): Promise<State> {
  const found = await adapter.get(id)
  const { entries } = await adapter.list({ limit: 1, from: id, before: id + 1 })
  expect(entries).toHaveLength(found ? 1 : 0)
  const [entry] = entries
  return found && entry ? { revision: revisionOf(found.raw), ttlMs: entry.ttlMs ?? null, summary: entry.summary } : null
}

/** One directory, and one writer after the other in it, each killed at its moment. Returns how many left a lock. */
async function killOneAfterTheOther(track: number, rounds: number): Promise<number> {
  await using directory = await temporaryDirectory()
  let waitedMs = 0
  const adapter = fileAdapter(directory.path, {
    now: () => NOW,
    wait: async (ms) => {
      waitedMs += ms
    },
  })
  const moments = seededRandom(track)
  const known = new Map<number, State>(IDS.map((id) => [id, null]))
  let locks = 0
  for (let round = 0; round < rounds; round++) {
    const child = startChild(script, [directory.path, 'write', track * 1000 + round])
    await child.spoke
    // A kill comes at a moment of real time.
    await new Promise((resolve) => setTimeout(resolve, moments.between(0, 40)))
    child.kill()
    const underway = new Map<number, About>()
    for (const { id, about, done } of await child.lines) {
      const key = Number(id)
      const operation = underway.get(key)
      if (about) underway.set(key, about as About)
      if (done && operation) {
        known.set(key, after(known.get(key) ?? null, operation))
        underway.delete(key)
      }
    }
    const names = (await namesBelow(directory.path)).map((name) => name.replace('.storyart/', ''))
    for (const id of IDS) {
      const state = known.get(id) ?? null
      const operation = underway.get(id)
      // What was being replaced may have lost its summary already.
      const possible = operation ? [state, after(state, operation), state && { ...state, summary: undefined }] : [state]
      const seen = await stateOf(adapter, id)
      expect(possible, `track ${track}, round ${round}, id ${id}, ${operation?.does}`).toContainEqual(seen)
      known.set(id, seen)
      if (!names.includes(`${id}.lock`)) continue
      locks++
      waitedMs = 0
      const raw = `{"round":${round}}`
      const expected = seen === null ? 'absent' : seen.revision
      expect(await adapter.put(id, raw, { expect: expected })).toEqual({ stored: true })
      expect(waitedMs, 'how long the next writer waits for a dead one').toBeLessThanOrEqual(110)
      known.set(id, { revision: revisionOf(raw), ttlMs: null, summary: undefined })
    }
  }
  await adapter.prune?.()
  const allowed = /^\.storyart$|^\.storyart\/[123]\.summary$|^storyart-session-[123]\.json$/
  expect((await namesBelow(directory.path)).filter((name) => !allowed.test(name))).toEqual([])
  return locks
}

describe('a writer that is killed', () => {
  it('loses nothing it was told is stored, leaves nothing half done and blocks nobody, 200 times', {
    timeout: 300_000,
  }, async () => {
    const locks = await Promise.all([1, 2, 3, 4].map((track) => killOneAfterTheOther(track, 50)))
    expect(locks.reduce((sum, one) => sum + one)).toBeGreaterThan(50)
  })

  it('takes no update from others who write the same session meanwhile', { timeout: 120_000 }, async () => {
    await using directory = await temporaryDirectory()
    const adapter = fileAdapter(directory.path)
    await adapter.put(7, '0')
    const moments = seededRandom(5)
    const started = async (): Promise<Child> => {
      const child = startChild(script, [directory.path, 'increment', 0])
      await child.spoke
      child.start()
      return child
    }
    let told = 0
    let underway = 0
    /** Kills a process, and says how many updates it was told are stored. */
    async function end(child: Child): Promise<number> {
      child.kill()
      const lines = (await child.lines).filter((line) => !('ready' in line))
      const done = lines.filter((line) => 'done' in line).length
      told += done
      if ('about' in (lines.at(-1) ?? {})) underway++
      return done
    }
    const survivors = await Promise.all([started(), started()])
    for (let kills = 0; kills < 12; kills++) {
      const victim = await started()
      await new Promise((resolve) => setTimeout(resolve, moments.between(10, 100)))
      await end(victim)
    }
    for (const survivor of survivors) expect(await end(survivor)).toBeGreaterThan(12)
    const count = Number((await adapter.get(7))?.raw)
    expect(count).toBeGreaterThanOrEqual(told)
    expect(count).toBeLessThanOrEqual(told + underway)
  })
})
