/** A store whose changes have plain cursors, that counts who watches, and whose watches can be made to fail. */
import { type SessionChange, type SessionStore, type SessionWatch, StoryArtError } from '../../src/index.js'
import { memoryStore } from './harness.js'

export interface Watchable {
  store: SessionStore
  /** How many watchers there are. */
  watchers(): number
  /** Ends every watcher with an error. */
  fail(error: Error): void
}

export function watchable(): Watchable {
  const inner = memoryStore()
  const log: SessionChange[] = []
  const wakers = new Set<(error?: Error) => void>()
  let watchers = 0
  const tell = (type: SessionChange['type'], timestamp: number): void => {
    log.push({ type, timestamp, cursor: `c${log.length + 1}` })
    for (const wake of wakers) wake()
  }
  async function* changes(at: number, signal: AbortSignal | undefined): AsyncGenerator<SessionChange, undefined> {
    watchers++
    try {
      for (;;) {
        for (; at < log.length; at++) yield log[at] as SessionChange
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
  function watch({ signal, since = `c${log.length}` }: { signal?: AbortSignal; since?: string } = {}): SessionWatch {
    if (!/^c[0-9]+$/.test(since)) {
      throw new StoryArtError('INVALID_ARGUMENT', 'since must be the cursor of an earlier event')
    }
    const iterator = changes(Number(since.slice(1)), signal)
    const end = async () => ({ done: true as const, value: (await iterator.return(undefined)).value as undefined })
    return {
      next: () => iterator.next(),
      ready: async () => since,
      return: end,
      [Symbol.asyncIterator]() {
        return this
      },
      [Symbol.asyncDispose]: async () => void (await end()),
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
