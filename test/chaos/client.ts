/**
 * Somebody who works with a store, and says when it does not keep its word.
 */

import type { SessionAdapter } from '../../src/adapters/adapter.js'
import { isStoryArtError } from '../../src/errors.js'
import { SessionStore } from '../../src/store/index.js'
import type { Random } from '../fixtures/random.js'
import { type Content, type Model, marksOf, type Outcome, sessionOf, tokenOf, Violation } from './model.js'
import type { Trace } from './trace.js'
import { pause, type World } from './world.js'

/** No call may take longer, whatever happens. */
const PATIENCE_MS = 20_000
const CODES = ['ADAPTER_UNAVAILABLE', 'ADAPTER_DENIED', 'ADAPTER_QUOTA', 'CLOSED', 'SESSION_CONFLICT']
/** What may also come where answers are corrupted. */
const POISONED_CODES = [...CODES, 'ADAPTER_FAILED', 'SESSION_INVALID']

export interface ClientOptions {
  index: number
  name: string
  world: World
  model: Model
  trace: Trace
  /** Makes the first tier. */
  adapter: () => SessionAdapter
  /** Makes the other tiers, or takes those that an earlier store has left open. */
  fallback: (left: readonly SessionAdapter[]) => readonly SessionAdapter[]
  deadlineMs: number
}

type Answer<T> = { told: T } | { failed: string }

export class ChaosClient {
  readonly options: ClientOptions
  store: SessionStore
  /** What waits, waits here. */
  tiers: readonly SessionAdapter[] = []
  operations = 0
  #tokens = 0
  /** Saves a fallback tier took after the primary had been tried, so that it may still happen there. */
  readonly #torn = new Set<number>()

  constructor(options: ClientOptions) {
    this.options = options
    this.store = this.#open([])
  }

  /** Does one thing after the other with some sessions that nobody else works on. */
  async work(random: Random, ids: readonly number[], going: () => boolean): Promise<void> {
    while (going()) {
      const id = random.pick(ids)
      const choice = this.options.model.isParted(id) ? 0.35 : random.next()
      if (choice < 0.3) await this.#save(id, random)
      else if (choice < 0.4) await this.#saveNew()
      else if (choice < 0.55) await this.#update(id)
      else if (choice < 0.65) await this.#delete(id)
      else if (choice < 0.72) await this.#touch(id, random)
      else if (choice < 0.9) await this.#get(id)
      else if (choice < 0.95) await this.#list()
      else if (choice < 0.97) await this.#ask('prune', () => this.store.prune())
      else await this.#mark(random)
      await pause(random.between(0, 12))
    }
  }

  /** Closes the store and opens another one over the same tiers, as after a restart. */
  async renew(): Promise<void> {
    const { trace, name } = this.options
    const [end] = await Promise.allSettled([this.store.close()])
    trace.note(`${name}: closed${end.status === 'rejected' ? `: ${String(end.reason)}` : ''}`, 'all')
    const isLeftOpen = end.status === 'rejected' && String(end.reason).includes('was left open')
    this.store = this.#open(isLeftOpen ? this.tiers : [])
  }

