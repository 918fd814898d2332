import { localStorageAdapter, SessionReader, SessionStore } from 'storyart-sdk'
import { type ConformanceHarness, runConformance } from 'storyart-sdk/testing'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { commands } from 'vitest/browser'
import { fullEpisode } from '../fixtures/full-episode.js'

beforeEach(() => {
  localStorage.clear()
})

afterEach(async () => {
  await commands.closeTabs()
  localStorage.clear()
})

function harness(): ConformanceHarness {
  let now = 1_770_000_000_000
  const open = async () => localStorageAdapter({ now: () => now })
  const fail = (): never => {
    throw new DOMException('gone', 'InvalidStateError')
  }
  const broken = { length: 1, key: fail, getItem: fail, setItem: fail, removeItem: fail }
  return {
    open,
    reopen: open,
    unreachable: async () => localStorageAdapter({ storage: broken }),
    elapse: async (ms) => {
      now += ms
    },
  }
}

describe('conformance', () => {
  runConformance(it, harness)
})

/** Fills what is left of the quota, to the last code unit but a few. */
function fill(): void {
  for (let size = 2 ** 22, n = 0; size >= 1; ) {
    try {
      localStorage.setItem(`filler${n}`, 'x'.repeat(size))
      n++
    } catch {
      size = Math.floor(size / 2)
    }
  }
}

describe('the quota', () => {
  const full = { code: 'ADAPTER_QUOTA', adapter: 'localStorage', operation: 'put' }

  it('is reported, and what was stored stays', async () => {
    const adapter = localStorageAdapter()
    await adapter.put(7, '{"a":1}')
    fill()
    const error = await adapter.put(8, '{"a":1}').catch((thrown: unknown) => thrown)
    expect(error).toMatchObject(full)
    expect((error as Error).cause).toMatchObject({ name: 'QuotaExceededError' })
    await expect(adapter.put(7, `{"a":"${'x'.repeat(500)}"}`)).rejects.toMatchObject(full)
    expect(await adapter.put(7, '{"a":2}')).toEqual({ stored: true })
    expect(await adapter.touch(7, 1000)).toBe(true)
    expect((await adapter.get(7))?.raw).toBe('{"a":2}')
    expect((await adapter.list({ limit: 9 })).entries.map(({ id }) => id)).toEqual([7])
    await adapter.close()
  })

  it('is about five million characters', async () => {
    const adapter = localStorageAdapter({ compress: false })
    const raw = 'x'.repeat(500_000)
    let stored = 0
    const error = await (async () => {
      for (;;) {
        await adapter.put(stored + 1, raw)
        stored++
      }
    })().catch((thrown: unknown) => thrown)
    expect(error).toMatchObject(full)
    expect(stored).toBe(10)
    await adapter.close()
  })

  it("with evict: 'oldest' costs the oldest sessions, no more than needed", async () => {
    const adapter = localStorageAdapter({ compress: false, evict: 'oldest' })
    for (let id = 1; id <= 14; id++) await adapter.put(id, 'x'.repeat(500_000))
    const ids = (await adapter.list({ limit: 99 })).entries.map(({ id }) => id)
    expect(ids).toEqual([14, 13, 12, 11, 10, 9, 8, 7, 6, 5])
    await expect(adapter.put(15, 'x'.repeat(6_000_000))).rejects.toMatchObject(full)
    expect((await adapter.list({ limit: 99 })).entries.map(({ id }) => id)).toEqual(ids)
    await adapter.close()
  })
})

describe('a session of production size', () => {
  it('fits twenty times, and is listed by its summaries', async () => {
    await using store = new SessionStore({ adapter: localStorageAdapter() })
    const session = fullEpisode()
    expect(JSON.stringify(session).length).toBeGreaterThan(830_000)
    for (let n = 1; n <= 20; n++) await store.save(fullEpisode({ seed: n }), { timestamp: n })
    const used = Object.entries(localStorage).reduce((sum, [key, value]) => sum + key.length + String(value).length, 0)
    expect(used).toBeLessThan(2_500_000)
    const page = await store.list({ limit: 50 })
    expect(page.sessions.map(({ timestamp }) => timestamp)).toEqual(Array.from({ length: 20 }, (_, n) => 20 - n))
    expect((await store.get(1))?.session).toEqual({ ...session, timestamp: 1 })
  })
})

