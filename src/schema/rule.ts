/**
 * The parts a compiled schema is made of: each checks a value where it lies and builds nothing.
 * @module
 */

/** One place that is not what it claims to be. */
export interface Fault {
  /** Where, as one would write it in code. Empty for the document itself. */
  path: string
  /** What is expected there and what kind of value was met; never the value. */
  message: string
}

/** A compiled schema. */
export interface Rule {
  /** Whether zod would accept the value. */
  accepts(value: unknown): boolean
  /** What would be accepted, in words, one entry for each kind. */
  readonly wants: readonly string[]
  /** Adds every fault of a value that is not accepted, in document order. */
  explain(value: unknown, path: string, faults: Fault[]): void
  /** Whether the value claims to be this kind, where there is a field to claim it with. */
  claimedBy?(value: unknown): boolean
}

/** The most faults that are listed: a broken document of 50 MB can hold millions. */
export const MAX_FAULTS = 1000

/** Writes a path as code: `scenes[2].title`, `["odd key"]`. Long keys are cut, since a key may hold text of the document. */
export function pathTo(parent: string, key: string | number): string {
  if (typeof key === 'number') return `${parent}[${key}]`
  if (!/^[A-Za-z_$][\w$]{0,63}$/.test(key))
    return `${parent}[${JSON.stringify(key.length > 64 ? `${key.slice(0, 64)}…` : key)}]`
  return parent ? `${parent}.${key}` : key
}

/** Lists alternatives: `a, b or c`. */
function either(wants: readonly string[]): string {
  const kinds = [...new Set(wants)]
  return kinds.length > 1 ? `${kinds.slice(0, -1).join(', ')} or ${kinds.at(-1)}` : kinds.join()
}

/** The kind of a value in words. */
function kindOf(value: unknown): string {
  if (value === undefined) return 'nothing'
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'array'
  if (typeof value === 'number' && !Number.isFinite(value)) return String(value)
  return typeof value
}

function refuse(wants: readonly string[], value: unknown, path: string, faults: Fault[]): void {
  const kind = kindOf(value)
  // "expected string, received string" would only puzzle: the kind is right and the content is not
  const received = wants.some((want) => want.includes(kind)) ? `another ${kind}` : kind
  faults.push({ path, message: `expected ${either(wants)}, received ${received}` })
}

/** A value without parts. */
export function leaf(wants: readonly string[], accepts: (value: unknown) => boolean): Rule {
  return { accepts, wants, explain: (value, path, faults) => refuse(wants, value, path, faults) }
}

/** One value and no other: the tag by which a kind is known. */
export function tag(expected: unknown): Rule {
  const accepts = (value: unknown): boolean => value === expected
  return { ...leaf([JSON.stringify(expected)], accepts), claimedBy: accepts }
}

/** `undefined` or what `inner` accepts. */
export function optional(inner: Rule): Rule {
  const { accepts } = inner
  return { ...inner, accepts: (value) => value === undefined || accepts(value) }
}

/** `undefined`, `null` or what `inner` accepts: one step for the two around nearly every field. */
export function nullish(inner: Rule): Rule {
  const { accepts } = inner
  return { ...nullable(inner), accepts: (value) => value === undefined || value === null || accepts(value) }
}

/** `null` or what `inner` accepts. */
export function nullable(inner: Rule): Rule {
  const { accepts } = inner
  const wants = [...inner.wants, 'null']
  return {
    accepts: (value) => value === null || accepts(value),
    wants,
    explain(value, path, faults) {
      const before = faults.length
      inner.explain(value, path, faults)
      if (faults[before]?.path !== path) return
      // the kind itself is wrong: say that null would do as well
      faults.length = before
      refuse(wants, value, path, faults)
    },
  }
}

/** An array of what `element` accepts, with at least `minimum` of them. */
export function array(element: Rule, minimum: number): Rule {
  const { accepts } = element
  const wants = [minimum > 0 ? `array with at least ${minimum} ${minimum > 1 ? 'entries' : 'entry'}` : 'array']
  return {
    accepts(value) {
      if (!Array.isArray(value) || value.length < minimum) return false
      for (let i = 0; i < value.length; i++) if (!accepts(value[i])) return false
      return true
    },
    wants,
    explain(value, path, faults) {
      if (!Array.isArray(value) || value.length < minimum) return refuse(wants, value, path, faults)
      for (let i = 0; i < value.length && faults.length < MAX_FAULTS; i++) {
        if (!accepts(value[i])) element.explain(value[i], pathTo(path, i), faults)
      }
    },
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** An object whose named fields are what their rules accept; other keys are free. */
export function object(fields: ReadonlyMap<string, Rule>): Rule {
  const keys = [...fields.keys()]
  const checks: Record<string, Rule['accepts']> = Object.create(null)
  for (const [key, rule] of fields) checks[key] = rule.accepts
  const required = keys.filter((key) => !fields.get(key)?.accepts(undefined))
  const wants = ['object']
  const tags = [...fields].filter(([, rule]) => rule.claimedBy)
  const claimedBy = (value: unknown): boolean =>
    isObject(value) && tags.every(([key, rule]) => rule.accepts(value[key]))
  return {
    ...(tags.length > 0 && { claimedBy }),
    accepts(value) {
      if (!isObject(value)) return false
      // walking what is there beats asking for all that could be: most fields of the trees are absent
      for (const key in value) {
        const check = checks[key]
        if (check !== undefined && !check(value[key])) return false
      }
      for (let i = 0; i < required.length; i++) if (value[required[i] as string] === undefined) return false
      return true
    },
    wants,
    explain(value, path, faults) {
      if (!isObject(value)) return refuse(wants, value, path, faults)
      for (const key of new Set([...Object.keys(value), ...keys])) {
        const rule = fields.get(key)
        if (rule && faults.length < MAX_FAULTS && !rule.accepts(value[key])) {
          rule.explain(value[key], pathTo(path, key), faults)
        }
      }
    },
  }
}

/** What at least one of the options accepts. */
export function union(options: readonly Rule[]): Rule {
  const wants = options.flatMap((option) => option.wants)
  return {
    accepts(value) {
      for (let i = 0; i < options.length; i++) if (options[i]?.accepts(value)) return true
      return false
    },
    wants,
    explain(value, path, faults) {
      // the option meant is the one the value claims to be, else the one of its kind with the least to complain about
      const claimed = options.filter((option) => option.claimedBy?.(value))
      let nearest: Fault[] | undefined
      for (const option of claimed.length > 0 ? claimed : options) {
        const own: Fault[] = []
        option.explain(value, path, own)
        if (own[0]?.path !== path && own.length < (nearest?.length ?? Number.POSITIVE_INFINITY)) nearest = own
      }
      if (nearest) faults.push(...nearest.slice(0, MAX_FAULTS - faults.length))
      else refuse(wants, value, path, faults)
    },
  }
}
