/** From zod to JSON Schema 2020-12: what no JSON Schema can say is refused rather than left out. */
import { z } from 'zod'
import type { SchemaComments } from './comments.js'

/** A JSON Schema that is an object. */
export type JsonSchema = z.core.JSONSchema.JSONSchema

const DRAFT = 'https://json-schema.org/draft/2020-12/schema'

/** Schemas by name. */
export type NamedSchemas = ReadonlyMap<string, z.ZodType>

/** The schemas among a module's exports, without the `Schema` of their names; of two names for one, the shorter. */
export function schemasOf(module: object): NamedSchemas {
  const names = new Map<z.ZodType, string>()
  for (const [name, value] of Object.entries(module)) {
    if (!name.endsWith('Schema') || !(value instanceof z.ZodType)) continue
    const short = name.slice(0, -'Schema'.length)
    const known = names.get(value)
    if (known === undefined || short.length < known.length) names.set(value, short)
  }
  return new Map([...names].map(([schema, name]) => [name, schema]))
}

/** One self-contained document per schema, with those it is made of under `$defs`. */
export function documentsOf(
  schemas: NamedSchemas,
  comments: ReadonlyMap<string, SchemaComments>,
): ReadonlyMap<string, JsonSchema> {
  const documents = [...schemas].map(([name, schema]) => {
    // The root itself has no id, so that it stands at the top and not among its own parts.
    const metadata = registryOf(new Map([...schemas].filter(([, other]) => other !== schema)))
    const { $schema: _, $defs, ...root } = z.toJSONSchema(schema, { ...options(), metadata })
    const parts = Object.entries($defs ?? {}).map(([key, part]) => [key, described(key, part, comments)])
    const document: JsonSchema = { $schema: DRAFT, title: name, ...described(name, root, comments) }
    return [name, parts.length > 0 ? { ...document, $defs: Object.fromEntries(parts) } : document] as const
  })
  return new Map(documents)
}

/** All schemas side by side, which refer to each other by `#/components/schemas/{name}`. */
export function componentsOf(
  schemas: NamedSchemas,
  comments: ReadonlyMap<string, SchemaComments>,
): Record<string, JsonSchema> {
  const uri = (id: string): string => `#/components/schemas/${id}`
  const { schemas: found } = z.toJSONSchema(registryOf(schemas), { ...options(), uri })
  return Object.fromEntries(
    Object.entries(found).map(([name, { $schema: _, $id: __, ...schema }]) => [
      name,
      described(name, schema, comments),
    ]),
  )
}

function registryOf(schemas: NamedSchemas): z.core.$ZodRegistry<{ id: string }> {
  const registry = z.registry<{ id: string }>()
  for (const [id, schema] of schemas) registry.add(schema, { id })
  return registry
}

/** What is accepted, not what comes out; and nothing that would make the two verdicts differ. */
function options(): z.core.ToJSONSchemaParams {
  return {
    target: 'draft-2020-12',
    io: 'input',
    unrepresentable: 'throw',
    override({ zodSchema, jsonSchema }) {
      for (const check of zodSchema._zod.def.checks ?? []) {
        const pattern: unknown = Object(check._zod.def).pattern
        if (pattern instanceof RegExp && pattern.flags.replace('u', '') !== '') {
          throw new Error(`JSON Schema has no flags for ${pattern}`)
        }
        if (check._zod.def.check === 'custom') throw new Error('JSON Schema knows no refinements')
      }
      tidy(jsonSchema)
    },
  }
}

/** The same in the words that generators of models know best. */
function tidy(schema: JsonSchema): void {
  const { additionalProperties: others, anyOf, format } = schema
  if (typeof others === 'object' && Object.keys(others).length === 0) schema.additionalProperties = true
  if (anyOf) schema.anyOf = anyOf.flatMap((one) => (Object.keys(one).join() === 'anyOf' ? (one.anyOf ?? []) : [one]))
  if (format === 'date-time') delete schema.pattern
  delete schema.readOnly
}

function described(name: string, schema: JsonSchema, comments: ReadonlyMap<string, SchemaComments>): JsonSchema {
  const { id: _, ...rest } = schema
  const said = comments.get(name)
  const properties = Object.entries(rest.properties ?? {}).map(([field, value]) => {
    const description = said?.fields.get(field)
    return [field, description === undefined || typeof value === 'boolean' ? value : { description, ...value }]
  })
  return {
    ...(said && { description: said.description }),
    ...rest,
    ...(properties.length > 0 && { properties: Object.fromEntries(properties) }),
  }
}
