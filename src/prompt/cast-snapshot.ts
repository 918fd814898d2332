/**
 * Noticing that the names of a cast have changed since something was made of them.
 * @module
 */

import { isRecord } from './is-record.js'

/** The names of a cast, as they were. */
export type CastSnapshot = readonly Names[]

interface Names {
  character_name?: unknown
  name?: unknown
  base_trigger?: unknown
  aliases?: unknown
}

const NAMELESS: Names = /* @__PURE__ */ Object.freeze({})

/** Notes every name, alias and trigger. */
export function snapshotOf(rows: readonly unknown[]): CastSnapshot {
  return rows.map(namesIn).map(({ character_name, name, base_trigger, aliases }) => {
    return { character_name, name, base_trigger, aliases: Array.isArray(aliases) ? [...aliases] : aliases }
  })
}

/** Whether a cast has the same names as then. Plain loops, and nothing put together: this runs once a text or a look. */
export function hasNamesOf(rows: readonly unknown[], before: CastSnapshot): boolean {
  if (rows.length !== before.length) return false
  for (let at = 0; at < rows.length; at++) {
    const row = namesIn(rows[at])
    const old = before[at] ?? NAMELESS
    if (row.character_name !== old.character_name || row.name !== old.name) return false
    if (row.base_trigger !== old.base_trigger || !isSame(row.aliases, old.aliases)) return false
  }
  return true
}

function namesIn(row: unknown): Names {
  return isRecord(row) ? row : NAMELESS
}

/** Whether two values are the same, or lists of the same values. */
export function isSame(one: unknown, other: unknown): boolean {
  if (!Array.isArray(one) || !Array.isArray(other)) return one === other
  for (let at = 0; at < one.length; at++) if (one[at] !== other[at]) return false
  return one.length === other.length
}
