/** The store, as its users call it. Checked by `tsc`, never run. */
import {
  type CallOptions,
  type ConflictEvent,
  type Expectation,
  type FailureEvent,
  type FallbackEvent,
  type Health,
  type IterateOptions,
  type ListOptions,
  memoryAdapter,
  type PruneReport,
  type RangeOptions,
  type RecoveredEvent,
  type SaveOptions,
  type SaveResult,
  type Schedule,
  type Session,
  type SessionAdapter,
  type SessionChange,
  type SessionChangeType,
  type SessionPage,
  SessionReader,
  type SessionReaderOptions,
  type SessionRecord,
  SessionStore,
  type SessionStoreOptions,
  type SessionSummary,
  type SessionUpdate,
  type SessionWatch,
  type SkippedSession,
  type StoreEvents,
  type StoreHealth,
  type StoreListener,
  type SyncedEvent,
  type SyncReport,
  type TierHealth,
  type UpdateOptions,
  type WaitOptions,
  type WatchOptions,
} from 'storyart-sdk'
import { expectTypeOf } from 'vitest'
import type { StoryArt } from './consumers.js'

export function making(schedule: Schedule): SessionStore[] {
  expectTypeOf<SessionReaderOptions>().toEqualTypeOf<{
    adapter: SessionAdapter
    now?: (() => number) | undefined
    deadlineMs?: number | undefined
    schedule?: Schedule | undefined
  }>()
  expectTypeOf<SessionStoreOptions>().toExtend<SessionReaderOptions>()
  expectTypeOf<Schedule>().toEqualTypeOf<(run: () => void, ms: number) => () => void>()
  const adapter = memoryAdapter()
  return [
    new SessionStore({ adapter, fallback: undefined, ttlMs: undefined, random: undefined, wait: undefined }),
    new SessionStore({ adapter, fallback: [memoryAdapter()], schedule, now: Date.now, deadlineMs: 500 }),
    // @ts-expect-error the store has no default adapter
    new SessionStore({}),
    // @ts-expect-error tiers are a list
    new SessionStore({ adapter, fallback: memoryAdapter() }),
    // @ts-expect-error units are in the name: ttlMs
    new SessionStore({ adapter, ttl: 60 }),
    // @ts-expect-error a reader cannot save
    new SessionReader({ adapter }),
  ]
}

/** Nothing there is `null`, and has to be looked at. */
export async function reading(store: SessionReader, signal: AbortSignal | undefined): Promise<void> {
  const newest = await store.latest({ signal })
  // @ts-expect-error there may be none
  void newest.session
  if (newest) {
    expectTypeOf(newest).toEqualTypeOf<SessionRecord>()
    expectTypeOf(newest.session).toEqualTypeOf<Session>()
    expectTypeOf(newest.savedAt).toEqualTypeOf<string>()
    expectTypeOf(newest.skipped).toEqualTypeOf<SkippedSession[] | undefined>()
    // @ts-expect-error reckoned out, not to be set
    newest.revision = ''
  }
  expectTypeOf(store.get).parameters.toEqualTypeOf<[timestamp: number, options?: CallOptions]>()
  expectTypeOf(store.get).returns.resolves.toEqualTypeOf<SessionRecord | null>()
  expectTypeOf(store.nearest).parameter(0).toEqualTypeOf<Date | number | string>()
  expectTypeOf(store.nearest).returns.resolves.toEqualTypeOf<SessionRecord | null>()
  expectTypeOf(store.count).returns.resolves.toEqualTypeOf<number>()
  expectTypeOf(store.waitForPrompts).parameters.toEqualTypeOf<[timestamp: number, options?: WaitOptions]>()
  expectTypeOf(store.waitForPrompts).returns.resolves.toEqualTypeOf<SessionRecord>()
  // @ts-expect-error a timestamp is a number, as in the key
  await store.get('1704067200000')
  // @ts-expect-error a signal goes into an object
  await store.latest(signal)
}

export async function pages(store: SessionReader, cursor: string | undefined): Promise<void> {
  expectTypeOf<RangeOptions>().toExtend<CallOptions>()
  expectTypeOf<ListOptions>().toExtend<RangeOptions>()
  expectTypeOf<IterateOptions>().toExtend<RangeOptions>()
  expectTypeOf(store.list).parameters.toEqualTypeOf<[options?: ListOptions]>()
  const page = await store.list({ limit: 50, cursor, from: undefined, before: undefined, signal: undefined })
  expectTypeOf(page).toEqualTypeOf<SessionPage>()
  expectTypeOf(page.cursor).toEqualTypeOf<string | undefined>()
  expectTypeOf(page.skipped[0]?.reason).toEqualTypeOf<'expired' | 'unreadable' | undefined>()
  for (const summary of page.sessions) {
    expectTypeOf(summary).toEqualTypeOf<SessionSummary>()
    expectTypeOf(summary.expiresAt).toEqualTypeOf<string | null>()
    // @ts-expect-error a page holds no documents
    void summary.session
  }
  for await (const summary of store.summaries({ onSkipped: ({ timestamp, message }) => void [timestamp, message] })) {
    expectTypeOf(summary).toEqualTypeOf<SessionSummary>()
  }
  for await (const record of store.sessions()) expectTypeOf(record).toEqualTypeOf<SessionRecord>()
}

