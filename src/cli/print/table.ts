/**
 * Tables for people: columns and no lines.
 * @module
 */
import Table from 'cli-table3'
import { visible } from './visible.js'

/** A column of a table for people. */
export interface Column<Row> {
  /** What stands above it. */
  head: string
  /** What stands in it; line breaks become blanks. */
  cell: (row: Row) => string | number | null | undefined
  /** Default: `left`. */
  align?: 'left' | 'right'
  /** What is longer is cut and ends in `…`. Default: not cut. */
  maxWidth?: number
}

/** A row as it will stand in the table. */
export function cellsOf<Row>(row: Row, columns: readonly Column<Row>[]): string[] {
  return columns.map(({ cell, maxWidth }) => cut(oneLine(cell(row)), maxWidth))
}

function oneLine(value: string | number | null | undefined): string {
  return value === undefined || value === null ? '' : visible(String(value).replace(/\s+/g, ' ').trim())
}

function cut(text: string, maxWidth = Number.POSITIVE_INFINITY): string {
  if (text.length <= maxWidth) return text
  const letters = [...text]
  return letters.length > maxWidth ? `${letters.slice(0, maxWidth - 1).join('')}…` : text
}

type Heads = readonly Pick<Column<never>, 'head' | 'align'>[]

/** The time that `cli-table3` takes grows with the square of the rows: a long table is made of short ones. */
const ROWS_AT_ONCE = 50

/** The table, without blanks at the ends of its lines. */
export function tableOf(rows: readonly string[][], columns: Heads): string {
  const parts: string[][][] = []
  for (let start = 0; start < rows.length; start += ROWS_AT_ONCE) {
    parts.push(cellsInLine(rows.slice(start, start + ROWS_AT_ONCE), columns))
  }
  const widths = columns.map((_, at) => Math.max(...parts.map((part) => widthIn(part, at))))
  const lines: string[] = []
  for (const [index, part] of parts.entries()) {
    const missing = widths.map((width, at) => ' '.repeat(width - widthIn(part, at)))
    for (const line of index === 0 ? part : part.slice(1)) {
      const cells = line.map((cell, at) => (columns[at]?.align === 'right' ? missing[at] + cell : cell + missing[at]))
      lines.push(cells.join('  ').trimEnd())
    }
  }
  return lines.join('\n')
}

/** A head is plain: it has as many letters as its column is wide on the screen. */
function widthIn([heads]: readonly string[][], at: number): number {
  return heads?.[at]?.length ?? 0
}

const BARE = {
  ...{ top: '', 'top-mid': '', 'top-left': '', 'top-right': '', bottom: '', 'bottom-mid': '', 'bottom-left': '' },
  ...{ 'bottom-right': '', left: '', 'left-mid': '', mid: '', 'mid-mid': '', right: '', 'right-mid': '' },
}

/** No cell holds it: `visible` lets none in. */
const BETWEEN = '\0'

/** Heads and rows, the cells of a column as wide as the widest of them. */
function cellsInLine(rows: readonly string[][], columns: Heads): string[][] {
  const table = new Table({
    head: columns.map(({ head }) => head),
    colAligns: columns.map(({ align = 'left' }) => align),
    chars: { ...BARE, middle: BETWEEN },
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 0 },
  })
  table.push(...rows)
  return table
    .toString()
    .split('\n')
    .map((line) => line.split(BETWEEN))
}
