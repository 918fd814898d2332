/** An adapter whose every call can be held, failed, delayed or answered late, and a clock that moves when told. */
import type { SessionAdapter } from '../../../src/adapters/adapter.js'
import { memoryAdapter } from '../../../src/adapters/memory.js'
import { AdapterError, type AdapterErrorCode } from '../../../src/errors.js'
import type { Schedule } from '../../../src/store/index.js'

export type Operation = 'put' | 'get' | 'list' | 'delete' | 'touch' | 'describe' | 'prune' | 'health' | 'close'

/** What happens to one call; `work` does what the adapter would have done. */
export type Step = (work: () => Promise<unknown>) => Promise<unknown>

/** A call that waits for the test. */
export interface Gate {
  step: Step
  /** Resolves once the call has come. */
  reached: Promise<void>
  /** Lets the call do its work. */
  release(): void
}

export interface ScriptedAdapter extends Required<Omit<SessionAdapter, 'keyPrefix' | 'changesSince'>> {
  /** What was called, such as `put 5`, the newest last. */
  readonly calls: string[]
  /** What is stored, past all scripts. */
  readonly inner: SessionAdapter
  /** While set, every call ends so, unless the script has something for it. */
  always: Step | undefined
  /** The next calls of this operation meet these steps, one each. */
  script(operation: Operation, ...steps: Step[]): void
  /** Every text by its id. */
  texts(): Promise<Record<number, string>>
}

export interface ScriptedOptions {
  name?: string
  now?: () => number
  durable?: boolean
  inner?: SessionAdapter
}

export function scriptedAdapter(options: ScriptedOptions = {}): ScriptedAdapter {
  const { name = 'primary', now, durable = true } = options
  const inner = options.inner ?? memoryAdapter(now ? { now } : {})
  const calls: string[] = []
  const scripts = new Map<Operation, Step[]>()
  const through = async (
    operation: Operation,
    id: number | undefined,
    work: () => Promise<unknown>,
  ): Promise<never> => {
    calls.push(id === undefined ? operation : `${operation} ${id}`)
    const step = scripts.get(operation)?.shift() ?? (operation === 'close' ? undefined : adapter.always)
    return (await (step ? step(work) : work())) as never // a script may answer garbage
  }
  // The signal stays outside: what is abandoned goes on, as in a backend that has the command already.
  const adapter: ScriptedAdapter = {
    name,
    durable,
    calls,
    inner,
    always: undefined,
    put: (id, raw, { signal: _, ...call } = {}) => through('put', id, () => inner.put(id, raw, call)),
    get: (id) => through('get', id, () => inner.get(id)),
    list: (query) => through('list', undefined, () => inner.list(query)),
    delete: (id) => through('delete', id, () => inner.delete(id)),
    touch: (id, ttlMs) => through('touch', id, () => inner.touch(id, ttlMs)),
    describe: (id, raw, summary) => through('describe', id, async () => inner.describe?.(id, raw, summary)),
    prune: () => through('prune', undefined, async () => inner.prune?.()),
    health: () => through('health', undefined, () => inner.health()),
    close: () => through('close', undefined, () => inner.close()),
    watch: (listener) => inner.watch?.(listener) ?? (() => undefined),
    script: (operation, ...steps) => void scripts.set(operation, [...(scripts.get(operation) ?? []), ...steps]),
    async texts() {
      const texts: Record<number, string> = {}
      for (const { id } of (await inner.list({ limit: 1000, order: 'oldest' })).entries) {
        texts[id] = (await inner.get(id))?.raw ?? ''
      }
      return texts
    },
  }
  return adapter
}

/** Fails, with nothing done. `health` then rejects too, which no adapter should. */
export function fail(code: AdapterErrorCode = 'ADAPTER_UNAVAILABLE', message = `scripted: ${code}`): Step {
  return async () => {
    throw new AdapterError(code, message, { adapter: 'scripted', operation: 'any' })
  }
}

/** Does its work, and then says that it could not: what an answer lost on its way looks like. */
export function torn(): Step {
  return async (work) => {
    await work()
    return fail('ADAPTER_UNAVAILABLE', 'scripted: the answer was lost')(work)
  }
}

/** Answers this, with nothing done. */
export function answer(value: unknown): Step {
  return async () => value
}

/** Never settles. */
export function hang(): Step {
  return () => new Promise(() => undefined)
}

/** Waits until it is released, then does its work. */
export function hold(): Gate {
  let release = (): void => undefined
  let arrive = (): void => undefined
  const released = new Promise<void>((resolve) => {
    release = resolve
  })
  const reached = new Promise<void>((resolve) => {
    arrive = resolve
  })
  const step: Step = async (work) => {
    arrive()
    await released
    return work()
  }
  return { step, reached, release: () => release() }
}

/** A clock with timers, all moved by hand. */
export interface ManualClock {
  now: () => number
  schedule: Schedule
  /** Timers that are set. */
  readonly timers: number
  /** In how many ms the next timer is due; `undefined` if none is set. */
  readonly nextInMs: number | undefined
  /** Moves on, running what becomes due in its order, and lets everything settle. */
  advance(ms: number): Promise<void>
  /** Moves the hands alone, also back. */
  jump(ms: number): void
}

export function manualClock(start = Date.UTC(2026, 2, 1, 12)): ManualClock {
  let time = start
  let elapsed = 0 // timers do not care about what the hands show
  const timers = new Set<{ due: number; run: () => void }>()
  const next = (): { due: number; run: () => void } | undefined => [...timers].sort((a, b) => a.due - b.due)[0]
  return {
    now: () => time,
    schedule(run, ms) {
      const timer = { due: elapsed + ms, run }
      timers.add(timer)
      return () => void timers.delete(timer)
    },
    get timers() {
      return timers.size
    },
    get nextInMs() {
      const timer = next()
      return timer && timer.due - elapsed
    },
    async advance(ms) {
      const target = elapsed + ms
      await settle()
      for (let timer = next(); timer && timer.due <= target; timer = next()) {
        time += timer.due - elapsed
        elapsed = timer.due
        timers.delete(timer)
        timer.run()
        await settle()
      }
      time += target - elapsed
      elapsed = target
      await settle()
    },
    jump(ms) {
      time += ms
    },
  }
}

/** Lets everything run that waits for nothing but promises. */
export async function settle(): Promise<void> {
  for (let i = 0; i < 5; i++) await new Promise((resolve) => setImmediate(resolve))
}
