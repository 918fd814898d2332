/**
 * The connection to one database: opened when first needed, given up when somebody else needs it to be.
 * @module
 */

import { BLOCKED } from './indexeddb-failure.js'

/** One {@link SessionRow} a session. @internal */
export const SESSIONS = 'sessions'
/** The documents' texts. @internal */
export const DOCUMENTS = 'documents'
/** The index of the rows by the end of their life. @internal */
export const EXPIRES_AT = 'expiresAt'

/** Raise it with every change of the stores, and let `upgradeneeded` change those of every older version. */
const VERSION = 1

/** @internal */
export class Connection {
  readonly #factory: Pick<IDBFactory, 'open'>
  readonly #name: string
  #database: Promise<IDBDatabase> | undefined

  constructor(factory: Pick<IDBFactory, 'open'>, name: string) {
    this.#factory = factory
    this.#name = name
  }

  /** The open database, the same for all who ask until it is closed or could not be opened. */
  open(): Promise<IDBDatabase> {
    if (this.#database) return this.#database
    const forget = (): void => this.forget(opening)
    const opening = new Promise<IDBDatabase>((resolve, reject) => {
      const request = this.#factory.open(this.#name, VERSION)
      let abandoned = false
      request.onupgradeneeded = () => {
        request.result.createObjectStore(DOCUMENTS)
        request.result.createObjectStore(SESSIONS).createIndex(EXPIRES_AT, EXPIRES_AT)
      }
      request.onblocked = () => {
        abandoned = true
        reject(new DOMException('another connection has an older version open and does not close it', BLOCKED))
      }
      request.onerror = () => reject(request.error)
      request.onsuccess = () => {
        const database = request.result
        if (abandoned) return database.close()
        // Another page deletes or upgrades the database, and waits for us. Transactions that run are finished first.
        database.onversionchange = () => {
          database.close()
          forget()
        }
        database.onclose = forget
        resolve(database)
      }
    })
    opening.catch(forget)
    this.#database = opening
    return opening
  }

  /** Makes the next `open` open anew, unless somebody has done so already. */
  forget(opened: Promise<IDBDatabase>): void {
    if (this.#database === opened) this.#database = undefined
  }

  /** Closes the database, or lets it be closed as soon as it has been opened. */
  close(): void {
    this.#database?.then(
      (database) => database.close(),
      () => undefined,
    )
  }
}
