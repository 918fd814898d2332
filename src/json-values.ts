/**
 * Finds what JSON cannot hold, before `JSON.stringify` silently loses or changes it.
 * @module
 */
import type { SessionIssue } from './errors.js'
import { pathTo } from './schema/rule.js'

/** The most levels a document may nest; a session has 8. A value that refers to itself exceeds it. */
const MAX_DEPTH = 500

/**
 * Finds the first value that would not come back from JSON as it went in.
 *
 * A field that is `undefined` is no loss: it is absent. Takes one pass and no memory of what it has seen.
 *
 * @returns `undefined` if nothing would be lost or changed.
 * @internal
 */
export function findJsonLoss(value: unknown): SessionIssue | undefined {
  const path: (string | number)[] = []
  const problem = lossOf(value, path, 0)
  if (problem === undefined) return undefined
  // the innermost step was noted first; of a very deep path the start says enough
  const steps = path.reverse()
  const shown = steps.slice(0, 20).reduce<string>(pathTo, '')
  return { path: steps.length > 20 ? `${shown}…` : shown, message: problem }
}

function lossOf(value: unknown, path: (string | number)[], depth: number): string | undefined {
  switch (typeof value) {
    case 'string':
    case 'boolean':
    case 'undefined':
      return undefined
    case 'number':
      return Number.isFinite(value) ? undefined : `${value} is not a JSON number: give a finite number or null`
    case 'bigint':
      return 'JSON has no bigint: give a number or a string'
    case 'object':
      return value === null ? undefined : partsOf(value, path, depth)
    default:
      return `JSON has no ${typeof value}: leave it out`
  }
}

function partsOf(value: object, path: (string | number)[], depth: number): string | undefined {
  if (depth >= MAX_DEPTH) return `nested deeper than ${MAX_DEPTH} levels, or referring to itself`
  if ('toJSON' in value && typeof value.toJSON === 'function') {
    return value instanceof Date
      ? 'a Date comes back as a string: give date.toISOString() or date.getTime()'
      : 'an object with toJSON comes back as something else: give what toJSON returns'
  }
  if (Array.isArray(value)) return itemsOf(value, path, depth)
  const prototype: unknown = Object.getPrototypeOf(value)
  // a prototype without a prototype is Object.prototype, of this realm or another
  if (prototype !== null && Object.getPrototypeOf(prototype) !== null) {
    return 'only plain objects come back as they were: give a plain object (of a Map: Object.fromEntries(map), of a Set: [...set])'
  }
  for (const symbol of Object.getOwnPropertySymbols(value)) {
    // frameworks mark objects with symbols nobody enumerates; those were never part of the document
    if (Object.prototype.propertyIsEnumerable.call(value, symbol)) return 'JSON has no symbol keys: name the field'
  }
  for (const key in value) {
    const part: unknown = value[key as keyof typeof value]
    // most parts of a document are texts; asking here spares them the call
    if (typeof part === 'string') continue
    const problem = lossOf(part, path, depth + 1)
    if (problem !== undefined) {
      path.push(key)
      return problem
    }
  }
  return undefined
}

function itemsOf(items: readonly unknown[], path: (string | number)[], depth: number): string | undefined {
  for (let i = 0; i < items.length; i++) {
    const item = items[i]
    if (typeof item === 'string') continue
    const problem =
      item === undefined
        ? 'undefined in an array comes back as null: give null or leave it out'
        : lossOf(item, path, depth + 1)
    if (problem !== undefined) {
      path.push(i)
      return problem
    }
  }
  return Object.keys(items).length > items.length ? 'named fields of an array are lost: give an object' : undefined
}
