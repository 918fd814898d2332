/**
 * What is known about a document without reading it.
 * @module
 */

/** A record of the object store `sessions`; its key is the session's id. @internal */
export interface SessionRow {
  /** The moment it ends, in ms since the epoch; `Infinity`: never. */
  readonly expiresAt: number
  /** The document's size in bytes of UTF-8. */
  readonly sizeBytes: number
  /** The document's length in UTF-16 code units. */
  readonly length: number
  readonly summary: string | undefined
  /** Another number with every document that is written here; missing in what was written by earlier versions. */
  readonly stamp?: number | undefined
}

/** Whether a record is one of ours: any script of the page's origin can write into the database. @internal */
export function isSessionRow(value: unknown): value is SessionRow {
  const { expiresAt, sizeBytes, length, summary = '', stamp = 0 } = Object(value) as Record<keyof SessionRow, unknown>
  return (
    typeof expiresAt === 'number' &&
    typeof sizeBytes === 'number' &&
    typeof length === 'number' &&
    typeof summary === 'string' &&
    typeof stamp === 'number'
  )
}
