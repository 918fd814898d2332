/**
 * From what a caller asks for to what an adapter is asked.
 * @module
 */
import { optionalBound, requireLimit } from './arguments.js'
import { decodeCursor } from './cursor.js'
import type { IterateOptions } from './options.js'
import type { PageQuery } from './pages.js'

const DEFAULT_LIMIT = 50

/** Checks the options of a list, and puts their defaults in. @internal */
export function pageQueryOf({ limit, before, from, signal }: IterateOptions, cursor?: string | undefined): PageQuery {
  const bounds = [decodeCursor(cursor), optionalBound(before, 'before')].filter((bound) => bound !== undefined)
  return {
    limit: requireLimit(limit, DEFAULT_LIMIT),
    before: bounds.length === 0 ? undefined : Math.min(...bounds),
    from: optionalBound(from, 'from'),
    signal,
  }
}
