/**
 * Where a text stops being JSON. Run only after `JSON.parse` has refused it: the engine's own message quotes the text.
 * @module
 */

/** The first character that cannot be part of any JSON text that starts like this one. */
export interface JsonFault {
  /** Offset in UTF-16 code units, from 0; the length of the text if it ends too early. */
  offset: number
  /** Line, from 1. */
  line: number
  /** Column in UTF-16 code units, from 1. */
  column: number
  /** What is wrong there; never a piece of the text. */
  problem: string
}

/** Every character from the blank on, except quote and backslash. */
const STRING = /[ !#-[\]-\uffff]*/y
const DIGITS = /[0-9]+/y
const OPEN_ARRAY = 0
const OPEN_OBJECT = 1

/**
 * Finds the first fault of a text that is not JSON. Linear, not recursive, and of one mind with `JSON.parse`.
 *
 * @returns `undefined` if the text is JSON.
 * @internal
 */
export function findJsonFault(text: string): JsonFault | undefined {
  let at = 0
  /** The containers around the current place, one byte each: 50 MB of brackets must fit. */
  let open = new Uint8Array(64)
  let depth = 0

  /** Reads what the pattern matches here, if anything. */
  const skip = (pattern: RegExp): boolean => {
    pattern.lastIndex = at
    const found = pattern.test(text)
    if (found) at = pattern.lastIndex
    return found
  }
  const blank = (): void => {
    while (text[at] === ' ' || text[at] === '\n' || text[at] === '\r' || text[at] === '\t') at++
  }
  const fault = (problem: string): JsonFault => {
    let line = 1
    let start = 0
    for (let i = 0; i < at; i++) {
      const ends = text[i] === '\n' || (text[i] === '\r' && text[i + 1] !== '\n')
      if (!ends) continue
      line++
      start = i + 1
    }
    const what = at >= text.length ? 'the text ends too early' : problem
    return { offset: at, line, column: at - start + 1, problem: what }
  }
  /** Reads a string whose opening quote is next; leaves `at` behind it, or at what is wrong with it. */
  const string = (): JsonFault | undefined => {
    at++
    for (;;) {
      skip(STRING)
      const next = text[at]
      if (next === '"') {
        at++
        return undefined
      }
      if (next !== '\\') return fault('a control character inside a string must be escaped')
      at++
      if (text[at] === 'u') {
        at++
        for (let digit = 0; digit < 4; digit++, at++) {
          if (!/[0-9a-fA-F]/.test(text[at] ?? '')) return fault('an escape needs four hexadecimal digits')
        }
      } else if (/["\\/bfnrt]/.test(text[at] ?? '')) at++
      else return fault('unknown escape in a string')
    }
  }
  /** Reads a number, of which a minus or a digit is next; leaves `at` behind it, or at what is wrong with it. */
  const number = (): JsonFault | undefined => {
    if (text[at] === '-') at++
    if (text[at] === '0') at++
    else if (!skip(DIGITS)) return fault('a digit is expected')
    if (text[at] === '.') {
      at++
      if (!skip(DIGITS)) return fault('a digit is expected')
    }
    if (text[at] === 'e' || text[at] === 'E') {
      at++
      if (text[at] === '+' || text[at] === '-') at++
      if (!skip(DIGITS)) return fault('a digit is expected')
    }
    return undefined
  }
  /** Reads a string, number or word; leaves `at` behind it, or at what is wrong with it. */
  const scalar = (): JsonFault | undefined => {
    if (text[at] === '"') return string()
    for (const word of ['true', 'false', 'null']) {
      if (text[at] !== word[0]) continue
      for (const letter of word) {
        if (text[at] !== letter) return fault('unknown word')
        at++
      }
      return undefined
    }
    if (text[at] === '-' || /[0-9]/.test(text[at] ?? '')) return number()
    const mark = at === 0 && text.charCodeAt(0) === 0xfeff
    return fault(mark ? 'a byte order mark stands before the text' : 'a value is expected')
  }
  const key = (): JsonFault | undefined => {
    if (text[at] !== '"') return fault('a quoted name is expected')
    const problem = string()
    if (problem) return problem
    blank()
    if (text[at] !== ':') return fault('a colon is expected')
    at++
    blank()
    return undefined
  }

  blank()
  for (;;) {
    // a value starts here
    const next = text[at]
    if (next === '[' || next === '{') {
      if (depth === open.length) {
        const grown = new Uint8Array(open.length * 2)
        grown.set(open)
        open = grown
      }
      open[depth++] = next === '[' ? OPEN_ARRAY : OPEN_OBJECT
      at++
      blank()
      const close = next === '[' ? ']' : '}'
      if (text[at] !== close) {
        const problem = next === '{' ? key() : undefined
        if (problem) return problem
        continue
      }
    } else {
      const problem = scalar()
      if (problem) return problem
      blank()
    }
    // a value has ended here, and perhaps what is around it
    while (depth > 0 && text[at] === (open[depth - 1] === OPEN_ARRAY ? ']' : '}')) {
      depth--
      at++
      blank()
    }
    if (depth === 0) return at < text.length ? fault('nothing may follow the value') : undefined
    if (text[at] !== ',') return fault(`a comma or a closing bracket is expected`)
    at++
    blank()
    if (open[depth - 1] === OPEN_OBJECT) {
      const problem = key()
      if (problem) return problem
    }
  }
}
