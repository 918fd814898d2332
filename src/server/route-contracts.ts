/**
 * What each route takes and answers, for the OpenAPI document. Not part of the handler's bundle.
 * @module
 */
import { WIRE_HEADERS } from '../wire.js'
import type { RouteContract, RouteParameter, RouteResponse } from './route-contract.js'
import type { OperationId } from './routes.js'

const TIMESTAMP: RouteParameter = {
  name: 'timestamp',
  in: 'path',
  required: true,
  description: 'The version, in ms since the epoch.',
  schema: { type: 'integer', minimum: 1, maximum: 8_640_000_000_000_000 },
}

const IF_NONE_MATCH: RouteParameter = {
  name: 'If-None-Match',
  in: 'header',
  description: 'Entity tags the caller has: 304 and no body if the session still is one of them.',
  schema: { type: 'string' },
}

const HELD = {
  [WIRE_HEADERS.storage]: 'The adapter that holds the session.',
  [WIRE_HEADERS.degraded]: '`true` if it waits in a fallback tier.',
} as const

const TAGGED = {
  ETag: 'The revision, which names exactly this text; with a content coding behind it.',
  ...HELD,
} as const

/** What any route may answer, beside its own. */
export const COMMON_RESPONSES: Readonly<Record<number, RouteResponse>> = {
  400: { description: 'Something in the request cannot be used.', body: ['ErrorAnswer'] },
  401: { description: 'The server asks for credentials, and these are none.', body: ['ErrorAnswer'] },
  403: { description: 'The credentials do not reach here.', body: ['ErrorAnswer'] },
  500: { description: 'A failure, whose cause is in the log under `id`.', body: ['ErrorAnswer'] },
  502: { description: 'The storage denied the server access.', body: ['ErrorAnswer'] },
  503: {
    description: 'The storage does not answer.',
    body: ['ErrorAnswer'],
    headers: { 'Retry-After': 'Seconds after which to try again.' },
  },
}

const NOT_FOUND = { description: 'There is no such version, or it has expired.', body: ['ErrorAnswer'] } as const
const TOO_LARGE = { description: 'The body is too large.', body: ['ErrorAnswer'] } as const
const WRONG_TYPE = { description: 'The body is not JSON by its type or coding.', body: ['ErrorAnswer'] } as const
const FULL = { description: 'The storage is full.', body: ['ErrorAnswer'] } as const
const UNCHANGED = { description: 'Unchanged since the caller read it.', headers: { ETag: 'The revision.' } } as const
const FOUND = { description: 'The session.', body: ['SessionAnswer'], headers: TAGGED } as const

const latest = {
  parameters: [IF_NONE_MATCH],
  responses: {
    200: { ...FOUND, headers: { ...TAGGED, 'Content-Location': 'The path of this version.' } },
    304: UNCHANGED,
    404: { description: 'There is no session.', body: ['ErrorAnswer'] },
  },
} as const