  #open(left: readonly SessionAdapter[]): SessionStore {
    const { adapter, fallback, deadlineMs, trace, name, model, world } = this.options
    this.tiers = fallback(left)
    const store = new SessionStore({ adapter: adapter(), fallback: this.tiers, deadlineMs })
    store.on('fallback', ({ timestamp, error }) => {
      if (!String(error).includes('was not tried')) this.#torn.add(timestamp)
    })
    store.on('recovered', ({ storage }) => trace.note(`${name}: ${storage} answers again`, 'all'))
    store.on('synced', ({ timestamp }) => {
      trace.note(`${name}: synced`, timestamp)
      // Where answers are corrupted, an acknowledgement may be one that was meant for something else.
      if (world.poisoned) model.doubt(timestamp)
    })
    store.on('error', ({ error, timestamp }) => trace.note(`${name}: in the background: ${String(error)}`, timestamp))
    store.on('conflict', ({ timestamp, savedAs }) => {
      trace.note(`${name}: conflict, saved as ${savedAs}`, timestamp)
      model.part(timestamp, savedAs)
      if (world.poisoned) model.doubt(timestamp)
    })
    return store
  }

  async #save(id: number, random: Random): Promise<void> {
    const token = this.#token()
    if (random.chance(0.2)) await this.#create(id, token)
    else await this.#write(`save ${token}`, id, token, () => this.store.save(sessionOf(token), { timestamp: id }))
  }

  /** A save that must replace nothing. */
  async #create(id: number, token: string): Promise<void> {
    const { model, index } = this.options
    const allowed = model.allowedAt(id)
    const tell = model.attempt(index, id, token)
    this.#torn.delete(id)
    const create = () => this.store.save(sessionOf(token), { timestamp: id, expect: 'absent' })
    const answer = await this.#ask(`create ${token}`, create, id)
    if ('failed' in answer) {
      const isRefused = answer.failed === 'SESSION_CONFLICT'
      tell(isRefused ? 'refused' : 'unknown')
      const isTaken = allowed.some((content) => content !== null)
      if (isRefused && !isTaken) throw new Violation('create was refused, though nothing was there', id)
    } else if (allowed.includes(null)) {
      tell('done', this.#torn.has(id))
      if (allowed.length > 1 && answer.told.degraded) model.fork(id, token)
    } else if (answer.told.degraded) {
      tell('refused')
      model.fork(id, token)
    } else {
      throw new Violation('create has replaced what was there', id)
    }
  }

  async #saveNew(): Promise<void> {
    const token = this.#token()
    const answer = await this.#ask(`save new ${token}`, () => this.store.save(sessionOf(token)))
    const id = 'told' in answer ? answer.told.timestamp : undefined
    this.options.model.born(token, id)
    if (id !== undefined) this.options.trace.note(`${this.options.name}: it is ${token}`, id)
  }

  async #update(id: number): Promise<void> {
    const token = this.#token()
    const update = () => this.store.update(id, () => sessionOf(token))
    await this.#write(`update ${token}`, id, token, update, (result) => {
      if (result === null) this.options.model.check(id, null, 'update')
      return result === null ? 'refused' : 'done'
    })
  }

  async #delete(id: number): Promise<void> {
    await this.#write('delete', id, null, () => this.store.delete(id))
  }

  async #touch(id: number, random: Random): Promise<void> {
    const { model, index } = this.options
    const isShort = random.chance(0.3)
    if (isShort) model.mayEnd(index, id)
    const ttlMs = isShort ? random.between(1, 300) : 600_000
    const answer = await this.#ask(`touch for ${ttlMs} ms`, () => this.store.touch(id, ttlMs), id)
    if ('told' in answer && !answer.told) model.check(id, null, 'touch')
  }

  async #get(id: number): Promise<void> {
    const answer = await this.#ask('get', () => this.store.get(id), id)
    if (!('told' in answer)) return
    const record = answer.told
    const content = record === null ? null : contentOf(JSON.stringify(record.session), id)
    this.options.model.check(id, content, 'get')
  }

  async #list(): Promise<void> {
    const { model, index } = this.options
    const before = model.certain(index)
    const answer = await this.#ask('list', () => this.store.list({ limit: 1000 }))
    if (!('told' in answer) || answer.told.degraded) return
    const listed = new Set(answer.told.sessions.map(({ timestamp }) => timestamp))
    const after = model.certain(index)
    for (const [id, tries] of before) {
      if (after.get(id) === tries && !listed.has(id)) throw new Violation('a page that says it is whole misses it', id)
    }
  }

  async #mark(random: Random): Promise<void> {
    const { model } = this.options
    const token = this.#token()
    const change = (session: object): object => {
      const marks = marksOf(JSON.stringify(session))
      return { ...session, marks: [...marks, token] }
    }
    model.marked(token, 'unknown')
    const ttlMs = random.chance(0.3) ? { ttlMs: 600_000 } : {}
    const answer = await this.#ask(`mark ${token}`, () => this.store.update(model.shared, change, ttlMs), model.shared)
    if ('told' in answer && answer.told !== null) model.marked(token, 'done')
  }

  /** A write of which the model has to know. */
  async #write<T>(
    what: string,
    id: number,
    content: Content,
    call: () => Promise<T>,
    outcomeOf: (result: T) => Outcome = () => 'done',
  ): Promise<void> {
    const { model, index } = this.options
    const tell = model.attempt(index, id, content)
    this.#torn.delete(id)
    const answer = await this.#ask(what, call, id)
    if ('told' in answer) tell(outcomeOf(answer.told), this.#torn.has(id))
    else tell(answer.failed === 'SESSION_CONFLICT' ? 'refused' : 'unknown')
  }

  /** Calls, and looks at when and how it ends. An answer that may have been corrupted counts as none. */
  async #ask<T>(what: string, call: () => Promise<T>, id?: number): Promise<Answer<T>> {
    const { world, trace, name } = this.options
    const { poisonings, poisoned } = world
    const started = performance.now()
    this.operations++
    let answer: Answer<T>
    try {
      answer = { told: await call() }
    } catch (error) {
      answer = { failed: isStoryArtError(error) ? error.code : String(error) }
    }
    const tookMs = performance.now() - started
    const isTrusted = !poisoned && !world.poisoned && poisonings === world.poisonings
    const end = 'told' in answer ? `done${whereOf(answer.told)}` : answer.failed
    trace.note(`${name}: ${what}: ${end}${isTrusted ? '' : ', not to be believed'} after ${Math.round(tookMs)} ms`, id)
    if (tookMs > PATIENCE_MS) throw new Violation(`${what} took ${Math.round(tookMs)} ms`, id)
    const codes = isTrusted ? CODES : POISONED_CODES
    if ('failed' in answer && !codes.includes(answer.failed)) throw new Violation(`${what}: ${answer.failed}`, id)
    return isTrusted ? answer : { failed: 'not to be believed' }
  }

  #token(): string {
    return `${this.options.name}-${++this.#tokens}`
  }
}

/** Where a result says that it is, if that is not the primary. */
function whereOf(result: unknown): string {
  const { degraded, storage }: { degraded?: unknown; storage?: unknown } = Object(result)
  return degraded === true ? ` in ${String(storage ?? 'part')}` : ''
}

function contentOf(raw: string, id: number): string {
  const token = tokenOf(raw, id)
  if (token === undefined) throw new Violation(`get found ${raw.length} bytes that nobody wrote`, id)
  return token
}
