/**
 * Comparing names as a reader does.
 * @module
 */

/** A name without what writers vary: case, kind of quotes, width and number of blanks. Anything but text becomes empty. */
export function fold(value: unknown): string {
  if (typeof value !== 'string') return ''
  return value
    .normalize()
    .replace(/[\u2018\u2019\u201b\u02bc\u2032`]/g, "'")
    .replace(/[\u201c-\u201f\u2033]/g, '"')
    .replace(/\s+/g, ' ')
    .trim()
    .toLowerCase()
}

/** As {@link fold}, for places: roadmaps write `General Location - ` before some of them. */
export function foldPlace(value: unknown): string {
  return fold(value).replace(/^general location ?- ?/, '')
}
