/** The REST API as an OpenAPI 3.1 document, from the routes the handler serves. */
import type { BodyName, RouteParameter, RouteResponse } from '../../../src/server/route-contract.js'
import { COMMON_RESPONSES, ROUTE_CONTRACTS } from '../../../src/server/route-contracts.js'
import { ROUTES } from '../../../src/server/routes.js'
import type { JsonSchema } from './json-schema.js'

/** What the document says of itself. */
export interface ApiFacts {
  version: string
  components: Record<string, JsonSchema>
}

/** Builds the document. */
export function openApiOf({ version, components }: ApiFacts): object {
  const paths = new Map<string, Record<string, object>>()
  for (const { method, path, operationId } of ROUTES) {
    const { summary, parameters, request, responses } = ROUTE_CONTRACTS[operationId]
    const operations = paths.get(path) ?? {}
    paths.set(path, operations)
    operations[method.toLowerCase()] = {
      operationId,
      summary,
      tags: ['sessions'],
      ...(parameters.length > 0 && { parameters: parameters.map(parameterOf) }),
      ...(request && {
        requestBody: {
          required: request.required,
          content: Object.fromEntries(request.contentTypes.map((type) => [type, { schema: anyOf([request.body]) }])),
        },
      }),
      responses: Object.fromEntries(
        Object.entries({ ...COMMON_RESPONSES, ...responses }).map(([status, response]) => [
          status,
          responseOf(response),
        ]),
      ),
    }
  }
  const schemas = usedBy(paths, components)
  return {
    openapi: '3.1.1',
    info: {
      title: 'StoryArt sessions',
      version,
      description: 'Sessions of StoryArt: the script, context, beats and image prompts of one episode, by version.',
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [{ url: '/', description: 'The server that hands out this document.' }],
    security: [{}, { bearer: [] }],
    tags: [{ name: 'sessions', description: 'Versions of sessions.' }],
    paths: Object.fromEntries(paths),
    components: {
      schemas,
      securitySchemes: {
        bearer: { type: 'http', scheme: 'bearer', description: 'Where the server asks for credentials.' },
      },
    },
  }
}

/** The components that something refers to, in their order. */
function usedBy(
  paths: ReadonlyMap<string, object>,
  components: Record<string, JsonSchema>,
): Record<string, JsonSchema> {
  const used = new Set<string>()
  const visit = (value: unknown): void => {
    for (const [, name] of JSON.stringify(value).matchAll(/"#\/components\/schemas\/(\w+)"/g)) {
      if (name === undefined || used.has(name)) continue
      used.add(name)
      visit(components[name])
    }
  }
  visit([...paths])
  return Object.fromEntries(Object.entries(components).filter(([name]) => used.has(name)))
}

function parameterOf({ name, in: place, description, required = false, schema }: RouteParameter): object {
  return { name, in: place, description, required, schema }
}

function responseOf({ description, body, contentType = 'application/json', headers }: RouteResponse): object {
  const named = Object.entries(headers ?? {}).map(([name, said]) => [
    name,
    { description: said, schema: { type: 'string' } },
  ])
  return {
    description,
    ...(named.length > 0 && { headers: Object.fromEntries(named) }),
    ...(body && { content: { [contentType]: contentOf(body, contentType) } }),
  }
}

/** A stream of events is text, whose `data` lines are of the schema: OpenAPI 3.1 has no word for that but this. */
function contentOf(body: readonly BodyName[], contentType: string): object {
  if (contentType === 'application/json') return { schema: anyOf(body) }
  const [name] = body
  return { schema: { type: 'string', contentMediaType: 'application/json', contentSchema: anyOf(name ? [name] : []) } }
}

function anyOf(names: readonly BodyName[]): object {
  const references = names.map((name) => ({ $ref: `#/components/schemas/${name}` }))
  const [only] = references
  return references.length === 1 && only ? only : { anyOf: references }
}
