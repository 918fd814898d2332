/** Storages, locks and texts for the tests of `localStorageAdapter`. */
import type { StorageLike, StorageLocks } from '../../../src/adapters/local-storage.js'

/** A `Storage` with a quota in UTF-16 code units, keys and values counted, as browsers have it. */
export class FakeStorage implements StorageLike {
  readonly items = new Map<string, string>()
  /** How many more writes succeed; the next one throws `failure`. */
  writesLeft = Number.POSITIVE_INFINITY
  failure: unknown = new DOMException('the disk is gone', 'InvalidStateError')
  /** The keys read since this was emptied. */
  reads: string[] = []
  /** Every change in order, as `+key` and `-key`. */
  readonly changes: string[] = []

  constructor(readonly quota = Number.POSITIVE_INFINITY) {}

  get length(): number {
    return this.items.size
  }

  get used(): number {
    return [...this.items].reduce((sum, [key, value]) => sum + key.length + value.length, 0)
  }

  key(index: number): string | null {
    return [...this.items.keys()][index] ?? null
  }

  getItem(key: string): string | null {
    this.reads.push(key)
    return this.items.get(key) ?? null
  }

  setItem(key: string, value: string): void {
    if (this.writesLeft-- <= 0) throw this.failure
    const old = this.items.get(key)
    const growth = value.length - (old === undefined ? -key.length : old.length)
    if (this.used + growth > this.quota) throw new DOMException('too much', 'QuotaExceededError')
    this.items.set(key, value)
    this.changes.push(`+${key}`)
  }

  removeItem(key: string): void {
    if (this.items.delete(key)) this.changes.push(`-${key}`)
  }
}

/** A storage that throws whatever is asked of it. */
export function brokenStorage(failure: unknown): StorageLike {
  const fail = (): never => {
    throw failure
  }
  return {
    get length() {
      return fail()
    },
    key: fail,
    getItem: fail,
    setItem: fail,
    removeItem: fail,
  }
}

/** Locks as `navigator.locks` gives them: exclusive by name, in order of request, and told by `query`. */
export class FakeLocks implements StorageLocks {
  readonly held = new Map<string, number>()
  /** Every request in order. */
  readonly requests: string[] = []
  /** How often somebody asked which locks are held. */
  queries = 0
  readonly #queues = new Map<string, Promise<void>>()

  async request<T>(name: string, options: { signal?: AbortSignal }, work: () => Promise<T>): Promise<T> {
    this.requests.push(name)
    const before = this.#queues.get(name) ?? Promise.resolve()
    let release = (): void => undefined
    const mine = new Promise<void>((resolve) => {
      release = resolve
    })
    this.#queues.set(
      name,
      before.then(() => mine),
    )
    try {
      await before
      options.signal?.throwIfAborted()
      this.held.set(name, (this.held.get(name) ?? 0) + 1)
      return await work()
    } finally {
      this.held.delete(name)
      release()
    }
  }

  async query(): Promise<{ held: { name: string }[] }> {
    this.queries++
    return { held: [...this.held.keys()].map((name) => ({ name })) }
  }
}

/** English-like text of a given length without pattern, the same for the same seed. */
export function textOf(length: number, seed = 1): string {
  let state = seed
  let text = ''
  while (text.length < length) {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff
    text += `${state.toString(36)} `
  }
  return text.slice(0, length)
}
