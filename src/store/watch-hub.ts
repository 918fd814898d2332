/**
 * All who wait for changes in one store: they share what looks out for them, which is there only while one of them is.
 * @module
 */
import type { SessionAdapter } from '../adapters/adapter.js'
import { StoryArtError } from '../errors.js'
import { MAX_TIMER_MS, requireDeadline } from './arguments.js'
import type { WaitOptions, WatchOptions } from './options.js'
import type { SessionRecord } from './record.js'
import type { Schedule } from './schedule.js'
import { waitForPrompts } from './wait-for-prompts.js'
import { Watch } from './watch.js'
import { Lookout } from './watch-lookout.js'

const DEFAULT_POLL_MS = 500

/** What a hub works with. @internal */
export interface WatchHubOptions {
  adapter: SessionAdapter
  now: () => number
  schedule: Schedule
}

/** @internal */
export class WatchHub {
  readonly now: () => number
  readonly #options: WatchHubOptions
  readonly #watches = new Set<Watch>()
  /** What ends those who wait for prompts. */
  readonly #waits = new Set<AbortController>()
  #lookout: Lookout | undefined

  constructor(options: WatchHubOptions) {
    this.#options = options
    this.now = options.now
  }

  watch({ pollMs, since, signal }: WatchOptions): Watch {
    return new Watch(this, requireDeadline(pollMs, DEFAULT_POLL_MS, 'pollMs'), since, signal)
  }

  join(watch: Watch): Lookout {
    this.#lookout ??= new Lookout({
      ...this.#options,
      pollMs: () => Math.min(...[...this.#watches].map(({ pollMs }) => pollMs)),
      tell: (id, type) => {
        for (const one of this.#watches) one.tell(id, type)
      },
      fail: (error) => {
        this.#lookout = undefined
        for (const one of [...this.#watches]) one.end({ error })
      },
    })
    this.#watches.add(watch)
    return this.#lookout
  }

  leave(watch: Watch): void {
    if (!this.#watches.delete(watch) || this.#watches.size > 0) return
    this.#lookout?.stop(closed())
    this.#lookout = undefined
  }

  async waitForPrompts(timestamp: number, options: WaitOptions): Promise<SessionRecord> {
    const { signal } = options
    const timeoutMs = requireDeadline(options.timeoutMs, MAX_TIMER_MS, 'timeoutMs')
    const pollMs = requireDeadline(options.pollMs, DEFAULT_POLL_MS, 'pollMs')
    const end = new AbortController()
    const onAbort = (): void => end.abort(signal?.reason)
    signal?.addEventListener('abort', onAbort, { once: true })
    this.#waits.add(end)
    try {
      return await waitForPrompts({ ...this.#options, timestamp, timeoutMs, pollMs }, end.signal)
    } finally {
      signal?.removeEventListener('abort', onAbort)
      this.#waits.delete(end)
    }
  }

  /** Ends everything: who watches is done, who waits is told that the store is closed. */
  close(): void {
    for (const watch of [...this.#watches]) watch.end()
    for (const wait of this.#waits) wait.abort(closed())
  }
}

function closed(): StoryArtError {
  return new StoryArtError('CLOSED', 'the store was closed meanwhile: make a new one')
}
