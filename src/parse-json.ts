/**
 * `JSON.parse` that says where it failed and never quotes the text.
 * @module
 */
import { findJsonFault } from './json-error.js'

/**
 * Parses JSON.
 *
 * @returns The value, or what is wrong with line, column and offset.
 * @internal
 */
export function parseJson(text: string): { ok: true; value: unknown } | { ok: false; problem: string } {
  try {
    return { ok: true, value: JSON.parse(text) }
  } catch {
    const fault = findJsonFault(text)
    if (!fault) return { ok: false, problem: 'not JSON that this engine can hold' }
    const { line, column, offset, problem } = fault
    return { ok: false, problem: `not JSON at line ${line}, column ${column} (offset ${offset}): ${problem}` }
  }
}

/**
 * Parses JSON where it does not matter why a text is none.
 *
 * @returns The value; `undefined` if the text is not JSON.
 * @internal
 */
export function jsonValue(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
