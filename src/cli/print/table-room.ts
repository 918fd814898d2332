/**
 * How wide a table may be.
 * @module
 */
import type { Host } from '../host.js'

/** Narrower a column of texts says nothing. */
const LEAST = 16

/**
 * The width of the column whose texts are cut, beside `taken` of the others; `elsewhere` where there is no terminal.
 */
export function roomBeside({ stdout }: Host, taken: number, elsewhere = Number.POSITIVE_INFINITY): number {
  return stdout.columns === undefined ? elsewhere : Math.max(LEAST, stdout.columns - taken)
}
