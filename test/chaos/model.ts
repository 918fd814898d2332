/**
 * What must be there, and what may be.
 */

import { prepareSession } from '../../src/codec.js'

/** A text by its token; `null`: no session. */
export type Content = string | null

/** Something that must not be. */
export class Violation extends Error {
  readonly id: number | undefined

  constructor(message: string, id?: number) {
    super(message)
    this.id = id
  }
}

interface Known {
  /** Who alone works on it. */
  owner: number
  /** What it may hold: what was acknowledged last, and whatever nobody knows the outcome of. */
  allowed: Set<Content>
  /** What was given up and may still reach the primary, also after what is acknowledged later. */
  late: Set<Content>
  /** All that anybody has ever tried to make of it. */
  history: Set<Content>
  /** Goes up with everything that is tried. */
  tries: number
  /** The versions under which a conflict has kept its text: then its own place may hold an older one. */
  besides: Set<number>
  /** What was created over it while nobody could see it: a conflict will keep both. */
  forked: Content
}

/** What a write was told. */
export type Outcome = 'done' | 'refused' | 'unknown'

/** The session that belongs to a token; some are long enough to be sent in several pieces. */
export function sessionOf(token: string): { scriptText: string; body: string } {
  const size = [...token].reduce((sum, character) => sum * 31 + character.charCodeAt(0), 7) % 20
  return { scriptText: token, body: 'x'.repeat(size === 0 ? 150_000 : size * 20) }
}

/** The stored text of a token at a timestamp, byte for byte. */
export function rawOf(token: string, timestamp: number): string {
  return prepareSession(sessionOf(token), 'it').encode(timestamp)
}

