/**
 * Hearing from the file system what other processes write. A hint and no more: systems differ in what they tell, and a
 * directory on a network tells nothing.
 * @module
 */

import { type FSWatcher, mkdirSync, watch } from 'node:fs'
import type { AdapterChange } from './adapter.js'
import { DOCUMENT, type Room } from './file-room.js'

/** Tells of documents that may have changed; makes the directory, since none can be watched that is not there. @internal */
export function watchFolder({ directory }: Room, tell: (change: AdapterChange) => void): () => void {
  let watcher: FSWatcher | undefined
  try {
    mkdirSync(directory, { recursive: true })
    watcher = watch(directory, { persistent: false }, (_, name) => {
      const id = Number(DOCUMENT.exec(name ?? '')?.[1])
      if (Number.isSafeInteger(id)) tell({ id })
    })
    // Too many watchers, or the directory is gone: from here on looking has to do.
    watcher.on('error', () => watcher?.close())
  } catch {
    // So has it where watching is not possible at all.
  }
  return () => watcher?.close()
}
