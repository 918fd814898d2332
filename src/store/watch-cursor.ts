/**
 * A place among the changes, as text: what its holder knew. So any process can go on from there, with nothing kept
 * anywhere. `docs/decisions/020-watch-cursor.md` says why.
 * @module
 */
import { StoryArtError } from '../errors.js'
import type { KnownSessions } from './watch-known.js'
import { Sketch } from './watch-sketch.js'

/** So many sessions, the newest, are told one by one, in about 17 characters each. */
const TOLD = 100
/** At most so many, those included that were deleted and are still to be told. */
const MOST_TOLD = 150
const MINUTE_MS = 60_000
/** More differences than a sketch can hold. */
const MOST_PENDING = 32
/** Stands for no sketch. */
const UNKNOWN = '0'

/** What the holder of a cursor knew. @internal */
export interface Picture {
  /** Sessions, newest first. `hash` 0: something of it was still to be told. */
  readonly sessions: readonly { id: number; hash: number; endsAt: number }[]
  /** From this id on every session there was is among them. */
  readonly floor: number
  /** All older ones that it knew; `undefined`: unknown. */
  readonly older: Sketch | undefined
  /** A place in the backend's own record of changes; empty: unknown, or it keeps none. */
  readonly place: string
}

/** A change that was seen and is not delivered yet; `fresh`: before it there was no such session. @internal */
export type Undelivered = ReadonlyMap<number, { readonly fresh: boolean }>

/** What somebody knows who has been told everything but this. @internal */
export function pictureOf(known: KnownSessions, undelivered: Undelivered, place: string): Picture {
  const newest = known.newest(TOLD)
  const floor = known.size > newest.length ? (newest.at(-1) ?? 0) : 0
  const sessions = newest.flatMap((id) => {
    const { hash = 0, endsAt = Infinity } = known.get(id) ?? {}
    const pending = undelivered.get(id)
    return pending?.fresh ? [] : [{ id, hash: pending ? 0 : hash, endsAt }]
  })
  const pending: number[] = []
  for (const id of undelivered.keys()) {
    if (!known.get(id)) sessions.push({ id, hash: 0, endsAt: Infinity })
    else if (id < floor) pending.push(id)
  }
  // What is still to be told of an older one is left out, and so is different for whoever goes on from here. So much
  // that nobody could read it is not worth the work, which is done for each change that is delivered.
  const older = pending.length > MOST_PENDING ? undefined : known.sketchWithout([...newest, ...pending])
  sessions.sort((a, b) => b.id - a.id)
  return { sessions: sessions.slice(0, MOST_TOLD), floor, older, place: PLACE.test(place) ? place : '' }
}

/**
 * `w`, the floor, the sketch of the older ones, the place, and then for each session how much older it is than the one before (the
 * first one: its id), its hash, and its life from its id on in minutes; numbers in base 36.
 *
 * @internal
 */
export function encodeWatchCursor({ sessions, floor, older, place }: Picture): string {
  let last = 0
  const told = sessions.map(({ id, hash, endsAt }) => {
    const life = endsAt === Infinity ? '' : Math.floor((endsAt - id) / MINUTE_MS).toString(36)
    const step = Math.abs(last - id).toString(36)
    last = id
    return `${step}.${hash.toString(36)}.${life}`
  })
  return [`w${floor.toString(36)}.${older ?? UNKNOWN}.${place}`, ...told].join('~')
}

const PLACE = /^[\da-zA-Z-]{1,64}$/
const CURSOR = /^w[0-9a-z]{1,11}\.[0-9a-z]*\.[\da-zA-Z-]{0,64}(~[0-9a-z]{1,11}\.[0-9a-z]{1,7}\.(-?[0-9a-z]{1,9})?)*$/

/** @internal */
export function decodeWatchCursor(cursor: unknown): Picture {
  if (typeof cursor !== 'string' || cursor.length > 8192 || !CURSOR.test(cursor)) throw refused()
  const [head = '', ...told] = cursor.slice(1).split('~')
  const [floor = '', sketch = '', place = ''] = head.split('.')
  const older = Sketch.parse(sketch)
  if (!older && sketch !== UNKNOWN) throw refused()
  let id = 0
  const sessions = told.map((text) => {
    const [step = '', hash = '', life = ''] = text.split('.')
    id = Math.abs(id - numberOf(step))
    return { id, hash: numberOf(hash), endsAt: life === '' ? Infinity : id + (numberOf(life) + 1) * MINUTE_MS }
  })
  return { sessions, floor: numberOf(floor), older, place }
}

function refused(): StoryArtError {
  return new StoryArtError('INVALID_ARGUMENT', 'since must be the cursor of an earlier change, unchanged')
}

function numberOf(text: string): number {
  return Number.parseInt(text, 36)
}
