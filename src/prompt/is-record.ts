/**
 * The one check before a key is read from a document that may hold anything.
 * @module
 */

/** Whether a value is an object with keys: neither `null`, nor an array, nor a plain value. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
