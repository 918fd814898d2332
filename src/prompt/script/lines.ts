/**
 * The lines of a text with their places.
 * @module
 */

/** A line without its end. */
export interface Line {
  /** What it says. */
  text: string
  /** Where it starts, in UTF-16 code units. */
  start: number
  /** Where the next one starts. */
  end: number
}

/** Lists the lines of a text, whichever system ended them; the empty one behind the last line end is none. */
export function* linesOf(text: string): Generator<Line> {
  for (let start = 0; start < text.length; ) {
    const found = text.indexOf('\n', start)
    const end = found < 0 ? text.length : found + 1
    yield { text: text.slice(start, end).replace(/\r?\n$/, ''), start, end }
    start = end
  }
}

/** A text without these characters and blanks at its end. A loop, for a pattern would look at a long run again and again. */
export function withoutEnd(text: string, characters: string): string {
  let end = text.length
  while (end > 0 && (characters.includes(text.charAt(end - 1)) || !text.charAt(end - 1).trim())) end--
  return text.slice(0, end)
}
