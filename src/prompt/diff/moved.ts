/**
 * Which elements of a list left their order.
 * @module
 */

/**
 * Finds the fewest elements that must be moved to put a list in order: all but a longest run of growing numbers.
 *
 * Takes one look at each element that is in order, and a binary search for each that is not.
 *
 * @param order - For each element its place in the order that was; no number twice.
 * @returns The indexes of the elements that moved.
 */
export function movedAgainst(order: readonly number[]): Set<number> {
  // For each length of a run the index of the smallest number it can end with, and for each index the one before it.
  const ends: number[] = []
  const before: (number | undefined)[] = []
  for (const [at, number] of order.entries()) {
    let length = ends.length
    if (length > 0 && (order[ends[length - 1] ?? 0] ?? 0) > number) length = firstAbove(ends, order, number)
    before.push(ends[length - 1])
    ends[length] = at
  }
  const moved = new Set(order.keys())
  for (let at = ends.at(-1); at !== undefined; at = before[at]) moved.delete(at)
  return moved
}

/** The length of the first run that ends above a number; there is one. */
function firstAbove(ends: readonly number[], order: readonly number[], number: number): number {
  let low = 0
  let high = ends.length - 1
  while (low < high) {
    const middle = (low + high) >> 1
    if ((order[ends[middle] ?? 0] ?? 0) > number) high = middle
    else low = middle + 1
  }
  return low
}
