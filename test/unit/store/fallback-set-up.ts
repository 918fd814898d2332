/** A store over a scripted primary and scripted fallback tiers, and a record of what it tells. */
import { SessionStore, type StoreEvents } from '../../../src/store/index.js'
import { type ManualClock, manualClock, type ScriptedAdapter, scriptedAdapter } from './scripted-adapter.js'

export const DEADLINE_MS = 1000

export interface FallbackSetUp {
  clock: ManualClock
  primary: ScriptedAdapter
  second: ScriptedAdapter
  third: ScriptedAdapter
  store: SessionStore
  /** What was told, as `name timestamp`, or `name` if it is about no session. */
  told: string[]
  /** The same events whole. */
  events: { name: keyof StoreEvents; event: StoreEvents[keyof StoreEvents] }[]
  /** Another store over the same tiers, as after a restart. */
  another(): SessionStore
}

/** `second` forgets with the process, `third` does not. */
export function setUp(): FallbackSetUp {
  const clock = manualClock()
  const { now, schedule } = clock
  const primary = scriptedAdapter({ now })
  const second = scriptedAdapter({ name: 'second', now, durable: false })
  const third = scriptedAdapter({ name: 'third', now })
  const another = (): SessionStore =>
    new SessionStore({
      adapter: primary,
      fallback: [second, third],
      deadlineMs: DEADLINE_MS,
      now,
      schedule,
      random: () => 1,
      wait: async () => undefined,
    })
  const store = another()
  const told: string[] = []
  const events: FallbackSetUp['events'] = []
  for (const name of ['fallback', 'recovered', 'synced', 'conflict', 'error'] as const) {
    store.on(name, (event) => {
      told.push('timestamp' in event ? `${name} ${event.timestamp}` : name)
      events.push({ name, event })
    })
  }
  return { clock, primary, second, third, store, told, events, another }
}
