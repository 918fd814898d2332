/**
 * The object schema of every tree: it keeps what it does not know, and hands back the document itself.
 * @module
 */
import { z } from 'zod'
import { compile } from './compile.js'

/** The fields of an object schema. */
export type Shape = Readonly<Record<string, z.ZodType>>

/**
 * An object schema of zod which returns the very object it was given when that object passes.
 *
 * Zod builds a copy: known fields first, in the order of the schema. A document must come back as it is stored, with
 * its key order, and checking in place costs a fraction of building. Whatever the compiled rule does not understand or
 * does not accept goes to zod, whose word is final.
 */
const InPlaceObject = /*@__PURE__*/ z.core.$constructor<z.ZodObject>('StoryArtObject', (instance, definition) => {
  // zod's generated code is not needed here, and even the probe for it is reported under a content security policy
  z.core.$ZodObject.init(instance, definition)
  instance._zod.traits.add('$ZodObjectJIT')
  z.ZodObject.init(instance, definition)
  const parse = instance._zod.parse
  instance._zod.parse = (payload, context) => {
    if (compile(instance)?.accepts(payload.value)) return payload
    return parse(payload, context)
  }
})

/**
 * An object schema that keeps every key, known or not.
 *
 * The cast: at run time unknown keys are kept (`catchall` is `unknown`), and zod's own type for that has an index
 * signature. An interface has none, so StoryArt's interfaces would not be assignable to the inferred type. What is read
 * or written through the type is the same either way; only the right to invent keys is gone.
 *
 * @internal
 */
/*@__NO_SIDE_EFFECTS__*/
export function loose<S extends Shape>(shape: S): z.ZodObject<S> {
  return new InPlaceObject({ type: 'object', shape, catchall: z.unknown() }) as unknown as z.ZodObject<S>
}

/** A field that may no longer be `null`, though still missing. */
type Present<F> = F extends z.ZodOptional<z.ZodNullable<infer Inner extends z.ZodType>> ? z.ZodOptional<Inner> : F

/** An optional field whose type is without `undefined`: what interfaces mean under `exactOptionalPropertyTypes`. */
type Exact<F> =
  F extends z.ZodOptional<infer Inner extends z.ZodType> ? z.ZodExactOptional<Inner> : Extract<F, z.ZodType>

/** The fields of `S` without `null`, with those of `R` in place of the fields of the same name. */
export type Whole<S extends Shape, R> = { [K in keyof S]: Exact<K extends keyof R ? R[K] : Present<S[K]>> }

/**
 * The strict version of a loose schema: named fields as given, every other known field missing or not `null`.
 *
 * The cast states what the loop does field by field; TypeScript cannot follow a loop over keys. In one point it says
 * more: a field that is there and `undefined` passes, since JSON leaves it out, while its type has no `undefined`.
 * Whoever reads the field has to expect `undefined` either way.
 *
 * @internal
 */
/*@__NO_SIDE_EFFECTS__*/
export function whole<S extends Shape, R extends { readonly [K in keyof S]?: z.ZodType }>(
  base: z.ZodObject<S>,
  required: R,
): z.ZodObject<Whole<S, R>> {
  const shape: Record<string, z.ZodType> = {}
  for (const [key, field] of Object.entries(base.shape)) shape[key] = present(field)
  return loose({ ...shape, ...required }) as unknown as z.ZodObject<Whole<S, R>>
}

function present(field: z.ZodType): z.ZodType {
  const inner = field instanceof z.ZodOptional ? field.unwrap() : field
  return inner instanceof z.ZodNullable ? (inner.unwrap() as z.ZodType).optional() : field
}
