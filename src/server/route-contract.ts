/**
 * What a contract of a route is made of. Types only.
 * @module
 */

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

/** What a route takes and answers. */
export interface RouteContract {
  summary: string
  parameters: readonly RouteParameter[]
  /** The body of the request. Default: none. */
  request?: { body: BodyName; required: boolean; contentTypes: readonly string[] }
  /** By status. What any route may answer is in `COMMON_RESPONSES`. */
  responses: Readonly<Record<number, RouteResponse>>
}
