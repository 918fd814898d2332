/**
 * A write as a PUT, and what its answer means.
 * @module
 */
import { StoryArtError } from '../errors.js'
import { jsonValue } from '../parse-json.js'
import { etagOf, WIRE_HEADERS } from '../wire.js'
import { isErrorAnswer, isPutAnswer } from '../wire-answers.js'
import type { PutOptions, PutResult } from './adapter.js'
import { bodyOf, type HttpAnswer } from './http-answer.js'
import { NAME } from './http-failure.js'

/** What servers take as one header, with room for the others. */
const MAX_SUMMARY_LENGTH = 6000

/**
 * The headers of a PUT.
 *
 * @throws {StoryArtError} INVALID_ARGUMENT when the document or its summary holds half a surrogate pair, or `expect` is
 * no revision.
 * @internal
 */
export function putHeaders(raw: string, { expect, summary }: PutOptions): Record<string, string> {
  requireText('raw', raw)
  return { 'Content-Type': 'application/json', ...conditionOf(expect), ...summaryOf(summary) }
}

function conditionOf(expect: string | undefined): Record<string, string> {
  if (expect === undefined) return {}
  if (expect === 'absent') return { 'If-None-Match': '*' }
  if (/^[0-9a-f]{40}$/.test(expect)) return { 'If-Match': etagOf(expect) }
  throw new StoryArtError('INVALID_ARGUMENT', `${NAME}: expect must be 'absent' or a revision.`)
}

/** A summary too long for a header is left to the server, which makes one of its own. */
function summaryOf(summary = ''): Record<string, string> {
  requireText('summary', summary)
  const text = encodeURIComponent(summary)
  return text.length > MAX_SUMMARY_LENGTH ? {} : { [WIRE_HEADERS.summary]: text }
}

/** Half a surrogate pair has no bytes; U+FFFD would be stored in its place, and nobody would notice. */
function requireText(name: string, text: string): void {
  if (/[\ud800-\udfff]/.test(text) && /\p{Surrogate}/u.test(text)) {
    throw new StoryArtError(
      'INVALID_ARGUMENT',
      `${NAME}: ${name} holds half a surrogate pair; write it as a \\u escape.`,
    )
  }
}

/** @internal */
export function putResultOf(answer: HttpAnswer): PutResult {
  if (answer.status === 412 || answer.status === 409) {
    const body = jsonValue(answer.text)
    if (isErrorAnswer(body) && body.reason) return { stored: false, reason: body.reason }
  }
  const { storage, degraded } = bodyOf(answer, isPutAnswer)
  return degraded ? { stored: true, storage, degraded } : { stored: true }
}
