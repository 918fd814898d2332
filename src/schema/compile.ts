/**
 * Turns a zod schema into a rule that checks in place.
 *
 * Zod stays the one definition: this only reads it. Parsing with zod takes about half the time of `JSON.parse`, most of
 * it spent on building a copy nobody wants; the rule takes a fraction of that, needs no generated code (and so runs
 * under a strict content security policy), and is held equal to zod by property tests.
 * @module
 */
import { z } from 'zod'
import { array, leaf, nullable, nullish, object, optional, type Rule, union } from './rule.js'

const compiled = new WeakMap<z.core.$ZodType, { rule: Rule | undefined }>()

/**
 * The rule of a schema, made once.
 *
 * @returns `undefined` if the schema, or any part of it, is of a kind that is not understood here; then zod must do it.
 * @internal
 */
export function compile(schema: z.core.$ZodType): Rule | undefined {
  const known = compiled.get(schema)
  if (known) return known.rule
  // a schema that is met again while it is being read refers to itself: not understood, rather than never ending
  const entry: { rule: Rule | undefined } = { rule: undefined }
  compiled.set(schema, entry)
  entry.rule = read(schema as z.core.$ZodTypes)
  return entry.rule
}

function read(schema: z.core.$ZodTypes): Rule | undefined {
  const { def } = schema._zod
  switch (def.type) {
    case 'string':
      return 'check' in def || def.coerce ? undefined : text(def.checks)
    case 'number':
      return def.coerce ? undefined : number(def)
    case 'boolean':
      return def.coerce || def.checks?.length ? undefined : leaf('boolean', (value) => typeof value === 'boolean')
    case 'unknown':
      return def.checks?.length ? undefined : leaf('anything', () => true)
    case 'literal':
      return def.checks?.length ? undefined : oneOf(def.values)
    case 'enum':
      // a numeric TypeScript enum lists its names as values too
      return def.checks?.length || Object.values(def.entries).some((entry) => typeof entry !== 'string')
        ? undefined
        : oneOf(Object.values(def.entries))
    case 'optional':
      return def.checks?.length || schema instanceof z.core.$ZodExactOptional ? undefined : maybe(def.innerType)
    case 'nullable':
      return def.checks?.length ? undefined : wrap(def.innerType, nullable)
    case 'array':
      return list(def)
    case 'union':
      return 'discriminator' in def || def.inclusive === false || def.checks?.length ? undefined : choice(def.options)
    case 'object':
      return fields(def)
    default:
      return undefined
  }
}

type Checks = readonly z.core.$ZodCheck<never>[] | undefined

function text(checks: Checks): Rule | undefined {
  let rule = leaf('string', (value) => typeof value === 'string')
  for (const check of checks ?? []) {
    const { def } = (check as unknown as z.core.$ZodChecks)._zod
    const { accepts } = rule
    if (def.check === 'min_length') {
      const { minimum } = def
      rule = leaf(
        `string of at least ${minimum} character${minimum === 1 ? '' : 's'}`,
        (value) => accepts(value) && (value as string).length >= minimum,
      )
    } else if (def.check === 'string_format' && def.format === 'regex' && def.pattern) {
      const pattern = new RegExp(def.pattern.source, def.pattern.flags.replace(/[gy]/g, ''))
      rule = leaf(`string like ${pattern}`, (value) => accepts(value) && pattern.test(value as string))
    } else return undefined
  }
  return rule
}

function number(def: z.core.$ZodNumberDef): Rule | undefined {
  if ('check' in def && (!('format' in def) || def.format !== 'safeint')) return undefined
  const whole = 'check' in def
  let rule = whole ? leaf('integer', Number.isSafeInteger) : leaf('number', Number.isFinite)
  for (const check of def.checks ?? []) {
    const bound = (check as unknown as z.core.$ZodChecks)._zod.def
    const { accepts, wants } = rule
    const limit =
      'value' in bound && 'inclusive' in bound && bound.inclusive && typeof bound.value === 'number'
        ? bound.value
        : undefined
    if (limit === undefined) return undefined
    if (bound.check === 'greater_than') {
      rule = leaf(`${wants} of at least ${limit}`, (value) => accepts(value) && (value as number) >= limit)
    } else if (bound.check === 'less_than') {
      rule = leaf(`${wants} and at most ${limit}`, (value) => accepts(value) && (value as number) <= limit)
    } else return undefined
  }
  return rule
}

function oneOf(values: readonly unknown[]): Rule {
  const accepted = new Set(values)
  return leaf([...accepted].map((value) => JSON.stringify(value)).join(' or '), (value) => accepted.has(value))
}

function wrap(inner: z.core.$ZodType, around: (rule: Rule) => Rule): Rule | undefined {
  const rule = compile(inner)
  return rule && around(rule)
}

function maybe(inner: z.core.$ZodType): Rule | undefined {
  const { def } = (inner as z.core.$ZodTypes)._zod
  return def.type === 'nullable' && compile(inner) ? wrap(def.innerType, nullish) : wrap(inner, optional)
}

function list(def: z.core.$ZodArrayDef): Rule | undefined {
  let minimum = 0
  for (const check of def.checks ?? []) {
    const bound = (check as unknown as z.core.$ZodChecks)._zod.def
    if (bound.check !== 'min_length') return undefined
    minimum = Math.max(minimum, bound.minimum)
  }
  return wrap(def.element, (element) => array(element, minimum))
}

function choice(options: readonly z.core.$ZodType[]): Rule | undefined {
  const rules = options.flatMap((option) => compile(option) ?? [])
  return rules.length === options.length ? union(rules) : undefined
}

function fields(def: z.core.$ZodObjectDef): Rule | undefined {
  // anything but a loose object drops or checks unknown keys, and a check may look at the whole object
  if (def.catchall?._zod.def.type !== 'unknown' || def.checks?.length) return undefined
  const rules = new Map<string, Rule>()
  for (const [key, field] of Object.entries(def.shape)) {
    const rule = compile(field)
    // zod asks for the key itself where the field is required but takes `undefined`
    if (!rule || (rule.accepts(undefined) && field._zod.optin === undefined)) return undefined
    rules.set(key, rule)
  }
  return object(rules)
}
