/**
 * Asking a schema about a value without building anything.
 * @module
 */
import { z } from 'zod'
import { compile } from './compile.js'
import { type Fault, pathTo, type Rule } from './rule.js'

/** The rule of a schema: the compiled one, or zod itself for what cannot be compiled. */
function ruleOf(schema: z.core.$ZodType): Rule {
  return (
    compile(schema) ?? {
      accepts: (value) => z.core.safeParse(schema, value).success,
      wants: ['another value'],
      explain(value, path, faults) {
        for (const issue of z.core.safeParse(schema, value).error?.issues ?? []) {
          const steps = issue.path.map((step) => (typeof step === 'number' ? step : String(step)))
          faults.push({ path: steps.reduce<string>(pathTo, path), message: issue.code })
        }
      },
    }
  )
}

/**
 * Whether a value is what a schema describes; what zod's `safeParse` says, in a fraction of its time.
 *
 * @internal
 */
export function conforms<S extends z.core.$ZodType>(schema: S, value: unknown): value is z.output<S> {
  return ruleOf(schema).accepts(value)
}

/**
 * Every place where a value is not what a schema describes, in document order, at most 1,000; none if it is.
 *
 * @internal
 */
export function faultsOf(schema: z.core.$ZodType, value: unknown): Fault[] {
  const rule = ruleOf(schema)
  const faults: Fault[] = []
  if (!rule.accepts(value)) rule.explain(value, '', faults)
  return faults
}
