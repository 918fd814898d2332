/**
 * A lock may be taken from somebody who is not dead but slow. An operation is held up at each of its calls of the file
 * system in turn, another process loses patience, takes the lock and writes; then the slow one goes on.
 */
import { describe, expect, it } from 'vitest'
import type { PutResult, SessionAdapter } from '../../src/adapters/adapter.js'
import { fileAdapterOn } from '../../src/adapters/file-adapter.js'
import type { Disk } from '../../src/adapters/file-room.js'
import { revisionOf } from '../../src/revision.js'
import { diskWith, namesBelow, temporaryDirectory } from './harness.js'

const OLD = '{"by":"nobody"}'
const SLOW = '{"by":"the slow one"}'
const QUICK = '{"by":"the quick one"}'
const HOUR = 3_600_000

/** Here no power fails, and waiting for the disk takes most of the time. */
const disk = diskWith(async ({ name }, go) => (name === 'handle.sync' ? undefined : go()))
const wait = async (): Promise<void> => undefined

/** A process that stands still at its call number `at`, counted from 0, until it is let go. */
function slowDisk(at: number): { disk: Disk; stands: Promise<boolean>; letGo(): void } {
  let calls = 0
  let stand: (value: boolean) => void
  let letGo: () => void = () => undefined
  const stands = new Promise<boolean>((resolve) => {
    stand = resolve
  })
  const gate = new Promise<void>((resolve) => {
    letGo = resolve
  })
  return {
    disk: diskWith(async ({ name }, go) => {
      if (calls++ === at) {
        stand(true)
        await gate
      }
      return name === 'handle.sync' ? undefined : go()
    }),
    stands,
    letGo: () => letGo(),
  }
}

interface End {
  /** What the slow operation came to. */
  outcome: unknown
  /** What the quick one read before it wrote over it. */
  met: string | null
  raw: string | null
  summary: string | undefined
  ttlMs: number | null | undefined
}

/** Holds the operation up at every call, and hands each end to `check`. */
async function holdUp(
  prepare: (adapter: SessionAdapter) => Promise<unknown>,
  slow: (adapter: SessionAdapter) => Promise<unknown>,
  check: (end: End, at: number) => void,
): Promise<void> {
  for (let at = 0; ; at++) {
    await using directory = await temporaryDirectory()
    const path = directory.path
    let time = 1_770_000_000_000
    const now = (): number => time
    const quick = fileAdapterOn(disk, path, { now, wait, staleLockMs: 1 })
    await prepare(quick)
    time += 2
    const held = slowDisk(at)
    const operation = slow(fileAdapterOn(held.disk, path, { now, wait }))
    const stood = await Promise.race([held.stands, operation.then(() => false)])
    const met = (await quick.get(7))?.raw ?? null
    const expected = met === null ? 'absent' : revisionOf(met)
    const result = await quick.put(7, QUICK, { expect: expected, summary: 'quick', ttlMs: HOUR })
    expect(result, `the quick one at call ${at}`).toEqual({ stored: true })
    held.letGo()
    const outcome = await operation
    const raw = (await quick.get(7))?.raw ?? null
    const { entries } = await quick.list({ limit: 10 })
    expect(entries.map(({ id }) => id)).toEqual(raw === null ? [] : [7])
    check({ outcome, met, raw, summary: entries[0]?.summary, ttlMs: entries[0]?.ttlMs }, at)
    expect((await namesBelow(path)).filter((name) => !/^\.storyart(\/7\.summary)?$|^storyart-/.test(name))).toEqual([])
    if (!stood) {
      expect(at).toBeGreaterThan(5)
      return
    }
  }
}

const putOld = (adapter: SessionAdapter) => adapter.put(7, OLD, { summary: 'old', ttlMs: 2 * HOUR })
const stored: PutResult = { stored: true }

