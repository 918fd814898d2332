/**
 * The kinds of field the trees are made of. Wherever the wild has gaps, a field may be missing or `null`.
 * @module
 */
import { z } from 'zod'

/** A text, `null` or nothing. */
export const text = z.string().nullish()

/** A finite number, `null` or nothing. */
export const number = z.number().nullish()

/** `true`, `false`, `null` or nothing. */
export const flag = z.boolean().nullish()

/** A list of texts, `null` or nothing. */
export const texts = z.array(z.string()).nullish()

/** A text or a number, `null` or nothing: where writers disagree. */
export const textOrNumber = z.union([z.string(), z.number()]).nullish()

/** Kept as it is, whatever it is. */
export const anything = z.unknown().optional()

/** A text whose usual values are known: any text passes, an editor offers the usual ones. */
export type Open<Usual extends string> = Usual | (string & {})

/**
 * The schema of {@link Open}. The cast narrows nothing at run time: `Open` is every string.
 *
 * @internal
 */
/*@__NO_SIDE_EFFECTS__*/
export function open<Usual extends string>(): z.ZodOptional<z.ZodNullable<z.ZodType<Open<Usual>>>> {
  return text as unknown as z.ZodOptional<z.ZodNullable<z.ZodType<Open<Usual>>>>
}
