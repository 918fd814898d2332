/**
 * Bringing documents into shape, with a note of each change. What needs none stays the same object.
 * @module
 */

import { isRecord } from '../is-record.js'
import { pathTo } from '../path-to.js'
import { same } from '../same.js'
import { mapShared } from '../share.js'

/** An object with keys, as found in a document. */
export type Row = Record<string, unknown>

/** Notes a change. */
export type Note = (path: string, message: string) => void

/** The object with a key under another name, in its place; the object itself if the key is not there. */
export function renamed(row: Row, from: string, to: string, path: string, note: Note): Row {
  if (row[from] === undefined || row[from] === null) return row
  // What is there already wins. A second saying of the same is dropped, a different one is kept.
  if (row[to] !== undefined && row[to] !== null && row[to] !== '') {
    if (!same(row[to], row[from])) return row
    note(pathTo(path, from), `removed: ${to} says the same`)
    return Object.fromEntries(Object.entries(row).filter(([key]) => key !== from))
  }
  note(pathTo(path, from), `renamed to ${to}`)
  const entries = Object.entries(row).filter(([key]) => key !== to)
  return Object.fromEntries(entries.map(([key, value]) => [key === from ? to : key, value]))
}

/** The object with several keys under other names. */
export function renamedAll(row: Row, names: Readonly<Record<string, string>>, path: string, note: Note): Row {
  return Object.entries(names).reduce((done, [from, to]) => renamed(done, from, to, path, note), row)
}

/** The object with a key that holds something else, or with that key at its end. */
export function withKey(row: Row, key: string, value: unknown): Row {
  return Object.is(row[key], value) ? row : { ...row, [key]: value }
}

/** The object with each object in one of its lists changed. */
export function mapList(
  row: Row,
  key: string,
  path: string,
  change: (element: Row, path: string, index: number) => Row,
): Row {
  const list = row[key]
  if (!Array.isArray(list)) return row
  const at = pathTo(path, key)
  const mapped = mapShared<unknown>(list, (element, index) =>
    isRecord(element) ? change(element, pathTo(at, index), index) : element,
  )
  return withKey(row, key, mapped)
}
