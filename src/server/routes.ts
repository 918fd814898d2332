/**
 * The routes of the REST API as data: the handler dispatches from this table, and the OpenAPI document is made from it.
 * @module
 */
import { SESSION_PATH, WIRE_HEADERS, WIRE_PATHS } from '../wire.js'

/** What the schemas of bodies are called. All but `Session` are described in `wire-answers.ts`. */
export type BodyName =
  | 'Session'
  | 'SaveAnswer'
  | 'PutAnswer'
  | 'SessionAnswer'
  | 'SessionListAnswer'
  | 'SummaryListAnswer'
  | 'EntryListAnswer'
  | 'PromptsStatusAnswer'
  | 'QueueAnswer'
  | 'DoneAnswer'
  | 'HealthAnswer'
  | 'ErrorAnswer'
  | 'EventData'
  | 'OpenApiDocument'

/** One parameter of a route. */
export interface RouteParameter {
  name: string
  in: 'path' | 'query' | 'header'
  description: string
  /** Default: `false`; a parameter of the path always is. */
  required?: boolean
  /** What it may be, as JSON Schema. */
  schema: {
    type: 'integer' | 'string' | 'boolean'
    minimum?: number
    maximum?: number
    enum?: readonly string[]
    pattern?: string
    default?: string | number | boolean
  }
}

/** One answer of a route. */
export interface RouteResponse {
  description: string
  /** What the body is one of. Default: no body. */
  body?: readonly BodyName[]
  /** Default: `application/json`. */
  contentType?: 'application/json' | 'text/event-stream'
  /** Headers worth naming, each with what it says. */
  headers?: Readonly<Record<string, string>>
}

/** What a route is called in the code: the name under which the handler has its work. */
export type OperationId =
  | 'saveSession'
  | 'getLatestSession'
  | 'getLatestSessionLegacy'
  | 'listSessions'
  | 'watchSessions'
  | 'getOpenApi'
  | 'getHealth'
  | 'getSession'
  | 'putSession'
  | 'deleteSession'
  | 'touchSession'
  | 'getPromptsStatus'
  | 'getQueue'

/** One route. */
export interface Route {
  method: 'GET' | 'POST' | 'PUT' | 'DELETE'
  /** The path, with `{timestamp}` where one stands. */
  path: string
  operationId: OperationId
  summary: string
  parameters: readonly RouteParameter[]
  /** The body of the request. Default: none. */
  request?: { body: BodyName; required: boolean; contentTypes: readonly string[] }
  responses: Readonly<Record<number, RouteResponse>>
}

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
  method: 'GET',
  parameters: [IF_NONE_MATCH],
  responses: {
    200: { ...FOUND, headers: { ...TAGGED, 'Content-Location': 'The path of this version.' } },
    304: UNCHANGED,
    404: { description: 'There is no session.', body: ['ErrorAnswer'] },
  },
} as const

/** All routes. A path without a parameter stands before one that would take it. */
export const ROUTES: readonly Route[] = [
  {
    method: 'GET',
    path: WIRE_PATHS.health,
    operationId: 'getHealth',
    summary: 'Whether the storage can be used.',
    parameters: [],
    responses: {
      200: { description: 'It can, or a fallback tier can.', body: ['HealthAnswer'] },
      503: { description: 'It cannot.', body: ['HealthAnswer'] },
    },
  },
  {
    method: 'POST',
    path: WIRE_PATHS.save,
    operationId: 'saveSession',
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
  {
    ...latest,
    path: WIRE_PATHS.latest,
    operationId: 'getLatestSession',
    summary: 'The newest session that can be read.',
  },
  {
    ...latest,
    path: WIRE_PATHS.legacyLatest,
    operationId: 'getLatestSessionLegacy',
    summary: 'The same, under the third path that StoryArt tries.',
  },
  {
    method: 'GET',
    path: WIRE_PATHS.list,
    operationId: 'listSessions',
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
  {
    method: 'GET',
    path: WIRE_PATHS.events,
    operationId: 'watchSessions',
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
      501: { description: 'This server does not watch.', body: ['ErrorAnswer'] },
    },
  },
  {
    method: 'GET',
    path: WIRE_PATHS.openapi,
    operationId: 'getOpenApi',
    summary: 'This API as an OpenAPI document.',
    parameters: [],
    responses: {
      200: { description: 'The document.', body: ['OpenApiDocument'] },
      404: { description: 'This server has none.', body: ['ErrorAnswer'] },
    },
  },
  {
    method: 'GET',
    path: `${SESSION_PATH}/{timestamp}`,
    operationId: 'getSession',
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
  {
    method: 'PUT',
    path: `${SESSION_PATH}/{timestamp}`,
    operationId: 'putSession',
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
  {
    method: 'DELETE',
    path: `${SESSION_PATH}/{timestamp}`,
    operationId: 'deleteSession',
    summary: 'Remove one version.',
    parameters: [TIMESTAMP],
    responses: { 200: { description: 'It was there and is gone.', body: ['DoneAnswer'] }, 404: NOT_FOUND },
  },
  {
    method: 'POST',
    path: `${SESSION_PATH}/{timestamp}/touch`,
    operationId: 'touchSession',
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
  {
    method: 'GET',
    path: `${SESSION_PATH}/{timestamp}/prompts-status`,
    operationId: 'getPromptsStatus',
    summary: 'Whether every beat that wants an image has its prompts.',
    parameters: [TIMESTAMP],
    responses: { 200: { description: 'The counts.', body: ['PromptsStatusAnswer'] }, 404: NOT_FOUND },
  },
  {
    method: 'GET',
    path: `${SESSION_PATH}/{timestamp}/queue`,
    operationId: 'getQueue',
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
]
