/**
 * What a store talks to, made from its options.
 * @module
 */
import type { SessionAdapter } from '../adapters/adapter.js'
import { SESSION_TTL_MS } from '../schema/index.js'
import { requireAdapters, requireDeadline, requireTtl } from './arguments.js'
import { EventHub } from './events.js'
import { GuardedAdapter } from './guarded-adapter.js'
import type { SessionStoreOptions } from './options.js'
import { type Schedule, scheduleTimeout } from './schedule.js'
import { TieredAdapter } from './tiered-adapter.js'

const DEFAULT_DEADLINE_MS = 2000

/** One adapter, whatever stands behind it, and what belongs to it. @internal */
export interface Front {
  adapter: SessionAdapter
  /** The same adapter, if there is a fallback. */
  tiered: TieredAdapter | undefined
  deadlineMs: number
  ttlMs: number
  now: () => number
  random: () => number
  schedule: Schedule
  events: EventHub
}

/** Checks the options, and puts their defaults in. @internal */
export function frontOf(options: SessionStoreOptions): Front {
  requireAdapters(options?.adapter, options?.fallback)
  const { adapter, fallback = [], now = Date.now, random = Math.random, schedule = scheduleTimeout } = options
  const deadlineMs = requireDeadline(options.deadlineMs, DEFAULT_DEADLINE_MS)
  const ttlMs = requireTtl(options.ttlMs ?? SESSION_TTL_MS)
  const common = { deadlineMs, ttlMs, now, random, schedule, events: new EventHub() }
  if (fallback.length === 0) return { ...common, adapter: new GuardedAdapter(adapter, common), tiered: undefined }
  const tiered = new TieredAdapter({ ...common, adapter, fallback })
  return { ...common, adapter: tiered, tiered }
}