export async function writing(store: SessionStore, theirs: StoryArt.Session, revision?: string): Promise<void> {
  const saved = await store.save(theirs, { timestamp: undefined, ttlMs: undefined, expect: revision })
  expectTypeOf(saved).toEqualTypeOf<SaveResult>()
  expectTypeOf<SaveResult>().toEqualTypeOf<{
    timestamp: number
    sessionKey: string
    storage: string
    savedAt: string
    readonly revision: string
    degraded: boolean
  }>()
  expectTypeOf<SaveOptions['expect']>().toEqualTypeOf<Expectation | undefined>()
  expectTypeOf<'absent'>().toExtend<Expectation>()
  expectTypeOf(store.update).parameters.toEqualTypeOf<
    [timestamp: number, change: SessionUpdate, options?: UpdateOptions]
  >()
  const updated = await store.update(saved.timestamp, (session) => ({ ...session, storyName: 'Fog' }))
  // @ts-expect-error there may be nothing to update
  void updated.revision
  await store.update(1, async () => undefined)
  expectTypeOf(store.delete).returns.resolves.toEqualTypeOf<boolean>()
  expectTypeOf(store.touch).parameters.toEqualTypeOf<[timestamp: number, ttlMs?: number, options?: CallOptions]>()
  expectTypeOf(store.prune).returns.resolves.toEqualTypeOf<PruneReport>()
  expectTypeOf<PruneReport>().toEqualTypeOf<{ removed: number }>()
  expectTypeOf(store.sync).returns.resolves.toEqualTypeOf<SyncReport>()
  expectTypeOf<SyncReport>().toEqualTypeOf<{ synced: number; conflicts: number; waiting: number }>()
  // @ts-expect-error a text is no session; decodeSession makes one
  await store.save('{}')
  const record = await store.latest()
  // @ts-expect-error a record would be saved as a session that holds one
  if (record) await store.save(record)
  // @ts-expect-error a change returns a session or nothing
  await store.update(1, () => 'done')
  // @ts-expect-error a revision or 'absent', not a boolean
  await store.save(theirs, { expect: true })
}

export async function watching(store: SessionReader, since: string | undefined): Promise<string> {
  expectTypeOf(store.watch).parameters.toEqualTypeOf<[options?: WatchOptions]>()
  await using watch = store.watch({ since, pollMs: undefined, signal: undefined })
  expectTypeOf(watch).toEqualTypeOf<SessionWatch>()
  expectTypeOf(watch.ready).returns.resolves.toEqualTypeOf<string>()
  for await (const change of watch) {
    expectTypeOf(change).toEqualTypeOf<SessionChange>()
    expectTypeOf(change.type).toEqualTypeOf<SessionChangeType>()
    // @ts-expect-error no such change
    if (change.type === 'created') return ''
    switch (change.type) {
      case 'saved':
      case 'updated':
      case 'deleted':
        return change.cursor
      default:
        change.type satisfies never
    }
  }
  return ''
}

/** Each event has its own payload. */
export function events(store: SessionStore): void {
  const stop = store.on('fallback', (event) => expectTypeOf(event).toEqualTypeOf<FallbackEvent>())
  expectTypeOf(stop).toEqualTypeOf<() => void>()
  store.on('recovered', (event) => expectTypeOf(event).toEqualTypeOf<RecoveredEvent>())
  store.on('synced', (event) => expectTypeOf(event).toEqualTypeOf<SyncedEvent>())
  store.on('conflict', (event) => expectTypeOf(event).toEqualTypeOf<ConflictEvent>())
  store.on('error', (event) => expectTypeOf(event).toEqualTypeOf<FailureEvent>())
  expectTypeOf<StoreListener<'synced'>>().toEqualTypeOf<(event: SyncedEvent) => void>()
  expectTypeOf<keyof StoreEvents>().toEqualTypeOf<'fallback' | 'recovered' | 'synced' | 'conflict' | 'error'>()
  // @ts-expect-error no such event
  store.on('degraded', () => undefined)
  // @ts-expect-error what waits is no part of this event
  store.on('recovered', ({ waiting }) => waiting)
}

export async function ending(store: SessionStore): Promise<void> {
  const health = await store.health()
  expectTypeOf(health).toEqualTypeOf<StoreHealth>()
  expectTypeOf(health).toExtend<Health>()
  expectTypeOf(health.waiting).toEqualTypeOf<number | null>()
  expectTypeOf(health.tiers[0]).toEqualTypeOf<TierHealth | undefined>()
  expectTypeOf(store.close).returns.resolves.toEqualTypeOf<void>()
  await using disposable: AsyncDisposable = store
  void disposable
}
