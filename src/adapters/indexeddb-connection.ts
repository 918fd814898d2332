/**
 * The connection to one database: opened when first needed, given up when somebody else needs it to be.
 * @module
 */

import { BLOCKED } from './indexeddb-failure.js'

/** The object store with a {@link SessionRow} for each session. @internal */
export const SESSIONS = 'sessions'
/** The object store with the documents' texts. @internal */
export const DOCUMENTS = 'documents'
/** The index of the rows by the end of their lives. @internal */
export const EXPIRES_AT = 'expiresAt'

/** To be raised with every change of the stores; `upgradeneeded` then meets all older versions. */
const VERSION = 1

/** A connection that may be replaced by another. @internal */
export interface Connection {
  /** The database as it was opened, the same for all who ask until it is forgotten; it may be closed by now. */
  open(): Promise<IDBDatabase>
  /** Makes the next `open` open it anew, unless somebody has done so already. Failures are forgotten by themselves. */
  forget(opened: Promise<IDBDatabase>): void
  /** Closes the database, or sees to it that it is closed as soon as it has been opened. */
  close(): void
}

/** Connects to the database of that name when `open` is called. @internal */
export function connectionTo(factory: Pick<IDBFactory, 'open'>, name: string): Connection {
  let current: Promise<IDBDatabase> | undefined

  function forget(opened: Promise<IDBDatabase>): void {
    if (current === opened) current = undefined
  }

  function open(): Promise<IDBDatabase> {
    if (current) return current
    const opened = new Promise<IDBDatabase>((resolve, reject) => {
      const request = factory.open(name, VERSION)
      let abandoned = false
      request.onupgradeneeded = () => {
        request.result.createObjectStore(DOCUMENTS)
        request.result.createObjectStore(SESSIONS).createIndex(EXPIRES_AT, EXPIRES_AT)
      }
      request.onblocked = () => {
        abandoned = true
        reject(new DOMException('', BLOCKED))
      }
      request.onerror = () => reject(request.error)
      request.onsuccess = () => {
        const database = request.result
        if (abandoned) return database.close()
        // Another page deletes or upgrades the database, and waits for us. What has begun is finished first.
        database.onversionchange = () => database.close()
        resolve(database)
      }
    })
    opened.catch(() => forget(opened))
    current = opened
    return opened
  }

  return {
    open,
    forget,
    close() {
      current?.then(
        (database) => database.close(),
        () => undefined,
      )
    },
  }
}
