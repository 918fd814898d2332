/**
 * Data that is no table: in the form for people each row is some lines.
 * @module
 */
import type { Printer } from './printer.js'
import { visible } from './visible.js'

/**
 * Writes rows one after the other; in the form for people the lines of each, or what `empty` says.
 *
 * Lines are not wrapped: a prompt that is copied from the terminal has to be as it was.
 */
export async function printBlocks<Row>(
  print: Printer,
  rows: Iterable<Row>,
  linesOf: (row: Row) => readonly string[],
  empty: string,
): Promise<void> {
  if (print.form !== 'text') return print.rows(rows, [], empty)
  let some = false
  for (const row of rows) {
    some = true
    await print.text(
      linesOf(row)
        .map((line) => `${visible(line)}\n`)
        .join(''),
    )
  }
  if (!some) await print.text(`${empty}\n`)
}
