/**
 * What was done by this run and those before it, job by job and take by take.
 * @module
 */

import { jsonValue } from '../parse-json.js'
import { isRecord } from '../prompt/is-record.js'
import type { SubmitTicket } from './generation.js'
import type { Manifest } from './sink.js'

/** One take of a job. @internal */
export interface TakeOf {
  job: string
  take: number
}

/** A picture that was saved. @internal */
export interface SavedLine extends TakeOf {
  file: string
  bytes: number
  seed: number | null
  width: number
  height: number
}

/** An attempt of which it is not known how it ended. @internal */
export interface OpenAttempt {
  attempt: string
  /** Where it was sent to. */
  ticket: SubmitTicket | null
}

interface Known {
  saved: SavedLine | null
  open: Map<string, OpenAttempt>
}

/** Reads the manifest once, and appends to it; one write at a time. @internal */
export class Ledger {
  readonly #manifest: Manifest | undefined
  readonly #takes = new Map<string, Known>()
  readonly #names = new Map<string, string>()
  #tail: Promise<void> = Promise.resolve()
  /** Whether the last line may be torn, so that the next must begin a new one. */
  #torn = false
  /** How many lines could not be read. */
  unreadable = 0

  private constructor(manifest: Manifest | undefined) {
    this.#manifest = manifest
  }

  static async open(manifest: Manifest | undefined): Promise<Ledger> {
    const ledger = new Ledger(manifest)
    const text = (await manifest?.read()) ?? ''
    for (const line of text.split('\n')) if (line.trim() !== '') ledger.#learn(line)
    ledger.#torn = text !== '' && !text.endsWith('\n')
    return ledger
  }

  /** What was saved of a take. */
  saved(of: TakeOf): SavedLine | null {
    return this.#takes.get(nameOf(of))?.saved ?? null
  }

  /** The attempts of which it is not known how they ended. */
  open(of: TakeOf): OpenAttempt[] {
    return [...(this.#takes.get(nameOf(of))?.open.values() ?? [])]
  }

  /** Whether a file's name belongs to another take. */
  isOthers(file: string, of: TakeOf): boolean {
    const owner = this.#names.get(file)
    return owner !== undefined && owner !== nameOf(of)
  }

  /** Before anything is asked for. */
  began(of: TakeOf, attempt: string, ticket: SubmitTicket, at: number): Promise<void> {
    return this.#write({ did: 'began', ...of, attempt, ...ticket, at })
  }

  /** When it is certain that nothing came of it. */
  ended(of: TakeOf, attempt: string, at: number): Promise<void> {
    return this.#write({ did: 'ended', ...of, attempt, at })
  }

  /** When the picture is safe. */
  async keep(line: SavedLine, attempt: string, at: number): Promise<void> {
    await this.#write({ did: 'saved', ...line, attempt, at })
  }

  #write(entry: Record<string, unknown>): Promise<void> {
    const line = JSON.stringify(entry)
    const work = this.#tail.then(async () => {
      const begin = this.#torn ? '\n' : ''
      this.#torn = true // until it is known to be whole
      await this.#manifest?.append(`${begin}${line}\n`)
      this.#torn = false
      this.#learn(line)
    })
    this.#tail = work.catch(() => undefined) // told to the one who wrote
    return work
  }

  #learn(line: string): void {
    const value = jsonValue(line)
    const entry = isRecord(value) ? value : {}
    const { did, job, take, attempt, session, server } = entry
    if (typeof job !== 'string' || typeof take !== 'number' || typeof attempt !== 'string') {
      this.unreadable++
      return
    }
    const name = nameOf({ job, take })
    const known = this.#takes.get(name) ?? { saved: null, open: new Map() }
    this.#takes.set(name, known)
    const ticket = typeof session === 'string' && typeof server === 'string' ? { session, server } : null
    if (did === 'began') known.open.set(attempt, { attempt, ticket })
    else known.open.delete(attempt)
    const { file, bytes, seed, width, height } = entry
    if (did !== 'saved' || typeof file !== 'string') return
    known.saved = {
      job,
      take,
      file,
      bytes: Number(bytes),
      seed: seed === null ? null : Number(seed),
      width: Number(width),
      height: Number(height),
    }
    this.#names.set(file, name)
  }
}

function nameOf({ job, take }: TakeOf): string {
  return `${job}/${take}`
}
