/**
 * The one rule for "nothing is written here".
 * @module
 */

/** A text as it stands, or `undefined` where there is none or only blanks. */
export function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && /\S/.test(value) ? value : undefined
}
