/**
 * The matcher of a context, compiled once as long as the context says the same.
 * @module
 */

import { charactersOf } from './character-list.js'
import type { Mentions } from './mention.js'
import { compileMatcher } from './name-matcher.js'

interface Compiled {
  /** Everything the matcher was made from. */
  source: (string | number)[]
  find: (text: string) => Mentions
}

const COMPILED = /* @__PURE__ */ new WeakMap<object, Compiled>()

/**
 * Compiles the names of a context, or finds what was compiled for this very object before. A context that was changed
 * in between is noticed: all names, aliases and triggers are compared.
 */
export function matcherOf(context: unknown, except: readonly string[] = []): (text: string) => Mentions {
  const people = charactersOf(context)
  const source = [except.length, ...except]
  // No name is empty and no alias, so that an empty string ends each list of aliases.
  for (const { name, trigger, aliases } of people) source.push(name, trigger, ...aliases, '')

  const key = typeof context === 'object' ? context : null
  const known = key ? COMPILED.get(key) : undefined
  if (known?.source.length === source.length && known.source.every((item, at) => item === source[at])) return known.find
  const find = compileMatcher(people, except)
  if (key) COMPILED.set(key, { source, find })
  return find
}
