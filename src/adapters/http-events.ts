/**
 * Server-sent events, as the HTML standard has them.
 * @module
 */

/** One event. @internal */
export interface ServerEvent {
  /** The id to go on from; empty: none was ever given. */
  readonly id: string
  readonly data: string
}

/** Far more than an event of this API has. */
const MAX_EVENT_LENGTH = 65_536

/** Reads events out of a text that comes in pieces. @internal */
export class EventParser {
  #rest = ''
  #data: string[] = []
  #id = ''
  /** How long to wait before connecting again, in ms, if the server has said so. */
  retryMs: number | undefined

  /** The events that end within this piece. @throws {RangeError} When one does not come to an end. */
  push(piece: string): ServerEvent[] {
    const text = this.#rest + piece
    // A carriage return at the end may be half of a line break.
    const lines = text.split(/\r\n|\n|\r(?!$)/)
    this.#rest = lines.pop() ?? ''
    const events = lines.flatMap((line) => this.#line(line))
    if (this.#rest.length + this.#data.join('').length > MAX_EVENT_LENGTH) throw new RangeError('an event without end')
    return events
  }

  #line(line: string): ServerEvent[] {
    if (line === '') {
      const data = this.#data.splice(0)
      return data.length > 0 ? [{ id: this.#id, data: data.join('\n') }] : []
    }
    const [, field, value = ''] = /^([^:]*)(?:: ?([\s\S]*))?$/.exec(line) ?? []
    if (field === 'data') this.#data.push(value)
    else if (field === 'id' && !value.includes('\0')) this.#id = value
    else if (field === 'retry' && /^\d{1,9}$/.test(value)) this.retryMs = Number(value)
    return []
  }
}
