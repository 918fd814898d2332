/**
 * StoryArt's own server, which knows whole sessions only: what it has stands in for what it lacks, as far as that is true.
 * @module
 */
import { WIRE_PATHS } from '../wire.js'
import { isSaveAnswer, type SessionListAnswer } from '../wire-answers.js'
import type { ListEntry, ListPage, ListQuery, PutOptions, PutResult } from './adapter.js'
import { bodyOf } from './http-answer.js'
import { HttpFailure } from './http-failure.js'
import type { Send } from './http-link.js'

/** The life that server gives, whatever the default of a store is. */
const SEVEN_DAYS_MS = 604_800_000

/** A refusal of what StoryArt's server has no way to do; another address may be of a server that has. @internal */
export function cannot(what: string): HttpFailure {
  return new HttpFailure('ADAPTER_FAILED', `cannot ${what}, as StoryArt's own server cannot`, true)
}

/** What that server could not do of a write: it knows no conditions, and gives every session seven days. @internal */
export function beyondSave({ expect, ttlMs }: PutOptions): HttpFailure | undefined {
  if (expect !== undefined) return cannot('write on a condition')
  return ttlMs === SEVEN_DAYS_MS ? undefined : cannot('give another life than seven days')
}

/** Saves by `POST`, if that does what was asked for; else nothing is sent. @internal */
export async function saveWhole(send: Send, id: number, raw: string, options: PutOptions): Promise<PutResult> {
  const refusal = beyondSave(options)
  if (refusal) throw refusal
  const headers = { 'Content-Type': 'application/json' }
  const answer = await send({ method: 'POST', path: WIRE_PATHS.save, headers, body: withTimestamp(raw, id) })
  const { storage } = bodyOf(answer, isSaveAnswer)
  return storage === 'memory' ? { stored: true, storage, degraded: true } : { stored: true }
}

/**
 * A document with its version in it, by which that server stores it. Of doubled keys the last one counts, so the text
 * need not be parsed.
 */
function withTimestamp(raw: string, id: number): string {
  const [, body] = /^\s*\{([\s\S]*)\}\s*$/.exec(raw) ?? []
  if (body === undefined) throw cannot('store what is no JSON object')
  return `{${body}${body.trim() === '' ? '' : ','}"timestamp":${id}}`
}

/** A page of the index, made from the list of all sessions. @internal */
export function pageOf({ sessions }: SessionListAnswer, query: ListQuery): ListPage {
  const { from = 0, before = Number.POSITIVE_INFINITY, order = 'newest', limit } = query
  const ids = [...new Set(sessions.map(idOf))].filter((id) => id >= from && id < before)
  ids.sort(order === 'newest' ? (a, b) => b - a : (a, b) => a - b)
  const entries: ListEntry[] = ids.slice(0, limit).map((id) => ({ id }))
  const last = entries.at(-1)
  if (!last || ids.length <= limit) return { entries }
  return { entries, next: order === 'newest' ? last.id : last.id + 1 }
}

/** The version a session says it is; `NaN`, which lies in no range, if that is none. */
function idOf(session: unknown): number {
  const { timestamp }: Partial<Record<string, unknown>> = Object(session)
  const id = typeof timestamp === 'string' ? Number(timestamp) : timestamp
  return Number.isSafeInteger(id) ? Number(id) : Number.NaN
}
