/**
 * JSON in ASCII: decoding it from UTF-8 costs nearly nothing.
 * @module
 */

/**
 * Writes every character above 0x7f of a JSON text as `\uXXXX`, which means the same.
 *
 * A text that would grow by more than a quarter in bytes of UTF-8 (a script in Chinese, say) is returned as it is.
 *
 * @param json - A JSON text; such characters can only stand inside its strings.
 * @internal
 */
export function asciiJson(json: string): string {
  let bytes = json.length
  let growth = 0
  const ascii = json.replace(/[\u0080-\uffff]+/g, (run) => {
    // no text is larger than this in UTF-8, so the answer is known and the work in vain
    if (growth > (json.length * 3) / 4) return run
    let text = ''
    for (let i = 0; i < run.length; i++) {
      const unit = run.charCodeAt(i)
      const width = utf8Width(unit)
      bytes += width - 1
      growth += 6 - width
      text += `\\u${unit.toString(16).padStart(4, '0')}`
    }
    return text
  })
  return growth > bytes / 4 ? json : ascii
}

/** Bytes of UTF-8 for one UTF-16 unit; half of a surrogate pair takes half of its four. */
function utf8Width(unit: number): number {
  return unit < 0x800 || (unit >= 0xd800 && unit <= 0xdfff) ? 2 : 3
}
