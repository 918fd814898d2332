import { describe, expect, it } from 'vitest'
import { conformanceCases, runConformance } from '../../../src/testing/index.js'
import { sharedMemoryHarness } from './shared-memory.js'

const ALL = conformanceCases.map(({ topic, name }) => `${topic}: ${name}`)

function collect(
  ...args: [factory?: Parameters<typeof runConformance>[1], options?: Parameters<typeof runConformance>[2]]
) {
  const tests = new Map<string, () => Promise<void>>()
  const plan = runConformance((title, test) => tests.set(title, test), args[0] ?? sharedMemoryHarness, args[1])
  return { tests, plan }
}

describe('the cases', () => {
  it('are plain data with a name, a topic and a body', () => {
    for (const one of conformanceCases) expect(Object.keys(one).sort()).toEqual(['name', 'run', 'topic'])
  })

  it('have names of their own, and no name is that of a topic', () => {
    const names = conformanceCases.map(({ name }) => name)
    expect(new Set(names).size).toBe(names.length)
    expect(conformanceCases.map(({ topic }) => topic).filter((topic) => names.includes(topic))).toEqual([])
  })
})

describe('runConformance', () => {
  it('registers every case once, in order, and skips none unasked', () => {
    const { tests, plan } = collect()
    expect([...tests.keys()]).toEqual(ALL)
    expect(plan).toEqual({ registered: ALL, skipped: [] })
  })

  it('skips a case by name and a topic whole, and says why', () => {
    const { tests, plan } = collect(undefined, {
      skip: [
        { name: 'a life ends', reason: 'sessions live for ever here' },
        { name: 'shared', reason: 'one tab only' },
      ],
    })
    const shared = ALL.filter((title) => title.startsWith('shared: '))
    expect(shared.length).toBeGreaterThan(1)
    expect(plan.skipped).toEqual([
      { name: 'ttl: a life ends', reason: 'sessions live for ever here' },
      ...shared.map((name) => ({ name, reason: 'one tab only' })),
    ])
    expect([...tests.keys()]).toEqual(ALL.filter((title) => title !== 'ttl: a life ends' && !shared.includes(title)))
    expect(plan.registered).toEqual([...tests.keys()])
  })

  it.each([
    ['an unknown name', 'a live ends', 'reason', 'no case and no topic is called "a live ends"'],
    ['a title instead of a name', 'ttl: a life ends', 'reason', 'no case and no topic is called'],
    ['no reason', 'a life ends', ' ', 'say why "a life ends" is skipped'],
  ])('refuses a skip with %s, and registers nothing', (_what, name, reason, message) => {
    const tests: string[] = []
    const run = (): unknown =>
      runConformance((title) => tests.push(title), sharedMemoryHarness, { skip: [{ name, reason }] })
    expect(run).toThrow(
      expect.objectContaining({ code: 'INVALID_ARGUMENT', message: expect.stringContaining(message) }),
    )
    expect(tests).toEqual([])
  })

  it('makes a harness a test, when it runs, and disposes of it after its adapters are closed', async () => {
    const events: string[] = []
    const { tests } = collect(async () => {
      events.push('made')
      const harness = sharedMemoryHarness((client) => ({
        ...client,
        close: async () => {
          events.push('closed')
          await client.close()
        },
      }))
      return { ...harness, dispose: async () => void events.push('disposed') }
    })
    expect(events).toEqual([])
    await tests.get('text: get of nothing is null')?.()
    await tests.get('ttl: a life ends')?.()
    expect(events).toEqual(['made', 'closed', 'disposed', 'made', 'closed', 'disposed'])
  })

  it('disposes of the harness also when the case fails', async () => {
    const events: string[] = []
    const { tests } = collect(() => ({
      ...sharedMemoryHarness((client) => ({ ...client, get: async () => ({ raw: 'wrong' }) })),
      dispose: async () => void events.push('disposed'),
    }))
    await expect(tests.get('text: get of nothing is null')?.()).rejects.toThrow('get in an empty store: expected null')
    expect(events).toEqual(['disposed'])
  })
})
