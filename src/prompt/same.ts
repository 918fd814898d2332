/**
 * Whether two values of documents say the same.
 * @module
 */

/**
 * Compares two JSON values, without regard to the order of keys; a key that is `undefined` counts as missing.
 *
 * Goes through the values one by one instead of calling itself, so that no depth is too deep.
 */
export function same(one: unknown, other: unknown): boolean {
  const pairs: [unknown, unknown][] = [[one, other]]
  for (let pair = pairs.pop(); pair; pair = pairs.pop()) {
    const [a, b] = pair
    if (a === b) continue
    if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false
    if (Array.isArray(a) !== Array.isArray(b)) return false
    const left = new Map(Object.entries(a).filter(([, value]) => value !== undefined))
    const right = Object.entries(b).filter(([, value]) => value !== undefined)
    if (left.size !== right.length) return false
    for (const [key, value] of right) {
      if (!left.has(key)) return false
      pairs.push([left.get(key), value])
    }
  }
  return true
}

/** The keys whose values differ, in the order of the first object, then those only the second has. */
export function differingKeys(one: object, other: object): string[] {
  const left = new Map(Object.entries(one))
  const right = new Map(Object.entries(other))
  return [...new Set([...left.keys(), ...right.keys()])].filter((key) => !same(left.get(key), right.get(key)))
}
