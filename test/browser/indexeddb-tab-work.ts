/** What other tabs do with IndexedDB in the tests. Runs in the browser. */
import { type PutOptions, revisionOf, type SessionAdapter } from 'storyart-sdk'
import { indexedDbAdapter } from 'storyart-sdk/indexeddb'

export interface IndexedDbTabWork {
  /** Puts a document with an adapter that stays open. */
  dbPut(databaseName: string, id: number, raw: string, options: PutOptions): Promise<unknown>
  /** Deletes a session with the adapter that was opened first. */
  dbRemove(databaseName: string, id: number): Promise<boolean>
  /** Reads a document with the adapter that was opened first. */
  dbRead(databaseName: string, id: number): Promise<string | null>
  /** Puts with `expect: 'absent'` under ids from 1 to `count`, and tells under which it was stored. */
  dbClaim(databaseName: string, count: number, name: string): Promise<number[]>
  /** Adds one to a number `times` times, five at once, again whenever somebody was faster. Tells how often that was. */
  dbCountUp(databaseName: string, id: number, times: number): Promise<number>
}

const adapters = new Map<string, SessionAdapter>()

function adapterOf(databaseName: string): SessionAdapter {
  const adapter = adapters.get(databaseName) ?? indexedDbAdapter({ databaseName })
  adapters.set(databaseName, adapter)
  return adapter
}

export const dbPut: IndexedDbTabWork['dbPut'] = async (databaseName, id, raw, options) =>
  adapterOf(databaseName).put(id, raw, options)

export const dbRemove: IndexedDbTabWork['dbRemove'] = async (databaseName, id) => adapterOf(databaseName).delete(id)

export const dbRead: IndexedDbTabWork['dbRead'] = async (databaseName, id) =>
  (await adapterOf(databaseName).get(id))?.raw ?? null

export const dbClaim: IndexedDbTabWork['dbClaim'] = async (databaseName, count, name) => {
  const won: number[] = []
  for (let id = 1; id <= count; id++) {
    const { stored } = await adapterOf(databaseName).put(id, JSON.stringify({ name }), { expect: 'absent' })
    if (stored) won.push(id)
  }
  return won
}

export const dbCountUp: IndexedDbTabWork['dbCountUp'] = async (databaseName, id, times) => {
  let left = times
  let refused = 0
  async function addOne(): Promise<void> {
    const raw = (await adapterOf(databaseName).get(id))?.raw ?? ''
    const { stored } = await adapterOf(databaseName).put(id, String(Number(raw) + 1), { expect: revisionOf(raw) })
    if (stored) return
    refused++
    return addOne()
  }
  async function work(): Promise<void> {
    while (left-- > 0) await addOne()
  }
  await Promise.all([work(), work(), work(), work(), work()])
  return refused
}
