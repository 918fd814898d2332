/**
 * The matcher of a context, compiled once as long as the context says the same.
 * @module
 */

import { personOf, rowsOf } from './character-list.js'
import { isRecord } from './is-record.js'
import { compileMatcher, type Matches } from './name-matcher.js'

interface Compiled {
  /** Everything the matcher was made from. */
  source: unknown[]
  find: (text: string) => Matches
}

const COMPILED = /* @__PURE__ */ new WeakMap<object, Compiled>()

/**
 * Compiles the names of a context, or finds what was compiled for this very object before. A context that has changed
 * since is noticed: every name, alias and trigger is compared.
 */
export function matcherOf(context: unknown, except: readonly string[] = []): (text: string) => Matches {
  const rows = rowsOf(context)
  const known = isRecord(context) ? COMPILED.get(context) : undefined
  if (known) {
    // Compared one by one, for this runs once a text: putting a second list together would take longer.
    const { source } = known
    let at = 0
    const same = everySource(rows, except, (item) => Object.is(item, source[at++]))
    if (same && at === source.length) return known.find
  }
  const find = compileMatcher(rows.map(personOf), except)
  if (isRecord(context)) {
    const source: unknown[] = []
    everySource(rows, except, (item) => source.push(item) > 0)
    COMPILED.set(context, { source, find })
  }
  return find
}

/** Goes through all a matcher is made from, until `see` says no. */
function everySource(
  rows: readonly Record<string, unknown>[],
  except: readonly string[],
  see: (item: unknown) => boolean,
): boolean {
  if (!see(except.length)) return false
  for (const phrase of except) if (!see(phrase)) return false
  for (const { character_name, name, base_trigger, aliases } of rows) {
    if (!see(character_name) || !see(name) || !see(base_trigger)) return false
    if (!Array.isArray(aliases)) {
      if (!see(aliases)) return false
    } else for (const alias of aliases) if (!see(alias)) return false
    // No context holds this map, so that it tells where a row ends.
    if (!see(COMPILED)) return false
  }
  return true
}
