/**
 * Turns a zod schema into a rule that checks in place.
 *
 * Zod stays the one definition: this only reads it. Parsing with zod takes about half the time of `JSON.parse`, most of
 * it spent on building a copy nobody wants; the rule takes a fraction of that, needs no generated code (and so runs
 * under a strict content security policy), and is held equal to zod by property tests.
 * @module
 */
import { z } from 'zod'
import { array, leaf, nullable, nullish, object, optional, type Rule, tag, union } from './rule.js'

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
      return def.coerce || def.checks?.length ? undefined : leaf(['boolean'], (value) => typeof value === 'boolean')
    case 'unknown':
      return def.checks?.length ? undefined : leaf(['anything'], () => true)
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
  let shortest = 0
  const patterns: RegExp[] = []
  for (const { def } of readable(checks)) {
    if (def.check === 'min_length') shortest = Math.max(shortest, def.minimum)
    else if (def.check === 'string_format' && def.format === 'regex' && def.pattern) patterns.push(def.pattern)
    else return undefined
  }
  if (patterns.some(({ flags }) => /[gy]/.test(flags))) return undefined
  const wants = [
    'string',
    shortest && `of at least ${shortest} character${shortest > 1 ? 's' : ''}`,
    ...patterns.map((pattern) => `like ${pattern}`),
  ]
  return leaf([wants.filter(Boolean).join(' ')], (value) => {
    return typeof value === 'string' && value.length >= shortest && patterns.every((pattern) => pattern.test(value))
  })
}

function number(def: z.core.$ZodNumberDef): Rule | undefined {
  const whole = 'check' in def
  if (whole && !('format' in def && def.format === 'safeint')) return undefined
  let least = Number.NEGATIVE_INFINITY
  let most = Number.POSITIVE_INFINITY
  for (const { def: bound } of readable(def.checks)) {
    if (bound.check !== 'greater_than' && bound.check !== 'less_than') return undefined
    if (!bound.inclusive || typeof bound.value !== 'number') return undefined
    if (bound.check === 'greater_than') least = Math.max(least, bound.value)
    else most = Math.min(most, bound.value)
  }
  const from = Number.isFinite(least) ? ` from ${least}` : ''
  const to = Number.isFinite(most) ? ` to ${most}` : ''
  const fits = whole ? Number.isSafeInteger : Number.isFinite
  return leaf([`${whole ? 'whole ' : ''}number${from}${to}`], (value) => {
    return typeof value === 'number' && fits(value) && value >= least && value <= most
  })
}

function oneOf(values: readonly unknown[]): Rule {
  const [only] = values
  if (values.length === 1 && typeof only === 'string') return tag(only)
  const accepted = new Set(values)
  return leaf(
    values.map((value) => JSON.stringify(value) ?? 'nothing'),
    (value) => accepted.has(value),
  )
}

/** The checks of a schema as zod's closed union of them; the type in a definition leaves open which they are. */
function readable(checks: Checks): z.core.$ZodChecks['_zod'][] {
  return (checks ?? []).map((check) => (check as unknown as z.core.$ZodChecks)._zod)
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
  for (const { def: bound } of readable(def.checks)) {
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
