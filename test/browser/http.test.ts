import { httpAdapter, type SessionAdapter, SessionStore } from 'storyart-sdk'
import { type ConformanceHarness, runConformance } from 'storyart-sdk/testing'
import { afterEach, describe, expect, it } from 'vitest'
import { commands } from 'vitest/browser'

afterEach(() => commands.stopSessionServers())

async function harness(): Promise<ConformanceHarness> {
  const url = await commands.startSessionServer(location.origin)
  const open = async (): Promise<SessionAdapter> => httpAdapter({ baseUrls: [url], timeoutMs: 20_000 })
  return {
    open,
    reopen: open,
    unreachable: async () => httpAdapter({ baseUrls: [await commands.deadAddress()] }),
    elapse: (ms) => commands.elapse(ms),
    document: (json) => `{"held":${json}}`,
  }
}

const WITH_MARKS = [
  'every write is told by another mark, or by the record of changes',
  'another length is another mark, and other sessions keep theirs',
  'a mark is the same for everyone',
]

describe('conformance across origins', () => {
  runConformance(it, harness, {
    skip: [
      { name: 'describe', reason: 'the server makes summaries by itself' },
      { name: 'describe rejects with ADAPTER_UNAVAILABLE', reason: 'there is no describe' },
      { name: 'prune', reason: 'the server prunes by itself' },
      { name: 'prune rejects with ADAPTER_UNAVAILABLE', reason: 'there is no prune' },
      { name: 'what another adapter writes is told', reason: 'it hears of others once the server has answered' },
      ...WITH_MARKS.map((name) => ({ name, reason: 'the API lists no marks' })),
    ],
  })
})

describe('httpAdapter in a browser', () => {
  it('saves what other programs read', async () => {
    const url = await commands.startSessionServer(location.origin)
    expect(new URL(url).origin).not.toBe(location.origin)
    await using store = new SessionStore({ adapter: httpAdapter({ baseUrls: [await commands.deadAddress(), url] }) })
    const { timestamp, degraded } = await store.save({
      scriptText: 'SCENE 1: Café \u{1f3ac}',
      storyUuid: 'from a browser',
    })
    expect(degraded).toBe(false)
    const { curl, python } = await commands.readElsewhere(url, timestamp)
    expect(JSON.parse(curl)).toEqual({
      success: true,
      data: { scriptText: 'SCENE 1: Café \u{1f3ac}', storyUuid: 'from a browser', timestamp },
      storage: 'memory',
    })
    expect(python).toBe('SCENE 1: Café \u{1f3ac}\n')
  })

  it('is kept out by a server that does not let this page in', async () => {
    const url = await commands.startSessionServer('http://elsewhere.example')
    const adapter = httpAdapter({ baseUrls: [url] })
    await expect(adapter.get(7)).rejects.toMatchObject({ code: 'ADAPTER_UNAVAILABLE' })
    expect(await adapter.health()).toMatchObject({ ok: false })
  })
})
