/**
 * Data goes to stdout in one of three forms: for people, as one JSON document, or as one JSON document a line.
 * @module
 */
import { once } from 'node:events'
import Table from 'cli-table3'
import type { Host, Output } from './host.js'
import { visible } from './visible.js'

/** How data is written. */
export type Form = 'text' | 'json' | 'ndjson'

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

/** Writes a command's data. */
export interface Printer {
  readonly form: Form
  /** One value; in the form for people `words`, by default a text as it is, and JSON of all else. */
  value(value: unknown, words?: () => string): Promise<void>
  /** Many values, one after the other; in the form for people a table, or what `empty` says. */
  rows<Row>(rows: Iterable<Row> | AsyncIterable<Row>, columns: readonly Column<Row>[], empty: string): Promise<void>
  /** Values as they come; in the form for people a line each. */
  stream<Row>(rows: AsyncIterable<Row>, line: (row: Row) => string): Promise<void>
  /** A text as it is, in whatever form. */
  text(text: string): Promise<void>
}

export function printerOf({ stdout, signal }: Host, form: Form): Printer {
  const text = (words: string) => write(stdout, words, signal)
  const stream = async <Row>(rows: Iterable<Row> | AsyncIterable<Row>, line?: (row: Row) => string): Promise<void> => {
    if (form !== 'json') {
      for await (const row of rows) {
        await text(`${form === 'text' && line ? visible(line(row)) : JSON.stringify(row)}\n`)
      }
      return
    }
    let before = '['
    for await (const row of rows) {
      // Not `^` with the flag m, which also stands behind U+2028 in the middle of a text.
      await text(`${before}\n  ${JSON.stringify(row, null, 2).replaceAll('\n', '\n  ')}`)
      before = ','
    }
    await text(before === '[' ? '[]\n' : '\n]\n')
  }
  return {
    form,
    text,
    async value(value, words) {
      if (form === 'ndjson') return text(`${JSON.stringify(value)}\n`)
      if (form === 'text' && (words || typeof value === 'string')) return text(`${words?.() ?? value}\n`)
      return text(`${JSON.stringify(value, null, 2)}\n`)
    },
    async rows(rows, columns, empty) {
      if (form !== 'text') return stream(rows)
      const all: string[][] = []
      for await (const row of rows) all.push(columns.map(({ cell }) => oneLine(cell(row))))
      return text(all.length > 0 ? `${tableOf(all, columns)}\n` : `${empty}\n`)
    },
    stream,
  }
}

/** Resolves when the stream can take more. */
async function write(stream: Output, words: string, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted()
  if (!stream.write(words)) await once(stream, 'drain', { signal })
}

function oneLine(value: string | number | null | undefined): string {
  return value === undefined || value === null ? '' : visible(String(value).replace(/\s+/g, ' ').trim())
}

const BARE = {
  ...{ top: '', 'top-mid': '', 'top-left': '', 'top-right': '', bottom: '', 'bottom-mid': '', 'bottom-left': '' },
  ...{ 'bottom-right': '', left: '', 'left-mid': '', mid: '', 'mid-mid': '', right: '', 'right-mid': '', middle: '  ' },
}

function tableOf(rows: readonly string[][], columns: readonly Omit<Column<never>, 'cell'>[]): string {
  const table = new Table({
    head: columns.map(({ head }) => head),
    colAligns: columns.map(({ align = 'left' }) => align),
    chars: BARE,
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 0 },
  })
  const cut = (text: string, maxWidth = text.length): string => {
    const letters = [...text]
    return letters.length > maxWidth ? `${letters.slice(0, maxWidth - 1).join('')}…` : text
  }
  table.push(...rows.map((row) => row.map((text, at) => cut(text, columns[at]?.maxWidth))))
  return table
    .toString()
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n')
}
