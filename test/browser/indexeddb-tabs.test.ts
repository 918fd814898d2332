import { SessionReader } from 'storyart-sdk'
import { indexedDbAdapter } from 'storyart-sdk/indexeddb'
import { afterEach, describe, expect, it } from 'vitest'
import { commands } from 'vitest/browser'
import { fullEpisode } from '../fixtures/full-episode.js'
import { answerOf, freshName, removeDatabases } from './indexeddb-raw.js'

afterEach(async () => {
  await commands.closeTabs()
  await removeDatabases()
})

describe('other tabs', () => {
  it('read what was stored, at once, and after a reload', async () => {
    const name = freshName()
    const adapter = indexedDbAdapter({ databaseName: name })
    const tab = await commands.openTab()
    const raw = JSON.stringify(fullEpisode())
    expect(await commands.inTab(tab, 'dbPut', name, 7, raw, { ttlMs: 60_000, summary: 'an episode' })).toEqual({
      stored: true,
    })
    expect((await adapter.get(7))?.raw === raw).toBe(true)
    expect((await adapter.list({ limit: 1 })).entries[0]).toMatchObject({ id: 7, summary: 'an episode' })
    await adapter.put(7, '{"from":"here"}')
    expect(await commands.inTab(tab, 'dbRead', name, 7)).toBe('{"from":"here"}')
    await adapter.close()
    await commands.reloadTab(tab)
    expect(await commands.inTab(tab, 'dbRead', name, 7)).toBe('{"from":"here"}')
  })

  it('are watched: what they save, write again and delete is told', async () => {
    const name = freshName()
    const tab = await commands.openTab()
    const reader = new SessionReader({ adapter: indexedDbAdapter({ databaseName: name }) })
    const changes = reader.watch({ pollMs: 60_000 }) // messages alone
    await changes.ready()
    for (const type of ['saved', 'updated']) {
      await commands.inTab(tab, 'dbPut', name, 7, JSON.stringify({ scriptText: type }), {})
      expect((await changes.next()).value).toMatchObject({ type, timestamp: 7, storage: 'indexeddb' })
      expect((await reader.get(7))?.session.scriptText).toBe(type)
    }
    await commands.inTab(tab, 'dbRemove', name, 7)
    expect((await changes.next()).value).toMatchObject({ type: 'deleted', timestamp: 7 })
    await reader.close()
  })

  it('racing to be the first under an id: exactly one is', async () => {
    const name = freshName()
    const tabs = [await commands.openTab(), await commands.openTab()]
    const won = await Promise.all(tabs.map((tab) => commands.inTab(tab, 'dbClaim', name, 50, `tab ${tab}`)))
    expect(won.flat().sort((a, b) => a - b)).toEqual(Array.from({ length: 50 }, (_, n) => n + 1))
    for (const [index, ids] of won.entries()) {
      for (const id of ids)
        expect(await commands.inTab(tabs[0] ?? 0, 'dbRead', name, id)).toBe(`{"name":"tab ${tabs[index]}"}`)
    }
  })

  it('changing one session lose no update', async () => {
    const name = freshName()
    const tabs = [await commands.openTab(), await commands.openTab()]
    await commands.inTab(tabs[0] ?? 0, 'dbPut', name, 7, '0', {})
    await Promise.all(tabs.map((tab) => commands.inTab(tab, 'dbCountUp', name, 7, 50)))
    for (const tab of tabs) expect(await commands.inTab(tab, 'dbRead', name, 7)).toBe('100')
  })

  it('do not stand in the way of who upgrades or deletes the database', async () => {
    const name = freshName()
    const tabs = [await commands.openTab(), await commands.openTab()]
    for (const tab of tabs) await commands.inTab(tab, 'dbPut', name, tab + 1, '{}', {})
    const newer = await answerOf(indexedDB.open(name, 2)) // never resolves when it is blocked
    newer.close()
    await answerOf(indexedDB.deleteDatabase(name))
    for (const tab of tabs) expect(await commands.inTab(tab, 'dbRead', name, tab + 1)).toBe(null)
    for (const tab of tabs) {
      expect(await commands.inTab(tab, 'dbPut', name, tab + 1, '{}', { expect: 'absent' })).toEqual({ stored: true })
    }
  })
})

describe('frames', () => {
  it('racing to be the first under an id: exactly one is', async () => {
    const databaseName = freshName()
    const frames = [1, 2].map(() => document.body.appendChild(document.createElement('iframe')))
    const adapters = frames.map((frame) =>
      indexedDbAdapter({ databaseName, indexedDB: frame.contentWindow?.indexedDB, now: () => 0 }),
    )
    const puts = adapters.flatMap((adapter, n) => [1, 2, 3].map(() => adapter.put(7, `${n}`, { expect: 'absent' })))
    expect((await Promise.all(puts)).filter(({ stored }) => stored).length).toBe(1)
    for (const adapter of adapters) await adapter.close()
    for (const frame of frames) frame.remove()
  })
})
