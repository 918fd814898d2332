/** What other tabs do in the tests. Runs in the browser. */
import { localStorageAdapter, type PutOptions, revisionOf, type Session, SessionStore } from 'storyart-sdk'
import type { IndexedDbTabWork } from './indexeddb-tab-work.js'

export * from './indexeddb-tab-work.js'

export interface TabWork extends IndexedDbTabWork {
  /** Puts a document with a new adapter. No adapter of a tab is closed: what it wrote is announced while it lives. */
  put(id: number, raw: string, options: PutOptions): Promise<unknown>
  /** Deletes a session with a new adapter. */
  remove(id: number): Promise<boolean>
  /** Reads a document with a new adapter, when all that other tabs wrote has arrived. */
  read(id: number): Promise<string | null>
  /** Puts with `expect: 'absent'` under ids from 1 to `count`, and tells under which it was stored. */
  claim(count: number, name: string): Promise<number[]>
  /** Adds one to a number `times` times, again whenever somebody else was faster. Tells how often that was. */
  countUp(id: number, times: number, padding: string): Promise<number>
  /** Saves, lists and reads a session; tells what came back and which directives of the page's policy that broke. */
  roundTrip(session: Session): Promise<{ session: Session | undefined; violations: string[] }>
}

export const put: TabWork['put'] = async (id, raw, options) => {
  return localStorageAdapter().put(id, raw, options)
}

export const remove: TabWork['remove'] = async (id) => localStorageAdapter().delete(id)

export const read: TabWork['read'] = async (id) => {
  const adapter = localStorageAdapter()
  // Writes of other tabs arrive a moment later; whoever has taken a turn of writing has them all.
  await adapter.prune?.()
  return (await adapter.get(id))?.raw ?? null
}

export const claim: TabWork['claim'] = async (count, name) => {
  const adapter = localStorageAdapter()
  const won: number[] = []
  for (let id = 1; id <= count; id++) {
    const { stored } = await adapter.put(id, JSON.stringify({ name }), { expect: 'absent' })
    if (stored) won.push(id)
  }
  return won
}

export const countUp: TabWork['countUp'] = async (id, times, padding) => {
  const adapter = localStorageAdapter({ compress: false })
  let refused = 0
  for (let done = 0; done < times; ) {
    const raw = (await adapter.get(id))?.raw ?? ''
    const next = `${Number.parseInt(raw, 10) + 1} ${padding}`
    const { stored } = await adapter.put(id, next, { expect: revisionOf(raw) })
    if (stored) done++
    else refused++
  }
  return refused
}

export const roundTrip: TabWork['roundTrip'] = async (session) => {
  const violations: string[] = []
  document.addEventListener('securitypolicyviolation', (event) => violations.push(event.violatedDirective))
  await using store = new SessionStore({ adapter: localStorageAdapter() })
  await store.save(session)
  await store.list()
  const record = await store.latest()
  await new Promise((resolve) => setTimeout(resolve)) // violations are told in tasks of their own
  return { session: record?.session, violations }
}
