/**
 * Data goes to stdout in one of three forms: for people, as one JSON document, or as one JSON document a line.
 * @module
 */
import { once } from 'node:events'
import type { Host, Output } from '../host.js'
import { type Column, cellsOf, tableOf } from './table.js'
import { visible } from './visible.js'

export type { Column }

/** How data is written. */
export type Form = 'text' | 'json' | 'ndjson'

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
  // A terminal is shown no commands of strangers, whatever a command prints; a file or a pipe gets texts as they are.
  const text = (words: string) => write(stdout, stdout.isTTY ? visible(words) : words, signal)
  const stream = async <Row>(rows: Iterable<Row> | AsyncIterable<Row>, line?: (row: Row) => string): Promise<void> => {
    if (form !== 'json') {
      for await (const row of rows) {
        await text(`${form === 'text' && line ? visible(line(row)) : jsonOf(row)}\n`)
      }
      return
    }
    let before = '['
    for await (const row of rows) {
      // Not `^` with the flag m, which also stands behind U+2028 in the middle of a text.
      await text(`${before}\n  ${jsonOf(row, 2).replaceAll('\n', '\n  ')}`)
      before = ','
    }
    await text(before === '[' ? '[]\n' : '\n]\n')
  }
  return {
    form,
    text,
    async value(value, words) {
      if (form === 'ndjson') return text(`${jsonOf(value)}\n`)
      if (form === 'text' && (words || typeof value === 'string')) return text(`${words?.() ?? value}\n`)
      return text(`${jsonOf(value, 2)}\n`)
    },
    async rows(rows, columns, empty) {
      if (form !== 'text') return stream(rows)
      const all: string[][] = []
      for await (const row of rows) all.push(cellsOf(row, columns))
      return text(all.length > 0 ? `${tableOf(all, columns)}\n` : `${empty}\n`)
    },
    stream,
  }
}

/** JSON leaves some characters bare that a terminal takes for commands. */
function jsonOf(value: unknown, indent = 0): string {
  return JSON.stringify(value, null, indent).replace(/[\u007f-\u009f]/g, (letter) => {
    return `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`
  })
}

/** Resolves when the stream can take more. */
async function write(stream: Output, words: string, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted()
  if (!stream.write(words)) await once(stream, 'drain', { signal })
}