describe('other tabs', () => {
  it('find what was stored, after a reload, too', async () => {
    const raw = JSON.stringify(fullEpisode())
    const tab = await commands.openTab()
    expect(await commands.inTab(tab, 'put', 7, raw, { ttlMs: 60_000, summary: 'an episode' })).toEqual({ stored: true })
    const adapter = localStorageAdapter()
    expect(await adapter.prune?.()).toBe(0) // a turn of writing: what the tab wrote has arrived
    expect((await adapter.get(7))?.raw === raw).toBe(true)
    expect((await adapter.list({ limit: 1 })).entries[0]).toMatchObject({ id: 7, summary: 'an episode' })
    await adapter.close()
    await commands.reloadTab(tab)
    expect((await commands.inTab(tab, 'read', 7)) === raw).toBe(true)
  })

  it('are watched: what they save, write again and delete is told', async () => {
    const tab = await commands.openTab()
    const reader = new SessionReader({ adapter: localStorageAdapter() })
    const changes = reader.watch({ pollMs: 60_000 }) // events alone
    await changes.ready()
    for (const raw of ['{"scriptText":"a"}', '{"scriptText":"b"}']) {
      await commands.inTab(tab, 'put', 7, raw, {})
      expect((await changes.next()).value).toMatchObject({
        type: raw.includes('a"') ? 'saved' : 'updated',
        timestamp: 7,
      })
      expect((await reader.get(7))?.session.scriptText).toBe(raw.slice(15, 16))
    }
    await commands.inTab(tab, 'remove', 7)
    expect((await changes.next()).value).toMatchObject({ type: 'deleted', timestamp: 7 })
    const next = changes.next()
    await new SessionStore({ adapter: localStorageAdapter() }).save({ scriptText: 'here' }, { timestamp: 8 })
    expect((await next).value).toMatchObject({ type: 'saved', timestamp: 8 })
    await reader.close()
  })

  it('racing to be the first under an id: exactly one is', async () => {
    const tabs = [await commands.openTab(), await commands.openTab()]
    const won = await Promise.all(tabs.map((tab) => commands.inTab(tab, 'claim', 50, `tab ${tab}`)))
    expect(won.flat().sort((a, b) => a - b)).toEqual(Array.from({ length: 50 }, (_, n) => n + 1))
    for (const [index, ids] of won.entries()) {
      for (const id of ids) expect(await commands.inTab(tabs[0] ?? 0, 'read', id)).toBe(`{"name":"tab ${tabs[index]}"}`)
    }
  })

  it('changing one session lose no update', async () => {
    const padding = 'x'.repeat(50_000)
    const tabs = [await commands.openTab(), await commands.openTab()]
    await commands.inTab(tabs[0] ?? 0, 'put', 7, `0 ${padding}`, {})
    await Promise.all(tabs.map((tab) => commands.inTab(tab, 'countUp', 7, 100, padding)))
    for (const tab of tabs) expect(await commands.inTab(tab, 'read', 7)).toBe(`200 ${padding}`)
  })
})

describe('frames', () => {
  it('racing to be the first under an id: exactly one is', async () => {
    const frames = [1, 2].map(() => document.body.appendChild(document.createElement('iframe')))
    const storages = frames.map((frame) => frame.contentWindow?.localStorage ?? localStorage)
    const adapters = storages.map((storage) => localStorageAdapter({ storage, locks: navigator.locks }))
    const puts = adapters.flatMap((adapter, n) => [1, 2, 3].map(() => adapter.put(7, `${n}`, { expect: 'absent' })))
    expect((await Promise.all(puts)).filter(({ stored }) => stored).length).toBe(1)
    for (const adapter of adapters) await adapter.close()
    for (const frame of frames) frame.remove()
  })
})

describe("StoryArt's slot", () => {
  it('is read as StoryArt writes it', async () => {
    const session = fullEpisode()
    localStorage.setItem('storyart-latest-session', JSON.stringify({ ...session, timestamp: 1770370006877 }))
    await using store = new SessionStore({ adapter: localStorageAdapter() })
    expect((await store.latest())?.timestamp).toBe(1770370006877)
    expect(await store.delete(1770370006877)).toBe(true)
    expect(localStorage.length).toBe(1) // the count of writes
  })
})

describe('a strict content security policy', () => {
  it('is not broken: nothing is evaluated from text', async () => {
    const tab = await commands.openTab("default-src 'none'; script-src 'self'")
    const session = fullEpisode({ beats: 10 })
    expect(await commands.inTab(tab, 'roundTrip', session)).toEqual({ session, violations: [] })
  })
})
