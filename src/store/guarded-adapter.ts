/**
 * What stands between the store and an adapter: a deadline for every call, and a look at every answer.
 * @module
 */
import type {
  AdapterChange,
  CallOptions,
  ChangeLog,
  Health,
  ListPage,
  ListQuery,
  PutOptions,
  PutResult,
  RawSession,
  SessionAdapter,
} from '../adapters/adapter.js'
import { withDeadline } from '../deadline.js'
import { AdapterError } from '../errors.js'
import {
  inOrder,
  isBoolean,
  isChange,
  isChangeLog,
  isCount,
  isHealth,
  isPage,
  isPutResult,
  isStored,
} from './answers.js'
import { isCallers, reasonOf, subjectOf } from './failure.js'
import type { Schedule } from './schedule.js'

/** Removing what a month has left behind is work and not waiting: `prune` may take this many times longer. */
const PRUNE_FACTOR = 30

const WRITES: ReadonlySet<string> = new Set(['put', 'delete', 'touch', 'prune'])

/** How long to wait for an adapter. @internal */
export interface GuardOptions {
  deadlineMs: number
  schedule: Schedule
}

/**
 * An adapter that always answers in time and in form, or throws: `ADAPTER_UNAVAILABLE` when the time is up,
 * `ADAPTER_FAILED` when the answer is none.
 *
 * @internal
 */
export class GuardedAdapter implements SessionAdapter {
  /** The adapter as it was given. */
  readonly inner: SessionAdapter
  readonly name: string
  readonly keyPrefix: string
  readonly durable: boolean
  readonly watch?: (listener: (change: AdapterChange) => void) => () => void
  readonly changesSince?: (place?: string, options?: CallOptions) => Promise<ChangeLog>
  readonly #options: GuardOptions

  constructor(inner: SessionAdapter, options: GuardOptions) {
    this.inner = inner
    this.name = inner.name
    this.keyPrefix = inner.keyPrefix ?? ''
    this.durable = inner.durable ?? true
    this.#options = options
    // Missing where the adapter has none: then nobody waits for word of what a look has shown.
    if (inner.watch)
      this.watch = (listener) => inner.watch?.((change) => isChange(change) && listener(change)) ?? ignore
    if (inner.changesSince) this.changesSince = (place, options = {}) => this.#changesSince(place, options)
  }

  #changesSince(place: string | undefined, options: CallOptions): Promise<ChangeLog> {
    return this.#ask('changesSince', undefined, options.signal, async (signal) => {
      const answer: unknown = await this.inner.changesSince?.(place, { signal })
      return isChangeLog(answer) ? answer : this.#refuse('changesSince')
    })
  }

  put(id: number, raw: string, options: PutOptions = {}): Promise<PutResult> {
    return this.#ask('put', id, options.signal, async (signal) => {
      const answer = await this.inner.put(id, raw, { ...options, signal })
      return isPutResult(answer) ? answer : this.#refuse('put', id)
    })
  }

  get(id: number, options: CallOptions = {}): Promise<RawSession | null> {
    return this.#ask('get', id, options.signal, async (signal) => {
      const answer = await this.inner.get(id, { signal })
      return isStored(answer) ? answer : this.#refuse('get', id)
    })
  }

  list(query: ListQuery, options: CallOptions = {}): Promise<ListPage> {
    return this.#ask('list', undefined, options.signal, async (signal) => {
      const answer = await this.inner.list(query, { signal })
      if (!isPage(answer, query)) return this.#refuse('list')
      const entries = inOrder(answer.entries, query.order)
      return entries === answer.entries ? answer : { ...answer, entries }
    })
  }

  delete(id: number, options: CallOptions = {}): Promise<boolean> {
    return this.#ask('delete', id, options.signal, async (signal) => {
      const answer = await this.inner.delete(id, { signal })
      return isBoolean(answer) ? answer : this.#refuse('delete', id)
    })
  }

  touch(id: number, ttlMs: number, options: CallOptions = {}): Promise<boolean> {
    return this.#ask('touch', id, options.signal, async (signal) => {
      const answer = await this.inner.touch(id, ttlMs, { signal })
      return isBoolean(answer) ? answer : this.#refuse('touch', id)
    })
  }

  describe(id: number, raw: string, summary: string, options: CallOptions = {}): Promise<void> {
    return this.#ask('describe', id, options.signal, async (signal) => {
      await this.inner.describe?.(id, raw, summary, { signal })
    })
  }

  async prune(options: CallOptions = {}): Promise<number> {
    const ms = Math.min(this.#options.deadlineMs * PRUNE_FACTOR, 2 ** 31 - 1)
    const work = async (signal: AbortSignal): Promise<number> => {
      const answer = (await this.inner.prune?.({ signal })) ?? 0
      return isCount(answer) ? answer : this.#refuse('prune')
    }
    return this.#ask('prune', undefined, options.signal, work, ms)
  }

  async health(options: CallOptions = {}): Promise<Health> {
    const work = async (signal: AbortSignal): Promise<Health> => {
      const answer = await this.inner.health({ signal })
      return isHealth(answer) ? answer : this.#refuse('health')
    }
    try {
      return await this.#ask('health', undefined, options.signal, work)
    } catch (error) {
      if (isCallers(error, options.signal)) throw error
      return { ok: false, latencyMs: this.#options.deadlineMs, error: reasonOf(error) }
    }
  }

  async close(): Promise<void> {
    const { deadlineMs: ms, schedule } = this.#options
    const expired = (): AdapterError => this.#late('close', undefined, ms)
    await withDeadline(async () => this.inner.close(), { ms, schedule, signal: undefined, expired })
  }

  async #ask<T>(
    operation: string,
    id: number | undefined,
    signal: AbortSignal | undefined,
    work: (signal: AbortSignal) => Promise<T>,
    ms = this.#options.deadlineMs,
  ): Promise<T> {
    const expired = (): AdapterError => this.#late(operation, id, ms)
    return withDeadline(work, { ms, schedule: this.#options.schedule, signal, expired })
  }

  #late(operation: string, id: number | undefined, ms: number): AdapterError {
    const after = WRITES.has(operation) ? '; what was asked may still happen' : ''
    const message = `${this.name}: ${subjectOf(operation, id)} did not answer within ${ms} ms; see that the backend runs and can be reached${after}`
    return new AdapterError('ADAPTER_UNAVAILABLE', message, { adapter: this.name, operation })
  }

  #refuse(operation: string, id?: number): never {
    const message = `${this.name}: ${subjectOf(operation, id)} gave an answer that is none; see that the adapter passes the cases of storyart-sdk/testing`
    throw new AdapterError('ADAPTER_FAILED', message, { adapter: this.name, operation })
  }
}

function ignore(): void {}
