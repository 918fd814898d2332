import { localStorageAdapter, SessionStore } from 'storyart-sdk'
import { indexedDbAdapter } from 'storyart-sdk/indexeddb'
import { afterEach, describe, expect, it } from 'vitest'
import { cdp } from 'vitest/browser'
import { fullEpisode } from '../fixtures/full-episode.js'
import { freshName, keysIn, removeDatabases } from './indexeddb-raw.js'

afterEach(async () => {
  await cdp().send('Storage.overrideQuotaForOrigin', { origin })
  await removeDatabases()
  localStorage.clear()
})

/** Text that the browser cannot make shorter. */
function noise(length: number): string {
  const codes = crypto.getRandomValues(new Uint8Array(50_000))
  return Array.from({ length }, (_, n) => String.fromCharCode(33 + (((codes[n % 50_000] ?? 0) + n * n) % 90))).join('')
}

const { origin } = location

/** Limits the storage of this origin. Without data there is no estimate of free room that Chromium would go on using. */
async function limitRoom(quotaSize: number): Promise<void> {
  await cdp().send('Storage.clearDataForOrigin', { origin, storageTypes: 'indexeddb' })
  await cdp().send('Storage.overrideQuotaForOrigin', { origin, quotaSize })
}

describe('the quota', () => {
  const full = { code: 'ADAPTER_QUOTA', adapter: 'indexeddb', operation: 'put' }

  it('is reported, and what was stored stays', async () => {
    await limitRoom(2_000_000)
    const databaseName = freshName()
    const adapter = indexedDbAdapter({ databaseName })
    const first = noise(500_000)
    await adapter.put(1, first, { summary: 'first' })
    const error = await adapter.put(2, noise(2_000_000)).catch((thrown: unknown) => thrown)
    expect(error).toMatchObject(full)
    expect(error).toHaveProperty('cause.name', 'QuotaExceededError')
    await expect(adapter.put(1, noise(2_000_000), { summary: 'second' })).rejects.toMatchObject(full)
    expect((await adapter.get(1))?.raw === first).toBe(true)
    expect((await adapter.list({ limit: 9 })).entries).toMatchObject([{ id: 1, summary: 'first' }])
    expect(await keysIn(databaseName)).toEqual({ sessions: [1], documents: [1] })
    await adapter.close()
  })

  it('is no reason to refuse a session for which expired ones can make room', async () => {
    await limitRoom(3_000_000)
    let now = 0
    const databaseName = freshName()
    const adapter = indexedDbAdapter({ databaseName, now: () => now })
    for (const id of [1, 2, 3]) await adapter.put(id, noise(500_000), { ttlMs: 1000 })
    await adapter.put(4, noise(500_000))
    const raw = noise(1_000_000)
    await expect(adapter.put(5, raw)).rejects.toMatchObject(full)
    expect(await keysIn(databaseName)).toEqual({ sessions: [1, 2, 3, 4], documents: [1, 2, 3, 4] })
    now = 1000
    expect(await adapter.put(5, raw)).toEqual({ stored: true })
    expect((await adapter.get(5))?.raw === raw).toBe(true)
    expect(await keysIn(databaseName)).toEqual({ sessions: [4, 5], documents: [4, 5] })
    await adapter.close()
  })
})

describe('a session of 4,228 beats', () => {
  const session = fullEpisode({ beats: 4228 })

  it('fits many times where localStorage has no room for it', { timeout: 60_000 }, async () => {
    expect(JSON.stringify(session).length).toBeGreaterThan(12_000_000)
    await using small = new SessionStore({ adapter: localStorageAdapter({ compress: false }) })
    await expect(small.save(session, { timestamp: 1 })).rejects.toMatchObject({ code: 'ADAPTER_QUOTA' })
    expect(await small.get(1)).toBe(null)

    await using store = new SessionStore({ adapter: indexedDbAdapter({ databaseName: freshName() }) })
    for (const timestamp of [1, 2, 3, 4, 5]) await store.save(session, { timestamp })
    const { sessions } = await store.list({ limit: 9 })
    expect(sessions.map(({ timestamp, beatCount }) => [timestamp, beatCount])).toEqual(
      [5, 4, 3, 2, 1].map((timestamp) => [timestamp, 4228]),
    )
    expect((await store.get(3))?.session).toEqual({ ...session, timestamp: 3 })
  })
})