/** By operation. */
export const ROUTE_CONTRACTS: Readonly<Record<OperationId, RouteContract>> = {
  getHealth: {
    summary: 'Whether the storage can be used.',
    parameters: [],
    responses: {
      200: { description: 'It can, or a fallback tier can.', body: ['HealthAnswer'] },
      503: { description: 'It cannot.', body: ['HealthAnswer'] },
    },
  },
  saveSession: {
    summary: 'Save a session: as its own timestamp says, else as a new version.',
    parameters: [],
    request: { body: 'Session', required: true, contentTypes: ['application/json'] },
    responses: {
      200: {
        description: 'It is saved.',
        body: ['SaveAnswer'],
        headers: { Location: 'The path of the version.', ...HELD },
      },
      413: TOO_LARGE,
      415: WRONG_TYPE,
      507: FULL,
    },
  },
  getLatestSession: {
    ...latest,
    summary: 'The newest session that can be read.',
  },
  getLatestSessionLegacy: {
    ...latest,
    summary: 'The same, under the third path that StoryArt tries.',
  },
  listSessions: {
    summary: 'All sessions whole, or a page of summaries, or a page of the index. Newest first.',
    parameters: [
      {
        name: 'view',
        in: 'query',
        description: 'What to list. A limit or a cursor alone means `summary`; without any, whole sessions.',
        schema: { type: 'string', enum: ['full', 'summary', 'entries'], default: 'full' },
      },
      {
        name: 'limit',
        in: 'query',
        description: 'The size of a page of summaries or entries.',
        schema: { type: 'integer', minimum: 1, maximum: 1000, default: 50 },
      },
      {
        name: 'cursor',
        in: 'query',
        description: 'With summaries: where an earlier page ended.',
        schema: { type: 'string', pattern: '^b[0-9a-z]{1,11}$' },
      },
      {
        name: 'from',
        in: 'query',
        description: 'Inclusive start, in ms since the epoch.',
        schema: { type: 'integer' },
      },
      {
        name: 'before',
        in: 'query',
        description: 'Exclusive end, in ms since the epoch.',
        schema: { type: 'integer' },
      },
      {
        name: 'order',
        in: 'query',
        description: 'With entries: which come first.',
        schema: { type: 'string', enum: ['newest', 'oldest'], default: 'newest' },
      },
      {
        name: 'details',
        in: 'query',
        description: 'With entries: `false` if only ids are wanted.',
        schema: { type: 'boolean', default: true },
      },
    ],
    responses: {
      200: {
        description: 'The list.',
        body: ['SessionListAnswer', 'SummaryListAnswer', 'EntryListAnswer'],
      },
    },
  },
  watchSessions: {
    summary: 'What is saved, updated and deleted from now on, as server-sent events.',
    parameters: [
      {
        name: 'Last-Event-ID',
        in: 'header',
        description: 'The id of the last event that was received: what has happened since comes first.',
        schema: { type: 'string' },
      },
    ],
    responses: {
      200: { description: 'One event a change.', body: ['EventData'], contentType: 'text/event-stream' },
    },
  },
  getOpenApi: {
    summary: 'This API as an OpenAPI document.',
    parameters: [],
    responses: {
      200: { description: 'The document.', body: ['OpenApiDocument'] },
      404: { description: 'This server has none.', body: ['ErrorAnswer'] },
    },
  },
  getSession: {
    summary: 'One version.',
    parameters: [
      TIMESTAMP,
      IF_NONE_MATCH,
      {
        name: 'view',
        in: 'query',
        description: '`raw`: the stored text alone, byte for byte and unchecked, without the envelope.',
        schema: { type: 'string', enum: ['full', 'raw'], default: 'full' },
      },
    ],
    responses: { 200: { ...FOUND, body: ['SessionAnswer', 'Session'] }, 304: UNCHANGED, 404: NOT_FOUND },
  },
  putSession: {
    summary: 'Create or replace one version. The text is kept exactly as it is sent.',
    parameters: [
      TIMESTAMP,
      {
        name: 'ttlMs',
        in: 'query',
        description: "Its life: ms from now, `keep` the remaining one, or `none` for no end. Default: the server's.",
        schema: { type: 'string', pattern: '^(keep|none|[1-9][0-9]{0,15})$' },
      },
      {
        name: 'If-Match',
        in: 'header',
        description: 'Write only over exactly this revision.',
        schema: { type: 'string' },
      },
      {
        name: 'If-None-Match',
        in: 'header',
        description: 'Only `*`: write only if there is no such version.',
        schema: { type: 'string' },
      },
      {
        name: WIRE_HEADERS.summary,
        in: 'header',
        description: 'The summary to keep beside it, percent-encoded; empty: none. Default: the server makes one.',
        schema: { type: 'string' },
      },
    ],
    request: { body: 'Session', required: true, contentTypes: ['application/json'] },
    responses: {
      200: { description: 'It is saved.', body: ['PutAnswer'], headers: TAGGED },
      412: { description: 'A condition does not hold; nothing was written.', body: ['ErrorAnswer'] },
      413: TOO_LARGE,
      415: WRONG_TYPE,
      507: FULL,
    },
  },
  deleteSession: {
    summary: 'Remove one version.',
    parameters: [TIMESTAMP],
    responses: { 200: { description: 'It was there and is gone.', body: ['DoneAnswer'] }, 404: NOT_FOUND },
  },
  touchSession: {
    summary: 'Give one version a new life.',
    parameters: [
      TIMESTAMP,
      {
        name: 'ttlMs',
        in: 'query',
        description: "Its life in ms from now. Default: the server's.",
        schema: { type: 'integer', minimum: 1, maximum: 8_640_000_000_000_000 },
      },
    ],
    responses: { 200: { description: 'It was there and lives on.', body: ['DoneAnswer'] }, 404: NOT_FOUND },
  },
  getPromptsStatus: {
    summary: 'Whether every beat that wants an image has its prompts.',
    parameters: [TIMESTAMP],
    responses: { 200: { description: 'The counts.', body: ['PromptsStatusAnswer'] }, 404: NOT_FOUND },
  },
  getQueue: {
    summary: 'The pictures to make, in order.',
    parameters: [
      TIMESTAMP,
      {
        name: 'formats',
        in: 'query',
        description: 'Kinds of picture, divided by commas. Default: all.',
        schema: {
          type: 'string',
          pattern: '^(cinematic|vertical|marketingVertical)(,(cinematic|vertical|marketingVertical))*$',
        },
      },
      {
        name: 'include',
        in: 'query',
        description: '`all`: also of beats that reuse a picture or show none.',
        schema: { type: 'string', enum: ['wanted', 'all'], default: 'wanted' },
      },
    ],
    responses: { 200: { description: 'The jobs.', body: ['QueueAnswer'] }, 404: NOT_FOUND },
  },
}
