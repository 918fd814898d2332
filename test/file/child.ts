/**
 * A process of its own, to be killed. Says what it is about to do and what was acknowledged, one line each, written so
 * that a kill loses nothing of it.
 */
import { writeSync } from 'node:fs'
import type { SessionAdapter } from '../../src/adapters/adapter.js'
import { fileAdapter } from '../../src/adapters/file.js'
import { revisionOf } from '../../src/revision.js'
import { seededRandom } from '../fixtures/random.js'

const [directory = '', mode = '', seedText = ''] = process.argv.slice(2)
const seed = Number(seedText)
const adapter = fileAdapter(directory, mode === 'write' ? { now: () => 1_770_000_000_000 } : {})

function say(line: object): void {
  writeSync(1, `${JSON.stringify(line)}\n`)
}

/** Waits for the starting shot, so that all run at once. */
async function ready(): Promise<void> {
  say({ ready: true })
  await new Promise((resolve) => process.stdin.once('data', resolve))
  process.stdin.pause()
}

/** Writes to one session, forever. */
async function write(id: number): Promise<void> {
  const random = seededRandom(seed * 10 + id)
  for (let step = 0; ; step++) {
    const choice = random.next()
    const ttlMs = random.chance(0.5) ? random.between(1, 1e9) : undefined
    const text = '\u00e9x'.repeat(random.chance(0.3) ? random.between(1, 50_000) : random.between(0, 20))
    const raw = JSON.stringify({ seed, id, step, text })
    const summary = random.chance(0.5) ? `summary of step ${step}` : undefined
    if (choice < 0.15) {
      say({ id, about: { does: 'delete' } })
      await adapter.delete(id)
    } else if (choice < 0.3) {
      say({ id, about: { does: 'touch', ttlMs: ttlMs ?? 1 } })
      await adapter.touch(id, ttlMs ?? 1)
    } else {
      const old = choice < 0.6 ? await adapter.get(id) : undefined
      const expect = old === undefined ? undefined : old === null ? 'absent' : revisionOf(old.raw)
      say({ id, about: { does: 'put', revision: revisionOf(raw), ttlMs, summary } })
      const result = await adapter.put(id, raw, { ttlMs, summary, expect })
      if (!result.stored) throw new Error('refused, though nobody else writes')
    }
    say({ id, done: true })
  }
}

async function increment(times: number): Promise<void> {
  let refused = 0
  for (let done = 0; done < times; ) {
    const raw = (await adapter.get(7))?.raw ?? ''
    say({ about: done })
    const result = await adapter.put(7, String(Number(raw) + 1), { expect: revisionOf(raw) })
    if (!result.stored) {
      refused++
      continue
    }
    say({ done: ++done })
  }
  say({ refused })
}

/** Takes every id it can get. */
async function take(count: number, by: SessionAdapter): Promise<void> {
  const won: number[] = []
  for (let id = 1; id <= count; id++) {
    if ((await by.put(id, `{"winner":${seed}}`, { expect: 'absent', ttlMs: 3_600_000 })).stored) won.push(id)
  }
  say({ won })
}

if (mode === 'write') await Promise.all([1, 2, 3].map(write))
else {
  await ready()
  await (mode === 'take' ? take(50, adapter) : increment(mode === 'increment' ? 100 : Number.POSITIVE_INFINITY))
}
