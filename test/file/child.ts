/**
 * A process of its own, to be killed. Says what it is about to do and what was acknowledged, one line each, written so
 * that a kill loses nothing of it.
 */
import { createHash } from 'node:crypto'
import { writeSync } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'
import type { SessionAdapter } from '../../src/adapters/adapter.js'
import { fileAdapter } from '../../src/adapters/file.js'
import { seededRandom } from '../fixtures/random.js'

const [directory = '', mode = '', number = ''] = process.argv.slice(2)
const seed = Number(number)
const adapter = fileAdapter(directory, mode === 'write' ? { now: () => 1_770_000_000_000 } : {})

/** As the library has it, but in time for a process that lives for some ms. */
function revisionOf(text: string): string {
  return createHash('sha1').update(text).digest('hex')
}

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
    const text = '\u00e9x'.repeat(random.chance(0.2) ? random.between(1, 30_000) : random.between(0, 20))
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

/** Counts up in session 7, among others who do. */
async function increment(times: number): Promise<void> {
  for (let done = 0; done < times; ) {
    const raw = (await adapter.get(7))?.raw ?? ''
    say({ about: done })
    const result = await adapter.put(7, String(Number(raw) + 1), { expect: revisionOf(raw) })
    say(result.stored ? { done: ++done } : { refused: true })
  }
}

/** Takes every id it can get. */
async function take(count: number, by: SessionAdapter): Promise<void> {
  const won: number[] = []
  for (let id = 1; id <= count; id++) {
    if ((await by.put(id, `{"winner":${seed}}`, { expect: 'absent', ttlMs: 3_600_000 })).stored) won.push(id)
  }
  say({ won })
}

/** What became of a call, as far as it can be said in a line. */
async function outcome(call: Promise<unknown>): Promise<void> {
  say((await call.catch((error: { code: string }) => ({ code: error.code }))) as object)
}

/** Tries to write more than it may. */
async function grow(): Promise<void> {
  await outcome(adapter.put(7, JSON.stringify('x'.repeat(1_000_000)), { summary: 'new' }))
  await outcome(adapter.put(8, '{}'))
}

/** Opens all the files it may, and then some. */
async function openAll(): Promise<void> {
  const handles: FileHandle[] = []
  try {
    for (;;) handles.push(await open(directory, 'r'))
  } catch {
    // That was one too many.
  }
  await outcome(adapter.get(7))
  await outcome(adapter.put(7, '{}'))
  say({ ok: (await adapter.health()).ok })
  for (const handle of handles) await handle.close()
  await outcome(adapter.get(7))
}

if (mode === 'grow') await grow()
else if (mode === 'open') await openAll()
else if (mode === 'write') await Promise.all([1, 2, 3].map(write))
else {
  await ready()
  await (mode === 'take' ? take(50, adapter) : increment(seed || Number.POSITIVE_INFINITY))
}