describe('somebody whose lock was taken', () => {
  it('is refused if the text is no longer the one it expected', { timeout: 30_000 }, async () => {
    await holdUp(
      putOld,
      (adapter) => adapter.put(7, SLOW, { expect: revisionOf(OLD), summary: 'slow' }),
      ({ outcome, met, raw, summary }) => {
        expect(outcome).toEqual(met === SLOW ? stored : { stored: false, reason: 'changed' })
        expect(raw).toBe(QUICK)
        expect([undefined, 'quick']).toContain(summary) // a summary may be lost, but never another one's
      },
    )
  })

  it('is refused if it expected nothing', { timeout: 30_000 }, async () => {
    await holdUp(
      async () => undefined,
      (adapter) => adapter.put(7, SLOW, { expect: 'absent', summary: 'slow' }),
      ({ outcome, met, raw, summary }) => {
        expect(outcome).toEqual(met === SLOW ? stored : { stored: false, reason: 'exists' })
        expect(raw).toBe(QUICK)
        expect([undefined, 'quick']).toContain(summary) // a summary may be lost, but never another one's
      },
    )
  })

  it('writes later if it expected nothing in particular, and keeps the life it finds then', {
    timeout: 30_000,
  }, async () => {
    await holdUp(
      putOld,
      (adapter) => adapter.put(7, SLOW, { summary: 'slow', ttlMs: 'keep' }),
      ({ outcome, met, raw, summary, ttlMs }) => {
        expect(outcome).toEqual(stored)
        expect([raw, summary, ttlMs]).toEqual(met === SLOW ? [QUICK, 'quick', HOUR] : [SLOW, 'slow', HOUR])
      },
    )
  })

  it('touches what it finds then', { timeout: 30_000 }, async () => {
    const lives = new Set<unknown>()
    await holdUp(
      putOld,
      (adapter) => adapter.touch(7, 5 * HOUR),
      ({ outcome, raw, summary, ttlMs }) => {
        expect([outcome, raw]).toEqual([true, QUICK])
        expect([undefined, 'quick']).toContain(summary)
        lives.add(ttlMs)
      },
    )
    expect(lives).toEqual(new Set([5 * HOUR, HOUR]))
  })

  it('deletes what it finds then, never what came after its own delete', { timeout: 30_000 }, async () => {
    await holdUp(
      putOld,
      (adapter) => adapter.delete(7),
      ({ outcome, met, raw }) => {
        expect(outcome).toBe(true)
        expect(raw).toBe(met === null ? QUICK : null)
      },
    )
  })

  it('describes only the text it was given', { timeout: 30_000 }, async () => {
    await holdUp(
      putOld,
      async (adapter) => adapter.describe?.(7, OLD, 'slow'),
      ({ raw, summary }) => {
        expect(raw).toBe(QUICK)
        expect(['quick', undefined]).toContain(summary)
      },
    )
  })

  it('prunes nothing that lives again', { timeout: 30_000 }, async () => {
    await holdUp(
      async (adapter) => {
        await adapter.put(7, OLD, { ttlMs: 1, summary: 'old' })
      },
      async (adapter) => adapter.prune?.(),
      ({ met, raw }) => expect([met, raw]).toEqual([null, QUICK]),
    )
  })
})

describe('processes that take each other’s locks all the time', () => {
  it('lose no update', { timeout: 120_000 }, async () => {
    await using directory = await temporaryDirectory()
    const adapters = Array.from({ length: 4 }, () =>
      fileAdapterOn(disk, directory.path, { wait: () => new Promise(setImmediate), staleLockMs: 1 }),
    )
    await adapters[0]?.put(7, '0')
    let refused = 0
    async function increment(adapter: SessionAdapter): Promise<void> {
      for (;;) {
        const raw = (await adapter.get(7))?.raw ?? ''
        try {
          if ((await adapter.put(7, String(Number(raw) + 1), { expect: revisionOf(raw) })).stored) return
          refused++
        } catch (error) {
          expect(error).toMatchObject({ code: 'ADAPTER_UNAVAILABLE' }) // robbed thirty times; nothing was written
        }
      }
    }
    await Promise.all(
      adapters.map(async (adapter) => {
        for (let i = 0; i < 5; i++) await increment(adapter)
      }),
    )
    expect((await adapters[0]?.get(7))?.raw).toBe('20')
    expect(refused).toBeGreaterThan(0)
  })
})
