/**
 * The `$` of replacement texts for patterns.
 * @module
 */

import type { FoundText } from '../find-text.js'

/**
 * Puts a match into a template, by the rules of `String.replace`: `$$`, `$&`, `` $` ``, `$'`, `$1` to `$99`, `$<name>`;
 * anything else stays as it is.
 */
export function expandTemplate(template: string, found: FoundText, text: string): string {
  if (!template.includes('$')) return template
  const { groups, named } = found
  const group = (digits: string): string | undefined => {
    const number = Number(digits)
    return number >= 1 && number <= groups.length ? (groups[number - 1] ?? '') : undefined
  }
  return template.replace(/\$(?:[$&`']|\d\d?|<([^>]*)>)/g, (whole: string, name: string | undefined) => {
    if (whole === '$$') return '$'
    if (whole === '$&') return found.text
    if (whole === '$`') return text.slice(0, found.start)
    if (whole === "$'") return text.slice(found.end)
    if (name !== undefined) return Object.keys(named).length > 0 ? (named[name] ?? '') : whole
    const one = whole.slice(1, 2)
    // `$12` is the twelfth group, or else the first and a 2.
    const both = group(whole.slice(1))
    const first = both ?? group(one)
    return first === undefined ? whole : both === undefined ? first + whole.slice(2) : both
  })
}
