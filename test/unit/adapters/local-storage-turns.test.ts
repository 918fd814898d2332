import { describe, expect, it } from 'vitest'
import { localStorageAdapter } from '../../../src/adapters/local-storage.js'
import { WriteTurns } from '../../../src/adapters/local-storage-turns.js'
import { revisionOf } from '../../../src/revision.js'
import { FakeLocks, FakeStorage } from './local-storage-fakes.js'

const NAME = 'storyart:writes'

/** A storage as a browser's processes have it: each tab sees its own writes at once, those of others some looks later. */
class Tab extends FakeStorage {
  readonly #others: Tab[] = []
  readonly #inbox: { due: number; apply: () => void }[] = []
  readonly #locks: FakeLocks

  constructor(
    locks: FakeLocks,
    readonly delay: number,
  ) {
    super()
    this.#locks = locks
  }

  static pair(locks: FakeLocks, delay: number): [Tab, Tab] {
    const tabs: [Tab, Tab] = [new Tab(locks, delay), new Tab(locks, delay)]
    tabs[0].#others.push(tabs[1])
    tabs[1].#others.push(tabs[0])
    return tabs
  }

  override setItem(key: string, value: string): void {
    super.setItem(key, value)
    for (const other of this.#others) other.#inbox.push({ due: this.delay, apply: () => other.items.set(key, value) })
  }

  override removeItem(key: string): void {
    super.removeItem(key)
    for (const other of this.#others) other.#inbox.push({ due: this.delay, apply: () => other.items.delete(key) })
  }

  /** The locks all tabs share, asked from this tab; each question takes the time in which news come nearer. */
  get locks() {
    return {
      request: <T>(name: string, options: { signal?: AbortSignal }, work: () => Promise<T>) =>
        this.#locks.request(name, options, work),
      query: () => {
        for (const message of this.#inbox) message.due--
        while (this.#inbox[0] && this.#inbox[0].due <= 0) this.#inbox.shift()?.apply()
        return this.#locks.query()
      },
    }
  }

  settle(): void {
    for (const message of this.#inbox.splice(0)) message.apply()
  }
}

const count = (tab: Tab): number => Number(tab.items.get('count') ?? 0)
const step = async (tab: Tab): Promise<void> => tab.setItem('count', String(count(tab) + 1))

async function countUp(tabs: readonly Tab[], turn: (tab: Tab, index: number) => Promise<void>): Promise<number> {
  const walk = async (tab: Tab, index: number): Promise<void> => {
    for (let round = 0; round < 20; round++) await turn(tab, index)
  }
  await Promise.all(tabs.map(walk))
  for (const tab of tabs) tab.settle()
  return Math.max(...tabs.map(count))
}

describe('WriteTurns', () => {
  it('shows a writer all that other tabs wrote before, however late it arrives', async () => {
    for (const delay of [0, 1, 2, 5, 50]) {
      const tabs = Tab.pair(new FakeLocks(), delay)
      const turns = tabs.map((tab) => new WriteTurns(tab, tab.locks, NAME))
      expect(
        await countUp(tabs, (tab, index) => turns[index]?.take(() => step(tab), undefined) ?? Promise.reject()),
      ).toBe(40)
    }
  })

  it('is needed: under a lock alone steps are lost', async () => {
    const tabs = Tab.pair(new FakeLocks(), 5)
    expect(await countUp(tabs, (tab) => tab.locks.request(NAME, {}, () => step(tab)))).toBeLessThan(40)
  })

  it('holds one lock a writer, and none once closed', async () => {
    const locks = new FakeLocks()
    const [tab, other] = Tab.pair(locks, 1)
    const turns = [new WriteTurns(tab, tab.locks, NAME), new WriteTurns(other, other.locks, NAME)]
    for (const one of turns) for (let round = 0; round < 3; round++) await one.take(() => step(tab), undefined)
    expect([...locks.held.keys()]).toEqual([`${NAME}@3`, `${NAME}@6`])
    for (const one of turns) one.close()
    await new Promise((resolve) => setImmediate(resolve))
    expect([...locks.held.keys()]).toEqual([])
  })

  it('holds none when closed while it writes', async () => {
    const locks = new FakeLocks()
    const storage = new FakeStorage()
    const turns = new WriteTurns(storage, locks, NAME)
    await turns.take(async () => turns.close(), undefined)
    await new Promise((resolve) => setImmediate(resolve))
    expect([...locks.held.keys()]).toEqual([])
  })

  it('holds none when closed while it announces', async () => {
    const locks = new FakeLocks()
    const storage = new FakeStorage()
    const turns = new WriteTurns(storage, locks, NAME)
    const set = storage.setItem.bind(storage)
    storage.setItem = (key, value) => {
      set(key, value)
      turns.close()
    }
    await turns.take(async () => undefined, undefined)
    await new Promise((resolve) => setImmediate(resolve))
    expect([...locks.held.keys()]).toEqual([])
  })

  it('asks once where there is nothing to wait for', async () => {
    const locks = new FakeLocks()
    const turns = new WriteTurns(new FakeStorage(), locks, NAME)
    for (let round = 1; round <= 3; round++) {
      await turns.take(async () => undefined, undefined)
      expect(locks.queries).toBe(round)
    }
  })

  it('goes on, and counts on, after somebody cleared the storage', async () => {
    const locks = new FakeLocks()
    const [tab, other] = Tab.pair(locks, 1)
    const first = new WriteTurns(tab, tab.locks, NAME)
    for (let round = 0; round < 3; round++) await first.take(() => step(tab), undefined)
    for (const one of [tab, other]) {
      one.settle()
      one.items.clear()
    }
    const second = new WriteTurns(other, other.locks, NAME)
    await second.take(() => step(other), undefined)
    expect(other.items.get(NAME)).toBe('000000000004')
    expect(count(other)).toBe(1)
  })

  it('goes on without the count when there is no room for it', async () => {
    const locks = new FakeLocks()
    const storage = new FakeStorage(10)
    const turns = new WriteTurns(storage, locks, NAME)
    for (let round = 0; round < 3; round++) expect(await turns.take(async () => 'done', undefined)).toBe('done')
    expect([...locks.held.keys()]).toEqual([])
    expect(storage.items.size).toBe(0)
  })

  it('passes on what the work threw, and the turn', async () => {
    const locks = new FakeLocks()
    const turns = new WriteTurns(new FakeStorage(), locks, NAME)
    const reason = new Error('no')
    await expect(turns.take(() => Promise.reject(reason), undefined)).rejects.toBe(reason)
    expect(await turns.take(async () => 'next', undefined)).toBe('next')
  })

  it('needs no locks', async () => {
    const storage = new FakeStorage()
    expect(await new WriteTurns(storage, undefined, NAME).take(async () => 1, undefined)).toBe(1)
    expect(storage.items.size).toBe(0)
  })
})

describe('two tabs with the adapter', () => {
  const pair = (delay: number) => {
    const tabs = Tab.pair(new FakeLocks(), delay)
    return { tabs, adapters: tabs.map((tab) => localStorageAdapter({ storage: tab, locks: tab.locks })) }
  }

  it('of writers expecting "absent" exactly one stores, and all tabs agree which', async () => {
    const { tabs, adapters } = pair(7)
    const puts = adapters.flatMap((adapter, tab) =>
      [1, 2, 3].map((n) => adapter.put(7, `{"tab":${tab},"n":${n}}`, { expect: 'absent' })),
    )
    const results = await Promise.all(puts)
    expect(results.filter(({ stored }) => stored).length).toBe(1)
    for (const tab of tabs) tab.settle()
    expect(await adapters[0]?.get(7)).toEqual(await adapters[1]?.get(7))
  })

  it('lose no update', async () => {
    const { tabs, adapters } = pair(7)
    await adapters[0]?.put(7, '0')
    for (const tab of tabs) tab.settle()
    await Promise.all(
      adapters.map(async (adapter) => {
        for (let done = 0; done < 10; ) {
          const raw = (await adapter.get(7))?.raw ?? '0'
          const result = await adapter.put(7, String(Number(raw) + 1), { expect: revisionOf(raw) })
          if (result.stored) done++
        }
      }),
    )
    for (const tab of tabs) tab.settle()
    expect((await adapters[0]?.get(7))?.raw).toBe('20')
    expect((await adapters[1]?.get(7))?.raw).toBe('20')
  })
})
