/** IndexedDB without the adapter: what other pages, other versions of the library and the browser itself do with it. */

const made: string[] = []

/** The name of a database that nobody has used. */
export function freshName(): string {
  const name = `test-${crypto.randomUUID()}`
  made.push(name)
  return name
}

/** The result of any request. One that deletes or upgrades waits for connections that others keep open, for ever. */
export function answerOf<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result)
    request.onerror = () => reject(request.error)
  })
}

/** Removes the databases of `freshName`. All connections to them must be closed, or close when they are asked to. */
export async function removeDatabases(): Promise<void> {
  for (const name of made.splice(0)) await answerOf(indexedDB.deleteDatabase(name))
}

/** Writes into the two object stores, or removes from them where a value is undefined. */
export async function vandalise(name: string, id: number, row?: unknown, document?: unknown): Promise<void> {
  const database = await answerOf(indexedDB.open(name))
  const transaction = database.transaction(['sessions', 'documents'], 'readwrite')
  for (const [store, value] of [['sessions', row] as const, ['documents', document] as const]) {
    if (value === undefined) transaction.objectStore(store).delete(id)
    else transaction.objectStore(store).put(value, id)
  }
  await completion(transaction)
  database.close()
}

/** Until then a connection is not closed, whatever was called. */
function completion(transaction: IDBTransaction): Promise<void> {
  return new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve()
    transaction.onabort = () => reject(transaction.error)
  })
}

/** What is in the database, found or not by the adapter. */
export async function keysIn(name: string): Promise<{ sessions: IDBValidKey[]; documents: IDBValidKey[] }> {
  const database = await answerOf(indexedDB.open(name))
  const transaction = database.transaction(['sessions', 'documents'])
  const requests = ['sessions', 'documents'].map((store) => transaction.objectStore(store).getAllKeys())
  await completion(transaction)
  database.close()
  return { sessions: requests[0]?.result ?? [], documents: requests[1]?.result ?? [] }
}

/** A factory that shows the databases it has opened. */
export function watchedFactory(): { open: IDBFactory['open']; databases: IDBDatabase[]; opens(): number } {
  const databases: IDBDatabase[] = []
  let opens = 0
  return {
    databases,
    opens: () => opens,
    open: (name, version) => {
      opens++
      const request = indexedDB.open(name, version)
      request.addEventListener('success', () => databases.push(request.result))
      return request
    },
  }
}

/** Whether `close` was called on a database, or the browser closed it. */
export function isClosed(database: IDBDatabase): boolean {
  try {
    database.transaction('sessions')
    return false
  } catch (error) {
    if (error instanceof DOMException && error.name === 'InvalidStateError') return true
    throw error
  }
}
