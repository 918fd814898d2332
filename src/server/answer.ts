/**
 * Answers before they become responses.
 * @module
 */
import type { ErrorAnswer } from '../wire-answers.js'

/** Status, headers and bytes; compression, `HEAD` and CORS come later. @internal */
export interface Answer {
  status: number
  headers: Record<string, string>
  /** Default: none. */
  body?: Uint8Array<ArrayBuffer> | ReadableStream<Uint8Array<ArrayBuffer>>
}

/** @internal */
export const JSON_TYPE = 'application/json; charset=utf-8'

const encoder = new TextEncoder()

/** @internal */
export function encode(text: string): Uint8Array<ArrayBuffer> {
  return encoder.encode(text)
}

/** @internal */
export function json(status: number, value: object, headers: Record<string, string> = {}): Answer {
  return jsonBytes(status, encode(JSON.stringify(value)), headers)
}

/** @internal */
export function jsonBytes(status: number, body: Answer['body'] & {}, headers: Record<string, string>): Answer {
  return { status, headers: { 'Content-Type': JSON_TYPE, 'Cache-Control': 'no-store', ...headers }, body }
}

/** @internal */
export function refusal(
  status: number,
  error: string,
  more: Omit<ErrorAnswer, 'success' | 'error'> = {},
  headers: Record<string, string> = {},
): Answer {
  return json(status, { success: false, error, ...more } satisfies ErrorAnswer, headers)
}

/** What ends a request early with an answer of its own. @internal */
export class Refused extends Error {
  readonly answer: Answer

  constructor(status: number, error: string, headers: Record<string, string> = {}) {
    super(error)
    this.name = 'Refused'
    this.answer = refusal(status, error, {}, headers)
  }
}

/** The value of a header from what others named; a header takes only what can be seen. @internal */
export function visible(text: string): string {
  return text.replace(/[^ -~]/g, '?')
}
