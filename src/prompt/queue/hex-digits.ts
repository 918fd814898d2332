/**
 * Words as hexadecimal digits.
 * @module
 */

/** Eight digits for each word, the highest first. One call for many words: most of its cost is the string itself. */
export function hexDigits(words: Int32Array): string {
  const digits = new Int32Array(words.length * 2)
  for (let at = 0; at < words.length; at++) {
    const word = words[at] ?? 0
    digits[at * 2] = fourDigits(word >>> 16)
    digits[at * 2 + 1] = fourDigits(word)
  }
  return new TextDecoder().decode(digits)
}

/** The lower half of a word as the codes of four digits at once, the first of them lowest, as they lie in memory. */
function fourDigits(word: number): number {
  const values = ((word >>> 12) & 15) | (word & 0xf00) | ((word & 0xf0) << 12) | ((word & 15) << 24)
  // With 6 added, a value has the bit of 16 exactly if it is 10 or more: its letter comes 39 codes behind the digits.
  const letters = ((values + 0x06060606) >>> 4) & 0x01010101
  return values + 0x30303030 + letters * 39
}
