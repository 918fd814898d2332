/**
 * The end of a session's life, written behind its JSON text as a line of white space, which JSON allows.
 *
 * So it can never part from the document: not in a crash, not in a copy, not in a backup. And every JSON parser still
 * reads the file.
 * @module
 */

/** Spaces are zeros and tabs are ones of the last ms of the life, between a tab and a tab. */
const LINE = /\n\t([ \t]{53})\t\n$/

/** Bytes of such a line. @internal */
export const LINE_BYTES = 57

/** The end that a file's last bytes tell, in ms since the epoch; `Infinity`: none; `undefined`: there is no such line. @internal */
export function readLife(end: Uint8Array): number | undefined {
  const bits = LINE.exec(String.fromCharCode(...end.subarray(-LINE_BYTES)))?.[1]
  if (bits === undefined) return undefined
  const expiresAt = Number.parseInt(bits.replaceAll(' ', '0').replaceAll('\t', '1'), 2)
  return expiresAt === Number.MAX_SAFE_INTEGER ? Number.POSITIVE_INFINITY : expiresAt
}

/** What to write behind a document. Nothing for one without end, so that its file is its text; unless the text itself ends in such a line. @internal */
export function lifeLine(expiresAt: number, text: Uint8Array): string {
  if (expiresAt === Number.POSITIVE_INFINITY && readLife(text) === undefined) return ''
  const bits = Math.min(expiresAt, Number.MAX_SAFE_INTEGER).toString(2).padStart(53, '0')
  return `\n\t${bits.replaceAll('0', ' ').replaceAll('1', '\t')}\t\n`
}
