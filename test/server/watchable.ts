/** A store that tells of what is saved, updated and deleted through it: a small real one, over its own calls. */
import { StoryArtError } from '../../src/index.js'
import type { HandlerStore, WatchedEvent } from '../../src/server/index.js'
import { memoryStore } from './harness.js'

export interface Watchable {
  store: HandlerStore
  /** How many watchers there are. */
  watchers(): number
  /** Ends every watcher with an error. */
  fail(error: Error): void
}

export function watchable(): Watchable {
  const inner = memoryStore()
  const log: WatchedEvent[] = []
  const wakers = new Set<(error?: Error) => void>()
  let watchers = 0
  const tell = (type: WatchedEvent['type'], timestamp: number): void => {
    log.push({ type, timestamp, cursor: `c${log.length + 1}` })
    for (const wake of wakers) wake()
  }
  async function* watch(options: { signal?: AbortSignal; since?: string } = {}): AsyncGenerator<WatchedEvent, void> {
    const { signal, since } = options
    if (since !== undefined && !/^c[0-9]+$/.test(since)) {
      throw new StoryArtError('INVALID_ARGUMENT', 'since must be the cursor of an earlier event')
    }
    let at = since === undefined ? log.length : Number(since.slice(1))
    watchers++
    try {
      for (;;) {
        for (; at < log.length; at++) yield log[at] as WatchedEvent
        await new Promise<void>((resolve, reject) => {
          const wake = (error?: Error): void => {
            wakers.delete(wake)
            signal?.removeEventListener('abort', abort)
            if (error) reject(error)
            else resolve()
          }
          const abort = (): void => wake(signal?.reason)
          wakers.add(wake)
          if (signal?.aborted) abort()
          else signal?.addEventListener('abort', abort)
        })
      }
    } finally {
      watchers--
    }
  }
  const save = inner.save.bind(inner)
  const remove = inner.delete.bind(inner)
  const store = Object.assign(inner, {
    watch,
    save: async (...args: Parameters<typeof save>) => {
      const saved = await save(...args)
      tell('saved', saved.timestamp)
      return saved
    },
    delete: async (...args: Parameters<typeof remove>) => {
      const gone = await remove(...args)
      if (gone) tell('deleted', args[0])
      return gone
    },
  })
  return { store, watchers: () => watchers, fail: (error) => [...wakers].forEach((wake) => void wake(error)) }
}
