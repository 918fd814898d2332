/**
 * The matcher of a context, compiled once as long as the context says the same.
 * @module
 */

import { isRecord } from '../is-record.js'
import { personOf, rowsOf } from './character-list.js'
import { compileMatcher, type Matches } from './name-matcher.js'

/** What a matcher is made from, as it was. */
interface Source {
  except: readonly string[]
  rows: { character_name: unknown; name: unknown; base_trigger: unknown; aliases: unknown }[]
}

interface Compiled {
  source: Source
  find: (text: string) => Matches
}

type Rows = ReturnType<typeof rowsOf>

const COMPILED = /* @__PURE__ */ new WeakMap<object, Compiled>()

/**
 * Compiles the names of a context, or finds what was compiled for this very object before. A context that has changed
 * since is noticed: every name, alias and trigger is compared.
 */
export function matcherOf(context: unknown, except: readonly string[] = []): (text: string) => Matches {
  const rows = rowsOf(context)
  const known = isRecord(context) ? COMPILED.get(context) : undefined
  if (known && isAsBefore(rows, except, known.source)) return known.find
  const find = compileMatcher(rows.map(personOf), except)
  if (isRecord(context)) COMPILED.set(context, { source: sourceOf(rows, except), find })
  return find
}

function sourceOf(rows: Rows, except: readonly string[]): Source {
  return {
    except: [...except],
    rows: rows.map(({ character_name, name, base_trigger, aliases }) => {
      return { character_name, name, base_trigger, aliases: Array.isArray(aliases) ? [...aliases] : aliases }
    }),
  }
}

/** Plain loops, and nothing put together: this runs once a text. */
function isAsBefore(rows: Rows, except: readonly string[], before: Source): boolean {
  if (rows.length !== before.rows.length || !isSame(except, before.except)) return false
  for (let at = 0; at < rows.length; at++) {
    const [row, old] = [rows[at], before.rows[at]]
    if (row?.character_name !== old?.character_name || row?.name !== old?.name) return false
    if (row?.base_trigger !== old?.base_trigger || !isSame(row?.aliases, old?.aliases)) return false
  }
  return true
}

function isSame(one: unknown, other: unknown): boolean {
  if (!Array.isArray(one) || !Array.isArray(other)) return one === other
  for (let at = 0; at < one.length; at++) if (one[at] !== other[at]) return false
  return one.length === other.length
}
