/**
 * Changing a document without touching it: what did not change stays the same object.
 * @module
 */

/** The object with a value in place of another; the object itself if nothing is different. The order of keys stays. */
export function withValue<T extends object, K extends keyof T>(object: T, key: K, value: T[K]): T {
  return Object.is(object[key], value) ? object : { ...object, [key]: value }
}

/** The list with each element mapped; the list itself if all stay the same. */
export function mapShared<T>(list: readonly T[], change: (element: T, index: number) => T): T[] {
  let changed: T[] | undefined
  for (const [index, element] of list.entries()) {
    const mapped = change(element, index)
    if (Object.is(mapped, element)) continue
    changed ??= [...list]
    changed[index] = mapped
  }
  // The list is the caller's own type: nobody here writes into it.
  return changed ?? (list as T[])
}
