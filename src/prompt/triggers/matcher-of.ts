/**
 * The matcher of a context, compiled once as long as the context says the same.
 * @module
 */

import { type CastSnapshot, hasNamesOf, isSame, snapshotOf } from '../cast-snapshot.js'
import { isRecord } from '../is-record.js'
import { characterList, personOf, rowsOf } from './character-list.js'
import { compileMatcher, type Matches } from './name-matcher.js'

type Rows = ReturnType<typeof rowsOf>

/** A matcher, and what it was made from. */
interface Compiled {
  except: readonly string[]
  rows: Rows
  cast: CastSnapshot
  find: (text: string) => Matches
}

const COMPILED = /* @__PURE__ */ new WeakMap<object, Compiled>()

/**
 * Compiles the names of a context, or finds what was compiled for this very object before. A context that has changed
 * since is noticed: every name, alias and trigger is compared.
 */
export function matcherOf(context: unknown, except: readonly string[] = []): (text: string) => Matches {
  const known = isRecord(context) ? COMPILED.get(context) : undefined
  if (known && isSame(except, known.except)) {
    // If all in the list had names, and these are the same ones, they all have names still.
    const rows = characterList(context) === known.rows ? known.rows : rowsOf(context)
    if (hasNamesOf(rows, known.cast)) return known.find
  }
  const rows = rowsOf(context)
  const find = compileMatcher(rows.map(personOf), except)
  if (isRecord(context)) COMPILED.set(context, { except: [...except], rows, cast: snapshotOf(rows), find })
  return find
}
