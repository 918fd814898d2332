/**
 * Every call can be the last one: an operation is stopped at each of its calls of the file system in turn, as a kill
 * would, and the next process has to find all as it was, or all as it was to become.
 */
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { SessionAdapter } from '../../src/adapters/adapter.js'
import { fileAdapterOn } from '../../src/adapters/file-adapter.js'
import type { Disk } from '../../src/adapters/file-room.js'
import { revisionOf } from '../../src/revision.js'
import { diskWith, namesBelow, temporaryDirectory } from './harness.js'

const OLD = '{"scriptText":"SCENE 1: the harbour"}'
const NEW = '{"scriptText":"SCENE 1: the harbour, at night, in the rain"}'

/** What can be seen of a session: text, when it ends in ms after the start, summary. */
type Seen = { raw: string; ends: number | null; summary: string | undefined } | null

interface Scenario {
  name: string
  /** Made before, by a process that lived. */
  before(adapter: SessionAdapter): Promise<unknown>
  /** What is stopped. */
  operation(adapter: SessionAdapter): Promise<unknown>
  old: Seen
  new: Seen
}

const LIFE = 10 * 3_600_000
/** When the operation comes, in ms after the start. */
const LATER = 2
const putOld = (adapter: SessionAdapter) => adapter.put(7, OLD, { ttlMs: LIFE, summary: 'old' })
const seenOld: Seen = { raw: OLD, ends: LIFE, summary: 'old' }
const seenNew: Seen = { raw: NEW, ends: LATER + 2 * LIFE, summary: 'new' }
const asNew = { ttlMs: 2 * LIFE, summary: 'new' }

const scenarios: Scenario[] = [
  {
    name: 'the very first put, which makes the directory',
    before: async () => undefined,
    operation: (adapter) => adapter.put(7, NEW, asNew),
    old: null,
    new: seenNew,
  },
  {
    name: 'a put over a document',
    before: putOld,
    operation: (adapter) => adapter.put(7, NEW, asNew),
    old: seenOld,
    new: seenNew,
  },
  {
    name: 'a put without a life and summary over one with both',
    before: putOld,
    operation: (adapter) => adapter.put(7, NEW),
    old: seenOld,
    new: { raw: NEW, ends: null, summary: undefined },
  },
  {
    name: 'a put expecting a revision',
    before: putOld,
    operation: (adapter) => adapter.put(7, NEW, { ...asNew, expect: revisionOf(OLD) }),
    old: seenOld,
    new: seenNew,
  },
  {
    name: 'a put expecting nothing where a session has ended',
    before: (adapter) => adapter.put(7, OLD, { ttlMs: 1, summary: 'old' }),
    operation: (adapter) => adapter.put(7, NEW, { ...asNew, expect: 'absent' }),
    old: null,
    new: seenNew,
  },
  {
    name: 'a put that keeps the life',
    before: putOld,
    operation: (adapter) => adapter.put(7, NEW, { ttlMs: 'keep', summary: 'new' }),
    old: seenOld,
    new: { raw: NEW, ends: LIFE, summary: 'new' },
  },
  {
    name: 'a touch',
    before: putOld,
    operation: (adapter) => adapter.touch(7, 5 * LIFE),
    old: seenOld,
    new: { raw: OLD, ends: LATER + 5 * LIFE, summary: 'old' },
  },
  {
    name: 'a describe',
    before: putOld,
    operation: (adapter) => adapter.describe?.(7, OLD, 'new') ?? Promise.reject(new Error('no describe')),
    old: seenOld,
    new: { ...seenOld, summary: 'new' },
  },
  {
    name: 'a delete',
    before: putOld,
    operation: (adapter) => adapter.delete(7),
    old: seenOld,
    new: null,
  },
  {
    name: 'a prune',
    before: (adapter) => adapter.put(7, OLD, { ttlMs: 1, summary: 'old' }),
    operation: (adapter) => adapter.prune?.() ?? Promise.reject(new Error('no prune')),
    old: null,
    new: null,
  },
]

/** Here no power fails, and waiting for the disk takes most of the time. */
const quick = diskWith(async ({ name }, go) => (name === 'handle.sync' ? undefined : go()))

/** A process that ends at its call number `last`, counted from 0. What it was writing then is written by half. */
function dyingDisk(last: number): { disk: Disk; died: Promise<string>; bury(): Promise<unknown> } {
  let calls = 0
  const open = new Set<{ close(): Promise<void> }>()
  let die: (at: string) => void
  const died = new Promise<string>((resolve) => {
    die = resolve
  })
  const disk = diskWith(async ({ name, args }, go) => {
    const dead = new Promise(() => undefined)
    if (calls > last) return dead
    if (calls++ === last) {
      const data = args.at(-1)
      if (/writeFile$/.test(name)) await go(...args.slice(0, -1), Buffer.from(data as string).subarray(0, 5))
      die(name)
      return dead
    }
    const result = name === 'handle.sync' ? undefined : await go()
    if (name === 'open') open.add(result as { close(): Promise<void> })
    return result
  })
  return { disk, died, bury: () => Promise.allSettled([...open].map((handle) => handle.close())) }
}

async function see(adapter: SessionAdapter, elapsedMs: number): Promise<Seen> {
  const found = await adapter.get(7)
  const { entries } = await adapter.list({ limit: 10 })
  expect(entries.map(({ id }) => id)).toEqual(found ? [7] : [])
  const [entry] = entries
  if (!found || !entry) return null
  return {
    raw: found.raw,
    ends: typeof entry.ttlMs === 'number' ? elapsedMs + entry.ttlMs : null,
    summary: entry.summary,
  }
}

describe.each(scenarios)('$name', ({ before, operation, old, new: wanted }) => {
  it('may be stopped at any call: all is old or all is new, and the next one works', { timeout: 120_000 }, async () => {
    for (let last = 0; ; last++) {
      await using directory = await temporaryDirectory()
      const path = join(directory.path, 'made', 'by', 'the', 'first')
      let time = Date.now()
      const now = (): number => time
      const first = fileAdapterOn(quick, path, { now })
      await before(first)
      await first.delete(8) // makes sure that nothing of the preparation is still on its way
      time += LATER

      const { disk, died, bury } = dyingDisk(last)
      const done = operation(fileAdapterOn(disk, path, { now })).then(() => undefined)
      const diedAt = await Promise.race([done, died])

      let waitedMs = 0
      const next = fileAdapterOn(quick, path, {
        now,
        staleLockMs: 100,
        wait: async (ms) => {
          waitedMs += ms
        },
      })
      const seen = await see(next, LATER)
      const possible = diedAt === undefined ? [wanted] : [old, wanted, withoutSummary(old)]
      expect(possible, `after the end at call ${last}, ${diedAt}`).toContainEqual(seen)

      expect(await next.put(7, OLD, { expect: seen ? revisionOf(seen.raw) : 'absent', summary: 'next' })).toEqual({
        stored: true,
      })
      expect(await see(next, LATER)).toEqual({ raw: OLD, ends: null, summary: 'next' })
      expect(waitedMs).toBeLessThanOrEqual(110)

      time += 2 * 3_600_000 // by now a trace of a process that seems alive is too old to be its own
      expect(await next.prune?.()).toBe(0)
      expect(await namesBelow(path)).toEqual(['.storyart', '.storyart/7.summary', 'storyart-session-7.json'])
      await bury()
      if (diedAt === undefined) {
        expect(last).toBeGreaterThan(5)
        break
      }
    }
  })
})

function withoutSummary(seen: Seen): Seen {
  return seen && { ...seen, summary: undefined }
}
