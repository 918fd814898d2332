/**
 * Saving, replacing, removing, prolonging.
 * @module
 */
import { StoryArtError } from '../errors.js'
import { parseJson } from '../parse-json.js'
import type { Session } from '../schema/index.js'
import type { SaveResult } from '../store/index.js'
import {
  etagOf,
  MAX_BODY_BYTES,
  parsePathTimestamp,
  revisionOfEtag,
  sessionPath,
  WIRE_HEADERS,
  WIRE_TEXTS,
} from '../wire.js'
import type { DoneAnswer, PutAnswer, SaveAnswer } from '../wire-answers.js'
import { type Answer, encode, json, Refused, refusal } from './answer.js'
import { readText } from './body.js'
import { type Call, wholeNumber } from './call.js'
import { answerOfInvalid } from './failure.js'
import { heldBy, revisionOfBytes } from './reads.js'

/** StoryArt's rules: a script is required; a timestamp of the session's own is kept, and 0, null and '' are none. @internal */
export async function saveSession({ store, request, signal, options }: Call): Promise<Answer> {
  // StoryArt's own server reads over a byte order mark.
  const text = (await readText(request, options.maxBodyBytes ?? MAX_BODY_BYTES)).replace(/^\uFEFF/, '')
  if (text.trim() === '') return refusal(400, WIRE_TEXTS.invalidSession)
  const parsed = parseJson(text)
  if (!parsed.ok) return notJson(parsed.problem)
  if (!isRecord(parsed.value) || !parsed.value.scriptText) return refusal(400, WIRE_TEXTS.invalidSession)
  const session = withOwnTimestamp(parsed.value)
  if (session === null) {
    return refusal(400, WIRE_TEXTS.invalidTimestamp, {
      code: 'SESSION_INVALID',
      issues: [{ path: 'timestamp', message: 'must be a whole number of ms since the epoch, or be left out' }],
    })
  }
  return written(
    // Spares most sessions to be written anew.
    () =>
      session === parsed.value && session.timestamp !== null && session.timestamp !== 0
        ? store.saveParsed(session, text, { signal })
        : store.save(session, { signal }),
    async (saved) => [saveAnswerOf(saved), { Location: sessionPath(saved.timestamp) }],
  )
}

/** Keeps the text exactly as it was sent. @internal */
export async function putSession({ store, request, query, timestamp, signal, options }: Call): Promise<Answer> {
  const ttlMs = lifeOf(query.get('ttlMs'))
  const expect = expectationOf(request)
  const summary = summaryOf(request.headers.get(WIRE_HEADERS.summary))
  const text = await readText(request, options.maxBodyBytes ?? MAX_BODY_BYTES)
  return written(
    () => store.saveText(text, timestamp, { ttlMs, expect, summary, signal }),
    async (saved) => {
      const { savedAt, degraded } = saved
      const answer: PutAnswer = { ...saveAnswerOf(saved), timestamp, savedAt, degraded }
      return [answer, { ETag: etagOf(await revisionOfBytes(encode(text))) }]
    },
  )
}

/** @internal */
export async function deleteSession({ store, timestamp, signal }: Call): Promise<Answer> {
  return done(await store.delete(timestamp, { signal }))
}

/** @internal */
export async function touchSession({ store, query, timestamp, signal }: Call): Promise<Answer> {
  return done(await store.touch(timestamp, wholeNumber(query, 'ttlMs'), { signal }))
}

function done(wasThere: boolean): Answer {
  return wasThere ? json(200, { success: true } satisfies DoneAnswer) : refusal(404, WIRE_TEXTS.notFound)
}

/** What is no session is the caller's doing here, and not a broken store. */
async function written(
  write: () => Promise<SaveResult>,
  tell: (saved: SaveResult) => Promise<[answer: SaveAnswer, headers: Record<string, string>]>,
): Promise<Answer> {
  let saved: SaveResult
  try {
    saved = await write()
  } catch (error) {
    const answer = answerOfInvalid(error)
    if (answer) return answer
    throw error
  }
  const [answer, headers] = await tell(saved)
  return json(200, answer, { ...headers, ...heldBy(saved) })
}

function saveAnswerOf({ sessionKey, storage }: SaveResult): SaveAnswer {
  return { success: true, message: WIRE_TEXTS.saved, sessionKey, storage }
}

function notJson(problem: string): Answer {
  return refusal(400, `The body is ${problem}`, {
    code: 'SESSION_INVALID',
    issues: [{ path: '', message: problem }],
  })
}

/** `null` if its timestamp is none. A text of digits is read, and stored as the number it spells. */
function withOwnTimestamp(session: Session & Record<string, unknown>): Session | null {
  const { timestamp } = session
  if (timestamp === undefined || timestamp === null || timestamp === 0) return session
  if (timestamp === '') return { ...session, timestamp: null }
  const text = typeof timestamp === 'string' || Number.isInteger(timestamp) ? String(timestamp) : ''
  const version = parsePathTimestamp(text)
  if (version === null) return null
  return version === timestamp ? session : { ...session, timestamp: version }
}

/** The store validates the rest. */
function isRecord(value: unknown): value is Session & Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function lifeOf(text: string | null): number | 'keep' | null | undefined {
  if (text === null) return undefined
  if (text === 'keep') return 'keep'
  if (text === 'none') return null
  const ttlMs = parsePathTimestamp(text)
  if (ttlMs !== null) return ttlMs
  throw new StoryArtError('INVALID_ARGUMENT', 'ttlMs must be a whole number of ms, at least 1, or keep, or none')
}

function expectationOf({ headers }: Request): string | undefined {
  const match = headers.get('If-Match')
  const noneMatch = headers.get('If-None-Match')
  if (match === null && noneMatch === null) return undefined
  if (noneMatch?.trim() === '*' && match === null) return 'absent'
  const revision = match !== null && noneMatch === null ? revisionOfEtag(match) : null
  if (revision !== null) return revision
  throw new Refused(400, 'A write takes If-None-Match: *, or If-Match with the one ETag that was read')
}

function summaryOf(header: string | null): string | null | undefined {
  if (header === null) return undefined
  if (header === '') return null
  try {
    return decodeURIComponent(header)
  } catch {
    throw new Refused(400, `${WIRE_HEADERS.summary} must be percent-encoded UTF-8`)
  }
}
