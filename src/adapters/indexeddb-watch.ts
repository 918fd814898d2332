/**
 * Telling the other tabs and workers of a page's origin what was written, and hearing it from them.
 * @module
 */

import type { AdapterChange } from './adapter.js'
import { WatchListeners } from './watch-listeners.js'

/** The changes of one database. @internal */
export interface DatabaseChanges {
  /** Tells listeners here, and whoever listens elsewhere. */
  tell(change: AdapterChange): void
  /** Adds a listener; the function it returns takes it away. */
  listen(listener: (change: AdapterChange) => void): () => void
  /** Takes all listeners away and closes the channel. */
  close(): void
}

/** A channel for each adapter, opened when it first writes or listens, since a channel does not hear itself. @internal */
export function changesOf(databaseName: string): DatabaseChanges {
  let channel: BroadcastChannel | undefined
  let closed = false

  /** `undefined` where there are no channels: then others' writes are seen by looking only. */
  function open(): BroadcastChannel | undefined {
    if (!channel && !closed && typeof BroadcastChannel === 'function') {
      channel = new BroadcastChannel(`storyart-sdk:${databaseName}`)
    }
    return channel
  }

  const listeners = new WatchListeners<AdapterChange>((tell) => {
    const hears = open()
    const onMessage = ({ data }: MessageEvent<unknown>): void => {
      // Any script of the origin may speak here.
      const { id, written } = Object(data) as Partial<Record<keyof AdapterChange, unknown>>
      if (typeof id === 'number') tell({ id, written: written === true })
    }
    hears?.addEventListener('message', onMessage)
    return () => hears?.removeEventListener('message', onMessage)
  })

  return {
    tell(change) {
      listeners.tell(change)
      open()?.postMessage(change)
    },
    listen: (listener) => listeners.add(listener),
    close() {
      closed = true
      listeners.clear()
      channel?.close()
    },
  }
}
