/**
 * Requests and transactions as promises.
 * @module
 */

/** The result of a request. A transaction ends when nothing of it is awaited; so in it, await nothing else. @internal */
export function answer<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result)
    request.onerror = () => reject(request.error)
  })
}

/**
 * Does work in a transaction: when this resolves all of it was done, when it rejects nothing.
 *
 * @param work - Begins at once. What it only writes it need not await.
 * @param signal - Rejects at once with its reason, and aborts the transaction unless that is being committed already.
 * @internal
 */
export function complete<T>(
  transaction: IDBTransaction,
  work: (transaction: IDBTransaction) => Promise<T>,
  signal: AbortSignal | undefined,
): Promise<T> {
  return new Promise((resolve, reject) => {
    let failure: unknown
    const onAbort = (): void => {
      reject(signal?.reason)
      abort(transaction)
    }
    const stopListening = (): void => signal?.removeEventListener('abort', onAbort)
    signal?.addEventListener('abort', onAbort, { once: true })
    const result = work(transaction)
    result.catch((error: unknown) => {
      failure = error
      abort(transaction)
    })
    transaction.oncomplete = () => {
      stopListening()
      resolve(result)
    }
    transaction.onabort = () => {
      stopListening()
      // Where a request failed only because its transaction did, the transaction knows better why.
      reject(transaction.error ?? failure)
    }
  })
}

function abort(transaction: IDBTransaction): void {
  try {
    transaction.abort()
  } catch {
    // It has ended, or is about to; its last event tells how.
  }
}