/** The token in a stored text, if it is the whole text of that token. */
export function tokenOf(raw: string, timestamp: number): string | undefined {
  const token = /^\{"scriptText":"([\w.-]*)"/.exec(raw)?.[1]
  return token !== undefined && rawOf(token, timestamp) === raw ? token : undefined
}

export class Model {
  readonly #known = new Map<number, Known>()
  /** Tokens of new versions, which are written once, by where they were said to be. */
  readonly #born = new Map<string, number>()
  /** Tokens of new versions of which nobody knows whether they are there. */
  readonly #strays = new Set<string>()
  /** Marks that many have put into one session: those that must be there, and those that may. */
  readonly #marks = { must: new Set<string>(), may: new Set<string>() }

  /** @param shared - The session that all clients update and nobody replaces. */
  constructor(readonly shared: number) {}

  /** All sessions known so far. */
  get ids(): number[] {
    return [...this.#known.keys()]
  }

  /** What is known to be allowed; for messages, too. */
  allowedAt(id: number): Content[] {
    return [...(this.#known.get(id)?.allowed ?? [null])]
  }

  /** Whether a conflict has parted it, so that only its text is certain, and not its place. */
  isParted(id: number): boolean {
    const known = this.#known.get(id)
    return known !== undefined && (known.forked !== null || known.besides.size > 0)
  }

  /** A write begins, which would make `content` of it. What is returned must be told the outcome. */
  attempt(owner: number, id: number, content: Content): (outcome: Outcome, late?: boolean) => void {
    const known = this.#at(owner, id)
    const before = new Set(known.allowed)
    known.allowed.add(content)
    known.history.add(content)
    known.tries++
    return (outcome, late = outcome === 'unknown') => {
      known.tries++
      if (outcome === 'done') known.allowed = new Set([content, ...known.late])
      if (outcome === 'refused' && !before.has(content)) known.allowed.delete(content)
      if (late) known.late.add(content)
    }
  }

  /** A new version was saved; without an id nobody knows. */
  born(token: string, id: number | undefined): void {
    if (id === undefined) this.#strays.add(token)
    else this.#born.set(token, id)
  }

  /** A mark was put into the shared session, or may have been. */
  marked(token: string, outcome: Outcome): void {
    if (outcome === 'done') this.#marks.must.add(token)
    if (outcome !== 'refused') this.#marks.may.add(token)
  }

  /** Its life may end at any time from now on. If that is the life of a copy that waits, an older text may come to light. */
  mayEnd(owner: number, id: number): void {
    const known = this.#at(owner, id)
    for (const content of [null, ...known.history]) {
      known.allowed.add(content)
      known.late.add(content)
    }
    known.tries++
  }

  /** A conflict kept a text beside another. */
  part(id: number, savedAs: number): void {
    this.#known.get(id)?.besides.add(savedAs)
  }

  /** A copy was carried on the word of an answer that is not to be believed, and dropped: it may be nowhere. */
  doubt(id: number): void {
    const known = this.#known.get(id)
    if (known) for (const content of [null, ...known.history]) known.allowed.add(content)
    for (const [token, place] of this.#born) {
      if (place !== id) continue
      this.#born.delete(token)
      this.#strays.add(token)
    }
  }

  /** Something was created where something is, and took nothing away. */
  fork(id: number, token: string): void {
    const known = this.#known.get(id)
    if (known) known.forked = token
    this.#born.set(token, id)
  }

  /** The primary has forgotten everything. What waits elsewhere is still certain. */
  emptied(waiting: ReadonlyMap<number, string>): void {
    for (const [id, known] of this.#known) {
      const token = tokenOf(waiting.get(id) ?? '', id)
      if (token === undefined || !known.allowed.has(token)) known.allowed.add(null)
    }
    for (const [token, id] of this.#born) {
      if (waiting.get(id) === rawOf(token, id)) continue
      this.#born.delete(token)
      this.#strays.add(token)
    }
    this.#marks.must.clear()
  }

  /** A reader found this. */
  check(id: number, content: Content, by: string): void {
    if (this.isParted(id)) return
    const allowed = this.allowedAt(id)
    if (allowed.includes(content)) return
    throw new Violation(`${by} found ${nameOf(content)} where only ${allowed.map(nameOf).join(' or ')} may be`, id)
  }

  /** The sessions of an owner that are there whatever else is uncertain, each with how often it was tried. */
  certain(owner: number): Map<number, number> {
    const certain = new Map<number, number>()
    for (const [id, known] of this.#known) {
      if (known.owner === owner && !this.isParted(id) && !known.allowed.has(null)) certain.set(id, known.tries)
    }
    return certain
  }

  /** Everything has come to rest: the primary holds these texts and lists these ids, and nothing waits any more. */
  settle(texts: ReadonlyMap<number, string>, listed: ReadonlySet<number>): void {
    for (const [id, known] of this.#known) {
      const places = [id, ...known.besides]
      const found = places.map((place) => contentOf(texts, place))
      const right = places.filter((_, i) => {
        const content = found[i] ?? null
        return known.allowed.has(content) || (content === known.forked && known.allowed.has(null))
      })
      if (right.length === 0) {
        const allowed = this.allowedAt(id).map(nameOf).join(' or ')
        throw new Violation(`at rest, ${found.map(nameOf).join(' and ')} is where ${allowed} must be`, id)
      }
      if (!known.allowed.has(null) && !right.some((place) => listed.has(place)))
        throw new Violation('at rest, it is there but not listed', id)
    }
    this.#settleShared(texts.get(this.shared))
    const besides = new Set([...this.#known.values()].flatMap((known) => [...known.besides]))
    const places = new Map<string, number>()
    for (const id of texts.keys()) {
      if (id === this.shared) continue
      const token = contentOf(texts, id)
      if (token !== null && (this.#born.has(token) || this.#strays.has(token))) places.set(token, id)
      else if (!this.#known.has(id) && !besides.has(id) && !this.#isSpare(id, token)) {
        throw new Violation('at rest, nobody saved it', id)
      }
    }
    for (const [token, id] of this.#born) {
      const place = places.get(token)
      if (place === undefined) throw new Violation(`at rest, the new version ${token} is nowhere`, id)
      if (!listed.has(place)) throw new Violation(`at rest, the new version ${token} is not listed`, place)
    }
  }

  /** Forgets everything: the next round begins with other sessions. Says of how many the content was certain. */
  clear(): { exact: number; loose: number } {
    const all = [...this.#known.values()]
    const exact = all.filter(
      ({ allowed, besides, forked }) => allowed.size === 1 && besides.size === 0 && forked === null,
    ).length
    const counts = { exact: exact + this.#born.size, loose: all.length - exact }
    this.#known.clear()
    this.#born.clear()
    this.#strays.clear()
    this.#marks.must.clear()
    this.#marks.may.clear()
    return counts
  }

  /** A copy was to be kept beside another, and the answer was lost: it may be there, and nobody was told. */
  #isSpare(id: number, token: Content): boolean {
    return this.ids.some((one) => one < id && id < one + 1000 && this.#known.get(one)?.history.has(token))
  }

  #settleShared(raw: string | undefined): void {
    const marks = raw === undefined ? [] : marksOf(raw)
    for (const token of this.#marks.must) {
      if (!marks.includes(token)) throw new Violation(`at rest, the update ${token} is lost`, this.shared)
    }
    for (const token of marks) {
      if (!this.#marks.may.has(token)) throw new Violation(`at rest, nobody made the update ${token}`, this.shared)
    }
    if (new Set(marks).size < marks.length) throw new Violation('at rest, an update was made twice', this.shared)
  }

  #at(owner: number, id: number): Known {
    const known = this.#known.get(id)
    if (known) return known
    const fresh: Known = {
      owner,
      allowed: new Set([null]),
      late: new Set(),
      history: new Set(),
      tries: 0,
      besides: new Set(),
      forked: null,
    }
    this.#known.set(id, fresh)
    return fresh
  }
}

/** The marks in the text of the shared session. */
export function marksOf(raw: string): string[] {
  const { marks } = JSON.parse(raw) as { marks?: string[] }
  return marks ?? []
}

function contentOf(texts: ReadonlyMap<number, string>, id: number): Content {
  const raw = texts.get(id)
  if (raw === undefined) return null
  const token = tokenOf(raw, id)
  if (token === undefined) throw new Violation(`at rest, ${raw.length} bytes are there that nobody wrote`, id)
  return token
}

function nameOf(content: Content): string {
  return content ?? 'nothing'
}
