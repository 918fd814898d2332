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
  const source: unknown[] = [except.length, ...except]
  for (const { character_name, name, base_trigger, aliases } of rows) {
    source.push(character_name, name, base_trigger)
    if (Array.isArray(aliases)) for (const alias of aliases) source.push(alias)
    else source.push(aliases)
    // No context holds this map, so that it tells where a row ends.
    source.push(COMPILED)
  }
  const known = isRecord(context) ? COMPILED.get(context) : undefined
  if (known?.source.length === source.length && known.source.every((item, at) => Object.is(item, source[at])))
    return known.find
  const find = compileMatcher(rows.map(personOf), except)
  if (isRecord(context)) COMPILED.set(context, { source, find })
  return find
}
